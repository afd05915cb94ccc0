"""The network's limit for every input of an interval problem, in balls.

Two proofs, from the same bounds (`bounds`; docs/theory.md, Interval data), and the first that holds counts.

By a fixed point: a box of z_J around the centre's is taken into itself by z_J -> x_J(z'), z' off J as z_J says, and
back by the inverse of x. It has a fixed point (Brouwer), which is the limit, for the dual is strictly convex. This is
sharp where the scale is small, for then the light columns hardly move.

By Newton's norm: at the centre's z_J the input's dual has the descent g = x'_J - x_J, and f'' >= diag(D_J), so that
its norm is at most |g|, |g|^2 = sum_J g_i^2/D_i. If every term i moves by T reach_i at most while z_J moves by R in
that norm, then at a part s of the way the weights have fallen by e^-(s T) at most, and the limit lies within

    R = |g| T/(1 - e^-T).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any, ClassVar

import flint

from dlnflow.balls.row_basis import log2_of, two_to
from dlnflow.intervals.bounds import (
    BOUND_BITS,
    InputBounds,
    Start,
    input_bounds,
    least_weights,
    range_of_x,
    start_of,
    widened,
)
from dlnflow.intervals.problem import IntervalProblem, NotResolved, Resolution, Undecided
from dlnflow.intervals.pursuit import interval_pursuit
from dlnflow.network.certified_limits import CertifiedLimit, certified_limit
from dlnflow.network.in_balls import BallNetwork
from dlnflow.network.network import Network

TRUSTS = (two_to(-6), two_to(-3), two_to(-1), two_to(0), two_to(1))
"""T, how far a proof may move a term in units of its reach: the smaller, the closer R is to |g|. The domain ends
k + 1 reaches away, and k > 1."""
ROUNDS = 10
"""Boxes tried, each a little larger than what became of the one before."""
MARGIN = 1 + two_to(-4)
LONGEST = 6
"""log2 of the longest step, in units of the reach, that a box may take."""


@dataclass(frozen=True, eq=False)
class ResolvedLimit:
    """Every input of the ball has a limit x_alpha, and all of them lie in the balls x (n).

    bits: those of the input.  centre: the proved limit of the centre.
    """

    bits: int
    x: list[Any]
    centre: CertifiedLimit
    resolution: ClassVar = Resolution.RESOLVED


def interval_limit(interval: IntervalProblem, depth: Any, scale: Any) -> ResolvedLimit | NotResolved | Undecided:
    """What the bits settle about the limit at a depth and scale; `certified_limit` of an `IntervalProblem`.

    Where no balls can be proved for all inputs and their minimisers of the l1 norm, which the limits tend to, differ
    in support or sign, two such inputs come back.
    """
    network = Network(depth, scale, interval.nonnegative)
    try:
        centre = certified_limit(interval.centre, depth, scale)
    except ArithmeticError as error:
        reason = str(error)
    else:
        start = start_of(interval.centre, network, centre)
        x = None if start is None else enclose_all(interval, network, start)
        if x is not None:
            return ResolvedLimit(interval.bits, x, centre)
        reason = "the limits of all inputs were not proved to be near each other, and no minimisers that differ found"
    minimisers = interval_pursuit(interval)
    return minimisers if isinstance(minimisers, NotResolved) else Undecided(interval.bits, reason)


def enclose_all(interval: IntervalProblem, network: Network, start: Start) -> list[Any] | None:
    """Balls (n) that hold the limits of all inputs, or None where that is not proved."""
    with flint.ctx.workprec(BOUND_BITS):
        bounds = input_bounds(interval, start)
    if bounds is None:
        return None
    with flint.ctx.workprec(start.bits):
        return by_fixed_point(network, bounds) or by_newton(network, bounds)


def by_fixed_point(network: Network, bounds: InputBounds) -> list[Any] | None:
    """Balls x_J +- g around the centre's, and the range of x' off J, if a box of z_J covers them."""
    start, maps = bounds.start, BallNetwork(network)
    steps: list[tuple[Any, Any]] = [(flint.arb(0), flint.arb(0))] * len(start.basis)
    for _ in range(ROUNDS):
        sizes = [low.max(high) for low, high in steps]
        z = list(start.z)
        for j, slope in bounds.slopes.items():
            z[j] = widened(z[j], slope + sum(w * size for w, size in zip(bounds.moved[j], sizes, strict=True)))
        x = range_of_x(network, z)
        if x is None:
            return None
        added = bounds.added_to_x({j: x[j] for j in bounds.slopes})
        if all(_covers(maps, start, i, step, g) for i, step, g in zip(start.basis, steps, added, strict=True)):
            for i, g in zip(start.basis, added, strict=True):
                x[i] = widened(start.x[i], g)
            return x
        wanted = [_steps_to(maps, start, i, g * MARGIN) for i, g in zip(start.basis, added, strict=True)]
        steps = [step for step in wanted if step is not None]
        if len(steps) < len(wanted):
            return None
    return None


def _covers(maps: BallNetwork, start: Start, i: int, steps: tuple[Any, Any], width: Any) -> bool:
    """Whether x(z_i - low) <= x_i - width and x_i + width <= x(z_i + high)."""
    values = maps.values([start.z[i] - steps[0], start.z[i] + steps[1]])
    if values is None:
        return False
    low, high = values[0]
    return bool(low <= start.x[i] - width and start.x[i] + width <= high)


def _steps_to(maps: BallNetwork, start: Start, i: int, width: Any) -> tuple[Any, Any] | None:
    """Steps low and high of z_i, powers of two in units of its reach, over which x_i changes by a width or more."""
    reach = maps.reach([start.z[i]])[0].abs_upper()
    first = max(floor(log2_of(width / (start.weights[i] * reach))), -start.bits)
    steps = []
    for side in (-1, 1):
        for exponent in range(first, LONGEST + 1):
            step = two_to(exponent) * reach
            values = maps.values([start.z[i] + side * step])
            if values is None:  # beyond the domain
                return None
            if side * (values[0][0] - start.x[i]) >= width:
                steps.append(step.abs_upper())
                break
        else:
            return None
    return steps[0], steps[1]


def by_newton(network: Network, bounds: InputBounds) -> list[Any] | None:
    """Balls of x over all z that are within Newton's norm R, if no term can move beyond its trust there."""
    start = bounds.start
    z = [widened(ball, bounds.slopes[j]) if j in bounds.slopes else ball for j, ball in enumerate(start.z)]
    x, weights = range_of_x(network, z), least_weights(network, z)
    if x is None or weights is None:
        return None
    reach = BallNetwork(network).reach(z)
    with flint.ctx.workprec(BOUND_BITS):
        added = bounds.added_to_x({j: x[j] for j in bounds.slopes})
        moves = _moves(bounds, added, [weight.sqrt() for weight in weights], reach)
    return moves and range_of_x(network, [widened(ball, move) for ball, move in zip(z, moves, strict=True)])


def _moves(bounds: InputBounds, descent: list[Any], roots: list[Any], reach: Sequence[Any]) -> list[Any] | None:
    """Bounds (n) on how far each term is from the start, at the limit of any input; None where none is proved.

    roots: D^(1/2), lower bounds; a term moves by R/D_i^(1/2) at most, off J also by R |D_J^(-1/2) w'_i|.
    """
    basis = bounds.start.basis
    norm = _length(g / roots[i] for g, i in zip(descent, basis, strict=True))
    units = [(1 / root).abs_upper() for root in roots]
    for j, image in bounds.moved.items():
        units[j] = units[j].min(_length(w / roots[i] for w, i in zip(image, basis, strict=True)))
    for trust in TRUSTS:
        radius = norm * trust / -(-trust).expm1()
        if all(radius * unit < trust * length for unit, length in zip(units, reach, strict=True)):
            return [(radius * unit).abs_upper() for unit in units]
    return None


def _length(entries: Iterable[Any]) -> Any:
    return sum((entry * entry for entry in entries), flint.arb(0)).sqrt().abs_upper()
