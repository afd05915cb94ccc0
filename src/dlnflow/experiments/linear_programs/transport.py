"""Transport as rows: the network's plans and their values beside the exact optimum, its law and Sinkhorn's."""

from collections.abc import Iterator, Sequence
from math import inf

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number, ratio_to_text
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_VALUES
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt, log10_or_none
from dlnflow.results import Status
from dlnflow.solvers.transport import network_simplex, sinkhorn
from dlnflow.transport.clouds_and_pictures import Placed
from dlnflow.transport.exact_optimum import OptimalPlan, dual_bound, excess, optimal_plan
from dlnflow.transport.law import ValueLaw, value_law
from dlnflow.transport.plan import EntropicPlan, Transport, entropic_plan, marginal_errors

TOL, RTOL = 1e-10, 1e-8
"""Of the marginals and of every entry: the excess then has eight digits, however small it is."""
SINKHORN_TOL = 1e-14
"""No sweeps are saved: what so many give is shown."""
LEAST_SHARE = 1e-3
"""Of r_i: smaller entries of a row are not drawn."""


def value_rows(name: str, placed: Placed, lams: Sequence[str], sweeps: int) -> Iterator[Row]:
    """A row of TRANSPORT_VALUES for each lam, which is given over the largest cost."""
    problem = placed.transport
    key = {"problem": name, "sources": len(problem.r), "targets": len(problem.s), "sinkhorn_sweeps": sweeps}
    optimum, message, _ = attempt(optimum_of, problem)
    law = value_law(optimum) if optimum else None
    for lam in lams:
        row = dict.fromkeys(TRANSPORT_VALUES.names) | key | _lam_columns(lam) | _law_columns(problem, optimum, law, lam)
        row |= {"status": Status.FAILED, "message": message, "iterations": 0}
        if optimum:
            found, message, _ = attempt(_cell, problem, optimum, law, lam, sweeps)
            row |= found or {"message": message}
        yield row


def optimum_of(problem: Transport) -> OptimalPlan:
    """The exact optimum, from the plan that POT's network simplex proposes. Raises as `optimal_plan` does."""
    return optimal_plan(problem, network_simplex(problem).plan)


def plan_rows(name: str, placed: Placed, lams: Sequence[str], side: int | None) -> Iterator[Row]:
    """The rows of TRANSPORT_PLANS at each lam, and at lam = 0 those of the exact optimum; side: of pictures."""
    problem = placed.transport
    key = {"problem": name, "is_picture": side is not None, "side": side}
    for lam in lams:
        found = entropic_plan(problem, absolute(problem, lam), TOL)
        yield from _entries(key | {"lam": lam, "status": found.status}, placed, found.plan)
    optimum = optimum_of(problem)
    mass = optimum.plan_float
    yield from _entries(key | {"lam": "0", "status": Status.CONVERGED}, placed, mass)


def absolute(problem: Transport, lam: str) -> float:
    """lam over the largest cost, in units of the cost."""
    return float(parse_number(lam)) * float(problem.cost.max())


def _entries(key: Row, placed: Placed, plan: FloatArray) -> Iterator[Row]:
    r, s = placed.transport.r, placed.transport.s
    for i, j in zip(*np.nonzero(plan > LEAST_SHARE * r[:, None]), strict=True):
        yield key | {
            "source": int(i),
            "target": int(j),
            "source_x": placed.sources[i, 0],
            "source_y": placed.sources[i, 1],
            "target_x": placed.targets[j, 0],
            "target_y": placed.targets[j, 1],
            "source_mass": r[i],
            "target_mass": s[j],
            "mass": plan[i, j],
        }


def _cell(problem: Transport, optimum: OptimalPlan, law: ValueLaw | None, lam: str, sweeps: int) -> Row:
    strength = absolute(problem, lam)
    found = entropic_plan(problem, strength, TOL, RTOL)
    above = excess(optimum, found.plan)
    # potentials are lam g, and multiples of the cost's unit near them bound the value as well
    below = float(optimum.value - dual_bound(problem, strength * found.g))
    return {
        "status": found.status if above > 0 else Status.OUT_OF_FLOAT64,  # every entry off the support underflows
        "message": "",
        "iterations": found.iterations,
        "marginal_1": found.marginal_1,
        "marginal_max": found.marginal_max,
        "radius": found.radius if found.radius < inf else None,
        "log10_bound": log10_or_none(below),
        "log10_excess": log10_or_none(above),
        "ratio_off": _ratio_off(above, law, strength) if law else None,
        "next_term": law.next_term(strength) if law else None,
    } | _sinkhorn_columns(problem, optimum, strength, found, sweeps)


def _ratio_off(above: float, law: ValueLaw, strength: float) -> float | None:
    return float(np.expm1(np.log(above) - law.log_excess(strength))) if above > 0 else None


def _sinkhorn_columns(
    problem: Transport, optimum: OptimalPlan, strength: float, found: EntropicPlan, sweeps: int
) -> Row:
    if not sweeps:
        return {}
    plan = sinkhorn(problem, strength, SINKHORN_TOL, sweeps).plan
    return {
        "sinkhorn_marginal_1": float(np.abs(marginal_errors(problem, plan)).sum()) / problem.mass,
        "log10_sinkhorn_off": log10_or_none(abs(float((problem.cost * plan).sum()) - float(optimum.value))),
        "sinkhorn_distance": float(np.abs(plan - found.plan).sum()) / problem.mass,
    }


def _lam_columns(lam: str) -> Row:
    return {"lam": lam, "log10_lam": float(np.log10(float(parse_number(lam))))}


def _law_columns(problem: Transport, optimum: OptimalPlan | None, law: ValueLaw | None, lam: str) -> Row:
    if optimum is None:
        return {"law": ""}
    known = {"optimum": float(optimum.value), "exact_optimum": ratio_to_text(optimum.value), "law": ""}
    if law is None:
        return known
    strength = absolute(problem, lam)
    return known | {
        "law": law.kind,
        "exponent": law.exponent / float(problem.cost.max()),
        "log10_constant": log10_or_none(law.constant),
        "log10_predicted": law.log_excess(strength) / np.log(10),
    }
