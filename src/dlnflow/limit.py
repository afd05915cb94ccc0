"""The limit of the flow at one depth and scale, without integrating in time."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from dlnflow.compensated import UNIT
from dlnflow.dual import LARGEST_RADIUS, DualPoint, evaluate, nothing_known
from dlnflow.network import Network
from dlnflow.newton import SHORT_STEP, NewtonResult, factor, newton
from dlnflow.problems import Problem
from dlnflow.results import Limit, Status

LARGEST_DEFECT = 5e-3
"""The relative error of the map from residuals to x; where it may be larger, nothing is known of the radius."""


def limit(problem: Problem, depth: Any, scale: Any) -> Limit:
    """The limit x_alpha of the flow from scale = alpha^L: argmin of sum_i eps q_L(x_i/eps) over A x = y.

    Newton's method on the dual, from a fixed ladder of decades 1, 1e-1, ... down to the scale, so that the answer
    is a function of the arguments alone. Status converged, stalled, or out_of_float64 with what is known.
    Source: theory, section 1; Wind, Antun and Hansen (arXiv:2307.07410).

    Raises ValueError for a depth below 2 or a scale outside (0, 1].
    """
    return next(limits(problem, depth, [scale]))


def limits(problem: Problem, depth: Any, scales: Iterable[Any]) -> Iterator[Limit]:
    """`limit` at each of the scales, in their order, climbing the ladder of decades once."""

    @cache
    def solved(scale: Fraction) -> NewtonResult:
        network = Network(depth, scale, problem.nonnegative)
        if scale == 1:
            zeros = np.zeros(problem.measurements)
            return newton(problem, network, zeros, zeros)
        start = solved(_decade_above(scale))
        if not start.converged:  # what float64 loses at one decade it does not find again at the next
            return NewtonResult(evaluate(problem, network, start.point.high, start.point.low), 0, False)
        return newton(problem, network, start.point.high, start.point.low)

    for scale in scales:
        network = Network(depth, scale, problem.nonnegative)
        yield _as_limit(problem, network, solved(network.scale)) if network.in_float64 else nothing_known(problem)


def _decade_above(scale: Fraction) -> Fraction:
    """The least power of ten above a scale below one."""
    power = Fraction(1)
    while power / 10 > scale:
        power /= 10
    return power


def _as_limit(problem: Problem, network: Network, result: NewtonResult) -> Limit:
    point = result.point
    radius, residual_floor = error_bounds(problem, network, point)
    residual = float(np.linalg.norm(point.residual))
    if not radius <= LARGEST_RADIUS * np.linalg.norm(point.x):
        status = Status.OUT_OF_FLOAT64
    elif not result.converged or residual > residual_floor:
        status = Status.STALLED
    else:
        status = Status.CONVERGED
    return Limit(point.x, point.high, status, residual, radius, result.iterations)


def error_bounds(problem: Problem, network: Network, point: DualPoint) -> tuple[float, float]:
    """(radius, residual floor): estimates of ||x - x_alpha||_2 and of the residual that rounding leaves.

    A perturbation e of the map x(z) moves the limit by (I - M A) e and a residual r by M r, where
    M = D A^T (A D A^T)^-1. The map is rounded by a few units, by one unit in z or in the edge, and z itself as
    A^T nu in twice the precision. The radius is infinite where M is lost to rounding.
    """
    A, weights = problem.A, network.slope(point.z, point.edge)
    z_error = UNIT * np.minimum(np.abs(point.z), np.abs(point.edge)) + 4 * UNIT**2 * np.abs(A).T @ np.abs(point.high)
    error = 6 * UNIT * np.abs(point.x) + weights * z_error
    # Newton's method ends with a step below SHORT_STEP, relative to the whole of x
    residual_floor = float(np.linalg.norm(4 * np.abs(A) @ (error + SHORT_STEP * np.linalg.norm(point.x))))
    try:
        M = factor(A, weights).solution_map()
    except np.linalg.LinAlgError:
        return float("inf"), residual_floor
    # M is to be a right inverse of A, in whatever units the measurements are
    units = np.linalg.norm(A, axis=1)
    if not np.linalg.norm((A @ M - np.eye(len(units))) * units / units[:, None]) < LARGEST_DEFECT:
        return float("inf"), residual_floor
    projector = np.abs(np.eye(problem.features) - M @ A)
    # where a coordinate still falls to a far smaller value, a step of Newton's leaves up to half of it, (1 + 1/k)^-k
    return float(2 * np.linalg.norm(M @ point.residual) + np.linalg.norm(projector @ error)), residual_floor
