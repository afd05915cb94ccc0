"""How far a unique minimiser with m nonzero entries, and its dual, move over a ball of inputs: exactly.

Let the support be S, |S| = m, the signs sigma, and with exact rationals

    x = A_S^-1 y,   p_i the rows of A_S^-1,   nu = A_S^-T sigma,   w_j = A_S^-1 a_j,   tau = sign nu,   k = A_S^-1 tau.

Over the inputs of radius r whose x' has the signs sigma, and nu' the signs tau (docs/theory.md, Interval data),

    least sigma_i x'_i   =  |x_i| - r q (1 + ||x||_1),                   q = ||r q nu - sigma_i p_i||_1,
    greatest c a'_j.nu'  =  c a_j.nu + r (1 + q) ||nu||_1,   c = +-1,    q = ||c w_j + r (1 + q) k||_1,

each attained at one corner of the ball: A'_S = A_S - r theta sigma^T, y' = y + r theta; A'_S = A_S - r tau theta^T,
a'_j = a_j + r c tau, with theta the signs of the vector inside the norm. The formulas bound all such inputs even where
the corner itself is not one of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from itertools import product
from math import inf
from typing import Any

import flint

from dlnflow.arithmetic.exact import to_fmpq, to_fraction
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.problems.problem import Problem

MOST_OPEN = 6
"""Up to so many entries of nu' whose sign is open, all their signs are gone through where one bound does not do."""

Shift = tuple[list[list[Any]], list[Any]]
"""Where an input lies, in units of the radius: (m, n) and (m,) numbers of size up to 1."""


@dataclass(frozen=True, eq=False)
class Extreme:
    """What the ball adds to one quantity, beside the room that it has; corners: inputs where that happens.

    gain: None where there is no bound, as where some A'_S is singular.  room: None where any bound will do.
    """

    gain: Any
    room: Any
    corners: list[Callable[[], Shift]]

    @property
    def inside(self) -> bool:
        """Whether the bound is kept, strictly."""
        return self.gain is not None and (self.room is None or bool(self.gain < self.room))

    @property
    def ratio(self) -> float:
        """gain / room: from 1 on the bound is reached."""
        if self.gain is None:
            return inf
        return 0.0 if self.room is None else float(self.gain / self.room)


@dataclass(frozen=True, eq=False)
class DualSigns:
    """Signs tau (m) of nu', 0 where open; direction: k = A_S^-1 tau.

    height: a bound on sum of tau_l nu_l over the known signs + |nu'_l| over the open ones; None if there is none.
    """

    tau: list[int]
    direction: list[Any]
    height: Any


