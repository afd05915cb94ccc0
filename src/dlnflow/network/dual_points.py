"""Points of the dual in float64: nu as a pair of floats, and what follows from it to the last digit.

A pair keeps the digits of the edges bound - |a_i.nu|, however small they are, and so those of x.
"""

from dataclasses import dataclass

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray, dot, two_sum
from dlnflow.network.network import Network
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit, Status

LARGEST_RADIUS = 1e-8
"""A limit known to fewer than eight digits is reported as out of float64's reach."""


@dataclass(frozen=True)
class DualPoint:
    """A dual unknown nu = high + low and what follows from it."""

    high: FloatArray
    low: FloatArray
    z: FloatArray
    edge: FloatArray
    x: FloatArray
    residual: FloatArray

    @property
    def is_inside(self) -> bool:
        """Whether x(z) is defined and finite."""
        return bool(np.isfinite(self.residual).all())


def evaluate(problem: Problem, network: Network, high: FloatArray, low: FloatArray) -> DualPoint:
    """x and the residual y - A x at nu = high + low; NaN where |z| reaches its bound."""
    with np.errstate(over="ignore", invalid="ignore"):
        z, z_low = dot(problem.A.T, high, low)
        z, z_low = two_sum(z, z_low + problem.A_low.T @ high)
        edge = network.edge(z, z_low)
        inside = network.is_shallow or edge.min() > 0
        x = network.primal(z, edge) if inside else np.full_like(z, np.nan)
        image, image_low = dot(problem.A, x, np.zeros_like(x))
        residual = (problem.y - image) + (problem.y_low - image_low - problem.A_low @ x)
    return DualPoint(high, low, z, edge, x, residual)


def nothing_known(problem: Problem) -> Limit:
    """The answer where the scale itself leaves float64."""
    return Limit(
        x=np.zeros(problem.features),
        nu=np.zeros(problem.measurements),
        status=Status.OUT_OF_FLOAT64,
        residual=float(np.linalg.norm(problem.y)),
        radius=float("inf"),
        iterations=0,
    )
