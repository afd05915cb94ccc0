"""How fast the network's limit approaches the minimiser that it selects: x_alpha = x° + scale^e d (1 + o(1)).

With T, sigma and K_T = ker A_T from `basis_pursuit`, x° the selected minimiser and columns a_j off T (theory.md,
"Rates"), d_T solves A_T d_T = -A_off d_off with the least sum w_i (d_i + c_i)^2, and

depth 2, e = 1 - rho:  d_off = sum tau e^(tau a_j.mu) over the signed columns (j, tau) that the cheapest kernel
    directions use, mu = argmin sum e^(tau a_j.mu) subject to A_T^T mu = sigma log|x°_T|;  w = 1/|x°|, c = 0.
    If these are the multiples of one n*, d_off = K n*_off, K = exp(H(|n*_off|)) prod |x°_i|^(-sigma_i n*_i).
depth 2, e = 2, if ker A vanishes off T:  d_off = 0;  w = 1/|x°|, c = sigma/|x°|.
depth L > 2, e = 1:  d_off = h(A_off^T nu), nu = argmin sum q*(a_j.nu) over j off T subject to A_T^T nu = sigma;
    w = |x°|^(2/L - 2), c = 2^-k sigma, k = L/(L-2).

Nonnegative: tau = 1, c = 0, h(z) = (1-z)^-k, and a coordinate where every feasible x is 0 stays at 0. If every
feasible x vanishes off T, then d = 0 and the limit is x° itself at every scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint

from dlnflow.arithmetic.exact import to_arb, to_fmpq
from dlnflow.balls.enclosure import enclosed_minimiser
from dlnflow.balls.row_basis import IntegerMatrix
from dlnflow.balls.separable import Separable
from dlnflow.minimisers.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.in_balls import BallNetwork
from dlnflow.network.network import Network
from dlnflow.problems.problem import Problem
from dlnflow.simplex.pivots import complete_basis, kernel, pivot_columns, selected_columns
from dlnflow.theory.rho import SignedColumns, cheapest_directions, feasible_columns, off_support

RELATIVE_BITS = 67
"""The constant is known to a relative 2^-67 < 1e-20."""
FIRST_BITS = 192
MOST_BITS = 6144
"""A direction below 2^-6000 or so is not told from 0, unless it is 0 for the reason that `vanishes` knows."""
CONSTANT_BITS = 128


@dataclass(frozen=True, eq=False)
class Rate:
    """x_alpha = x° + scale**exponent * direction * (1 + o(1)) as the scale falls to 0.

    direction: (n) balls (flint `arb`) that provably hold d.  rho: exact where the exponent is 1 - rho, else None.
    unique_direction: False if several kernel directions are cheapest (always if rho = 0 and the problem is signed).
    The direction is then the minimiser of the module's sum of exponentials, not the published K n*.
    """

    exponent: Fraction
    direction: list[Any]
    unique_direction: bool = True
    rho: Fraction | None = None

    @cached_property
    def constant_ball(self) -> Any:
        """||d||_2, the limit of ||x_alpha - x°||_2 / scale**exponent, as a ball; around 0 if it holds 0."""
        with flint.ctx.workprec(CONSTANT_BITS):
            least, most = (
                sum((size * size for size in sizes), flint.arb(0)).sqrt()
                for sizes in ([d.abs_lower() for d in self.direction], [d.abs_upper() for d in self.direction])
            )
            return least.union(most) if least > 0 else flint.arb(0, most.upper())

    @property
    def constant(self) -> float:
        """||d||_2; 0 where d is 0 (the error then falls faster than the exponent says) or cannot be told from it."""
        ball = self.constant_ball
        return 0.0 if ball.contains(0) else float(ball)

    @property
    def is_resolved(self) -> bool:
        """Whether the constant is known to twenty digits, or to be 0."""
        ball = self.constant_ball
        with flint.ctx.workprec(CONSTANT_BITS):
            return bool(ball == 0 or ball.rad() < flint.arb(2) ** -RELATIVE_BITS * ball.abs_lower())


def predicted_rate(
    problem: Problem,
    depth: Any,
    minimiser: Minimiser | None = None,
    reduced_costs: Sequence[Fraction] | None = None,
) -> Rate:
    """The exponent and the direction of the leading error of the limit at this depth, proved.

    depth: L >= 2, a number or a text such as "2.05".  minimiser: from `basis_pursuit`, to save its work.
    reduced_costs: see `rho.cheapest_directions`; only with the minimiser of those costs and depth 2, where the scale is
    exp(-1/lam) of a linear program.

    Raises ValueError for a depth below 2, basis pursuit's InfeasibleError, and ArithmeticError if 6000 bits are too
    few.
    """
    minimiser = minimiser or basis_pursuit(problem)
    network = Network(depth, 1, problem.nonnegative)
    order = _LeadingOrder(problem, minimiser, network, reduced_costs)
    if problem.nonnegative and not order.columns:
        return order.rate([flint.arb(0)] * problem.features)
    bits, rate, asked = FIRST_BITS, None, False
    while bits <= MOST_BITS:
        direction = order.direction(bits)
        if direction is not None:
            rate = order.rate(direction)
            if rate.is_resolved:
                return rate
            if not asked and rate.constant == 0 and order.vanishes():
                return order.rate([flint.arb(0)] * problem.features)
            asked = True
        bits *= 2
    if rate is None:
        raise ArithmeticError(f"{MOST_BITS} bits are too few for the leading order at depth {depth}")
    return rate


class _LeadingOrder:
    """The exact data of the leading-order problems, and their solution in balls."""

    def __init__(
        self,
        problem: Problem,
        minimiser: Minimiser,
        network: Network,
        reduced_costs: Sequence[Fraction] | None = None,
    ) -> None:
        self.problem, self.minimiser, self.network = problem, minimiser, network
        self.selected = selected_minimiser(minimiser, network.depth)
        self._known_sizes: dict[int, list[Any]] = {}
        self.cheapest = cheapest_directions(problem, minimiser, reduced_costs) if network.is_shallow else None
        self.columns = self._columns()
        self.A = problem.exact_A.numer_denom()[0]
        on = selected_columns(self.A, minimiser.support)
        reduced, _, rank = on.rref() if minimiser.kernel else (None, None, on.ncols())
        # A_T restricted to independent columns, and to independent rows
        self.places = pivot_columns(reduced, rank) if minimiser.kernel else list(range(rank))
        independent = selected_columns(on, self.places).transpose()
        self.rows = complete_basis(independent, [])
        self.square = selected_columns(independent, self.rows)
        self.wide = selected_columns(on.transpose(), self.rows).transpose()
        self.outside = self._outside(independent) if self.columns else None

    def rate(self, direction: list[Any]) -> Rate:
        """The answer with this direction."""
        if not self.network.is_shallow:
            return Rate(Fraction(1), direction)
        if self.cheapest is None:
            return Rate(Fraction(2), direction)
        # the weights of the columns used are unique if these have one relation alone
        unique = self.outside is not None and len(self.columns) == self.outside.matrix.columns + 1
        return Rate(1 - self.cheapest.rho, direction, unique, self.cheapest.rho)

    def _columns(self) -> SignedColumns:
        """The columns off T whose coordinates move at leading order."""
        if self.network.is_shallow:
            return self.cheapest.columns if self.cheapest else ()
        if self.problem.nonnegative:
            return feasible_columns(self.problem, self.minimiser)
        return tuple((j, 1) for j in off_support(self.problem, self.minimiser))

    def _outside(self, independent: Any) -> Separable:
        """The problem off T: mu = mu0 + Z t, Z a basis of ker A_T^T."""
        table = self.A.transpose().tolist()
        signed = flint.fmpz_mat([[tau * entry for entry in table[j]] for j, tau in self.columns])
        free = kernel(independent) if independent.nrows() < independent.ncols() else []
        Z = flint.fmpq_mat(free).transpose().numer_denom()[0] if free else flint.fmpz_mat(signed.ncols(), 0)
        N = signed * Z
        if N.ncols() > 0 and N.rank() < N.ncols():
            reduced, _, rank = N.rref()
            N = selected_columns(N, pivot_columns(reduced, rank)) if rank else flint.fmpz_mat(N.nrows(), 0)
        if not self.network.is_shallow:
            nu = [to_fmpq(value) for value in self.minimiser.nu]
            exact = self.problem.exact_A.transpose() * flint.fmpq_mat(len(nu), 1, nu)
            slopes = [tau * exact[j, 0] for j, tau in self.columns]
            return Separable(IntegerMatrix(N), BallNetwork(self.network), lambda: _column(slopes))
        short = selected_columns(signed, self.rows)
        return Separable(
            IntegerMatrix(N), BallNetwork(Network(2, 1, True)), lambda: flint.arb_mat(short) * self._shallow_start()
        )

    def _shallow_start(self) -> Any:
        """mu0 on the independent rows: A_T^T mu0 = sigma log|x°_T|."""
        sizes = self._sizes(flint.ctx.prec)
        logs = [[self.minimiser.signs[i] * sizes[i].log()] for i in self.places]
        return flint.arb_mat(self.square).solve(flint.arb_mat(logs))

    def _sizes(self, bits: int) -> list[Any]:
        """|x°_T|, to so many bits or more."""
        key = (bits - 1).bit_length()
        if key not in self._known_sizes:
            with flint.ctx.workprec(bits := 1 << key):
                x = self.selected.balls(bits)
                pairs = zip(self.minimiser.signs, self.minimiser.support, strict=True)
                self._known_sizes[key] = [sign * x[j] for sign, j in pairs]
        return self._known_sizes[key]

    def direction(self, bits: int) -> list[Any] | None:
        """d in balls, or None where so many bits do not prove it."""
        moved = [] if self.outside is None else _terms(self.outside, bits, self.network.is_shallow)
        if moved is None:
            return None
        d = [flint.arb(0)] * self.problem.features
        with flint.ctx.workprec(bits):
            for (j, tau), value in zip(self.columns, moved, strict=True):
                d[j] += tau * value
            image = flint.arb_mat(self.A) * flint.arb_mat([[value] for value in d])
            rhs = flint.arb_mat([[-image[row, 0]] for row in self.rows])
            try:
                inside = self._weighted_least_squares(rhs, *self._weights(bits))
            except ZeroDivisionError:
                return None
            for j, value in zip(self.minimiser.support, inside, strict=True):
                d[j] = value
        return d if all(value.is_finite() for value in d) else None

    def _weights(self, bits: int) -> tuple[list[Any], list[Any]]:
        """1/w and c."""
        sizes, signs, depth = self._sizes(bits), self.minimiser.signs, self.network.depth
        none = [flint.arb(0)] * len(sizes)
        if self.network.is_shallow:
            return sizes, none if self.cheapest else [sign / size for sign, size in zip(signs, sizes, strict=True)]
        power, half = to_arb(2 - 2 / depth), flint.arb(2) ** -to_arb(depth / (depth - 2))
        return [size**power for size in sizes], none if self.problem.nonnegative else [sign * half for sign in signs]

    def _weighted_least_squares(self, rhs: Any, inverse_weights: list[Any], shifts: list[Any]) -> list[Any]:
        """The d with A_T d = rhs on the independent rows that has the least sum w_i (d_i + c_i)^2."""
        A, c = flint.arb_mat(self.wide), flint.arb_mat([[shift] for shift in shifts])
        if not self.minimiser.kernel:
            return A.solve(rhs).entries()
        weighted = [[entry * v for entry, v in zip(row, inverse_weights, strict=True)] for row in A.tolist()]
        W = flint.arb_mat(weighted).transpose()
        return (W * (A * W).solve(rhs + A * c) - c).entries()

    def vanishes(self) -> bool:
        """Whether d = 0 because the coordinates of T fall into classes of equal |x°_i|, each with sum sigma_i n_i = 0.

        If so for all n in ker A, sigma phi(|x°|) on T and 0 off it is in the range of A^T for every function phi. That
        makes every slope off T 0, and every d that minimises in the module's docstring. At depth L > 2 sum sigma_i n_i
        over T alone tells it off T, and on T the kernel of A_T does.
        """
        if self.problem.nonnegative:
            return False
        classes = self._classes()
        if classes is None:
            return False
        if len(self.minimiser.kernel) < self.problem.features - self.problem.measurements:
            everything = [[vector[j] for j in self.minimiser.support] for vector in kernel(self.A)]
            whole = classes if self.network.is_shallow else [list(range(len(self.minimiser.support)))]
            return self._balanced(everything, whole)
        return True

    def _classes(self) -> list[list[int]] | None:
        """The places of T by equal |x°_i|, if that is proved and the kernel of A_T is balanced on each."""
        sizes = self._sizes(FIRST_BITS)
        order = sorted(range(len(sizes)), key=lambda i: float(sizes[i]))
        classes: list[list[int]] = []
        for i in order:
            if classes and sizes[i].overlaps(sizes[classes[-1][0]]):
                classes[-1].append(i)
            else:
                classes.append([i])
        x, T, signs = self.minimiser.x, self.minimiser.support, self.minimiser.signs
        point = [Fraction(0)] * len(x)
        for places in classes:
            mean = sum((abs(x[T[i]]) for i in places), Fraction(0)) / len(places)
            for i in places:
                point[T[i]] = signs[i] * mean
        column = flint.fmpq_mat(len(point), 1, [to_fmpq(value) for value in point])
        feasible = self.problem.exact_A * column == self.problem.exact_y
        return classes if feasible and self._balanced(self.minimiser.kernel, classes) else None

    def _balanced(self, vectors: Any, classes: list[list[int]]) -> bool:
        signs = self.minimiser.signs
        return all(sum(signs[i] * vector[i] for i in places) == 0 for vector in vectors for places in classes)


def _terms(outside: Separable, bits: int, terms_are_exponentials: bool) -> list[Any] | None:
    """The terms x = f'(w) at the minimiser, to so many bits of their reach; None where that is not proved."""
    unknowns = outside.matrix.columns
    if not unknowns:
        with flint.ctx.workprec(bits):
            assert outside.offset is not None
            values = outside.maps.values(outside.offset().entries())
        return None if values is None else values[0]
    start = _least_exponents(outside, bits) if terms_are_exponentials else flint.arb_mat(unknowns, 1)
    enclosure = enclosed_minimiser(outside, start, bits)
    return None if enclosure is None else enclosure.x


def _least_exponents(outside: Separable, bits: int) -> Any:
    """The t of least sum w_j^2, from which a sum of exponentials e^w is a few steps from its least value.

    From a far t Newton's method takes a step for each unit by which the largest exponent is to fall, hundreds where the
    cheapest columns are nearly dependent.
    """
    assert outside.offset is not None
    with flint.ctx.workprec(bits):
        N = outside.matrix.balls
        try:
            return (N.transpose() * N).solve(-(N.transpose() * outside.offset())).mid()
        except ZeroDivisionError:
            return flint.arb_mat(outside.matrix.columns, 1)


def _column(values: list[Any]) -> Any:
    return flint.arb_mat([[flint.arb(value)] for value in values])
