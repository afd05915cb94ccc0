"""The table of the hardness experiment: an answer to an input that was read to so many bits, beside the truth."""

import pyarrow as pa

from dlnflow.files.column_kinds import COUNTED, ROW_KEY
from dlnflow.files.tables import COUNT, FLAG, REAL, TEXT, schema_of

HARDNESS = schema_of(
    "grid features method depth digits exponent bits delta_signs reverse measurements -log10_scale",
    grid=(TEXT, "name of the grid: map-..., levels or answers-...", ROW_KEY),
    kinks=(COUNT, "blocks [1, 1 - delta], of each kind", ROW_KEY),
    mixed=(FLAG, "whether the rows are mixed by a rotation and the columns permuted", ROW_KEY),
    measurements=(COUNT, "m"),
    features=(COUNT, "n"),
    condition=(REAL, "of A: its largest singular value over its least"),
    digits=(COUNT, "K, for kinks of height 2 10^-K; null for height 1", ROW_KEY),
    exponent=(COUNT, "k, |delta| = 2^-k", ROW_KEY),
    slow_exponent=(COUNT, "that of the kinks of height 2 10^-(K-1); null without them", ROW_KEY),
    bits=(COUNT, "b: every entry of the data is read to within 2^-b", ROW_KEY),
    bits_seen=(COUNT, "those that reach the method: no more than 53 for a float solver"),
    delta_signs=(TEXT, "of delta, for each kind of kinks", ROW_KEY),
    reverse=(FLAG, "whether the columns stand in reverse order", ROW_KEY),
    method=(
        TEXT,
        "limit: of the network's flow; interval: basis pursuit on balls of radius 2^-b; else a solver",
        ROW_KEY,
    ),
    depth=(REAL, "L; null for a solver"),
    exact_depth=(TEXT, "L as typed, exact; null for a solver", ROW_KEY),
    scale=(TEXT, "eps = alpha^L, exact; null for a solver", ROW_KEY),
    log10_scale=(REAL, "log10 of eps; null for a solver"),
    engine=(TEXT, "the arithmetic that ran, or the solver", COUNTED),
    status=(TEXT, "a results.Status; converged: it claims to have the minimiser, or the limit"),
    resolution=(TEXT, "of method interval: resolved, not_resolved (two inputs prove it) or undecided; else null"),
    said=(TEXT, "what a solver said of its answer, in its own words; else empty"),
    message=(TEXT, "why there is no answer, else empty"),
    tolerance=(REAL, "what the solver promises by its own documentation (solvers.names); null for a network"),
    is_answered=(FLAG, "whether there is an answer"),
    log10_error=(REAL, "log10 of ||x - x*||_2, x* the exact minimiser of the true input; null if 0, or no answer"),
    log10_norm=(REAL, "log10 of ||x*||_2"),
    log10_floor=(
        REAL,
        "log10 of half the distance to the minimiser of an input that is read alike; null where there is none",
    ),
    residual=(REAL, "||A x - y||_2 / ||y||_2 of the data as given, in answers-... alone; else null"),
    excess=(REAL, "||x||_1 / its least - 1, likewise"),
    x=(pa.list_(REAL), "(n,) the answer, likewise"),
)
"""A row an input and method."""
