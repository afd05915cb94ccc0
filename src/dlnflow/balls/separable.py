"""Smooth separable problems: minimise f(t) = sum_i f_i(p_i + n_i.t) - c.t over t in R^k, in balls.

Every smooth problem of the package has this form: the dual of the network's limit (t the dual unknown), the choice
among many minimisers (t along their face), and the leading-order problem behind a predicted rate. `solve` finds the
minimiser by Newton's method, and `enclosure.prove` encloses it whatever the point came from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Any, Protocol

import flint

from dlnflow.balls.row_basis import IntegerMatrix, RowBasis, heaviest_basis, log2_of, refined, two_to

FEW = 8
"""Up to so many unknowns Newton's matrix is solved in balls, and the digits double with each step; beyond, in float64
in the coordinates of `row_basis`."""
FLOAT_GAIN = 44.0
"""Bits that a float64 step gains at most: 53 less nine for the condition of its matrix."""
SHORT = -4.0
"""log2 of a Newton step, relative to the reach, that at least squares the error and needs no line search."""
LONGEST = 30.0
"""log2 of the longest step, relative to the reach, that is tried: exponentials of more would take long."""
GUARD = 6.0
"""Bits between a step's rounding errors and the digits that it is to gain."""
FIRST_BITS = 128
MOST_BITS = 1 << 17
"""More than a scale of 1e-4000 needs."""
LIMB = 64
"""Bits by which flint's precision grows in effect."""
FEW_DIGITS = 20.0
"""Bits of each w_i, relative to its reach, that are enough to start from."""
MOST_STEPS = 300
FEW_STEPS = 60
"""A rung that takes longer is better reached by way of another one."""


class Maps(Protocol):
    """f' and f'' of each term, in balls at flint's present precision."""

    def values(self, w: Sequence[Any]) -> tuple[list[Any], list[Any]] | None:
        """(f'(w), f''(w)), f'' > 0; None where a w is not proved to lie inside the domain."""

    def reach(self, w: Sequence[Any]) -> list[Any]:
        """Lengths r > 0, |r(w + d) - r(w)| <= |d|, such that f''(w + d) >= f''(w) exp(-|d| / r(w))."""


@dataclass(frozen=True, eq=False)
class Separable:
    """minimise sum_i f_i(p_i + n_i.t) - c.t.

    matrix: N (n, k), rows n_i, full column rank.  maps: f' and f''.
    offset: gives p (n, 1) at flint's present precision; None is 0.  linear: c (k, 1), rational; None is 0.
    """

    matrix: IntegerMatrix
    maps: Maps
    offset: Callable[[], Any] | None = None
    linear: Any = None

    def at(self, t: Any, bits: int) -> "Point | None":
        """The point t (k, 1), evaluated with so many bits; None where it is not proved to lie inside the domain."""
        with flint.ctx.workprec(bits):
            image = self.matrix.balls * t
            if self.offset is not None:
                image = image + self.offset()
            w = image.entries()
            values = self.maps.values(w)
            if values is None:
                return None
            x, weights = values
            if not all(weight.is_finite() for weight in weights):
                return None
            descent = -(self.matrix.transposed * flint.arb_mat([[value] for value in x]))
            if self.linear is not None:
                descent = descent + flint.arb_mat(self.linear)
            return Point(t, bits, w, x, weights, self.maps.reach(w), descent)


@dataclass(frozen=True, eq=False)
class Point:
    """A point t (k, 1) without radius, and what follows from it in balls of so many bits.

    w: (n) p + N t.  x: (n) f'(w).  weights: (n) f''(w).  reach: (n).  descent: (k, 1) -grad f = c - N^T x.
    """

    t: Any
    bits: int
    w: list[Any]
    x: list[Any]
    weights: list[Any]
    reach: list[Any]
    descent: Any


@dataclass(frozen=True, eq=False)
class Solution:
    """Where Newton's method ended; converged if the target was reached."""

    point: Point
    steps: int
    converged: bool
    basis: RowBasis | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """Newton's step from a point: of t (k, 1) and, as log2, its size and errors.

    size: the norm |D^(1/2) N d|, which estimates the distance to the minimiser.  floor: that of the step's rounding
    errors.  trust: the norm up to which no |n_i.d| exceeds its reach.  relative: the largest |n_i.d| / reach_i.
    """

    direction: Any
    size: float
    floor: float
    trust: float
    relative: float

    def is_below(self, bits: float) -> bool:
        """Whether each |n_i.d|, and its error, is below 2^-bits of its reach."""
        return self.relative <= -bits and self.floor <= self.trust - bits

    def needed(self, gain: float, goal: float) -> float:
        """The errors that a step may have which is to gain so many bits: none may move a term beyond its reach."""
        return min(max(self.size - gain, goal + GUARD - 1), self.trust) - GUARD


Target = Callable[[Point], float]
"""log2 of the wanted error of a point, as the norm |D^(1/2) N (t - t*)|."""


def digits(bits: float) -> Target:
    """The target of a point whose every w_i is known to so many bits relative to its reach."""

    def target(point: Point) -> float:
        with flint.ctx.workprec(64):
            pairs = zip(point.reach, point.weights, strict=True)
            return log2_of(min((length * length * weight).mid() for length, weight in pairs)) / 2 - bits

    return target


