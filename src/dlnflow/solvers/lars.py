"""Least angle regression with the lasso's drops: the lasso path followed down to penalty 0, in scikit-learn.

Source: Efron, Hastie, Johnstone and Tibshirani, Least angle regression, Ann. Statist. 32 (2004).
"""

import warnings
from time import perf_counter

import numpy as np

from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.answer import Answer


def lars(problem: Problem) -> Answer:
    """The end of the lasso path: as its penalty falls to 0, the lasso's minimiser tends to one of basis pursuit.

    nu is y - A x over m times the penalty, at the last kink of the path, from where on it does not change.
    Converged means that the path ended without a warning. lars_path takes every penalty below 1.2e-7, in the units of
    A^T y / m, for 0: said_gap is the one where it stopped. A scaled y is no way out, it ends in warnings.
    """
    from sklearn.linear_model import lars_path

    m, n = problem.A.shape
    start = perf_counter()
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        limit = 10 * n  # columns leave the path too, so it may have more kinks than columns: 0.9 n were seen
        penalties, _, path, iterations = lars_path(
            problem.A,
            problem.y,
            method="lasso",
            alpha_min=0,
            max_iter=limit,
            positive=problem.nonnegative,
            return_n_iter=True,
        )
    x = path[:, -1].copy()
    nu = (problem.y - problem.A @ path[:, -2]) / (m * penalties[-2]) if iterations else None
    seconds = perf_counter() - start
    message = str(caught[-1].message) if caught else ""
    if caught:
        said = message.partition(". ")[0]
    elif iterations == 0:
        said = "no path: every correlation with y is below 1.2e-7"
    elif iterations >= limit:
        said = "too many kinks"
    else:
        return Answer(x, nu, Status.CONVERGED, "end of the path", float(penalties[-1]), iterations, seconds)
    return Answer(x, nu, Status.STALLED, said, float(penalties[-1]), iterations, seconds, message)
