"""The tables of asymmetric factorisation and of rank one."""

from dlnflow.files.column_kinds import ROW_KEY, STATUS, UNSTABLE, relative, within
from dlnflow.files.tables import LARGE_COUNT, REAL, TEXT, schema_of

_LEFT = within(1e-9)
"""Over ||M||_F, in thousands of steps: far above what their rounding adds up to, far below what is drawn or judged."""
_FACTOR = relative(1e-4)
"""Measured over what may be a few steps, near where rounding ends the fall."""
_FALLEN = within(1e-5)
"""Of the fall down to LEAST_TAIL: rounding, 1e-15, is 1e-4 of that residual, and a twentieth of it of its logarithm."""

LEAST_TAIL = 1e-11
"""Of ||M||_F: a rate is measured down to this residual, well above what rounding leaves, 1e-15."""
SETTLED = 1e-3
"""How near the rate of the balanced flow is to its limit, relative to it, from where on it is measured. What the start
leaves outside M's row and column spaces falls at the slowest rate, sigma_r, from a size of `start`; the rest falls from
a size of 1 at 2 sigma_r or faster, and so the slow part leads once the residual is well below start^2."""

FACTORISATION_KEY = {
    "rows": (LARGE_COUNT, "of U and M", ROW_KEY),
    "columns": (LARGE_COUNT, "of M; the rows of V", ROW_KEY),
    "rank": (LARGE_COUNT, "of M, and the columns of U and V", ROW_KEY),
    "trial": (LARGE_COUNT, "number of the instance, from 0", ROW_KEY),
    "constant": (REAL, "c of the steps eta_t = c (t + 1)^-p", ROW_KEY),
    "decay": (REAL, "p; published for 1/2 < p <= 1, p = 1/2 + delta", ROW_KEY),
}

FACTORISATIONS = schema_of(
    "trial",
    **FACTORISATION_KEY,
    status=(TEXT, "converged: the residual is a decade into the tail or more; stalled: it is not; failed: diverged"),
    message=(TEXT, "what is left, why there is no ratio, or why it failed, else empty", STATUS),
    steps=(LARGE_COUNT, "taken before it ended, or before the last moment at which it had not diverged"),
    path=(REAL, "s, the sum of the steps; null if it diverged at once"),
    square_sum=(REAL, "the sum of the squares of the steps"),
    residual=(REAL, "||U V^T - M||_F over ||M||_F at the end", _LEFT),
    predicted_residual=(REAL, "of the balanced flow at time s, in closed form"),
    largest_value=(REAL, "the largest singular value of M"),
    published_rate=(REAL, "the least singular value of M: the slowest rate at a balanced minimum"),
    tail=(REAL, "the residual from which on the rate is measured"),
    rate=(REAL, "the slowest a_i + b_j at the end point; null if not converged"),
    other_rate=(REAL, "that of what the start leaves on M's other side: it is nearly the same, and both are measured"),
    ratio=(
        REAL,
        "measured over predicted: the fall of log residual over the tail, over that of prod |1 - eta_t rate|; null "
        "without a decade of a tail in which no part falls more slowly",
        _FALLEN,
    ),
    log10_steps=(
        REAL,
        "log10 of the steps after which the flow's residual is 1e-6 of ||M||_F; null if more than 1e300",
    ),
    start_imbalance=(REAL, "||U^T U - V^T V||_F at the start, over ||M||_F"),
    largest_imbalance=(REAL, "the largest of it at any moment", _LEFT),
    drift=(REAL, "how far U^T U - V^T V is from the start's at the end, over ||M||_F", _LEFT),
    predicted_drift=(REAL, "the same by the flow, to first order in the steps", _LEFT),
    identity_defect=(
        REAL,
        "the largest of drift less the sum of the exact changes, over ||U||_F^2 + ||V||_F^2",
        _LEFT,
    ),
)
"""A row a trial, constant and decay."""

