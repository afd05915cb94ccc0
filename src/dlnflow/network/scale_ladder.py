"""Limits along a fixed ladder of scales, so that each is a function of its problem, depth and scale alone.

In float64 a scale is reached from a cold start, and by a rung each decade only where that fails. In balls the rungs
are 1, 1e-1, 1e-2, 1e-4, 1e-8, 1e-16, ...: the dual is extrapolated from two of them to the next, for in the right
coordinates it is nearly linear in log(1/eps).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint
import numpy as np

from dlnflow.arithmetic.exact import decade, to_arb, to_text
from dlnflow.balls.row_basis import IntegerMatrix, RowBasis, heaviest_basis, log2_of, refined
from dlnflow.balls.separable import FEW, FEW_STEPS, MOST_STEPS, Separable, Solution, solve
from dlnflow.network.dual_newton import NewtonResult, newton
from dlnflow.network.dual_points import evaluate
from dlnflow.network.in_balls import BallNetwork
from dlnflow.network.network import Network
from dlnflow.network.primal_dual import QuickLimit, primal_dual
from dlnflow.problems.problem import Problem

QUICK_RESIDUAL = 1e-10
"""||A x - y|| / ||y|| at which the primal-dual method stops."""

FLOAT_START = Fraction(1, 10**16)
"""Down to this scale balls start from float64's limits, if they converged and there are more than a FEW unknowns."""


class FloatLadder:
    """Newton's method in float64, from the primal-dual method's start, or from the decade above where that fails."""

    def __init__(self, problem: Problem, depth: Any) -> None:
        self.problem, self.depth = problem, depth
        self._started: dict[Fraction, QuickLimit] = {}
        self._solved: dict[Fraction, NewtonResult] = {}

    def quick(self, scale: Fraction) -> QuickLimit:
        """The limit at a scale to a residual of QUICK_RESIDUAL, from a cold start."""
        if scale not in self._started:
            self._started[scale] = primal_dual(self.problem, self._network(scale), QUICK_RESIDUAL)
        return self._started[scale]

    def at(self, scale: Fraction) -> NewtonResult:
        """The dual at a scale to rounding; not converged if it, or a decade above it, did not converge."""
        if scale not in self._solved:
            self._solved[scale] = self._from_quick(scale) or self._from_above(scale)
        return self._solved[scale]

    def _from_quick(self, scale: Fraction) -> NewtonResult | None:
        start = self.quick(scale)
        if not start.residual < np.linalg.norm(self.problem.y):  # worse than nothing: it ran away
            return None
        found = newton(self.problem, self._network(scale), start.nu, 0 * self.problem.y)
        return found if found.converged else None

    def _from_above(self, scale: Fraction) -> NewtonResult:
        problem, network = self.problem, self._network(scale)
        if scale == 1:
            return newton(problem, network, 0 * problem.y, 0 * problem.y)
        start = self.at(_decade_above(scale))
        if not start.converged:  # what float64 loses at one decade it does not find again at the next
            return NewtonResult(evaluate(problem, network, start.point.high, start.point.low), 0, False)
        return newton(problem, network, start.point.high, start.point.low)

    def _network(self, scale: Fraction) -> Network:
        return Network(self.depth, scale, self.problem.nonnegative)


def _decade_above(scale: Fraction) -> Fraction:
    """The least power of ten above a scale below one."""
    power = Fraction(1)
    while power / 10 > scale:
        power /= 10
    return power


class Duals:
    """The duals of the limits of one problem: maximise y.nu - sum_i eps q*(a_i.nu), in t = nu / denominator(A)."""

    def __init__(self, problem: Problem) -> None:
        numerator, self.denominator = problem.exact_A.numer_denom()
        self._matrix = IntegerMatrix(numerator.transpose())
        self._linear = problem.exact_y * self.denominator

    def at(self, network: Network) -> Separable:
        """The dual of the network's limit."""
        return Separable(self._matrix, BallNetwork(network), linear=self._linear)


@dataclass(frozen=True, eq=False)
class Rung:
    """The dual of one scale, and its minimiser to few digits."""

    network: Network
    problem: Separable
    solution: Solution

    @cached_property
    def basis(self) -> RowBasis:
        """The heaviest rows: those whose distances to their bounds decide, and are to be extrapolated themselves."""
        return heaviest_basis(self.problem.matrix, self.solution.point.weights)


