"""The table of faces of minimisers: a polygon, the point of it that each depth selects, and limits near it."""

from dlnflow.files.column_kinds import ROW_KEY
from dlnflow.files.tables import COUNT, REAL, TEXT, VECTOR, schema_of

FACES = schema_of(
    "grid features trial depth measurements entries -log10_scale",
    grid=(TEXT, "name in the config", ROW_KEY),
    features=(COUNT, "n", ROW_KEY),
    measurements=(COUNT, "m", ROW_KEY),
    entries=(COUNT, "s, the entries of x0 that are not 0", ROW_KEY),
    trial=(COUNT, "number of the instance, from 0", ROW_KEY),
    kind=(
        TEXT,
        "vertex: of the polygon, a row each, in their order around it; selected: by a depth; centre: the greatest "
        "product of the |x_i|, where the selected points tend as L grows; limit: of the network at a depth and scale",
        ROW_KEY,
    ),
    depth=(REAL, "L; null for a vertex and the centre"),
    exact_depth=(TEXT, "L as typed, exact; null likewise", ROW_KEY),
    scale=(TEXT, "eps = alpha^L, exact; null but for limits", ROW_KEY),
    log10_scale=(REAL, "log10 of eps; null but for limits"),
    status=(TEXT, "a results.Status"),
    message=(TEXT, "why a limit failed, else empty"),
    place=(VECTOR, "(2,) orthogonal projection on the plane of the face, lengths as those of x; null without an x"),
    x=(VECTOR, "(n,) the point itself, rounded to float64; null if it failed"),
    log10_distance=(REAL, "log10 of a limit's distance (2-norm) to the minimiser that its depth selects; null if 0"),
)
"""What a job writes: the rows of each face."""
