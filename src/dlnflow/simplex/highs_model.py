"""A dense linear program as HiGHS takes it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlnflow.arithmetic.error_free import FloatArray

Settings = Mapping[str, bool | int | float | str]


def linear_program(
    prices: FloatArray,
    matrix: FloatArray,
    bounds: tuple[ArrayLike, ArrayLike],
    rows: tuple[FloatArray, FloatArray],
    settings: Settings,
) -> Any:
    """A silent HiGHS on one thread, not yet run: min prices.z over bounds, with matrix z between rows.

    prices (n,); matrix (m, n), of which every entry is passed, column by column; bounds: numbers or (n,); rows: (m,).
    """
    import highspy  # solvers' names are checked without it

    m, n = matrix.shape
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"output_flag": False, "threads": 1, **settings}.items():
        solver.setOptionValue(name, value)
    none = np.zeros(0, dtype=np.int32)
    solver.addRows(m, *rows, 0, none, none, np.zeros(0))
    starts = np.arange(n, dtype=np.int32) * m
    indices = np.tile(np.arange(m, dtype=np.int32), n)
    low, high = (np.ascontiguousarray(np.broadcast_to(bound, n), dtype=np.float64) for bound in bounds)
    solver.addCols(n, prices, low, high, m * n, starts, indices, matrix.T.ravel())
    return solver
