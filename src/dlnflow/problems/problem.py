"""The data of a problem: A x = y, checked once, in floats and as exact rationals.

Shapes: A is (m measurements) x (n features) with m < n and full row rank; y is (m,).
"""

from fractions import Fraction
from functools import cached_property
from typing import Any

import flint
import numpy as np

from dlnflow.arithmetic.arrays import ProblemError as ProblemError
from dlnflow.arithmetic.arrays import exact_matrix, has_full_rank, lost, rational_entries, rational_rows, read_array
from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number


class Problem:
    """Underdetermined data A x = y for a diagonal linear network x = u^L - v^L (or x = u^L if nonnegative).

    A: (m, n) with m < n and full row rank; y: (m,), not zero; x0: (n,) the signal behind y, where it is known.
    Each is an array, or nested lists of numbers or of text such as "0.111" or "1/3". Text and integers are exact,
    floats are the dyadic rationals that they are. `A`, `y` and `x0` are read-only float64; `exact_A` and `exact_y`
    are the rationals behind them.

    Raises ProblemError for anything that is not such data.
    """

    def __init__(self, A: Any, y: Any, nonnegative: bool = False, *, x0: Any = None) -> None:
        if not isinstance(nonnegative, bool | np.bool_):
            raise ProblemError(f"nonnegative is {nonnegative!r}, expected True or False")
        self.nonnegative = bool(nonnegative)
        self.A, self._rational_A = read_array(A, "A", ndim=2)
        self.y, self._rational_y = read_array(y, "y", ndim=1)
        m, n = self.A.shape
        if self.y.shape != (m,):
            raise ProblemError(f"y has {self.y.size} entries, expected {m}, one for each row of A")
        if m >= n:
            raise ProblemError(f"A is {m} x {n}, expected fewer rows (measurements) than columns (features)")
        if not self.y.any():
            raise ProblemError("y is zero, expected at least one entry that is not")
        self.x0 = None if x0 is None else read_array(x0, "x0", ndim=1)[0]
        if self.x0 is not None and self.x0.shape != (n,):
            raise ProblemError(f"x0 has {self.x0.size} entries, expected {n}, one for each column of A")
        rank = m if has_full_rank(self.A) else self.exact_A.rank()
        if rank < m:
            raise ProblemError(f"A has rank {rank}, expected full row rank {m}: a row depends on the others")

    @property
    def measurements(self) -> int:
        """m, the number of rows of A."""
        return int(self.A.shape[0])

    @property
    def features(self) -> int:
        """n, the number of columns of A."""
        return int(self.A.shape[1])

    @property
    def rational_A(self) -> list[list[Fraction]]:
        """The exact entries of A, row by row."""
        return rational_rows(self.A, self._rational_A)

    @property
    def rational_y(self) -> list[Fraction]:
        """The exact entries of y."""
        return rational_entries(self.y, self._rational_y)

    @cached_property
    def A_low(self) -> FloatArray:
        """What rounding took from A: A + A_low holds the exact entries to about 32 digits."""
        return lost(self.A, self._rational_A)

    @cached_property
    def y_low(self) -> FloatArray:
        """What rounding took from y."""
        return lost(self.y, self._rational_y)

    @cached_property
    def exact_A(self) -> flint.fmpq_mat:
        """A as an exact (m, n) rational matrix."""
        return exact_matrix(rational_entries(self.A, self._rational_A), *self.A.shape)

    @cached_property
    def exact_y(self) -> flint.fmpq_mat:
        """y as an exact (m, 1) rational matrix."""
        return exact_matrix(self.rational_y, self.measurements, 1)

    def __repr__(self) -> str:
        kind = "nonnegative" if self.nonnegative else "signed"
        return f"Problem({self.measurements} measurements, {self.features} features, {kind})"


LINE = Problem([[1, 1, 1], [3, 0, 1]], [3, 3])
"""line of Wind, Antun and Hansen (2023): the minimisers form a segment."""
PLANE = Problem([[2, -1, 0, 1], [0, 3, 2, 0]], [0, 6])
"""plane of the same paper: the minimisers form a face that leaves out one coordinate."""
RANDOM = Problem(
    [
        ["-0.111", "0.120", "-0.370", "-0.240", "-1.197"],
        ["0.209", "-0.972", "-0.755", "0.324", "-0.109"],
        ["0.210", "-0.391", "0.235", "0.665", "0.353"],
    ],
    ["0.973", "-0.039", "-0.886"],
)
"""random of the same paper: a unique minimiser."""


def kink(delta: Any) -> Problem:
    """A = [1, 1 - delta], y = 1: basis pursuit jumps from (1, 0) to (0, 1/(1-delta)) where delta changes sign."""
    return Problem([[1, 1 - parse_number(delta)]], [1])
