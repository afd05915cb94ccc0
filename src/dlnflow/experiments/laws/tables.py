"""The tables of the laws experiment: errors down in scale on random instances, and what they say of the prediction."""

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, bounded
from dlnflow.files.tables import COUNT, FLAG, REAL, TEXT, schema_of

MOST_OFF, MOST_RATIO = 1e-3, 1e-2
"""How far the measured exponent, and the constant's ratio from 1, may be off where an instance meets its prediction:
what a next order of LARGEST_TERM leaves of a slope over one decade, and ten times what it leaves of the ratio."""
LARGEST_TERM = 1e-3
"""The next order at the last scale and a decade above it: both numbers then have three digits to show."""
INSTANCE = ["grid", "measurements", "features", "entries", "trial"]
"""The columns that tell one instance from another."""

KEY = {
    "grid": (TEXT, "name in the config", ROW_KEY),
    "ensemble": (TEXT, "the distribution of A"),
    "signal": (TEXT, "an ensembles.Signal"),
    "parameter": (REAL, "of the ensemble; null if it has none"),
    "measurements": (COUNT, "m", ROW_KEY),
    "features": (COUNT, "n", ROW_KEY),
    "entries": (COUNT, "s, the entries of x0 that are not 0", ROW_KEY),
    "trial": (COUNT, "number of the instance, from 0", ROW_KEY),
    "depth": (REAL, "L"),
    "exact_depth": (TEXT, "L as typed, exact", ROW_KEY),
}

LAW_CELLS = schema_of(
    "grid features trial depth measurements entries -log10_scale",
    **KEY,
    scale=(TEXT, "eps = alpha^L, exact", ROW_KEY),
    log10_scale=(REAL, "log10 of eps"),
    status=(TEXT, "a results.Status; unresolved: the error is less than twice its radius, as where it is 0"),
    message=(TEXT, "why a cell failed, else empty"),
    log10_error=(
        REAL,
        "log10 of ||x_alpha - x°||_2, x° the minimiser this depth selects; null if 0",
        bounded("log10_radius"),
    ),
    log10_radius=(REAL, "log10 of a proved bound on what the error is off by; null if it failed", COUNTED),
    log10_ratio=(REAL, "log10 of the error over the predicted C eps^e; null if C is 0"),
    precision_bits=(COUNT, "of the arithmetic", COUNTED),
)
"""A row an instance, depth and scale."""

LAWS = schema_of(
    "grid features trial depth exponent measurements entries",
    **KEY,
    status=(TEXT, "converged; stalled or unresolved if one of its last two cells is; failed"),
    message=(TEXT, "why it failed, or why there is no error to measure, else empty; what is not known is null"),
    is_unique=(FLAG, "whether basis pursuit has one minimiser alone"),
    face_dimension=(COUNT, "of the minimisers' face; 0 if there is one alone"),
    support=(COUNT, "coordinates in T, the union of the minimisers' supports"),
    is_unique_direction=(FLAG, "whether the leading order has one direction: the published constant is for that"),
    rho=(REAL, "of depth 2; null where the exponent is not 1 - rho"),
    exact_rho=(TEXT, "rho as a ratio"),
    rho_disagreement=(
        REAL,
        "the greatest difference between two of rho and its two linear programs in float64; null without rho, or where "
        "one of them fails",
    ),
    exponent=(REAL, "e of the predicted error C eps^e"),
    exact_exponent=(TEXT, "e as a ratio"),
    log10_constant=(REAL, "log10 of C; null if it is 0"),
    next_exponent=(REAL, "p: the predicted error is C eps^e (1 + O(eps^p)); null if C is 0"),
    measured_exponent=(REAL, "log10 of the error at ten times the last scale over that at the last scale"),
    ratio=(REAL, "the error at the last scale over C eps^e; null if C is 0"),
    next_term=(REAL, "|ratio - 1| expected at the last scale, from the scale before it; null if C is 0"),
    log10_last_scale=(REAL, "log10 of the last, smallest scale"),
    is_settled=(FLAG, "whether the next order is below 1e-3 there and a decade above; null if C is 0"),
    is_regular=(FLAG, "one minimiser, one direction, C not 0, and eps^p below 1e-3 at the smallest scale allowed"),
    meets=(FLAG, f"whether |measured - predicted exponent| < {MOST_OFF:g} and |ratio - 1| < {MOST_RATIO:g}"),
    reason=(TEXT, "why it does not meet both (dlnflow.experiments.laws.rows.reason), else empty"),
)
"""A row an instance and depth."""
