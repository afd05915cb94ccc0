"""HiGHS proposes a basis of a linear program in float64, for `pivots` to start from."""

from typing import Any

import highspy
import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.simplex.highs_model import Settings, linear_program

SETTINGS: Settings = {
    "presolve": "off",
    "solver": "simplex",
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
}


def float_basis(matrix: FloatArray, rhs: FloatArray, prices: FloatArray, free: int = 0) -> list[int]:
    """Columns of the basis at which HiGHS ends for min prices.x subject to M x = b, x >= 0: a proposal, always.

    The first `free` columns may have either sign. With fewer nonzeros than rows the basis keeps rows in it; a slight
    move of b takes them out and leaves the support in, for the simplex continues from where it stands.
    """
    rows = np.abs(matrix).max(axis=1)
    with np.errstate(all="ignore"):
        M = matrix / rows[:, None]
        b = rhs / np.abs(rhs).max() / rows
        b /= np.abs(b).max()
    if not (np.isfinite(M).all() and np.isfinite(b).all() and np.isfinite(prices).all()):
        return []
    least = np.zeros(M.shape[1])
    least[:free] = -np.inf
    solver = linear_program(prices, M, (least, np.inf), (b, b), SETTINGS)
    solver.run()
    basic = _basic_columns(solver)
    if len(basic) < len(b):
        moved = b + 1e-5 * np.random.default_rng(0).uniform(-1, 1, len(b))
        solver.changeRowsBounds(len(b), np.arange(len(b), dtype=np.int32), moved, moved)
        solver.run()
        basic = max(basic, _basic_columns(solver), key=len)
    return basic


def _basic_columns(solver: Any) -> list[int]:
    status = solver.getBasis().col_status
    return [j for j, state in enumerate(status) if state == highspy.HighsBasisStatus.kBasic]
