"""Limits of many small problems at once: the method of `primal_dual` on stacks of signed problems of one size.

One small problem spends its time in Python's calls, and a stack shares them. Every operation acts on each problem of a
stack by itself and in one and the same order, so the bits of an answer do not depend on its company. What a stack does
not solve goes to `limit`, as large and nonnegative problems do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.network.limit import SMALLEST_FLOAT_SCALE, limit, quick_answer
from dlnflow.network.network import Network
from dlnflow.network.plus_minus import Sides
from dlnflow.network.primal_dual import LONGEST_STEP, QuickLimit, first_sides, part_inside, pull_together, radius_of
from dlnflow.network.scale_ladder import QUICK_RESIDUAL
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit

MOST_ENTRIES = 5000
"""Of A. Measured from 1 x 20 to 100 x 400 at depths 2 and 3: up to here a stack of 4 is not slower than one at a time,
one of 16 is 1.4 to 7 times as fast and one of 200 up to 20 times. The gain goes by m n and ends at about 12 000. A
problem alone takes 1.5 times as long as in `primal_dual`: the price of bits that do not depend on its company."""

ENTRIES_AT_ONCE = 200_000
"""Of the A of one stack: with a tenth Python's calls weigh again, with five times as many caches are left."""

MOST_FACTORISATIONS = 40
"""Gaussian problems take 25 at most down to scale 1e-8. The others of a stack have left it by then, so that the last
ones are solved faster one at a time."""

SIGNS = np.array([[1.0], [-1.0]])
"""Of p and q in x = p - q."""


def quick_limits(problems: Iterable[Problem], depth: Any, scale: Any) -> list[Limit]:
    """`limit(problem, depth, scale, quick=True)` of each problem, in their order, the small ones of one size together.

    The same limits within their radii, and each a function of its own problem, the depth and the scale alone, to the
    last bit, whatever else is asked for with it. Source: docs/theory.md, The limit without time.

    Raises ValueError for a depth below 2 or a scale outside (0, 1].
    """
    problems, network = list(problems), Network(depth, scale)
    found: dict[int, Limit | None] = {}
    for places in _stacks(problems) if network.scale >= SMALLEST_FLOAT_SCALE else ():
        for place, quick in zip(places, stacked([problems[i] for i in places], network, QUICK_RESIDUAL), strict=True):
            found[place] = quick_answer(quick) if quick else None
    return [found.get(place) or limit(problem, depth, scale, quick=True) for place, problem in enumerate(problems)]


def is_stacked(problem: Problem) -> bool:
    """Whether it is solved together with others of its size."""
    return not problem.nonnegative and problem.A.size <= MOST_ENTRIES


def _stacks(problems: Sequence[Problem]) -> Iterator[list[int]]:
    """The places of problems that are solved together."""
    of_size = defaultdict(list)
    for place, problem in enumerate(problems):
        if is_stacked(problem):
            of_size[problem.A.shape].append(place)
    for (m, n), places in of_size.items():
        many = ENTRIES_AT_ONCE // (m * n)
        yield from (places[first : first + many] for first in range(0, len(places), many))


def stacked(problems: Sequence[Problem], network: Network, rtol: float) -> list[QuickLimit | None]:
    """`primal_dual` of signed problems of one size; None for those that do not arrive.

    Without its old factorisations: to a small problem a new one costs little, and saves a step.
    """
    found: list[QuickLimit | None] = [None] * len(problems)
    maps = Sides(network)
    with np.errstate(all="ignore"):  # what overflows leaves the stack
        stack = _start(problems, maps)
        aims = rtol * np.linalg.norm(stack.y, axis=-1)
        for factorisations in range(1, MOST_FACTORISATIONS):
            residuals = np.linalg.norm(stack.r, axis=-1)
            arrived = residuals <= aims[stack.place]
            if arrived.any():
                for place, answer in _ended(stack[arrived], maps, factorisations + 1):
                    found[place] = answer
            on_the_way = ~arrived & np.isfinite(residuals)
            if not on_the_way.any():
                break
            stack = _step(stack if on_the_way.all() else stack[on_the_way], maps)
    return found


