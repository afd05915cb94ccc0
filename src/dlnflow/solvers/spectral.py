"""SPGL1, spectral projected gradients on the Pareto curve of residual against ||x||_1, from the package spgl1.

Source: van den Berg and Friedlander, Probing the Pareto frontier for basis pursuit solutions, SIAM J. Sci. Comput. 31
(2008).
"""

import logging
from time import perf_counter
from typing import Any

import numpy as np

from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.answer import Answer
from dlnflow.solvers.names import TOLERANCES

# bp_tol is relative to ||y||. With the default dec_tol of 1e-4 the Newton steps pass the norm sought more often, from
# where SPGL1 does not come back: at 10 x 30 it claims success with an error of 1e-2, for 7e-9 with 1e-6. From 10 000
# iterations on spgl1 0.0.3 writes past the end of its own history.
SETTINGS = {
    "opt_tol": TOLERANCES["spgl1"],
    "bp_tol": TOLERANCES["spgl1"],
    "ls_tol": 1e-12,
    "dec_tol": 1e-6,
    "iter_lim": 9999,
}
# The constants of spgl1.py; its docstring numbers them otherwise.
SAID = {
    1: "root found",
    2: "BP solution found",
    3: "least-squares solution found",
    4: "optimal solution found",
    5: "too many iterations",
    6: "linesearch error",
    7: "suboptimal BP solution found",
    8: "maximum matrix-vector operations reached",
    9: "possible active set found",
}


def spgl1(problem: Problem) -> Answer:
    """Newton's method on the curve, each step a lasso by projected gradients.

    No nu comes with x: the only one at hand is the direction of y - A x, which vanishes.
    Where x0 is not recovered its Newton steps pass the norm sought, and it claims a solution with errors of 1e-2.
    """
    from spgl1 import norm_l1nn_dual, norm_l1nn_primal, norm_l1nn_project, spg_bp

    logging.getLogger("spgl1").setLevel(logging.CRITICAL)  # it logs each failed line search
    one_sided: dict[str, Any] = {
        "project": norm_l1nn_project,
        "primal_norm": norm_l1nn_primal,
        "dual_norm": norm_l1nn_dual,
    }
    start = perf_counter()
    with np.errstate(all="ignore"):
        x, _, _, info = spg_bp(problem.A, problem.y, **SETTINGS, **(one_sided if problem.nonnegative else {}))
    seconds = perf_counter() - start
    status = Status.CONVERGED if info["stat"] in {1, 2, 4} else Status.STALLED
    return Answer(x, None, status, SAID[info["stat"]], float(info["rgap"]), info["niters"], seconds)
