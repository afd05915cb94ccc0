"""Recovery's cells judged: success at a tolerance, and each answer beside the best of the solvers'."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number
from dlnflow.experiments.recovery.tables import cell_key
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import log10_or_none
from dlnflow.results import Status

FEASIBLE = 1e-10
"""||A x - y|| / ||y|| above which a solver's l1 norm is not used: LARS was seen to end at 2e-5, 6e-5 too low."""


def judged_rows(cells: Iterable[Row], tolerance: Any) -> Iterator[Row]:
    """The rows of RECOVERY: success at a tolerance, and each answer beside the best of the solvers'."""
    cells = list(cells)
    least: dict[tuple[object, ...], float] = {}
    exact: dict[tuple[object, ...], FloatArray] = {}
    for row in cells:
        if row["method"] != "limit" and row["status"] == Status.CONVERGED and row["residual"] <= FEASIBLE:
            key = cell_key(row)
            least[key] = min(least.get(key, math.inf), row["l1_norm"])
            if row["method"] == "exact":
                exact[key], least[key] = np.array(row["x"]), row["l1_norm"]
    log10_tolerance = math.log10(parse_number(tolerance))
    for row in cells:
        key, x = cell_key(row), row["x"]
        answered = row["l1_norm"] is not None
        error = row["log10_error"]
        best = exact.get(key)
        yield {name: value for name, value in row.items() if name != "x"} | {
            "success": answered and (error is None or error <= log10_tolerance),
            "l1_gap": row["l1_norm"] / least[key] - 1 if answered and key in least else None,
            "log10_solution_error": None if best is None or x is None else _log10_distance(np.array(x), best),
        }


def _log10_distance(x: FloatArray, best: FloatArray) -> float | None:
    with np.errstate(all="ignore"):
        return log10_or_none(float(np.linalg.norm(x - best) / np.linalg.norm(best)))
