"""HiGHS as users of SciPy call it: scipy.optimize.linprog with its own settings, presolve on (its default) or off.

`solvers.highs` is the same code with the settings that suit basis pursuit.
"""

from time import perf_counter

import numpy as np

from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.answer import Answer

_STATUS = {0: Status.CONVERGED, 1: Status.STALLED}
"""linprog's status: 0 optimal, 1 limit reached; with 2 (infeasible), 3 (unbounded) and 4 (numerical trouble) no x."""


def linprog(problem: Problem, method: str, presolve: bool) -> Answer:
    """min sum(p + q), A p - A q = y, p, q >= 0 (q = 0 if nonnegative); method: highs-ds or highs-ipm."""
    from scipy import optimize

    n = problem.features
    start = perf_counter()
    columns = problem.A if problem.nonnegative else np.hstack([problem.A, -problem.A])
    result = optimize.linprog(
        np.ones(columns.shape[1]), A_eq=columns, b_eq=problem.y, method=method, options={"presolve": presolve}
    )
    seconds = perf_counter() - start
    said = result.message.partition(".")[0].partition(" (")[0]
    iterations = int(result.nit or 0)
    if result.status not in _STATUS or result.x is None:
        message = f"linprog ended without a solution: {result.message}"
        return Answer(None, None, Status.FAILED, said, None, iterations, seconds, message)
    x = result.x if problem.nonnegative else result.x[:n] - result.x[n:]
    return Answer(x, np.array(result.eqlin.marginals), _STATUS[result.status], said, None, iterations, seconds)
