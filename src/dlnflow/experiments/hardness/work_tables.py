"""The tables of work against accuracy on the kink; times apart."""

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, TIME
from dlnflow.files.tables import COUNT, REAL, TEXT, schema_of

KEY = {
    "depth": (REAL, "L"),
    "exact_depth": (TEXT, "L as typed, exact", ROW_KEY),
    "exponent": (COUNT, "k of delta = 2^-k", ROW_KEY),
    "delta": (TEXT, "of the kink, exact"),
    "log10_delta": (REAL, "log10 of delta"),
    "accuracy": (TEXT, "tau as typed: ||x_alpha - (1, 0)||_2 is to be at most that", ROW_KEY),
    "log10_accuracy": (REAL, "log10 of tau"),
}

WORK = schema_of(
    "depth exponent log10_accuracy -log10_scale",
    **KEY,
    status=(TEXT, "a results.Status; unresolved: the scale needed is below 2^-4096"),
    message=(TEXT, "why there is no scale, else empty"),
    scale=(TEXT, "the largest scale found to reach the accuracy, exact; null as the other columns if there is none"),
    log10_scale=(REAL, "its log10; the accuracy is proved to be missed at most 1e-3 above it"),
    log10_predicted_scale=(REAL, "log10 of the eps at which the leading-order error C eps^e is the accuracy"),
    log10_exact_scale=(REAL, "log10 of the scale needed, from the one equation behind it (dlnflow.kink_work)"),
    log10_error=(REAL, "log10 of a proved bound on the error at the scale found"),
    precision_bits=(COUNT, "of the arithmetic of the proof", COUNTED),
    log10_time=(REAL, "log10 of the flow's time from the scale found until it is within 2 tau of (1, 0)"),
    log10_predicted_time=(REAL, "log10 of the time of the escape from zero, from the scale of log10_exact_scale"),
)
"""What an accuracy needs, a row a depth, delta and accuracy."""

WORK_TIMES = schema_of(
    "depth exponent log10_accuracy",
    **KEY,
    seconds=(REAL, "least wall time of the limit, with its proof, at the scale found; null if none", TIME),
)
"""What each proof took: kept apart, for it differs from run to run."""
