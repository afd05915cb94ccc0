"""One instance down in scale: its error at 1e-1, 1e-2, 1e-4, ... beside the predicted C scale^e (1 + O(scale^p)).

The scales are the rungs of the ladder in balls, the same for all instances and depths. They go on until the next order
(`next_order`) is below LARGEST_TERM, at the last scale and a decade above it, where one more limit gives the slope.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

import flint

from dlnflow.arithmetic.exact import parse_number, to_arb
from dlnflow.experiments.laws.tables import LARGEST_TERM
from dlnflow.kit.attempt import attempt
from dlnflow.minimisers.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.minimisers.selection import SelectedMinimiser, selected_minimiser
from dlnflow.network.certified_limits import CertifiedLimit, Certifier
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.theory.next_order import next_exponent
from dlnflow.theory.rates import Rate, predicted_rate

RATIO_BITS = 128
"""Of ratios of balls: twice the digits to which C is known."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What is known of an instance and depth before any limit is.

    next_exponent: None if C is 0, or not told from it.  is_exact: whether the limit is x° itself at every scale, which
    only that of a nonnegative network can be; there may then be no dual unknown behind it, and nothing is measured.
    """

    minimiser: Minimiser
    selected: SelectedMinimiser
    rate: Rate
    next_exponent: Fraction | None
    is_exact: bool = False

    def size(self, scale: Fraction) -> Any:
        """C scale^e as a ball at flint's present precision."""
        return self.rate.constant_ball * (to_arb(self.rate.exponent) * to_arb(scale).log()).exp()


@dataclass(frozen=True, eq=False)
class Measured:
    """The error at scale 10^-place as a ball, and over C scale^e; None where the limit failed, or C is 0."""

    place: int
    status: Status
    message: str = ""
    error: Any = None
    ratio: Any = None
    bits: int = 0

    @property
    def deviation(self) -> float:
        """|ratio - 1|, or |log ratio| if greater, which far from 1 is nearer to what the next order says."""
        with flint.ctx.workprec(RATIO_BITS):
            ratio = self.ratio.mid()
            return max(abs(float(ratio - 1)), abs(float(ratio.log()))) if ratio > 0 else inf


def predict(problem: Problem, depth: str) -> Prediction:
    """Everything that is computed once for an instance and depth."""
    minimiser = basis_pursuit(problem)
    rate = predicted_rate(problem, depth, minimiser)
    is_known = rate.constant_ball.abs_lower() > 0
    order = next_exponent(problem, minimiser, parse_number(depth), rate) if is_known else None
    is_exact = problem.nonnegative and all(d == 0 for d in rate.direction)
    return Prediction(minimiser, selected_minimiser(minimiser, depth), rate, order, is_exact)


def measurer(problem: Problem, depth: str, predicted: Prediction) -> Callable[[int], Measured]:
    """The error at 10^-place, as `descend` asks for it; a limit that fails is FAILED, with its message."""
    certifier = Certifier(problem, depth)

    def limit_at(place: int) -> Measured:
        return _beside(certifier.at(Fraction(1, 10**place)), place, predicted)

    def measure(place: int) -> Measured:
        found, message, _ = attempt(limit_at, place)
        return found or Measured(place, Status.FAILED, message)

    return measure


def _beside(limit: CertifiedLimit, place: int, predicted: Prediction) -> Measured:
    error = limit.distance(predicted.selected)
    with flint.ctx.workprec(RATIO_BITS):
        unresolved = limit.status == Status.CONVERGED and not error.mid() > 2 * error.rad()
        ratio = None if predicted.next_exponent is None else error / predicted.size(Fraction(1, 10**place))
    return Measured(place, Status.UNRESOLVED if unresolved else limit.status, "", error, ratio, limit.precision)


def descend(measure: Callable[[int], Measured], order: Fraction | None, least: int, smallest: int) -> list[Measured]:
    """The errors at 10^-1, 10^-2, 10^-4, ..., and last at ten times the smallest of these scales.

    measure: at 10^-place.  order: p.  least, smallest: places down to which all go, and below which none goes. A
    limit that fails is the last.
    """
    cells = [measure(1)]
    while cells[-1].status != Status.FAILED:
        place = cells[-1].place
        if 2 * place > smallest or (place >= least and (order is None or is_settled(cells, order))):
            break
        cells.append(measure(2 * place))
    if cells[-1].status == Status.FAILED:
        return cells
    return [*cells, measure(cells[-1].place - 1)]


def expected_term(cells: list[Measured], order: Fraction) -> float:
    """|ratio - 1| at the last of the scales as the one before it has it: times (eps/eps')^p."""
    before, last = cells[-2:]
    return float(before.deviation * 10 ** (-float(order) * (last.place - before.place)))


def is_settled(cells: list[Measured], order: Fraction) -> bool:
    """Whether the next order is below LARGEST_TERM at the last scale and ten times that.

    It is the greater of what the scale before makes expect and what is measured: a ratio that is still far from 1 says
    that the expectation came too early.
    """
    if len(cells) < 2:
        return False
    term = max(expected_term(cells, order), cells[-1].deviation)
    return bool(term * 10 ** float(order) < LARGEST_TERM)


def is_slow(order: Fraction | float, smallest: int) -> bool:
    """Whether scale^p stays above LARGEST_TERM down to the smallest scale."""
    return float(10 ** (-float(order) * smallest)) > LARGEST_TERM
