"""Local coordinates for the flow, in which small edges keep their digits and slow directions stand apart."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import qr, solve_triangular

from dlnflow.arithmetic.error_free import UNIT, FloatArray, dot, two_sum
from dlnflow.network.dual_points import DualPoint, evaluate
from dlnflow.network.network import Network
from dlnflow.problems.problem import Problem

EDGE_FALL = 1e3
"""A new chart is due where an edge has fallen by this factor: it keeps 13 digits until then."""

WEIGHT_SPREAD = 1e2
"""A new chart is due where the weights have changed so unevenly: it separates slow directions from fast ones anew."""

MILD = 1e-6
"""The part of its edge by which an error may move any z_i, where x hardly depends on it."""

SMALLEST_EDGE = 1e-24
"""nu is a pair of floats, about 32 digits: eight of them are left here for the edge."""


@dataclass(frozen=True)
class Samples:
    """The flow at k moments: tau and loss are (k,), z, edge and x are (k, n)."""

    tau: FloatArray
    z: FloatArray
    edge: FloatArray
    x: FloatArray
    loss: FloatArray


class Chart:
    """Coordinates w around a dual point nu0, where dx/dz = s W, 0 < W <= 1 diagonal: nu = nu0 + T^-1 w, z = z0 + B w.

    A^T = B T with B^T W B = I, so that |w| measures x in the local norm |W^(-1/2) dx| / s, and the flow is
    w' = T T^T e, e = c - B^T (x - x0), with T^T e = y - A x. Newton's step towards the limit is w = c / s.
    B comes row by row to full relative accuracy however far the weights W spread, from the QR factorisation of
    W^(1/2) A^T with the heavy rows first and column pivoting (Cox and Higham, 1998).
    """

    def __init__(self, problem: Problem, network: Network, point: DualPoint) -> None:
        self.problem, self.network, self.point = problem, network, point
        slope = network.slope(point.z, point.edge)
        self.slope = float(slope.max())
        self.weights = slope / self.slope
        root = np.sqrt(self.weights)
        order = np.argsort(-root * np.abs(problem.A).max(axis=0), kind="stable")
        Q, self._R, self._pivots = qr((problem.A * root).T[order], mode="economic", pivoting=True, check_finite=False)
        self.B = np.empty_like(Q)
        self.B[order] = Q / root[order, None]
        self.c = solve_triangular(self._R, point.residual[self._pivots], trans="T", check_finite=False)
        self.gram = self._R @ self._R.T
        self._sign = 1.0 if network.nonnegative else np.where(point.z < 0, -1.0, 1.0)

    @cached_property
    def size(self) -> float:
        """||x||_2 at the centre."""
        return float(np.linalg.norm(self.point.x))

    @cached_property
    def correction(self) -> float:
        """||dx||_2 of Newton's step: how far x is from its limit, to first order."""
        return float(np.linalg.norm(self.weights * (self.B @ self.c)))

    @cached_property
    def room(self) -> FloatArray:
        """How far z may move before x changes by a large factor: the edge, or 1 at depth 2."""
        return np.ones_like(self.weights) if self.network.is_shallow else self.point.edge

    @cached_property
    def strain(self) -> float:
        """The largest part of its room that Newton's step uses: how far x_i is from its limit for the size it has."""
        return float(np.max(np.abs(self.B @ self.c) / self.room)) / self.slope

    @cached_property
    def radius(self) -> float:
        """An estimate of ||x - x_alpha||_2: Newton's step, and what the rounding of the map x(z) adds.

        A perturbation f of the map moves the limit by (I - W B B^T) f. The map is rounded as `Network` states, and by
        one unit in z or in the edge, which a pair nu holds to UNIT**2.
        """
        z, edge, x = np.abs(self.point.z), np.abs(self.point.edge), np.abs(self.point.x)
        dual_rounding = UNIT * np.minimum(z, edge) + 4 * UNIT**2 * (np.abs(self.problem.A.T) @ np.abs(self.point.high))
        growth = np.log(np.maximum(x, self.network.eps)) + self.network.log_inverse_scale[0]
        rounding = (4 + growth) * UNIT * x + self.slope * self.weights * dual_rounding
        projector = np.eye(len(x)) - (self.weights[:, None] * self.B) @ self.B.T
        # where a coordinate still falls to a far smaller value, a step of Newton's leaves up to half of it
        return 2 * self.correction + float(np.linalg.norm(np.abs(projector) @ rounding))

    def tolerance(self, rtol: float) -> FloatArray:
        """The errors of w, (m,), in root mean square, that move x by rtol times its size and no edge by much.

        An error of z costs x the more the smaller its edge, so it is to be small enough for the edges to come.
        """
        size = rtol * (self.size + min(self.network.eps, self.least_size())) / self.slope
        fall = 1.0
        if not self.network.is_shallow:
            fall = float(np.clip(self.point.edge.min() / self._edge_to_come(), 1.0, EDGE_FALL))
        by_size = size / fall / np.linalg.norm(self.weights[:, None] * self.B, axis=0)
        by_edge = MILD / fall / np.max(np.abs(self.B) / self.room[:, None], axis=0)
        return np.minimum(by_size, by_edge) / np.sqrt(len(self.c))

    def _edge_to_come(self) -> float:
        """The edge of an x_i of the least size."""
        return float(self.network.dual(self.least_size())[1])

    def least_size(self) -> float:
        """What the largest measurement asks of max |x_i| at least."""
        row = np.argmax(np.abs(self.problem.y))
        return float(np.abs(self.problem.y[row]) / np.abs(self.problem.A[row]).sum())

    def dual(self, w: FloatArray) -> tuple[FloatArray, FloatArray]:
        """z and its edge at w, (m,) or a stack (k, m); the edge as a difference of small numbers."""
        dz = w @ self.B.T
        edge = self.point.edge - self._sign * dz
        if not self.network.nonnegative:  # bound - |z| also where z has changed its sign
            edge = np.minimum(edge, 2 * self.network.bound[0] - edge)
        return self.point.z + dz, edge

    def pull(self, x: FloatArray) -> FloatArray:
        """e, with T^T e = y - A x."""
        return self.c - (x - self.point.x) @ self.B

    def residual(self, e: FloatArray) -> FloatArray:
        """y - A x = T^T e."""
        r = np.empty_like(e)
        r[..., self._pivots] = e @ self._R
        return r

    def sample(self, tau: FloatArray, w: FloatArray) -> Samples:
        """The flow at k points w."""
        z, edge = self.dual(w)
        x = self.network.primal(z, edge)
        return Samples(tau, z, edge, x, np.sum(self.residual(self.pull(x)) ** 2, axis=1) / 2)

    def moved(self, w: FloatArray) -> "Chart | None":
        """The chart around the point at w, evaluated afresh; None where float64 cannot hold it.

        One step of iterative refinement on A^T d = B w: the rounding of d alone would move the small edges.
        """
        d = self._solve(w)
        image, image_low = dot(self.problem.A.T, d, np.zeros_like(d))
        refinement = self._solve((self.weights * (self.B @ w - image - image_low)) @ self.B)
        high, low = two_sum(self.point.high, d)
        point = evaluate(self.problem, self.network, high, low + self.point.low + refinement)
        if not point.is_inside or not (self.network.is_shallow or point.edge.min() > SMALLEST_EDGE):
            return None
        chart = Chart(self.problem, self.network, point)
        return chart if np.isfinite(chart.correction) else None

    def _solve(self, w: FloatArray) -> FloatArray:
        """T^-1 w."""
        d = np.empty_like(w)
        d[self._pivots] = solve_triangular(self._R, w, check_finite=False)
        return d


def stationary(chart: Chart, rtol: float) -> Chart | None:
    """The chart around the limit, from one within rtol of it; None where the flow has not come so far.

    A backward Euler step of infinite length is one of Newton's. The steps count only while they contract as
    they do near the limit, down to the rounding of x.
    """
    if chart.correction > rtol * chart.size:
        return None
    strain = correction = np.inf
    while chart.strain > 4 * UNIT or chart.correction > 4 * UNIT * chart.size:
        if chart.strain > strain / 4 and chart.correction > correction / 4:
            # steps that no longer shrink, though they are short, are the rounding of the sums
            return chart if chart.correction <= 1e-12 * chart.size else None
        strain, correction = chart.strain, chart.correction
        following = chart.moved(chart.c / chart.slope)
        if following is None:
            return None
        chart = following
    return chart