FACTORISATION_SAMPLES = schema_of(
    "trial",
    **FACTORISATION_KEY,
    time=(LARGE_COUNT, "t, steps taken", ROW_KEY),
    path=(REAL, "s, the sum of the steps until then"),
    residual=(REAL, "||U V^T - M||_F over ||M||_F", _LEFT),
    predicted_residual=(REAL, "of the balanced flow at time s, in closed form"),
    imbalance=(REAL, "||U^T U - V^T V||_F over ||M||_F", _LEFT),
    drift=(REAL, "how far U^T U - V^T V is from the start's, over ||M||_F", _LEFT),
    predicted_drift=(REAL, "the same by the flow, to first order in the steps", _LEFT),
    drift_bound=(REAL, "sum of eta^2 (||E V||_F^2 + ||E^T U||_F^2) over ||M||_F, which the drift does not exceed"),
)
"""A row a moment of each; one that diverged has no more moments."""

RANK_ONE_KEY = {
    "rows": (LARGE_COUNT, "entries of u", ROW_KEY),
    "columns": (LARGE_COUNT, "entries of v", ROW_KEY),
    "trial": (LARGE_COUNT, "number of the instance, from 0", ROW_KEY),
    "kind": (TEXT, "small: a Gaussian start near 0; unbalanced: one near a minimum", ROW_KEY),
    "start": (REAL, "small: the size of the entries; unbalanced: how far from the minimum's", ROW_KEY),
    "start_ratio": (REAL, "|u|/|v| of that minimum; null if small", ROW_KEY),
    "step": (REAL, "eta sigma", ROW_KEY),
}

RANK_ONE = schema_of(
    "step trial",
    **RANK_ONE_KEY,
    status=(TEXT, "converged; stalled: still falling, or it does not settle; failed: diverged"),
    message=(TEXT, "why it failed, else empty", STATUS),
    end=(TEXT, "converged; slow: still falling; period-2, period-4, ...; aperiodic; diverged"),
    u_square=(REAL, "|u|^2 over sigma at the end; null if diverged", UNSTABLE),
    v_square=(REAL, "|v|^2 over sigma at the end; null if diverged", UNSTABLE),
    imbalance=(REAL, "||u|^2 - |v|^2| over sigma at the end; null if diverged", UNSTABLE),
    start_imbalance=(REAL, "the same at the start"),
    start_sharpness=(
        REAL,
        "eta (|u|^2 + |v|^2) at the minimum near the start; null if small. A minimum is stable below 2",
    ),
    sharpness=(REAL, "the same at the end; null if not converged"),
    stable_below=(REAL, "the step at which the minimum near the start, or the balanced one, loses its stability"),
    cycle_below=(REAL, "the step at which the balanced cycle of two does; null if unbalanced"),
    bounded_below=(REAL, "the step from which on balanced iterates are unbounded; null if unbalanced"),
    factor=(
        REAL,
        "measured, by which the residual falls in a step; null if not converged, or too fast to measure",
        _FACTOR,
    ),
    predicted_factor=(
        REAL,
        "the largest |1 - eta x|, x of |u|^2, |v|^2, |u|^2 + |v|^2 at the end; null if not converged",
    ),
    next_factor=(REAL, "the largest of these that is smaller by more than 1e-3; null if there is none"),
    least_residual=(REAL, "of the last iterates, over sigma; null if diverged", UNSTABLE),
    largest_residual=(REAL, "of the last iterates, over sigma; null if diverged", UNSTABLE),
)
"""A row a trial, start and step."""

RANK_ONE_TIMES = schema_of(
    "step trial",
    **RANK_ONE_KEY,
    tolerance=(REAL, "of ||u v^T - M||_F over sigma", ROW_KEY),
    steps=(LARGE_COUNT, "until it is reached; null if it is not"),
    predicted_steps=(REAL, "by the balanced flow, its time counted in steps; null beyond eta sigma = 2/3"),
)
"""A row a tolerance, of small starts."""

RANK_ONE_ORBITS = schema_of(
    "step trial",
    **RANK_ONE_KEY,
    index=(LARGE_COUNT, "of the last iterates, from 0", ROW_KEY),
    product=(REAL, "p^T u v^T q over sigma, 1 at a minimum", UNSTABLE),
)
"""A row an iterate, of small starts that did not diverge."""
