"""The tables of descent and flow on linear programs."""

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, SAMPLED, SOLVER, STATUS, relative, within
from dlnflow.files.tables import COUNT, REAL, TEXT, schema_of

_RESIDUAL = within(1e-9)
"""Over ||b||, in tens of thousands of steps, whose rounding adds up: far below what is drawn or measured."""
_FACTOR, _MEASURED = relative(1e-5), within(1e-3)
"""Measured down to a residual of 1e-11, of which rounding is 1e-4, over tens of steps or more; over 1 - contraction."""
_DISTANCE, _DEPARTED = relative(1e-9), within(1e-6)
"""Of limits that are each good to 1e-13 or so, and a thousandth apart or more; over its prediction, or the step."""
_FOLLOWED, _STEPPED, _SLOPE = within(1e-8), relative(1e-3), relative(1e-4)
"""Of a flow in time, whose integrator's steps move with rounding: where it ended, when, and how fast it fell."""

_KEY = {
    "program": (TEXT, "name in the config", ROW_KEY),
    "constraints": (COUNT, "m"),
    "variables": (COUNT, "n"),
    "lam": (TEXT, "of the start exp(-c/(2 lam)), exact"),
}

DESCENTS = schema_of(
    "program step",
    **_KEY,
    step=(REAL, "eta over the threshold of the flow's limit", ROW_KEY),
    eta=(REAL, "the step size"),
    status=(TEXT, "a results.Status; failed: the residual grew beyond all bounds, or the message says why", STATUS),
    message=(TEXT, "why it failed, else empty; what is not known is null", STATUS),
    iterations=(COUNT, "steps of descent", COUNTED),
    factor=(
        REAL,
        "of the residual in a step, measured between 1e-8 and 1e-11 of the first; null if not passed",
        _FACTOR,
    ),
    contraction=(REAL, "max |1 - 4 eta mu| over the eigenvalues mu of A X A^T at its own limit: predicted"),
    rate_off=(REAL, "(1 - factor)/(1 - contraction) - 1", _MEASURED),
    flow_contraction=(REAL, "max |1 - 4 eta mu| at the flow's limit"),
    sharpness=(REAL, "4 eta mu_max at its end: a limit is stable below 2"),
    flow_sharpness=(REAL, "4 eta mu_max at the flow's limit"),
    start_sharpness=(REAL, "4 eta mu_max at the start exp(-c/lam)"),
    largest_turn=(REAL, "max 2 eta |A^T rho|: beyond 1 some u may change its sign"),
    sign_changes=(COUNT, "steps in which some u did"),
    distance=(REAL, "||x - x_lam||_2 of its limit; null unless converged", _DISTANCE),
    predicted_distance=(REAL, "eta ||dx||_2, dx the predicted departure from the flow's limit"),
    distance_off=(REAL, "distance over predicted, less 1", _DEPARTED),
)
"""A row a program and step."""

DESCENT_TRACES = schema_of(
    "program step",
    program=(TEXT, "name in the config", ROW_KEY),
    step=(REAL, "eta over the threshold of the flow's limit", ROW_KEY),
    status=(TEXT, "a results.Status, of the whole run", STATUS),
    iteration=(COUNT, "from 0", SAMPLED),
    residual=(REAL, "||A x - b||_2 / ||b||_2", _RESIDUAL),
    predicted=(
        REAL,
        "the same by the predicted contraction from where 1e-6 is passed; null before, or without one",
        _RESIDUAL,
    ),
)
"""A row a sampled iteration."""

PROGRAM_FLOWS = schema_of(
    "program",
    **_KEY,
    status=(TEXT, "a results.Status of the flow", STATUS),
    message=(TEXT, "why it failed, else empty; what is not known is null", STATUS),
    steps=(COUNT, "of the integrator", COUNTED),
    end_time=(REAL, "t at which the residual is below rtol ||b||", _STEPPED),
    rtol=(REAL, "the integrator's tolerance, and the residual's"),
    limit_status=(TEXT, "a results.Status of the certified limit"),
    log10_limit_radius=(REAL, "log10 of a proved bound on ||x - x_lam||_2 of that limit", COUNTED),
    distance=(REAL, "||x(end) - x_lam||_2 / ||x_lam||_2, x_lam certified", _FOLLOWED),
    condition=(REAL, "mu_max/mu_min of A X A^T: the residual's tolerance times that is the distance's"),
    rate=(REAL, "of the slowest mode's residual, measured between 1e-5 and 1e-8 of ||b||", _SLOPE),
    predicted_rate=(REAL, "4 mu_min(A X A^T) at the limit"),
    departure=(REAL, "||dx||_2 in x_lam + eta dx, the predicted limit of descent"),
    threshold=(REAL, "the step size 1/(2 mu_max) beyond which the flow's limit is not stable"),
    plan_distance=(
        REAL,
        "sum of |P - x_lam| over the mass, P the structured Newton's plan; null but for transport",
        _FOLLOWED,
    ),
    sinkhorn_distance=(REAL, "the same of POT's log-domain Sinkhorn's plan; null but for transport", SOLVER),
    extrapolated_departure=(
        REAL,
        "||dx||_2 from the two smallest steps of descent, extrapolated to 0; null if none",
        _DEPARTED,
    ),
)
"""A row a program."""