@dataclass(frozen=True, eq=False)
class _Stack:
    """k problems on their way, as in `primal_dual`; every array has k first.

    place: (k,) which problems.  A: (k, m, n).  y, nu: (k, m).  P, S: (k, 2, n).  sides = p(S).  r = y - A x(S): (k, m).
    """

    place: NDArray[np.intp]
    A: FloatArray
    y: FloatArray
    nu: FloatArray
    P: FloatArray
    S: FloatArray
    sides: FloatArray
    r: FloatArray

    def __getitem__(self, which: NDArray[np.bool_]) -> "_Stack":
        return _Stack(*(getattr(self, field.name)[which] for field in fields(self)))


def _start(problems: Sequence[Problem], maps: Sides) -> _Stack:
    A, y = np.stack([problem.A for problem in problems]), np.stack([problem.y for problem in problems])
    columns = A.swapaxes(1, 2)
    P = first_sides(SIGNS, _times(columns, _solution(A @ columns, y))[:, None])
    S = np.full_like(P, maps.bound)
    sides = maps.sides(S)
    return _Stack(np.arange(len(A)), A, y, np.zeros_like(y), P, S, sides, y - _times(A, _net(sides)))


def _step(stack: _Stack, maps: Sides) -> _Stack:
    """Newton's step of each problem, as much of it as its own boundary allows."""
    A, y, P, S = stack.A, stack.y, stack.P, stack.S
    weights = maps.weights(P, S)
    pull = pull_together(maps, P, S, stack.sides, weights, _net(P)[:, None])
    d = _solution(_gram(A, weights.sum(axis=1)), y - _times(A, _net(P + pull)))
    dS = -SIGNS * _times(A.swapaxes(1, 2), d)[:, None]
    dP = pull - weights * dS
    if maps.is_bounded:
        a = part_inside((dS / S).min(axis=(1, 2)))
    else:
        a = np.fmin(1.0, LONGEST_STEP / np.abs(dS).max(axis=(1, 2)))
    b = part_inside((dP / P).min(axis=(1, 2)))
    nu, S, P = stack.nu + a[:, None] * d, S + a[:, None, None] * dS, P + b[:, None, None] * dP
    sides = maps.sides(S)
    return _Stack(stack.place, A, y, nu, P, S, sides, y - _times(A, _net(sides)))


def _ended(stack: _Stack, maps: Sides, factorisations: int) -> Iterator[tuple[int, QuickLimit]]:
    """(place, answer) of problems that arrived; the radius is NaN where Newton's next step cannot be had."""
    columns = stack.A.swapaxes(1, 2)
    weights = maps.weights(stack.sides, stack.S)
    total = weights.sum(axis=1)
    steps = total * _times(columns, _solution(_gram(stack.A, total), stack.r))
    slopes = _times(np.abs(columns), np.abs(stack.nu))
    radii = radius_of(maps, steps, slopes, weights, stack.S, stack.sides)
    residuals, x = np.linalg.norm(stack.r, axis=-1), _net(stack.sides)
    for i, place in enumerate(stack.place.tolist()):
        yield place, QuickLimit(x[i], stack.nu[i], float(residuals[i]), float(radii[i]), factorisations, True)


def _net(sides: FloatArray) -> FloatArray:
    """x = p - q, (k, n)."""
    return sides[:, 0] - sides[:, 1]


def _gram(A: FloatArray, weights: FloatArray) -> FloatArray:
    """A diag(weights) A^T."""
    return (A * weights[:, None]) @ A.swapaxes(1, 2)


def _times(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    return (matrices @ vectors[:, :, None])[:, :, 0]


def _solution(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    """matrix^-1 vector; NaN where the matrix is singular."""
    found = np.empty_like(vectors)
    try:
        found[:] = np.linalg.solve(matrices, vectors[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:  # raised for one of a whole stack
        if len(vectors) == 1:
            found[:] = np.nan
        else:
            for i in range(len(vectors)):
                found[i] = _solution(matrices[i : i + 1], vectors[i : i + 1])[0]
    return found
