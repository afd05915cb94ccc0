"""The table of the hardness experiment: an answer to an input that was read to so many bits, beside the truth."""

import pyarrow as pa

from dlnflow.files.column_kinds import COUNTED, ROW_KEY
from dlnflow.files.tables import schema_of

_TEXT, _REAL, _COUNT, _FLAG = pa.string(), pa.float64(), pa.int32(), pa.bool_()

HARDNESS = schema_of(
    "grid features method depth digits exponent bits delta_signs reverse measurements -log10_scale",
    grid=(_TEXT, "name of the grid: map-..., levels or answers-...", ROW_KEY),
    kinks=(_COUNT, "blocks [1, 1 - delta], of each kind", ROW_KEY),
    mixed=(_FLAG, "whether the rows are mixed by a rotation and the columns permuted", ROW_KEY),
    measurements=(_COUNT, "m"),
    features=(_COUNT, "n"),
    condition=(_REAL, "of A: its largest singular value over its least"),
    digits=(_COUNT, "K, for kinks of height 2 10^-K; null for height 1", ROW_KEY),
    exponent=(_COUNT, "k, |delta| = 2^-k", ROW_KEY),
    slow_exponent=(_COUNT, "that of the kinks of height 2 10^-(K-1); null without them", ROW_KEY),
    bits=(_COUNT, "b: every entry of the data is read to within 2^-b", ROW_KEY),
    bits_seen=(_COUNT, "those that reach the method: no more than 53 for a float solver"),
    delta_signs=(_TEXT, "of delta, for each kind of kinks", ROW_KEY),
    reverse=(_FLAG, "whether the columns stand in reverse order", ROW_KEY),
    method=(
        _TEXT,
        "limit: of the network's flow; interval: basis pursuit on balls of radius 2^-b; else a solver",
        ROW_KEY,
    ),
    depth=(_REAL, "L; null for a solver"),
    exact_depth=(_TEXT, "L as typed, exact; null for a solver", ROW_KEY),
    scale=(_TEXT, "eps = alpha^L, exact; null for a solver", ROW_KEY),
    log10_scale=(_REAL, "log10 of eps; null for a solver"),
    engine=(_TEXT, "the arithmetic that ran, or the solver", COUNTED),
    status=(_TEXT, "a results.Status; converged: it claims to have the minimiser, or the limit"),
    resolution=(_TEXT, "of method interval: resolved, not_resolved (two inputs prove it) or undecided; else null"),
    said=(_TEXT, "what a solver said of its answer, in its own words; else empty"),
    message=(_TEXT, "why there is no answer, else empty"),
    tolerance=(_REAL, "what the solver promises by its own documentation (solvers.names); null for a network"),
    is_answered=(_FLAG, "whether there is an answer"),
    log10_error=(_REAL, "log10 of ||x - x*||_2, x* the exact minimiser of the true input; null if 0, or no answer"),
    log10_norm=(_REAL, "log10 of ||x*||_2"),
    log10_floor=(
        _REAL,
        "log10 of half the distance to the minimiser of an input that is read alike; null where there is none",
    ),
    residual=(_REAL, "||A x - y||_2 / ||y||_2 of the data as given, in answers-... alone; else null"),
    excess=(_REAL, "||x||_1 / its least - 1, likewise"),
    x=(pa.list_(_REAL), "(n,) the answer, likewise"),
)
"""A row an input and method."""