class BallLadder:
    """Limits in balls, to few digits: starts for those to many. Started from float64's where they converge."""

    def __init__(self, problem: Problem, depth: Any, floats: FloatLadder | None = None) -> None:
        self.problem, self.depth, self.duals = problem, depth, Duals(problem)
        self._floats = floats or FloatLadder(problem, depth)
        self._rungs: dict[Fraction, Rung] = {}

    def at(self, scale: Fraction) -> Rung:
        """The rung of any scale. Raises ArithmeticError if Newton's method does not reach it."""
        if scale not in self._rungs:
            self._rungs[scale] = self._from_floats(scale) or self._extrapolated(scale)
        return self._rungs[scale]

    def _from_floats(self, scale: Fraction) -> Rung | None:
        if scale < FLOAT_START or self.problem.measurements <= FEW:
            return None
        found = self._floats.at(scale)
        if not found.converged:
            return None
        with flint.ctx.workprec(256):
            pairs = zip(found.point.high.tolist(), found.point.low.tolist(), strict=True)
            nu = [flint.arb(high) + flint.arb(low) for high, low in pairs]
            start = flint.arb_mat([[value / self.duals.denominator] for value in nu]).mid()
        network = self._network(scale)
        problem = self.duals.at(network)
        point = problem.at(start, 256)
        return Rung(network, problem, Solution(point, 0, True)) if point else None

    def _extrapolated(self, scale: Fraction) -> Rung:
        if scale == 1:
            return self._sure(self._solved(scale, flint.arb_mat(self.problem.measurements, 1), None, MOST_STEPS), scale)
        decades = [0, 1]
        while Fraction(1, 10 ** (2 * decades[-1])) > scale:
            decades.append(2 * decades[-1])
        above = [Fraction(1, 10**decade) for decade in decades if Fraction(1, 10**decade) > scale][-2:]
        return self._reach(scale, [self.at(rung) for rung in above])

    def _reach(self, scale: Fraction, known: Sequence[Rung]) -> Rung:
        """The rung of a scale from those above it, by way of a decade between where the step is too long."""
        last = known[-1]
        start = extrapolate(known, self.duals.at(self._network(scale)), self._network(scale))
        if start is not None and (found := self._solved(scale, start, last.solution.basis)):
            return found
        above, below = decade(last.network.scale), decade(scale)
        if below - above > 1:
            middle = self._reach(Fraction(1, 10 ** ((above + below) // 2)), known)
            return self._reach(scale, [last, middle])
        return self._sure(self._solved(scale, last.solution.point.t, last.solution.basis, MOST_STEPS), scale)

    def _solved(self, scale: Fraction, start: Any, basis: RowBasis | None, most_steps: int = FEW_STEPS) -> Rung | None:
        network = self._network(scale)
        problem = self.duals.at(network)
        try:
            solution = solve(problem, start, None, basis, most_steps)
        except ValueError:  # outside the domain
            return None
        return Rung(network, problem, solution) if solution.converged else None

    def _sure(self, rung: Rung | None, scale: Fraction) -> Rung:
        if rung is None:
            hint = "; there is no optimum if A x = y, x >= 0 forces a coordinate to be 0"
            raise ArithmeticError(
                f"Newton's method finds no optimum of the dual at the scale {to_text(scale)}"
                + hint * self.problem.nonnegative
            )
        return rung

    def _network(self, scale: Fraction) -> Network:
        return Network(self.depth, scale, self.problem.nonnegative)


def extrapolate(known: Sequence[Rung], problem: Separable, network: Network) -> Any | None:
    """The dual t at the network's scale, from one or two rungs above it; None where it leaves the domain."""
    last, maps, basis = known[-1], BallNetwork(network), known[-1].basis
    point = last.solution.point
    if len(known) == 1:
        return point.t
    with flint.ctx.workprec(2 * point.bits + 128):
        depths = [-to_arb(rung.network.scale).log() for rung in known] + [-to_arb(network.scale).log()]
        ratio = (depths[2] - depths[1]) / (depths[1] - depths[0])
        bent = []
        for row in basis.rows:
            before, now = (maps.straighten(rung.solution.point.w[row]) for rung in known)
            bent.append(maps.bend(now + (now - before) * ratio))
        moves = [w - point.w[row] for w, row in zip(bent, basis.rows, strict=True)]
        # the inverse is to leave the new distances to the bounds their digits
        smallest = min(length.mid() for length in maps.reach(bent))
        largest = max(abs(move).mid() for move in moves)
        if not smallest > 0:
            return None
        while basis.bits < 64 + log2_of(largest) - log2_of(smallest):
            basis = refined(basis)
        t = (point.t + basis.inverse * flint.arb_mat([[move] for move in moves])).mid()
    return t if problem.at(t, 2 * point.bits + 128) else None
