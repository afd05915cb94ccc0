"""Newton's method in float64 on the smooth dual of the network's limit.

maximise y.nu - sum_i eps q*(a_i.nu) over nu in R^m (docs/theory.md, The limit without time): concave, with gradient
y - A x(A^T nu) and Hessian -A diag(dx/dz) A^T.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import cho_solve, cholesky, qr, solve_triangular

from dlnflow.arithmetic.error_free import UNIT, FloatArray, two_sum
from dlnflow.network.dual_points import DualPoint, evaluate
from dlnflow.network.network import Network
from dlnflow.problems.problem import Problem

SHORT_STEP = 1e-13  # of x, relative to its size: below it a step may be made of the rounding of sums
LONGEST_STEP = 1e150  # its square is still a float

# A pivot of Cholesky below this share of its diagonal entry has lost eight digits to cancellation; Newton converges
# fast while the other eight are right, and beyond that the matrix is not to be formed.
SMALLEST_PIVOT = 1e-8


class Factor(Protocol):
    """(A D A^T)^-1 in factored form."""

    def solve(self, r: FloatArray) -> FloatArray:
        """(A D A^T)^-1 r."""

    def solution_map(self) -> FloatArray:
        """D A^T (A D A^T)^-1, (n, m): what a change of y does to x."""


class CholeskyFactor:
    """Cholesky of the formed matrix.

    Raises LinAlgError where its pivots are lost to cancellation.
    """

    def __init__(self, A: FloatArray, weights: FloatArray) -> None:
        half = A * np.sqrt(weights)
        gram = half @ half.T
        self._factor = cholesky(gram, lower=True, check_finite=False)
        self._weighted = A * weights
        if not (np.diag(self._factor) ** 2 > SMALLEST_PIVOT * np.diag(gram)).all():
            raise np.linalg.LinAlgError("a pivot is lost to cancellation")

    def solve(self, r: FloatArray) -> FloatArray:
        return cho_solve((self._factor, True), r, check_finite=False)

    def solution_map(self) -> FloatArray:
        return cho_solve((self._factor, True), self._weighted, check_finite=False).T


class SortedQRFactor:
    """QR of D^(1/2) A^T with the heavy rows first and column pivoting: row-wise stable at any spread of the weights.

    Source: Cox and Higham, Stability of Householder QR factorization for weighted least squares problems (1998).
    """

    def __init__(self, A: FloatArray, weights: FloatArray) -> None:
        self._root = np.sqrt(weights)
        self._order = np.argsort(-self._root * np.abs(A).max(axis=0), kind="stable")
        rows = (A * self._root).T[self._order]
        self._Q, self._R, self._pivots = qr(rows, mode="economic", pivoting=True, check_finite=False)

    def solve(self, r: FloatArray) -> FloatArray:
        inner = solve_triangular(self._R, r[self._pivots], trans="T", check_finite=False)
        d = np.empty_like(r)
        d[self._pivots] = solve_triangular(self._R, inner, check_finite=False)
        return d

    def solution_map(self) -> FloatArray:
        m = len(self._pivots)
        inner = solve_triangular(self._R, np.eye(m)[self._pivots], trans="T", check_finite=False)
        image = np.empty((len(self._root), m))
        image[self._order] = self._Q @ inner
        return self._root[:, None] * image


def factor(A: FloatArray, weights: FloatArray) -> Factor:
    """A factorisation of A diag(weights) A^T: Cholesky where it is safe, else the sorted QR.

    Raises LinAlgError where the matrix is singular in float64 even so.
    """
    try:
        return CholeskyFactor(A, weights)
    except np.linalg.LinAlgError:
        return SortedQRFactor(A, weights)


@dataclass(frozen=True)
class NewtonResult:
    """Where Newton's method ended, and whether it came down to rounding there."""

    point: DualPoint
    iterations: int
    converged: bool


def newton(problem: Problem, network: Network, high: FloatArray, low: FloatArray, most: int = 60) -> NewtonResult:
    """Maximise the dual from nu = high + low, to the rounding level of x.

    The line search accepts a length at which the slope along the step is at most half of what it was, in absolute
    value, if it is of the other sign: the dual is concave, so this rules out overshooting without its value.
    """
    point = evaluate(problem, network, high, low)
    if not point.is_inside:
        return NewtonResult(point, 0, False)
    step = np.inf
    for iteration in range(1, most + 1):
        try:
            d, change = newton_step(problem, network, point)
        except np.linalg.LinAlgError:
            break
        with np.errstate(over="ignore"):
            previous, step = step, float(np.linalg.norm(change))
        size = float(np.linalg.norm(point.x))
        # 4 units are the rounding of x itself; a short step that no longer halves is made of the sums' rounding
        if step <= 4 * UNIT * size or (previous <= 2 * step and step <= SHORT_STEP * size):
            return NewtonResult(point, iteration, True)
        next_point = _line_search(problem, network, point, d)
        if next_point is None:
            break
        point = next_point
    return NewtonResult(point, iteration, False)


def newton_step(problem: Problem, network: Network, point: DualPoint) -> tuple[FloatArray, FloatArray]:
    """The step of nu and, to first order, that of x. Raises LinAlgError where float64 cannot form it."""
    weights = network.slope(point.z, point.edge)
    d = factor(problem.A, weights).solve(point.residual)
    if not np.abs(d).max() < LONGEST_STEP:
        raise np.linalg.LinAlgError("the step overflows")
    return d, weights * (problem.A.T @ d)


def _line_search(problem: Problem, network: Network, point: DualPoint, d: FloatArray) -> DualPoint | None:
    gain = float(point.residual @ d)
    # where the predicted gain is itself rounding, the slope after the step is noise of its size
    noise = UNIT * float(np.linalg.norm(problem.y) * np.linalg.norm(d))
    length = 1.0
    for _ in range(60):
        high, low = two_sum(point.high, length * d)
        candidate = evaluate(problem, network, high, low + point.low)
        with np.errstate(over="ignore", invalid="ignore"):
            slope = float(candidate.residual @ d)
        if candidate.is_inside and slope >= -0.5 * gain - noise:
            return candidate
        length /= 2
    return None