def solve(
    problem: Separable,
    start: Any,
    target: Target | None = None,
    basis: RowBasis | None = None,
    most_steps: int = MOST_STEPS,
) -> Solution:
    """The minimiser, by Newton's method from an interior point t (k, 1), at a precision that grows with its digits.

    target: None asks for FEW_DIGITS of each w_i, by Newton's own estimate.  basis: a first guess at heavy rows.

    Raises ValueError if the start is outside the domain.
    """
    few = problem.matrix.columns <= FEW
    most_gain = inf if few else FLOAT_GAIN
    goal_of = target or digits(FEW_DIGITS)
    point = _inside(problem, start)
    for count in range(most_steps):
        if not few and (basis is None or not basis.suits(point.weights)):
            basis = heaviest_basis(problem.matrix, point.weights)
        step = _newton_step(problem, point, basis)
        if step is None:
            sharper = problem.at(point.t, 2 * point.bits)
            if sharper is None or sharper.bits > MOST_BITS:
                break
            point = sharper
            continue
        goal = goal_of(point)
        if max(step.size, step.floor) <= goal or (target is None and step.is_below(FEW_DIGITS)):
            return Solution(point, count, True, basis)
        gain = min(most_gain, max(1.0, -step.relative))
        excess = step.floor - step.needed(gain, goal)
        if excess > 0:
            sharper = problem.at(point.t, point.bits + ceil(min(max(excess + 8, LIMB), point.bits)))
            if sharper is None or sharper.bits > MOST_BITS:
                break
            if basis is not None and basis.bits < sharper.bits + FIRST_BITS:
                again = _newton_step(problem, sharper, basis)
                if again is not None and step.floor - again.floor < excess / 2:  # the inverse is what limits it
                    basis = refined(basis)
            point = sharper
            continue
        wanted = step.needed(gain + min(most_gain, 2 * gain), goal)
        bits = max(_least_bits(point), point.bits + ceil(max(step.floor - wanted, -point.bits)) + 8)
        found = _advance(problem, point, step, bits)
        if found is None:
            break
        point = found
    return Solution(point, count, False, basis)


def _least_bits(point: Point) -> int:
    """Bits that leave sixty-four of the distances to the domain's bounds."""
    with flint.ctx.workprec(64):
        closest = min((length / (1 + abs(w))).mid() for length, w in zip(point.reach, point.w, strict=True))
    return FIRST_BITS + max(0, ceil(-log2_of(closest)))


def _inside(problem: Separable, start: Any) -> Point:
    for bits in (FIRST_BITS, 4 * FIRST_BITS, 16 * FIRST_BITS, 64 * FIRST_BITS):
        if point := problem.at(start, bits):
            least = _least_bits(point)
            return (problem.at(start, least) if bits < least else None) or point
    raise ValueError("the start is outside the domain")


def _newton_step(problem: Separable, point: Point, basis: RowBasis | None) -> Step | None:
    """The step, or None where the precision is too low for one."""
    return _step_in_balls(problem, point) if basis is None else _step_in_floats(problem, point, basis)


def _step_in_balls(problem: Separable, point: Point) -> Step | None:
    """The step by a solution in balls, or None where the matrix is singular at this precision."""
    with flint.ctx.workprec(point.bits):
        weighted = [[weight * n for n in row] for weight, row in zip(point.weights, problem.matrix.rows, strict=True)]
        try:
            direction = (problem.matrix.transposed * flint.arb_mat(weighted)).solve(point.descent)
        except ZeroDivisionError:
            return None
        moves = (problem.matrix.balls * direction).entries()
    return _measured(point, direction.mid(), moves, [move.rad() for move in moves])


def _step_in_floats(problem: Separable, point: Point, basis: RowBasis) -> Step:
    with flint.ctx.workprec(point.bits):
        u = basis.coordinates(point.descent)
        direction, moves = basis.newton_step(point.weights, u)
    with flint.ctx.workprec(64):
        errors = [flint.arb(0)] * len(moves)
        for row, value in zip(basis.rows, u, strict=True):
            errors[row] = value.rad() / point.weights[row]
    return _measured(point, direction, moves, errors)


def _measured(point: Point, direction: Any, moves: Sequence[Any], errors: Sequence[Any]) -> Step:
    with flint.ctx.workprec(64):
        size = sum((weight * move.mid() ** 2 for weight, move in zip(point.weights, moves, strict=True)), flint.arb(0))
        floor = sum((weight * error**2 for weight, error in zip(point.weights, errors, strict=True)), flint.arb(0))
        # of w itself, which may be exact at this t but not at the next
        rounding = max((weight * w.mid() ** 2).mid() for weight, w in zip(point.weights, point.w, strict=True))
        floor = max(floor.mid(), rounding * two_to(-2 * point.bits))
        trust = min((weight * r * r).mid() for weight, r in zip(point.weights, point.reach, strict=True))
        relative = max((abs(move.mid()) / length).mid() for move, length in zip(moves, point.reach, strict=True))
    return Step(direction, log2_of(size) / 2, log2_of(floor) / 2, log2_of(trust) / 2, log2_of(relative))


def _advance(problem: Separable, point: Point, step: Step, bits: int) -> Point | None:
    """The point after a step; after a long one, where the slope along it is at most half of what it was."""
    with flint.ctx.workprec(bits + 64):
        slope = (point.descent.transpose() * step.direction)[0, 0].mid()
    length = two_to(-max(0, ceil(step.relative - LONGEST)))
    for _ in range(100):
        with flint.ctx.workprec(bits + 64):
            t = (point.t + length * step.direction).mid()
        candidate = problem.at(t, bits)
        if candidate is not None:
            if step.relative < SHORT:
                return candidate
            with flint.ctx.workprec(bits):
                remaining = (candidate.descent.transpose() * step.direction)[0, 0].mid()
            if remaining >= -slope / 2:
                return candidate
        length /= 2
    return None
