"""What others make of transport: POT's log-domain Sinkhorn and network simplex, and HiGHS, each on one thread.

POT takes seconds to import, and only those who call it do; its optional backends are turned off before that.
"""

import os
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.simplex.highs_model import linear_program
from dlnflow.transport.plan import Transport, as_standard_form

BACKENDS = ("JAX", "PYTORCH", "TENSORFLOW", "CUPY")
MOST_SWEEPS = 100_000
MOST_PIVOTS = 10_000_000


@dataclass(frozen=True, eq=False)
class PeerPlan:
    """plan: (n1, n2).  iterations: None where the method does not say.  converged: as the method itself says."""

    plan: FloatArray
    iterations: int | None
    converged: bool


def pot() -> Any:
    """The module `ot` without backends other than NumPy's."""
    for name in BACKENDS:
        os.environ[f"POT_BACKEND_DISABLE_{name}"] = "1"
    import ot

    return ot


def sinkhorn(problem: Transport, lam: float, tol: float, most_sweeps: int = MOST_SWEEPS) -> PeerPlan:
    """POT's log-domain Sinkhorn, which stops where the 2-norm of P^T 1 - s is below tol."""
    ot = pot()
    options = {"method": "sinkhorn_log", "numItermax": most_sweeps, "stopThr": tol, "log": True, "warn": False}
    with np.errstate(over="ignore", under="ignore"):  # it also returns the exponentials of its potentials
        plan, log = ot.sinkhorn(problem.r, problem.s, problem.cost, lam, **options)
    return PeerPlan(plan, int(log["niter"]) + 1, bool(log["err"][-1] < tol))


def network_simplex(problem: Transport) -> PeerPlan:
    """POT's network simplex; sums of dyadic masses are exact in it, so that its plan is a vertex to the last bit."""
    ot = pot()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its log says the same
        plan, log = ot.emd(problem.r, problem.s, problem.cost, numItermax=MOST_PIVOTS, log=True)
    return PeerPlan(plan, None, log["warning"] is None)


def highs(problem: Transport) -> PeerPlan:
    """HiGHS's dual simplex on the linear program."""
    program = as_standard_form(problem.cost, problem.r, problem.s)
    settings = {"solver": "simplex", "presolve": "on"}
    solver = linear_program(program.c, program.A, (0.0, np.inf), (program.b, program.b), settings)
    solver.run()
    values = np.array(solver.getSolution().col_value)
    done = str(solver.modelStatusToString(solver.getModelStatus())) == "Optimal"
    return PeerPlan(values.reshape(problem.cost.shape), int(solver.getInfo().simplex_iteration_count), done)