class Vertex:
    """A unique minimiser with m nonzero entries, and how far it moves over a ball of radius r."""

    def __init__(self, problem: Problem, minimiser: Minimiser, radius: Fraction) -> None:
        self.problem, self.radius = problem, to_fmpq(radius)
        self.support, self.signs = minimiser.support, minimiser.signs
        A = problem.exact_A
        self.inverse = columns_of(A, self.support).inv()
        self.x = (self.inverse * problem.exact_y).entries()
        self.nu = (self.inverse.transpose() * flint.fmpq_mat(len(self.signs), 1, list(self.signs))).entries()
        self.x_size, self.nu_size = _norm(self.x), _norm(self.nu)
        self.rows = self.inverse.tolist()
        self.off = [j for j in range(problem.features) if j not in set(self.support)]
        self.images = (self.inverse * columns_of(A, self.off)).transpose().tolist()

    def primal(self) -> list[Extreme]:
        """For each i of S the least sigma_i x'_i, room |x_i|; and the greatest, for which any size has room."""
        return [extreme for i in range(len(self.x)) for extreme in (self._level(i, -1), self._level(i, 1))]

    def _level(self, i: int, side: int) -> Extreme:
        fixed = [side * self.signs[i] * entry for entry in self.rows[i]]
        room = abs(self.x[i]) if side < 0 else None
        found = fixed_point(fixed, self.nu, self.radius)
        if found is None:
            # A_S - t theta sigma^T is singular at t = 1 / ||nu||_1 <= r, theta = sign nu
            theta = [_sign(value) for value in self.nu]
            singular = to_fraction(1 / (self.nu_size * self.radius))
            return Extreme(None, room, [partial(self._row_corner, theta, size) for size in (singular, Fraction(1))])
        q, vector = found
        gain = self.radius * q * (1 + self.x_size)
        if side > 0:
            return Extreme(gain, room, [])
        theta, sizes = [_sign(v) for v in vector], [Fraction(1)]
        if gain >= room:  # beyond x'_i = 0 a nonnegative problem may have no solution: stop there
            sizes.append(self._size_at_zero(i, theta))
        return Extreme(gain, room, [partial(self._row_corner, theta, size) for size in sizes])

    def _size_at_zero(self, i: int, theta: list[int]) -> Fraction:
        """The part t of the way to a corner at which x'_i = 0.

        With r replaced by t r, sigma_i x'_i = |x_i| + t r (1 + ||x||_1) sigma_i p_i.theta / (1 - t r nu.theta).
        """
        size = abs(self.x[i])
        fall = -self.signs[i] * _dot(self.rows[i], theta) * (1 + self.x_size) + size * _dot(self.nu, theta)
        return to_fraction(size / (self.radius * fall))

    def dual(self) -> list[Extreme]:
        """For each j off S the greatest a'_j.nu' and, unless nonnegative, -a'_j.nu', room 1 less its value."""
        sides = (1,) if self.problem.nonnegative else (1, -1)
        return [self._slope(place, side) for place in range(len(self.off)) for side in sides]

    def _slope(self, place: int, side: int) -> Extreme:
        """By one bound for all signs of nu' that are open or, where that is too much, by one for each pattern."""
        value = side * _dot(self.images[place], self.signs)
        room = 1 - value
        at_once = self._steepest(place, side, self._known)
        opened = self._known.tau.count(0)
        if (at_once[0] is not None and at_once[0] < room) or not 0 < opened <= MOST_OPEN:
            return Extreme(at_once[0], room, [at_once[1]])
        each = [self._steepest(place, side, pattern) for pattern in self._patterns]
        each.sort(key=lambda pair: inf if pair[0] is None else float(pair[0]), reverse=True)
        gains = [gain for gain, _ in each]
        return Extreme(None if None in gains else max(gains), room, [corner for _, corner in each])

    def _steepest(self, place: int, side: int, signs: "DualSigns") -> tuple[Any, Callable[[], Shift]]:
        """What the ball adds to side * a_j.nu where nu' has these signs (None: no bound), and the corner."""
        r = self.radius
        fixed = [side * w + r * k for w, k in zip(self.images[place], signs.direction, strict=True)]
        found = fixed_point(fixed, signs.direction, r)
        if found is None or signs.height is None:
            return None, partial(self._slope_corner, place, side, signs.tau, [_sign(k) for k in signs.direction])
        q, vector = found
        return r * (1 + q) * signs.height, partial(
            self._slope_corner, place, side, signs.tau, [_sign(v) for v in vector]
        )

    @cached_property
    def _known(self) -> "DualSigns":
        """The signs that nu' has for every input, 0 where one may change.

        |nu'_l - nu_l| <= r ||A_S^-1 e_l||_1 ||nu||_1 / (1 - r s), s the sum of |A_S^-1|, if r s < 1.
        """
        r, sizes = self.radius, [_norm(column) for column in zip(*self.rows, strict=True)]
        left = 1 - r * sum(sizes)
        if left <= 0:
            tau = [0] * len(self.nu)
            return DualSigns(tau, self._towards(tau), None)
        moves = [r * size * self.nu_size / left for size in sizes]
        tau = [_sign(value) if abs(value) > move else 0 for value, move in zip(self.nu, moves, strict=True)]
        most = sum((move for sign, move in zip(tau, moves, strict=True) if sign == 0), flint.fmpq(0))
        return DualSigns(tau, self._towards(tau), self.nu_size + most)

    @cached_property
    def _patterns(self) -> list["DualSigns"]:
        """All signs that nu' may have; within one pattern tau the height is tau.nu of the centre."""
        choices = [(sign,) if sign else (1, -1) for sign in self._known.tau]
        return [DualSigns(list(tau), self._towards(tau), _dot(self.nu, tau)) for tau in product(*choices)]

    def _towards(self, tau: Sequence[int]) -> list[Any]:
        return (self.inverse * flint.fmpq_mat(len(tau), 1, list(tau))).entries()

    def _row_corner(self, theta: list[int], size: Fraction) -> Shift:
        """A'_S = A_S - r theta sigma^T, y' = y + r theta, r times a size."""
        signs = dict(zip(self.support, self.signs, strict=True))
        A = [[-size * t * signs.get(j, 0) for j in range(self.problem.features)] for t in theta]
        return A, [size * t for t in theta]

    def _slope_corner(self, place: int, side: int, tau: list[int], theta: list[int]) -> Shift:
        """A'_S = A_S - r tau theta^T, a'_j = a_j + r side tau."""
        # where the sign of nu' is open any one may be tried: the centre's, else +1
        tau = [sign or _sign(value) or 1 for sign, value in zip(tau, self.nu, strict=True)]
        column = dict(zip(self.support, (-t for t in theta), strict=True)) | {self.off[place]: side}
        return [[t * column.get(j, 0) for j in range(self.problem.features)] for t in tau], [0] * len(tau)


def fixed_point(fixed: Sequence[Any], slope: Sequence[Any], r: Any) -> tuple[Any, list[Any]] | None:
    """The least q >= 0 with q = ||fixed + r q slope||_1, and that vector; None if there is none.

    The right side is convex and piecewise linear in q: Newton's method from 0 climbs to the crossing and ends there.
    """
    q = flint.fmpq(0)
    while True:
        vector = [a + r * q * b for a, b in zip(fixed, slope, strict=True)]
        excess = _norm(vector) - q
        if excess == 0:
            return q, vector
        # to the right of q
        growth = r * sum(((_sign(v) or _sign(b)) * b for v, b in zip(vector, slope, strict=True)), flint.fmpq(0))
        if growth >= 1:
            return None
        q += excess / (1 - growth)


def columns_of(matrix: Any, places: Sequence[int]) -> Any:
    """The columns of a rational matrix at these places."""
    rows = matrix.tolist()
    return flint.fmpq_mat(len(rows), len(places), [row[j] for row in rows for j in places])


def _dot(vector: Iterable[Any], signs: Iterable[int]) -> Any:
    return sum((value * sign for value, sign in zip(vector, signs, strict=True)), flint.fmpq(0))


def _norm(vector: Iterable[Any]) -> Any:
    return sum(map(abs, vector), flint.fmpq(0))


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)
