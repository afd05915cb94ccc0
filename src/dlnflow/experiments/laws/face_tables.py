"""The table of faces of minimisers: a polygon, the point of it that each depth selects, and limits near it."""

import pyarrow as pa

from dlnflow.files.column_kinds import ROW_KEY
from dlnflow.files.tables import schema_of

_TEXT, _REAL, _COUNT, _VECTOR = pa.string(), pa.float64(), pa.int32(), pa.list_(pa.float64())

FACES = schema_of(
    "grid features trial depth measurements entries -log10_scale",
    grid=(_TEXT, "name in the config", ROW_KEY),
    features=(_COUNT, "n", ROW_KEY),
    measurements=(_COUNT, "m", ROW_KEY),
    entries=(_COUNT, "s, the entries of x0 that are not 0", ROW_KEY),
    trial=(_COUNT, "number of the instance, from 0", ROW_KEY),
    kind=(
        _TEXT,
        "vertex: of the polygon, a row each, in their order around it; selected: by a depth; centre: the greatest "
        "product of the |x_i|, where the selected points tend as L grows; limit: of the network at a depth and scale",
        ROW_KEY,
    ),
    depth=(_REAL, "L; null for a vertex and the centre"),
    exact_depth=(_TEXT, "L as typed, exact; null likewise", ROW_KEY),
    scale=(_TEXT, "eps = alpha^L, exact; null but for limits", ROW_KEY),
    log10_scale=(_REAL, "log10 of eps; null but for limits"),
    status=(_TEXT, "a results.Status"),
    message=(_TEXT, "why a limit failed, else empty"),
    place=(_VECTOR, "(2,) orthogonal projection on the plane of the face, lengths as those of x; null without an x"),
    x=(_VECTOR, "(n,) the point itself, rounded to float64; null if it failed"),
    log10_distance=(_REAL, "log10 of a limit's distance (2-norm) to the minimiser that its depth selects; null if 0"),
)
"""What a job writes: the rows of each face."""
