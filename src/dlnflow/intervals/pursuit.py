"""Basis pursuit of an interval problem: one support and sign pattern for every input, or two inputs that differ.

Both come from the extremes of `vertex`: either none of them reaches its bound, which is a proof, or the corner
of the ball where one does is an input with another support or sign.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from dlnflow.intervals.problem import IntervalProblem, NotResolved, ResolvedMinimiser, Undecided, differ
from dlnflow.intervals.vertex import Extreme, Shift, Vertex
from dlnflow.minimisers.basis_pursuit import InfeasibleError, Minimiser, basis_pursuit
from dlnflow.problems.problem import Problem, ProblemError
from dlnflow.simplex.pivots import complete_basis

CORNERS_TRIED = 12
"""Of the extremes, where neither a proof nor the worst of them settles it; and as many random ones."""
SHRINK = (0, 8, 64, 256)
"""log2 of what a shift is divided by in turn, where it is known that a small enough one works."""


def interval_pursuit(interval: IntervalProblem) -> ResolvedMinimiser | NotResolved | Undecided:
    """What the bits of an interval problem settle about its minimiser; `basis_pursuit` of an `IntervalProblem`."""
    problem = interval.centre
    try:
        centre = basis_pursuit(problem)
    except InfeasibleError:
        return _exhibit(interval, None, _random_corners(interval)) or Undecided(
            interval.bits, "the centre has no solution x >= 0, and no two inputs with different minimisers were found"
        )
    if not centre.unique:
        return _exhibit(interval, centre, _favoured_columns(interval, centre)) or _undecided(interval)
    if len(centre.support) < problem.measurements:
        return _exhibit(interval, centre, _moves_out_of_range(interval, centre)) or _undecided(interval)
    vertex = Vertex(problem, centre, interval.radius)
    primal, dual = vertex.primal(), vertex.dual()
    if all(extreme.inside for extreme in (*primal, *dual)):
        return ResolvedMinimiser(interval.bits, centre.support, centre.signs, _balls(vertex, primal, interval), centre)
    worst = sorted((*primal, *dual), key=lambda extreme: -extreme.ratio)[:CORNERS_TRIED]
    shifts = (corner() for extreme in worst for corner in extreme.corners)
    found = _exhibit(interval, centre, shifts) or _exhibit(interval, centre, _random_corners(interval))
    return found or _undecided(interval)


def _undecided(interval: IntervalProblem) -> Undecided:
    return Undecided(interval.bits, "neither a proof nor two inputs with different minimisers were found")


def _exhibit(interval: IntervalProblem, centre: Minimiser | None, shifts: Iterable[Shift]) -> NotResolved | None:
    """The first shift whose input has another minimiser than the centre (than the first input, without a centre)."""
    first = None if centre is None else (interval.centre, centre)
    for shift in shifts:
        try:
            problem = interval.input(*shift)
            minimiser = basis_pursuit(problem)
        except (ProblemError, InfeasibleError):  # no input, or one without a minimiser
            continue
        if first is None:
            first = (problem, minimiser)
        elif differ(first[1], minimiser):
            claim = NotResolved(interval.bits, (first[0], problem), (first[1], minimiser))
            if claim.holds_for(interval):
                return claim
    return None


def _balls(vertex: Vertex, primal: list[Extreme], interval: IntervalProblem) -> list[Any]:
    """Balls of sigma_i x'_i from |x_i| - gain to |x_i| + gain, with their own sign; 0 off the support."""
    sizes = [abs(value) for value in vertex.x]
    # sixty-four bits beyond the radius, however large the entries
    heights = max(int(size.numerator).bit_length() - int(size.denominator).bit_length() for size in sizes)
    x = [flint.arb(0)] * interval.centre.features
    with flint.ctx.workprec(64 + max(0, heights + interval.bits) + max(0, -heights)):
        for i, (j, size) in enumerate(zip(vertex.support, sizes, strict=True)):
            low, high = size - primal[2 * i].gain, size + primal[2 * i + 1].gain
            x[j] = vertex.signs[i] * flint.arb(low).union(flint.arb(high))
    return x


def _moves_out_of_range(interval: IntervalProblem, centre: Minimiser) -> Iterator[Shift]:
    """y' = y + t a_j with a_j outside the range of A_S: every minimiser of it needs a column off S."""
    problem = interval.centre
    matrix = problem.exact_A.numer_denom()[0]
    j = next(j for j in complete_basis(matrix, centre.support) if j not in centre.support)
    column = [row[j] for row in problem.rational_A]
    t = _power_below(1 / max(map(abs, column)))
    yield _no_shift(problem)[0], [t * entry for entry in column]


def _favoured_columns(interval: IntervalProblem, centre: Minimiser) -> Iterator[Shift]:
    """a'_l = (1 + t) a_l, for an l whose x_l differs among the minimisers of the centre.

    ||x||_1 becomes ||x||_1 - |x_l| t/(1 + t) of the centre's x. For t > 0 small enough its minimisers are those of
    the centre's with the greatest |x_l|, a proper face of theirs: some column of T is outside its support.
    """
    problem = interval.centre
    place = next(i for i in range(len(centre.support)) if any(vector[i] for vector in centre.kernel))
    j = centre.support[place]
    column = [row[j] for row in problem.rational_A]
    for shrink in SHRINK:
        t = _power_below(1 / max(map(abs, column))) / 2**shrink
        A, y = _no_shift(problem)
        yield [[*row[:j], t * entry, *row[j + 1 :]] for row, entry in zip(A, column, strict=True)], y


def _no_shift(problem: Problem) -> Shift:
    return [[0] * problem.features for _ in range(problem.measurements)], [0] * problem.measurements


def _random_corners(interval: IntervalProblem) -> Iterator[Shift]:
    rng = np.random.default_rng(0)
    m, n = interval.centre.A.shape
    for _ in range(CORNERS_TRIED):
        signs = 2 * rng.integers(0, 2, (m, n + 1)) - 1
        yield signs[:, :n].tolist(), signs[:, n].tolist()


def _power_below(bound: Fraction) -> Fraction:
    """A power of two of at most a positive bound, and above a quarter of it."""
    return Fraction(2) ** (bound.numerator.bit_length() - bound.denominator.bit_length() - 1)
