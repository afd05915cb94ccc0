"""Descent and flow on linear programs as rows: measured rates, limits and thresholds beside the predicted ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number, to_text, upper_log10
from dlnflow.experiments.linear_programs.descent_config import DescentProgram
from dlnflow.experiments.linear_programs.descent_tables import DESCENTS, PROGRAM_FLOWS
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.certified_limit import certified_entropic_limit
from dlnflow.programs.descent import EntropicDescent, departure, entropic_descent, stability_threshold
from dlnflow.programs.flow import entropic_flow
from dlnflow.programs.limit import log_start
from dlnflow.results import Status
from dlnflow.solvers.transport import sinkhorn
from dlnflow.transport.plan import Transport, entropic_plan

RTOL = 1e-11
"""Of the flow: hundred times above rounding."""
SINKHORN_TOL = 1e-13
SAMPLES = 150
"""Iterations of a run that are kept for its figure, beside the first ones."""
FIRST = 30
PREDICTED_FROM = 1e-6
"""The residual over ||b|| from where the predicted contraction is drawn."""


@dataclass(frozen=True, eq=False)
class DescentRows:
    """The rows of DESCENTS, DESCENT_TRACES and PROGRAM_FLOWS of one program."""

    descents: list[Row]
    traces: list[Row]
    flows: list[Row]


def descent_rows(
    name: str, entry: DescentProgram, seed: int, steps: Sequence[float], traced: Sequence[float], most_steps: int
) -> DescentRows:
    """The flow of a program, and descent on it with each of the steps; the steps are over the flow's threshold."""
    program, transport = entry.data(seed)
    lam = to_text(entry.lam)
    key = {"program": name, "constraints": program.constraints, "variables": program.variables, "lam": lam}
    failed = dict.fromkeys(PROGRAM_FLOWS.names) | key | {"status": Status.FAILED, "rtol": RTOL}
    found, message, _ = attempt(_flow, program, lam)
    if found is None:
        return DescentRows([], [], [failed | {"message": message}])
    flow, limit = found
    flow |= _transport_columns(transport, lam, limit.x) if transport else {}
    descents: list[Row] = []
    traces: list[Row] = []
    distances: dict[float, float] = {}
    start_mu = _spectrum(program, np.exp(log_start(program, lam)))
    for step in steps if entry.descends else ():
        eta = step * flow["threshold"]
        run, message, _ = attempt(entropic_descent, program, lam, eta, most_steps)
        row = dict.fromkeys(DESCENTS.names) | key | {"step": step, "eta": eta}
        if run is None:
            descents.append(row | {"status": Status.FAILED, "message": message})
            continue
        columns = _descent_columns(run, eta, limit, start_mu)
        descents.append(row | columns)
        if run.status == Status.CONVERGED:
            distances[eta] = columns["distance"] / eta
        if step in traced:
            traces += _trace({"program": name, "step": step, "status": run.status}, program, run)
    flow["extrapolated_departure"] = _extrapolated(distances)
    return DescentRows(descents, traces, [failed | {"message": ""} | flow])


@dataclass(frozen=True, eq=False)
class _Limit:
    """Of the flow: x (n,), the eigenvalues mu of A diag(x) A^T, and how far descent departs from x for a unit step."""

    x: FloatArray
    mu: FloatArray
    departure: float


def _spectrum(program: StandardForm, x: FloatArray) -> FloatArray:
    """The eigenvalues of A diag(x) A^T, rising."""
    return np.asarray(np.linalg.eigvalsh(program.A * x @ program.A.T), dtype=np.float64)


def _flow(program: StandardForm, lam: str) -> tuple[Row, _Limit]:
    """(columns, where the flow ends)."""
    run = entropic_flow(program, lam, rtol=RTOL)
    certified = certified_entropic_limit(program, lam)
    limit = certified.x_float
    mu = _spectrum(program, limit)
    change = float(np.linalg.norm(departure(program, run)))
    return (
        {
            "status": run.status,
            "steps": len(run.times) - 1,
            "end_time": run.times[-1],
            "limit_status": certified.status,
            "log10_limit_radius": upper_log10(certified.radius),
            "distance": float(np.linalg.norm(run.x[-1] - limit) / np.linalg.norm(limit)),
            "condition": float(mu[-1] / mu[0]),
            "rate": run.rate,
            "predicted_rate": float(4 * mu[0]),
            "departure": change,
            "threshold": stability_threshold(program, limit),
        },
        _Limit(limit, mu, change),
    )


def _transport_columns(problem: Transport, lam: str, limit: FloatArray) -> Row:
    """The same problem by the structured Newton's method and by POT."""
    strength = float(parse_number(lam))
    plans: dict[str, FloatArray] = {
        "plan_distance": entropic_plan(problem, strength, tol=1e-13).plan,
        "sinkhorn_distance": sinkhorn(problem, strength, SINKHORN_TOL).plan,
    }
    return {name: float(np.abs(plan.ravel() - limit).sum()) / problem.mass for name, plan in plans.items()}


def _descent_columns(run: EntropicDescent, eta: float, limit: _Limit, start_mu: FloatArray) -> Row:
    predicted = eta * limit.departure
    converged = run.status == Status.CONVERGED
    distance = float(np.linalg.norm(run.x - limit.x)) if converged else None
    return {
        "status": run.status,
        "message": "",
        "iterations": len(run.residuals) - 1,
        "factor": run.factor,
        "contraction": run.contraction if converged else None,
        "rate_off": (1 - run.factor) / (1 - run.contraction) - 1 if run.factor and run.contraction < 1 else None,
        "flow_contraction": float(np.abs(1 - 4 * eta * limit.mu).max()),
        "sharpness": run.sharpness if np.isfinite(run.sharpness) else None,
        "flow_sharpness": float(4 * eta * limit.mu[-1]),
        "start_sharpness": float(4 * eta * start_mu[-1]),
        "largest_turn": run.largest_turn,
        "sign_changes": run.sign_changes,
        "distance": distance,
        "predicted_distance": predicted,
        "distance_off": None if distance is None else distance / predicted - 1,
    }


def _trace(key: Row, program: StandardForm, run: EntropicDescent) -> Iterator[Row]:
    sizes = run.residuals / np.linalg.norm(program.b)
    last = len(sizes) - 1
    late = np.flatnonzero(sizes > PREDICTED_FROM)
    start = int(late[-1]) if run.status == Status.CONVERGED and len(late) else None
    kept = sorted({*range(min(FIRST, last + 1)), *np.linspace(0, last, SAMPLES).astype(int).tolist(), start or 0})
    for k in kept:
        predicted: Any = None
        if start is not None and k >= start:
            predicted = float(sizes[start] * run.contraction ** (k - start))
        yield key | {"iteration": k, "residual": float(sizes[k]), "predicted": predicted}


def _extrapolated(slopes: dict[float, float]) -> float | None:
    """distance/eta at eta = 0, from the two smallest eta, where it is linear in eta."""
    if len(slopes) < 2:
        return None
    (first, low), (second, high) = sorted(slopes.items())[:2]
    return low - (high - low) * first / (second - first)
