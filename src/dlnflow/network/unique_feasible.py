"""Nonnegative data that leave no choice: A x = y, x >= 0 with one solution alone, which is then every limit.

With m > n/2 Gaussian measurements this happens for s < 2m - n entries (Donoho and Tanner 2010, Counting the faces of
randomly-projected hypercubes and orthants). The dual has no optimum there: nu grows without bound.
"""

import numpy as np
from scipy.linalg import qr, solve_triangular

from dlnflow.arithmetic.error_free import UNIT, FloatArray
from dlnflow.problems.problem import Problem

MARGIN = 1e-8
"""A slope a_j.mu counts as positive above this part of ||a_j|| ||mu||, and a column as independent: beyond rounding."""

ROUNDED = 1e-10
"""Entries below this part of the largest are rounding."""

EXACT = 1e-12
"""A residual of that size, relative to y, is rounding."""


def only_solution(problem: Problem) -> tuple[FloatArray, float] | None:
    """(x, radius): the one solution of A x = y, x >= 0, up to rounding; None if that is not shown.

    Shown by a mu with A_N^T mu = 0 and A_F^T mu > 0, N the support of x, with independent columns, and F the rest: any
    other solution has x_F . A_F^T mu = mu.y = 0, and so x_F = 0. Either there is such a mu or A_F w = 0 modulo the
    columns of A_N for some w >= 0 (Gordan); least squares over w >= 0, sum w = 1 finds the one or the other.
    """
    from scipy.optimize import nnls  # a quarter of a second, and few problems come here

    A, y = problem.A, problem.y
    found = nnls(A, y)[0]
    support = found > ROUNDED * found.max()
    columns, rest = A[:, support], A[:, ~support]
    count = columns.shape[1]
    if not 0 < count < len(y):
        return None
    Q, R = qr(columns, check_finite=False)
    Q, null, R = Q[:, :count], Q[:, count:], R[:count]
    least = np.linalg.svd(R, compute_uv=False)[-1]
    inside = solve_triangular(R, Q.T @ y, check_finite=False)
    residual = np.linalg.norm(columns @ inside - y)
    if not (least > MARGIN * np.abs(R).max() and inside.min() > 0 and residual <= EXACT * np.linalg.norm(y)):
        return None
    image = null.T @ rest
    weights = nnls(np.vstack([image, np.ones(image.shape[1])]), np.append(np.zeros(len(image)), 1.0))[0]
    mu = image @ weights
    if not (image.T @ mu > MARGIN * np.linalg.norm(rest, axis=0) * np.linalg.norm(mu)).all():
        return None
    x = np.zeros(problem.features)
    x[support] = inside
    rounding = len(y) * UNIT * np.linalg.norm(np.abs(columns) @ inside)
    return x, float((residual + rounding) / least)
