"""The entropic limit of a linear program at any lam, in balls that provably hold it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from dlnflow.arithmetic.exact import to_arb, to_text
from dlnflow.balls.enclosure import enclose
from dlnflow.balls.row_basis import IntegerMatrix, log2_of
from dlnflow.balls.separable import Point, Separable, Solution, Target, solve
from dlnflow.minimisers.linear_programs import forced_zeros
from dlnflow.network.certified_limits import EFFECT_BITS, InBalls, multiplied, residual_bound
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.limit import EntropicLadder, inverse, rungs, without
from dlnflow.results import Status
from dlnflow.simplex.pivots import selected_rows

START_BITS = 256
"""Of a start from float64."""


@dataclass(frozen=True)
class Exponentials:
    """f(w) = e^w. Its weights fall by a factor e^d over a distance d exactly: the reach is 1."""

    def values(self, w: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        x = [value.exp() for value in w]
        return x, x

    def reach(self, w: Sequence[Any]) -> list[Any]:
        return [flint.arb(1)] * len(w)


@dataclass(frozen=True, eq=False)
class CertifiedEntropicLimit(InBalls):
    """The entropic limit at one lam, in balls (flint `arb`) that provably hold it.

    x: (n) the limit; exactly 0 on `forced`.  log_x: (n) its logarithms, None on `forced`.
    nu: (m) log x = A^T nu - c/lam off `forced`, 0 on rows that depend on others.
    status: converged, or stalled where the balls are wider than they should be (but still proved).
    precision: bits of the arithmetic.  iterations: Newton steps on the last rung.
    residual: a bound on ||A x - b||_2 at the midpoints of nu.  forced: as in `EntropicLimit`.
    """

    x: list[Any]
    log_x: list[Any]
    nu: list[Any]
    status: Status
    precision: int
    iterations: int
    residual: float
    forced: tuple[int, ...] = ()
    engine: str = "arb"


def certified_entropic_limit(
    program: StandardForm, lam: Any, log2_effect: float | None = None
) -> CertifiedEntropicLimit:
    """argmin { c.x + lam sum (x log x - x) : A x = b }, proved (docs/theory.md, Linear programs).

    lam > 0: a number or exact text such as "1/231". Balls have 2^17 bits at most, which hold x down to e^(-80000) or
    so; beyond there is no proof.  log2_effect: the balls of x have 15 digits of what is of the size
    2^log2_effect; without it, of the least coordinate of x.

    Raises ValueError unless lam > 0, InfeasibleError if there is no x >= 0 with A x = b, and ArithmeticError if
    Newton's method fails.
    """
    return EntropicCertifier(program).at(lam, log2_effect)


class EntropicCertifier:
    """`certified_entropic_limit` for one program at several lam; the result is a function of each lam alone.

    floats: the ladder in float64 from which balls start where it converges.
    """

    def __init__(self, program: StandardForm) -> None:
        self._program = program
        self.floats = EntropicLadder(program)
        self._duals = _Duals(program, self.floats)
        self._forced: tuple[int, ...] | None = None
        self._others: EntropicCertifier | None = None

    def at(self, lam: Any, log2_effect: float | None = None) -> CertifiedEntropicLimit:
        """The limit at lam. Raises as `certified_entropic_limit` does."""
        theta = inverse(lam)
        if self._forced is None:
            try:
                return self._duals.proved(theta, log2_effect)
            except ArithmeticError:
                self._forced = forced_zeros(self._program)
                if 0 < len(self._forced) < self._program.variables:
                    self._others = EntropicCertifier(without(self._program, self._forced))
        if self._others is not None:
            return self._put_back(self._others.at(lam, log2_effect))
        if self._forced:
            return self._zero()
        return self._duals.proved(theta, log2_effect)  # which says why there is none

    def _zero(self) -> CertifiedEntropicLimit:
        """The limit where x = 0 is all that is feasible."""
        x, nu = ([flint.arb(0)] * size for size in (self._program.variables, self._program.constraints))
        return CertifiedEntropicLimit(x, [None] * len(x), nu, Status.CONVERGED, 64, 0, 0.0, self._forced or ())

    def _put_back(self, found: CertifiedEntropicLimit) -> CertifiedEntropicLimit:
        forced = self._forced or ()
        x, log_x = list(found.x), list(found.log_x)
        for j in forced:  # rising, so that each place is right when it comes
            x.insert(j, flint.arb(0))
            log_x.insert(j, None)
        return CertifiedEntropicLimit(
            x, log_x, found.nu, found.status, found.precision, found.iterations, found.residual, forced
        )


class _Duals:
    """The duals of one program: minimise sum_j exp(a_j.nu - theta c_j) - b.nu in t = nu / denominator(A)."""

    def __init__(self, program: StandardForm, floats: EntropicLadder) -> None:
        self._program, self._floats = program, floats
        self._rows = list(program.independent_rows)
        numerator, self._denominator = program.exact_A.numer_denom()
        self._matrix = IntegerMatrix(selected_rows(numerator, self._rows).transpose())
        b = program.exact_b
        self._linear = flint.fmpq_mat([[self._denominator * b[row, 0]] for row in self._rows])
        self._rungs: dict[Fraction, Solution] = {}

    def proved(self, theta: Fraction, log2_effect: float | None) -> CertifiedEntropicLimit:
        problem = self._at(theta)
        start = self._from_floats(problem, theta) or self._from_above(theta)
        target = _target(log2_effect)
        solution = solve(problem, start.point.t, target, start.basis)
        # a radius above eight times the target would be the fault of the basis
        enclosure = enclose(problem, solution.point, target(solution.point) + 3)
        if enclosure is None:
            raise ArithmeticError(
                f"no proof at 1/lam = {to_text(theta)}: Newton's method stopped too far from the limit"
            )
        nu = [flint.arb(0)] * self._program.constraints
        for row, ball in zip(self._rows, multiplied(self._denominator, enclosure), strict=True):
            nu[row] = ball
        residual = residual_bound(solution.point, self._denominator)
        status = Status.CONVERGED if solution.converged else Status.STALLED
        return CertifiedEntropicLimit(
            enclosure.x, enclosure.w, nu, status, solution.point.bits, solution.steps, residual
        )

    def _at(self, theta: Fraction) -> Separable:
        offset = flint.fmpq_mat(self._program.exact_c) * flint.fmpq(-theta.numerator, theta.denominator)
        return Separable(self._matrix, Exponentials(), lambda: flint.arb_mat(offset), self._linear)

    def _from_floats(self, problem: Separable, theta: Fraction) -> Solution | None:
        found = self._floats.at(1 / theta)
        if found.status != Status.CONVERGED or found.forced:
            return None
        with flint.ctx.workprec(START_BITS):
            start = flint.arb_mat([[flint.arb(found.nu[row]) / self._denominator] for row in self._rows]).mid()
        point = problem.at(start, START_BITS)
        return Solution(point, 0, True) if point else None

    def _from_above(self, theta: Fraction) -> Solution:
        """The rung of theta from those before it, affine through the last two. Raises ArithmeticError."""
        known: list[tuple[Fraction, Solution]] = []
        for rung in rungs(self._program, theta):
            if rung not in self._rungs:
                self._rungs[rung] = self._solved(rung, known)
            known = [*known[-1:], (rung, self._rungs[rung])]
        return known[-1][1]

    def _solved(self, theta: Fraction, known: Sequence[tuple[Fraction, Solution]]) -> Solution:
        problem = self._at(theta)
        start = _extrapolated(known, theta) if known else flint.arb_mat(len(self._rows), 1)
        solution = solve(problem, start, None, known[-1][1].basis if known else None)
        if not solution.converged:
            raise ArithmeticError(
                f"Newton's method finds no optimum of the dual at 1/lam = {to_text(theta)}; "
                "there is none if A x = b, x >= 0 forces a coordinate to be 0"
            )
        return solution


def _extrapolated(known: Sequence[tuple[Fraction, Solution]], theta: Fraction) -> Any:
    """t at theta, affine through the last two rungs."""
    last, now = known[-1][0], known[-1][1].point
    if len(known) == 1:
        return now.t
    first, before = known[0][0], known[0][1].point
    with flint.ctx.workprec(2 * now.bits + 64):
        return (now.t + (now.t - before.t) * to_arb((theta - last) / (last - first))).mid()


def _target(log2_effect: float | None) -> Target:
    """The target of a point whose x resolves EFFECT_BITS of an effect, and each log x some bits."""

    def target(point: Point) -> float:
        with flint.ctx.workprec(64):
            heaviest = max(weight.mid() for weight in point.weights)
            least = min(weight.mid() for weight in point.weights)
            effect = log2_of(least) if log2_effect is None else log2_effect
            # |x - x_lam| <= sqrt(n heaviest) |D^(1/2) N (t - t*)|, and |log x_i - ...| <= that norm / sqrt(least)
            by_size = effect - log2_of(heaviest * len(point.x)) / 2
            return min(by_size, log2_of(least) / 2) - EFFECT_BITS

    return target
