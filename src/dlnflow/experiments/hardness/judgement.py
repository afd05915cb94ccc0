"""The verdict on what a method answers to data that it was given exactly: right, wrong within its tolerance, or wrong.

Near a kink points that are far apart have nearly the same value, so that an answer may be far from the minimiser and
yet as good as its solver promises. That is no fault of the solver's, and is told here from an answer that is not.
"""

from enum import StrEnum

import numpy as np
import pandas as pd

from dlnflow.results import Status

DIGITS = 6
"""Correct digits of an answer that counts as right. The vertices of a kink are of its size and as far apart, and the
loosest tolerance is 1.2e-7: what is at the right vertex to within that, times the few units by which an error may
exceed a residual, has six digits, and what is at another vertex or between the two has none."""
ALLOWANCE = 30.0
"""How many tolerances an answer may be from feasible, and its norm from the least.

Of z, an answer to the linear program, and z*, the best one: with a residual r, a dual residual s and a gap g,
value(z) - value(z*) <= g + |s|_inf |z*|_1 + |r|_inf |multipliers|_1. A solver compares each of g, s and r with its
tolerance times sizes, all of order 1 here. In units of tolerance times the least norm of a kink:
- HiGHS, whose tolerances are absolute, of a reduced cost and of a row: s 1, r 1, so 2.
- OSQP, PIQP and SCS, eps_abs + eps_rel max(...): g 2, s 2 |(x, t)|_1 = 4, r 2 (1 + 2) = 6 for the multipliers of
  A x = y and of |x| <= t, and 4 more for the t below |x| by r: 16.
- Clarabel, where two sizes are added to 1: g 1, s 3 |(x, t)|_1 = 6, r 4 (1 + 2) = 12, and 8 more: 27.
So 30 excuses each of them, at its worst in every test at once. LARS has another unit, see `promised`. SPGL1 says that
it found a basis pursuit solution as soon as the residual is within bp_tol, and nothing that it tests then bounds the
norm: it is held to what it says, at the tolerance that it was asked for."""


class Answered(StrEnum):
    """What an answer is worth, beside what was said of it."""

    RIGHT = "right"
    """It is said to be the minimiser, and has DIGITS correct digits of it."""
    INSIDE = "inside"
    """It is said to be the minimiser and is not, but is feasible and of least norm to what the solver promises."""
    WRONG = "wrong"
    """It is said to be the minimiser, and is not even of least norm, or feasible, to what the solver promises."""
    REFUSED = "refused"
    """There is no answer, or it is not said to be the minimiser, whatever it is: nobody is misled."""


def verdicts(cells: pd.DataFrame) -> pd.Series:
    """An `Answered` for each of the rows of `tables.HARDNESS` of grids of answers.

    Raises ValueError for a wrong answer of which the table does not tell how far it is from feasible and least.
    """
    claimed = cells["is_answered"].astype(bool) & (cells["status"] == Status.CONVERGED)
    wrong = claimed & (correct_digits(cells) < DIGITS)
    how_far = cells[["residual", "excess", "tolerance"]].astype(float)
    if how_far[wrong].isna().any(axis=None):
        raise ValueError("an answer cannot be judged without residual, excess and tolerance")
    allowed = ALLOWANCE * promised(cells)
    inside = (how_far["residual"] <= allowed) & (how_far["excess"] <= allowed)
    found = np.select([~claimed, ~wrong, inside], [Answered.REFUSED, Answered.RIGHT, Answered.INSIDE], Answered.WRONG)
    return pd.Series([Answered(name) for name in found], index=cells.index, dtype=object, name="verdict")


def correct_digits(cells: pd.DataFrame) -> pd.Series:
    """-log10 of the error over ||x*||_2; inf for no error at all, NaN without an answer."""
    error = cells["log10_error"].astype(float).fillna(-np.inf)
    return (cells["log10_norm"].astype(float) - error).where(cells["is_answered"].astype(bool))


def promised(cells: pd.DataFrame) -> pd.Series:
    """The tolerance in the units of `residual` and `excess`.

    Those of linear programs are absolute, of every row: ||A x - y||_2 is at most m^(1/2) times that, and ||y||_2 is
    m^(1/2) times a kink's height, so they are relative too. LARS ends at a penalty, p, of the lasso with
    ||A x - y||^2 / (2 m): ||x||_1 is at most the least and y - A x is m p nu, so it promises a residual of m p.
    """
    units = cells["measurements"].where(cells["method"] == "lars", 1)
    return cells["tolerance"].astype(float) * units
