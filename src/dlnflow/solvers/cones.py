"""Solvers of conic and quadratic programs, through cvxpy: Clarabel, PIQP, SCS and OSQP.

cvxpy (Diamond and Boyd, J. Mach. Learn. Res. 17, 2016) brings the program into each solver's form. What the solver
itself returns is read, not what cvxpy makes of it, which has no x for a solver that reached its iteration limit.
The tolerances are 1e-12, at which each solver but OSQP ends by itself on all of 75 instances: Gaussian, Rademacher and
cosine matrices of 10 x 30 to 100 x 200, signed and nonnegative.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from dlnflow.kernels import choose_piqp
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.answer import Answer
from dlnflow.solvers.names import TOLERANCES

BEST_FOUND = (
    *("AlmostSolved", "MaxIterations", "InsufficientProgress", "NumericalError"),
    *("PIQP_MAX_ITER_REACHED", "PIQP_NUMERICS"),
    *("solved", "maximum iterations reached"),
)
"""How a solver's words begin if it hands over an x that it does not claim to be the solution."""

Found = tuple[Any, Any, str, float, int]
"""What a solver returns: x and more, the multipliers of A x = y and more, its words, its gap, its iterations."""


def clarabel(problem: Problem) -> Answer:
    """Clarabel, an interior-point method (Goulart and Chen, 2024)."""
    tolerances = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), TOLERANCES["clarabel"])
    # at the default regularisation of 1e-8, 41 of the 75 end AlmostSolved, with errors of up to 2e-7; from 1e-7 to 1e-5
    # all end Solved, with at most 6e-10
    settings: dict[str, Any] = {**tolerances, "static_regularization_constant": 1e-6, "max_threads": 1}
    settings["direct_solve_method"] = "qdldl"  # the other one, faer, looks at the processor

    def read(raw: Any) -> Found:
        return raw.x, raw.z, str(raw.status), raw.obj_val - raw.obj_val_dual, raw.iterations

    return _solve(problem, "CLARABEL", settings, read, "Solved")


def piqp(problem: Problem) -> Answer:
    """PIQP, a proximal interior-point method (Schwan, Jiang, Kuhn and Jones, 2023)."""
    tolerances = ("eps_abs", "eps_rel", "eps_duality_gap_abs", "eps_duality_gap_rel")
    settings = dict.fromkeys(tolerances, TOLERANCES["piqp"])

    def read(raw: Any) -> Found:
        return raw.x, raw.y, raw.info.status.name, raw.info.duality_gap, raw.info.iter

    return _solve(problem, "PIQP", settings, read, "PIQP_SOLVED")


def scs(problem: Problem) -> Answer:
    """SCS, operator splitting with Anderson acceleration (O'Donoghue, Chu, Parikh and Boyd, 2016)."""
    tolerances = dict.fromkeys(("eps_abs", "eps_rel"), TOLERANCES["scs"])
    settings = {**tolerances, "max_iters": 20_000}  # the 75 take 1 325 at most

    def read(raw: Any) -> Found:
        info = raw["info"]
        return raw["x"], raw["y"], info["status"], info["gap"], info["iter"]

    return _solve(problem, "SCS", settings, read, "solved")


def osqp(problem: Problem) -> Answer:
    """OSQP, operator splitting, with its polishing step (Stellato, Banjac, Goulart, Bemporad and Boyd, 2020)."""
    # At 1e-9 its residual may stand still above the tolerance. Where x0 is not recovered it converges so slowly that no
    # limit helps: errors of 1e-3 after 20 000 iterations, 4e-4 after 100 000.
    tolerances = dict.fromkeys(("eps_abs", "eps_rel"), TOLERANCES["osqp"])
    settings = {**tolerances, "max_iter": 20_000, "polishing": True}

    def read(raw: Any) -> Found:
        return raw.x, raw.y, raw.info.status, raw.info.duality_gap, raw.info.iter

    return _solve(problem, "OSQP", settings, read, "solved")


def _solve(problem: Problem, name: str, settings: dict[str, Any], read: Callable[[Any], Found], solved: str) -> Answer:
    """min sum t subject to A x = y, -t <= x <= t (x = t >= 0 if nonnegative); cvxpy's own part of the time is counted.

    The split x = p - q takes all four longer, and OSQP to its limit of iterations.
    """
    choose_piqp()  # cvxpy imports each solver that it knows
    import cvxpy

    m, n = problem.A.shape
    start = perf_counter()
    # one variable, (x, t): x stands first, whatever order cvxpy gives to variables
    z = cvxpy.Variable(n if problem.nonnegative else 2 * n)
    x, t = z[:n], z[-n:]
    bounds = [x >= 0] if problem.nonnegative else [x <= t, -t <= x]
    program = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum(t)), [problem.A @ x == problem.y, *bounds])
    data, chain, _ = program.get_problem_data(name, solver_opts=settings)
    raw = chain.solve_via_data(program, data, warm_start=False, verbose=False, solver_opts=settings)
    found, multipliers, said, gap, iterations = read(raw)
    # cvxpy's equalities stand first, and their multipliers have the sign of a Lagrangian with + nu.(A x - y)
    answer, nu = np.array(found[:n]), -np.array(multipliers[:m])
    seconds = perf_counter() - start
    if said == solved:
        return Answer(answer, nu, Status.CONVERGED, said, abs(gap), iterations, seconds)
    if said.startswith(BEST_FOUND):
        return Answer(answer, nu, Status.STALLED, said, abs(gap), iterations, seconds)
    message = f"{name} ended without a solution: {said}"
    return Answer(None, None, Status.FAILED, said, None, iterations, seconds, message)
