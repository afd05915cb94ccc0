"""HiGHS, through highspy (Huangfu and Hall, Parallelizing the dual revised simplex method, 2018; https://highs.dev)."""

from time import perf_counter
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.simplex.highs_model import linear_program
from dlnflow.solvers.answer import Answer
from dlnflow.solvers.names import TOLERANCES

# HiGHS, List of options: the feasibility tolerances range down to 1e-10, and matrix entries up to small_matrix_value,
# at least 1e-12, are dropped.
COMMON: dict[str, bool | int | float | str] = {
    "primal_feasibility_tolerance": TOLERANCES["highs-ds"],
    "dual_feasibility_tolerance": TOLERANCES["highs-ds"],
    "small_matrix_value": 1e-12,
}


def highs_ds(problem: Problem) -> Answer:
    """Dual simplex on min sum(p + q), A p - A q = y, p, q >= 0 (q = 0 if nonnegative), which starts dual feasible.

    A dense A leaves presolve nothing to remove, so it is off: the same pivots in 40 % of the time at 200 x 400.
    """
    n = problem.features
    start = perf_counter()
    columns = problem.A if problem.nonnegative else np.hstack([problem.A, -problem.A])
    k = columns.shape[1]
    settings = COMMON | {"solver": "simplex", "simplex_strategy": 1, "presolve": "off"}  # 1: serial dual simplex
    solver = linear_program(np.ones(k), columns, (0.0, np.inf), (problem.y, problem.y), settings)
    solver.run()
    values = np.array(solver.getSolution().col_value)
    x = values if problem.nonnegative else values[:n] - values[n:]
    nu = np.array(solver.getSolution().row_dual)
    return _answer(solver, x, nu, solver.getInfo().simplex_iteration_count, perf_counter() - start)


def highs_ipm(problem: Problem) -> Answer:
    """Interior point on max y.nu, -1 <= A^T nu <= 1 (no lower bound if nonnegative); x is the rows' multipliers.

    This form has m columns, not 2 n; that of `highs_ds` takes longer, and leaves an error of 1e-9 at 200 x 400.
    Crossover is on, as by default: it costs little, and x is a vertex.
    """
    n = problem.features
    start = perf_counter()
    least = np.full(n, -np.inf if problem.nonnegative else -1.0)
    # ipm_optimality_tolerance ranges down to 1e-12
    settings = COMMON | {"solver": "ipm", "run_crossover": "on", "ipm_optimality_tolerance": 1e-12}
    solver = linear_program(-problem.y, problem.A.T, (-np.inf, np.inf), (least, np.ones(n)), settings)
    solver.run()
    nu = np.array(solver.getSolution().col_value)
    x = -np.array(solver.getSolution().row_dual)
    return _answer(solver, x, nu, solver.getInfo().ipm_iteration_count, perf_counter() - start)


def _answer(solver: Any, x: FloatArray, nu: FloatArray, iterations: int, seconds: float) -> Answer:
    said = solver.getModelStatus().name
    info = solver.getInfo()
    if said == "kOptimal":
        return Answer(x, nu, Status.CONVERGED, said, info.primal_dual_objective_error, iterations, seconds)
    if said in {"kInfeasible", "kUnbounded", "kUnboundedOrInfeasible"} or not solver.getSolution().value_valid:
        message = f"HiGHS ended without a solution: {solver.modelStatusToString(solver.getModelStatus())}"
        return Answer(None, None, Status.FAILED, said, None, iterations, seconds, message)
    return Answer(x, nu, Status.STALLED, said, None, iterations, seconds)
