"""The tables of the experiments on named problems: cells, what they are compared with, and sampled trajectories."""

import pyarrow as pa

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, SAMPLED, STATUS, bounded, within
from dlnflow.files.tables import COUNT, COUNTS, REAL, TEXT, TEXTS, VECTOR, columns_of, schema_of

_EIGHT_DIGITS = within(1e-8)
"""Where float64 does not hold eight digits of a limit, balls do (`limit`)."""
_DUAL = within(1e-6)
"""The dual unknown is less sharply determined than x, which alone has a radius."""
_FOUND = within(1e-3)
"""What an integrator found where it stepped, which rounding moves."""

_INSTANCE = {
    "problem": (TEXT, "name in the config", ROW_KEY),
    "trial": (COUNT, "number of the instance, from 0", ROW_KEY),
}
_NETWORK = _INSTANCE | {"depth": (REAL, "L"), "exact_depth": (TEXT, "L as typed, exact", ROW_KEY)}
_CELL = _NETWORK | {
    "scale": (TEXT, "eps = alpha^L, exact", ROW_KEY),
    "log10_scale": (REAL, "log10 of eps"),
}

CELLS = schema_of(
    "problem trial method depth -log10_scale",
    **_CELL,
    method=(
        TEXT,
        "limit: Newton on the dual; flow: integration in time; certified: Newton in balls, with a proof",
        ROW_KEY,
    ),
    engine=(TEXT, "the arithmetic that ran", COUNTED),
    status=(TEXT, "a results.Status", STATUS),
    message=(TEXT, "why a cell failed, else empty", STATUS),
    residual=(REAL, "||A x - y||_2, in units of y", _EIGHT_DIGITS),
    log10_radius=(
        REAL,
        "log10 of a bound on ||x - x_alpha||_2: proved if the engine is arb, else estimated; method certified: x "
        "stands for the midpoints of its balls, before they are rounded to float64",
        COUNTED,
    ),
    iterations=(COUNT, "Newton steps, or steps in time", COUNTED),
    precision_bits=(COUNT, "of the arithmetic", COUNTED),
    x=(VECTOR, "(n,) the answer, rounded to float64", bounded("log10_radius")),
    nu=(VECTOR, "(m,) the dual unknown, z = A^T nu; at depth 2 divide by log(1/eps) for a certificate", _DUAL),
    nu_midpoint=(TEXTS, "(m,) balls that hold nu, of method certified; -1a3p-90 is -0x1a3 2^-90", COUNTED),
    nu_radius=(TEXTS, "(m,) their radii", COUNTED),
)
"""What a job that solves cells writes."""

RESULTS = schema_of(
    "problem trial method depth exponent -log10_scale",
    **columns_of(CELLS, CELLS.names[: CELLS.names.index("iterations")]),
    log10_error=(
        REAL,
        "log10 of the distance (2-norm) to the minimiser this depth selects; null if 0",
        bounded("log10_radius"),
    ),
    l1_gap=(REAL, "||x||_1 less the least l1 norm; null where balls do not tell its sign", _EIGHT_DIGITS),
    exponent=(REAL, "e of the predicted error C eps^e"),
    log10_constant=(REAL, "log10 of the predicted C; null if 0 or not known"),
    **columns_of(CELLS, CELLS.names[CELLS.names.index("iterations") : CELLS.names.index("nu_midpoint")]),
)
"""The tidy table of an experiment: the cells, compared with the exact minimiser."""

RATES = schema_of(
    "problem trial depth exponent",
    **_NETWORK,
    status=(TEXT, "converged; not_unique: the leading-order direction is not the maximiser alone (docs/theory.md)"),
    message=(TEXT, "why there is no prediction, else empty"),
    exponent=(REAL, "e of the predicted error C eps^e"),
    exact_exponent=(TEXT, "e as a ratio"),
    log10_constant=(REAL, "log10 of C; null if 0 or not known"),
    direction=(VECTOR, "(n,) d in x_alpha - x = eps^e d (1 + o(1)), C = ||d||_2"),
)
"""What is predicted of the error's asymptotics."""

MINIMISERS = schema_of(
    "problem trial",
    **_INSTANCE,
    status=(TEXT, "converged: the minimiser is unique; not_unique: x is a point inside their face"),
    l1_norm=(TEXT, "the least l1 norm, exact"),
    support=(COUNTS, "T, the union of the supports of all minimisers"),
    signs=(COUNTS, "of x on T"),
    x=(TEXTS, "(n,) exact"),
    nu=(TEXTS, "(m,) dual certificate, exact", COUNTED),
    kernel=(pa.list_(pa.list_(TEXT)), "basis of ker A_T, exact; empty if unique"),
    pivots=(COUNT, "exact simplex pivots beyond the float basis", COUNTED),
)
"""What the exact solver of basis pursuit writes."""

TRAJECTORIES = schema_of(
    "problem trial depth -log10_scale",
    **_CELL,
    status=(TEXT, "a results.Status, of the whole trajectory", STATUS),
    time=(REAL, "t of the gradient flow", SAMPLED),
    rescaled_time=(REAL, "t over Network.time_unit", SAMPLED),
    loss=(REAL, "||A x - y||^2 / 2, in squared units of y", _FOUND),
    x=(VECTOR, "(n,)", _FOUND),
    u=(VECTOR, "(n,) layer", _FOUND),
    v=(VECTOR, "(n,) layer; null for a nonnegative network", _FOUND),
)
"""What a sampled trajectory is stored as, a row a time."""
