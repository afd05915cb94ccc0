"""The limit of the flow at any scale, in balls that provably hold it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, nextafter
from typing import Any

import flint
import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number, to_arb
from dlnflow.balls.enclosure import Enclosure, enclose
from dlnflow.balls.row_basis import log2_of
from dlnflow.balls.separable import Point, Target, solve
from dlnflow.network.in_balls import BallNetwork
from dlnflow.network.network import Network
from dlnflow.network.scale_ladder import BallLadder, Duals, FloatLadder
from dlnflow.problems.problem import Problem
from dlnflow.results import Status

EFFECT_BITS = 50
"""Bits of the network's smallest effect that an enclosure resolves: fifteen digits."""
SLACK = 16
"""How many times wider the balls are than what is proved, so that a verifier may prove them in its own way."""


class InBalls:
    """A limit in balls. x: (n) flint `arb`.  precision: bits of the arithmetic."""

    x: list[Any]
    precision: int

    @property
    def radius(self) -> Any:
        """A bound on the distance (2-norm) of the limit from the midpoints of x."""
        with flint.ctx.workprec(64):
            return sum((ball.rad() ** 2 for ball in self.x), flint.arb(0)).sqrt().upper()

    @property
    def x_float(self) -> FloatArray:
        """The midpoints of x, rounded to float64."""
        return np.array([float(ball) for ball in self.x])

    def distance(self, point: Any) -> Any:
        """||x - point||_2 as a ball; point: (n) numbers or balls, or a `SelectedMinimiser`."""
        with flint.ctx.workprec(self.precision + 64):
            values = point.balls(self.precision + 64) if hasattr(point, "balls") else map(_ball, point)
            return distance(self.x, list(values))


@dataclass(frozen=True, eq=False)
class CertifiedLimit(InBalls):
    """The limit x_alpha at one depth and scale, in balls (flint `arb`) that provably hold it.

    x: (n) the limit.  nu: (m) the dual unknown as in `Limit`; the balls hold the one solution of A x(A^T nu) = y.
    status: converged, or stalled where the balls are wider than they should be (but still proved).
    precision: bits of the arithmetic.  iterations: Newton steps, those on the way down in scale left out.
    residual: ||A x - y||_2 at the midpoints of nu.
    """

    x: list[Any]
    nu: list[Any]
    status: Status
    precision: int
    iterations: int
    residual: float
    engine: str = "arb"

    @property
    def nu_float(self) -> FloatArray:
        """The midpoints of nu, rounded to float64."""
        return np.array([float(ball) for ball in self.nu])


def _ball(value: Any) -> Any:
    return value if isinstance(value, flint.arb) else to_arb(parse_number(value))


def upper_float(ball: Any) -> float:
    """A float that no number of the ball exceeds in size."""
    with flint.ctx.workprec(53):
        return nextafter(float(ball.abs_upper()), inf)


def distance(x: Sequence[Any], point: Sequence[Any]) -> Any:
    """||x - point||_2 as a ball at flint's present precision."""
    differences = [a - b for a, b in zip(x, point, strict=True)]
    square = sum((d * d for d in differences), flint.arb(0))  # d**2 is nan around 0
    if square > 0:
        return square.sqrt()
    half = square.abs_upper().sqrt().upper() / 2
    return flint.arb(half, half)


def certified_limit(problem: Problem, depth: Any, scale: Any) -> CertifiedLimit:
    """The limit x_alpha of the flow from scale = alpha^L, proved (docs/theory.md, Proofs in balls).

    The precision chooses itself, so that the balls resolve fifteen digits of the least effect of the scale:
    errors to a minimiser are known to ten digits or more. depth and scale: numbers or exact text such as "1e-100".

    Raises ValueError for a depth below 2 or a scale outside (0, 1], ArithmeticError if Newton's method fails.
    """
    return next(certified_limits(problem, depth, [scale]))


def certified_limits(problem: Problem, depth: Any, scales: Iterable[Any]) -> Iterator[CertifiedLimit]:
    """`certified_limit` at each of the scales, in their order, going down the ladder of scales once."""
    certifier = Certifier(problem, depth)
    for scale in scales:
        yield certifier.at(scale)


class Certifier:
    """`certified_limit` for one problem and depth; floats: its ladder in float64, if there is one to start from."""

    def __init__(self, problem: Problem, depth: Any, floats: FloatLadder | None = None) -> None:
        self._ladder = BallLadder(problem, depth, floats)

    def at(self, scale: Any) -> CertifiedLimit:
        """The limit at a scale. Raises ArithmeticError if Newton's method fails."""
        rung = self._ladder.at(Network(self._ladder.depth, scale).scale)
        target = many_digits(rung.network)
        solution = solve(rung.problem, rung.solution.point.t, target, rung.solution.basis)
        # a radius above eight times the target would be the fault of the basis
        enclosure = enclose(rung.problem, solution.point, target(solution.point) + 3, SLACK)
        if enclosure is None:
            raise ArithmeticError(f"no proof at the scale {scale}: Newton's method stopped too far from the limit")
        return as_limit(self._ladder.duals, solution.point, enclosure, solution.converged, solution.steps)


def many_digits(network: Network) -> Target:
    """The target of a point whose x resolves EFFECT_BITS of the network's smallest effect."""
    maps = BallNetwork(network)

    def target(point: Point) -> float:
        with flint.ctx.workprec(64):
            heaviest = max(weight.mid() for weight in point.weights)
            wanted = maps.smallest_effect(point.x) / (heaviest * len(point.x)).sqrt()
        return log2_of(wanted) - EFFECT_BITS

    return target


def as_limit(duals: Duals, point: Point, enclosure: Enclosure, converged: bool, steps: int) -> CertifiedLimit:
    """The limit that an enclosure proves."""
    nu, residual = multiplied(duals.denominator, enclosure), residual_bound(point, duals.denominator)
    status = Status.CONVERGED if converged else Status.STALLED
    return CertifiedLimit(enclosure.x, nu, status, point.bits, steps, residual)


def multiplied(denominator: Any, enclosure: Enclosure) -> list[Any]:
    """nu = denominator t.

    With exact midpoints: a proof from them, made again, is then one from the same point.
    """
    longest = max(ball.mid().bits() for ball in enclosure.t)
    with flint.ctx.workprec(longest + denominator.height_bits() + 8):
        return [denominator * ball for ball in enclosure.t]


def residual_bound(point: Point, denominator: Any) -> float:
    """A bound on ||A x - y||_2, of which the descent is the denominator's multiple."""
    with flint.ctx.workprec(point.bits):
        squares = sum((g.abs_upper() ** 2 for g in point.descent.entries()), flint.arb(0))
        return upper_float(squares.sqrt() / denominator)
