"""Claims about the flow and descent on linear programs, and about transport."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlnflow.experiments.linear_programs.descent_tables import DESCENTS, PROGRAM_FLOWS
from dlnflow.experiments.linear_programs.transport_tables import LAW_OFF, SETTLED, TRANSPORT_VALUES
from dlnflow.kit.claim import Claim, Judgement, Tables, judgement_of, table_of
from dlnflow.results import Status

if TYPE_CHECKING:
    import pandas as pd

WANG = "arXiv:2310.02535 (Wang, Ghosal and Mazumder 2023)"
COMINETTI = "Cominetti and San Martín (1994)"

FLOW_SLACK = 10.0
"""The distance to the limit over rtol times the condition number: rtol is of a step, and of the last residual."""
SINKHORN_SLACK = 1e-12
"""The same of the two plans over the condition number: their marginals are right to 1e-13."""
RATE_OFF = 1e-3
"""What is nonlinear at a residual of 1e-5, times condition numbers below 1e3, falls like it: a tenth is left of it on
average; what rounding leaves of descent's factor at 1e-11 is a tenth of that."""
STABLE = 2.0
"""4 eta mu_max below which a point is stable."""
NEAR = 0.05
"""Of the threshold: the steps from two of which the departure is extrapolated."""
DEPARTURE_OFF = 1e-2
"""The second order that extrapolation leaves, the product of two such steps, is 1/400 at most of what is of order 1 at
the threshold, and more where distances grow before it: from 1/50 and 1/25, those of the config, 1/1250 and up to twelve
times that."""


def _flows(tables: Tables) -> "pd.DataFrame":
    return table_of(tables, "program_flows", PROGRAM_FLOWS)


def _limits(tables: Tables) -> Judgement:
    """A flow that failed has no distance, and fails."""
    flows = _flows(tables)
    return judgement_of(flows.distance, FLOW_SLACK * flows.rtol * flows.condition)


def _sinkhorn(tables: Tables) -> Judgement:
    flows = _flows(tables)
    flows = flows[flows.plan_distance.notna()]
    return judgement_of(np.maximum(flows.plan_distance, flows.sinkhorn_distance), SINKHORN_SLACK * flows.condition)


def _flow_rates(tables: Tables) -> Judgement:
    """A flow without a rate, which failed or ended early, fails."""
    flows = _flows(tables)
    return judgement_of((flows.rate / flows.predicted_rate - 1).abs(), np.full(len(flows), RATE_OFF))


def _descents(tables: Tables) -> "pd.DataFrame":
    return table_of(tables, "descents", DESCENTS)


def _is_small(descents: "pd.DataFrame") -> "pd.Series":
    """Whether a step is stable at the start and at the flow's limit, so that descent is to converge."""
    return ~((descents.flow_sharpness >= STABLE) | (descents.start_sharpness >= STABLE))


def _rates(tables: Tables) -> Judgement:
    """A small step with which descent does not converge has no rate, and fails."""
    descents = _descents(tables)
    descents = descents[_is_small(descents) | (descents.status == Status.CONVERGED)]
    return judgement_of(descents.rate_off.abs(), np.full(len(descents), RATE_OFF))


def _stability(tables: Tables) -> Judgement:
    descents = _descents(tables)
    descents = descents[descents.status == Status.CONVERGED]
    return judgement_of(descents.sharpness - STABLE, np.zeros(len(descents)))


def _departures(tables: Tables) -> Judgement:
    """Of the programs with two steps near 0; where descent with one of them does not converge the claim fails."""
    flows, descents = _flows(tables), _descents(tables)
    near = descents[descents.step <= NEAR].groupby("program").size()
    flows = flows[flows.program.isin(near[near >= 2].index)]
    return judgement_of((flows.extrapolated_departure / flows.departure - 1).abs(), np.full(len(flows), DEPARTURE_OFF))


def _values(kind: str, tables: Tables) -> Judgement:
    values = table_of(tables, "transport_values", TRANSPORT_VALUES)
    values = values[(values.status == Status.CONVERGED) & (values.law == kind) & (values.next_term < SETTLED)]
    return judgement_of(values.ratio_off.abs(), np.full(len(values), LAW_OFF))


_VALUES = "linear_programs, transport, lam whose next order is below 1e-8"
_RATIO = "|excess over predicted - 1|"

CLAIMS = (
    Claim(
        "program-flow-limit",
        WANG,
        "From exp(-c/(2 lam)) the flow ends at the entropic linear program's solution.",
        "linear_programs, flows in time, beside certified limits",
        "||x(end) - x_lam||/||x_lam||",
        _limits,
    ),
    Claim(
        "program-flow-rate",
        WANG,
        "The flow converges linearly, at last at the rate 4 mu_min(A X A^T).",
        "linear_programs, flows in time, residuals from 1e-5 to 1e-8",
        "|measured rate over predicted - 1|",
        _flow_rates,
    ),
    Claim(
        "descent-rate",
        WANG,
        "Gradient descent converges linearly, at last by the factor max |1 - 4 eta mu(A X A^T)| a step.",
        "linear_programs, steps stable at start and flow's limit, others that converge, residuals 1e-8 to 1e-11",
        "|(1 - measured factor)/(1 - predicted) - 1|",
        _rates,
    ),
    Claim(
        "descent-stability",
        "derived here",
        "Descent with step eta converges to points with 4 eta mu_max(A X A^T) <= 2 alone.",
        "linear_programs, descents that converge, steps below and above the flow's threshold",
        "4 eta mu_max - 2 (at most 0)",
        _stability,
    ),
    Claim(
        "descent-departure",
        "derived here",
        "Descent's limit departs from the flow's by eta ||dx|| + O(eta^2), dx in closed form of the flow.",
        "linear_programs, the two smallest steps, up to 1/20 of the threshold, extrapolated to 0",
        "|measured over predicted - 1|",
        _departures,
    ),
    Claim(
        "transport-sinkhorn",
        WANG,
        "On transport problems that limit is Sinkhorn's plan.",
        "linear_programs, flows in time on transport: certified limit, structured Newton, POT's Sinkhorn",
        "sum |P - x_lam| over the mass",
        _sinkhorn,
    ),
    Claim(
        "transport-tree",
        f"derived here, after {COMINETTI}",
        "Transport's value falls to a nondegenerate optimum like the sum of S_ij exp(phi_i + psi_j - S_ij/lam).",
        f"{_VALUES}, nondegenerate optima",
        _RATIO,
        partial(_values, "tree"),
    ),
    Claim(
        "transport-assignment",
        "derived here",
        "To an assignment it falls like p l mu exp(-mu/lam), mu the least mean slack of a cycle, of l arcs.",
        f"{_VALUES}, assignments with equal masses p",
        _RATIO,
        partial(_values, "assignment"),
    ),
)
"""In the order of their table."""
