"""rho of random instances, exactly and by both float linear programs, as rows."""

from collections.abc import Iterator
from fractions import Fraction

from dlnflow.arithmetic.exact import ratio_to_text
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.minimisers.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.theory.rho import rho
from dlnflow.theory.rho_in_floats import rho_by_certificates, rho_by_directions

AGREEMENT = 1e-9
"""Ten times HiGHS's tolerances: how far its two values and the exact one may lie apart."""

NO_MINIMISER: Row = dict.fromkeys(("is_unique", "is_recovered"))
NO_RHO: Row = dict.fromkeys(("rho", "exact_rho", "rho_primal", "rho_dual", "disagreement"))


def rho_rows(grid: str, block: LawBlock, seed: int) -> Iterator[Row]:
    """The rows of `rho_tables.RHOS` of a block, one an instance."""
    for trial in block.trials:
        found, message, _ = attempt(_drawn_columns, block, seed, trial)
        key = {
            "ensemble": block.ensemble,
            "signal": block.signal,
            "undersampling": block.measurements / block.features,
            "density": block.entries / block.features,
        }
        yield (
            block.key(grid, trial)
            | key
            | (found or {"status": Status.FAILED, "message": message} | NO_MINIMISER | NO_RHO)
        )


def _drawn_columns(block: LawBlock, seed: int, trial: int) -> Row:
    return rho_columns(block.instance(seed, trial))


def rho_columns(problem: Problem) -> Row:
    """What is found of one instance."""
    minimiser, message, _ = attempt(basis_pursuit, problem)
    if minimiser is None:
        return {"status": Status.FAILED, "message": message} | NO_MINIMISER | NO_RHO
    found = {"is_unique": minimiser.unique, "is_recovered": is_recovered(problem, minimiser)}
    value, message, _ = attempt(rho, problem, minimiser)
    if value is None:
        return found | {"status": Status.FAILED, "message": message} | NO_RHO
    return found | {"rho": float(value), "exact_rho": ratio_to_text(value)} | _checked(problem, minimiser, value)


def is_recovered(problem: Problem, minimiser: Minimiser) -> bool:
    """Whether x0, which the problem must have, is the only minimiser: an equality of rationals."""
    if problem.x0 is None:
        raise ValueError("the problem has no planted signal, expected one")
    return minimiser.unique and list(minimiser.x) == [Fraction(value) for value in problem.x0.tolist()]


def _checked(problem: Problem, minimiser: Minimiser, value: Fraction) -> Row:
    """The float programs' values beside the exact one, and whether the three agree."""
    primal, primal_message, _ = attempt(rho_by_certificates, problem, minimiser)
    dual, dual_message, _ = attempt(rho_by_directions, problem, minimiser)
    found = {"rho_primal": primal, "rho_dual": dual}
    if primal is None or dual is None:
        message = "; ".join(filter(None, [primal_message, dual_message]))
        return found | {"status": Status.STALLED, "message": message, "disagreement": None}
    values = [primal, dual, float(value)]
    apart = max(values) - min(values)
    message = "" if apart <= AGREEMENT else f"the linear programs and the exact rho differ by {apart:.1e}"
    return found | {
        "status": Status.STALLED if message else Status.CONVERGED,
        "message": message,
        "disagreement": apart,
    }
