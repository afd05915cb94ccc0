"""The limit of the flow at one depth and scale, without integrating in time: in float64, and in balls below it."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import UNIT, FloatArray
from dlnflow.network.certified_limits import CertifiedLimit, Certifier, upper_float
from dlnflow.network.dual_newton import SHORT_STEP, NewtonResult, factor
from dlnflow.network.dual_points import LARGEST_RADIUS, DualPoint, nothing_known
from dlnflow.network.network import Network
from dlnflow.network.primal_dual import QuickLimit
from dlnflow.network.scale_ladder import FloatLadder
from dlnflow.network.unique_feasible import only_solution
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit, Status

LARGEST_DEFECT = 5e-3
"""The relative error of the map from residuals to x; where it may be larger, nothing is known of the radius."""


SMALLEST_FLOAT_SCALE = Fraction(1, 10**20)
"""Below it float64 is not asked: where it still converges balls take little longer, and prove what they say."""


def limit(problem: Problem, depth: Any, scale: Any, quick: bool = False) -> Limit:
    """The limit x_alpha of the flow from scale = alpha^L: argmin of sum_i eps q_L(x_i/eps) over A x = y.

    Newton's method on the dual (`primal_dual`, then `newton`): the answer is a function of the arguments alone. In
    float64 while that holds eight digits, else in balls (`certified_limit`), which the engine says. Status converged,
    or what float64 knows where neither converges. quick: do with ||A x - y|| <= 1e-10 ||y||, in a fraction of the time.
    Where A x = y, x >= 0 has one solution alone, that is the limit, and nu, which grows without bound, is 0.
    Source: docs/theory.md, The limit without time; Wind, Antun and Hansen (arXiv:2307.07410).

    Raises ValueError for a depth below 2 or a scale outside (0, 1].
    """
    return next(limits(problem, depth, [scale], quick))


def limits(problem: Problem, depth: Any, scales: Iterable[Any], quick: bool = False) -> Iterator[Limit]:
    """`limit` at each of the scales, in their order."""
    floats = FloatLadder(problem, depth)
    certified = cache(lambda: Certifier(problem, depth, floats))
    only = cache(lambda: only_solution(problem))
    has_many_rows = 2 * problem.measurements > problem.features
    for scale in scales:
        network = Network(depth, scale, problem.nonnegative)
        in_floats = None
        if network.scale >= SMALLEST_FLOAT_SCALE:
            # one solution alone is the rule where m > n/2, and elsewhere what a failure asks for (`forced`)
            may_be_alone = problem.nonnegative and (has_many_rows or not floats.quick(network.scale).converged)
            if may_be_alone and (found := only()):
                yield _as_only(problem, *found)
                continue
            start = floats.quick(network.scale)
            if quick and (answer := quick_answer(start)):
                yield answer
                continue
            in_floats = _as_limit(problem, network, floats.at(network.scale))
            if in_floats.status == Status.CONVERGED:
                yield in_floats
                continue
        try:
            yield _rounded(certified().at(network.scale))
        except ArithmeticError:
            yield in_floats or nothing_known(problem)


def quick_answer(start: QuickLimit) -> Limit | None:
    """What the primal-dual method found, if it converged and holds eight digits."""
    if not (start.converged and start.radius <= LARGEST_RADIUS * np.linalg.norm(start.x)):
        return None
    return Limit(start.x, start.nu, Status.CONVERGED, start.residual, start.radius, start.factorisations)


def _as_only(problem: Problem, x: FloatArray, radius: float) -> Limit:
    residual = float(np.linalg.norm(problem.y - problem.A @ x))
    return Limit(x, np.zeros(problem.measurements), Status.CONVERGED, residual, radius, 0)


def _rounded(certified: CertifiedLimit) -> Limit:
    """The limit in float64; its radius is proved, and takes in the rounding of x."""
    x = certified.x_float
    radius = upper_float(certified.distance(x.tolist()))
    return Limit(
        x,
        certified.nu_float,
        certified.status,
        certified.residual,
        radius,
        certified.iterations,
        certified.engine,
        certified.precision,
    )


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
