"""One call for every solver. A solver's package is imported when it first runs, not before."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.answer import Answer
from dlnflow.solvers.cones import clarabel, osqp, piqp, scs
from dlnflow.solvers.highs import highs_ds, highs_ipm
from dlnflow.solvers.lars import lars
from dlnflow.solvers.linprog import linprog
from dlnflow.solvers.names import check_solvers
from dlnflow.solvers.referee import exact
from dlnflow.solvers.spectral import spgl1

SOLVERS: dict[str, Callable[[Problem], Answer]] = {
    "exact": exact,
    "highs-ds": highs_ds,
    "highs-ipm": highs_ipm,
    "lars": lars,
    "clarabel": clarabel,
    "piqp": piqp,
    "scs": scs,
    "osqp": osqp,
    "spgl1": spgl1,
    "linprog-ds": partial(linprog, method="highs-ds", presolve=True),
    "linprog-ds-no-presolve": partial(linprog, method="highs-ds", presolve=False),
    "linprog-ipm": partial(linprog, method="highs-ipm", presolve=True),
    "linprog-ipm-no-presolve": partial(linprog, method="highs-ipm", presolve=False),
}


def solve(problem: Problem, name: str) -> Answer:
    """min ||x||_1 subject to A x = y (sum x over x >= 0 if the problem is nonnegative), by the solver of that name.

    Deterministic, silent and on one thread, as long as BLAS has one (OPENBLAS_NUM_THREADS). A and y go to the solver as
    they are, and the tolerances of all but the exact one are in their units: y of size 1e-8 is beyond most of them.

    Raises ValueError as `check_solvers` does.
    """
    check_solvers([name])
    answer = SOLVERS[name](problem)
    if answer.x is None or np.isfinite(answer.x).all():
        return answer
    message = "the solver left entries of x that are not finite"
    return replace(answer, x=None, nu=None, status=Status.FAILED, message=message)
