"""Linear programs in standard form: minimise c.x subject to A x = b, x >= 0, in floats and as exact rationals."""

from copy import copy
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint

from dlnflow.arithmetic.arrays import (
    ProblemError,
    exact_matrix,
    has_full_rank,
    rational_entries,
    rational_rows,
    read_array,
)
from dlnflow.simplex.pivots import pivot_columns


class StandardForm:
    """minimise c.x subject to A x = b, x >= 0.

    A: (m, n), b: (m,), c: (n,), arrays or nested lists of numbers or of text such as "0.111" or "1/3". Text and
    integers are exact, floats are the dyadic rationals that they are. `A`, `b` and `c` are read-only float64;
    `exact_A`, `exact_b` and `exact_c` are the rationals behind them. Rows may depend on others.

    Raises ProblemError for anything that is not such data.
    """

    def __init__(self, A: Any, b: Any, c: Any) -> None:
        self.A, self._rational_A = read_array(A, "A", ndim=2)
        self.b, self._rational_b = read_array(b, "b", ndim=1)
        self._read_costs(c)
        if self.b.shape != self.A.shape[:1]:
            raise ProblemError(f"b has {self.b.size} entries, expected {self.constraints}, one for each row of A")
        if not self.A.any():
            raise ProblemError("A is zero, expected at least one entry that is not")

    def _read_costs(self, c: Any) -> None:
        self.c, self._rational_c = read_array(c, "c", ndim=1)
        if self.c.shape != self.A.shape[1:]:
            raise ProblemError(f"c has {self.c.size} entries, expected {self.variables}, one for each column of A")

    @property
    def constraints(self) -> int:
        """m, the number of rows of A."""
        return int(self.A.shape[0])

    @property
    def variables(self) -> int:
        """n, the number of columns of A."""
        return int(self.A.shape[1])

    @property
    def rational_A(self) -> list[list[Fraction]]:
        """The exact entries of A, row by row."""
        return rational_rows(self.A, self._rational_A)

    @property
    def rational_b(self) -> list[Fraction]:
        """The exact entries of b."""
        return rational_entries(self.b, self._rational_b)

    @property
    def rational_c(self) -> list[Fraction]:
        """The exact entries of c."""
        return rational_entries(self.c, self._rational_c)

    @cached_property
    def exact_A(self) -> flint.fmpq_mat:
        """A as an exact (m, n) rational matrix."""
        return exact_matrix(rational_entries(self.A, self._rational_A), *self.A.shape)

    @cached_property
    def exact_b(self) -> flint.fmpq_mat:
        """b as an exact (m, 1) rational matrix."""
        return exact_matrix(self.rational_b, self.constraints, 1)

    @cached_property
    def exact_c(self) -> flint.fmpq_mat:
        """c as an exact (n, 1) rational matrix."""
        return exact_matrix(self.rational_c, self.variables, 1)

    @cached_property
    def independent_rows(self) -> tuple[int, ...]:
        """Rows of A of which the others are combinations: each that does not depend on those before it, exactly."""
        if self.constraints <= self.variables and has_full_rank(self.A):
            return tuple(range(self.constraints))
        numerator, _ = self.exact_A.numer_denom()
        reduced, _, rank = numerator.transpose().rref()
        return tuple(pivot_columns(reduced, rank))

    @property
    def rank(self) -> int:
        """The rank of A."""
        return len(self.independent_rows)

    def with_costs(self, c: Any) -> "StandardForm":
        """The same constraints with other costs."""
        other = copy(self)
        vars(other).pop("exact_c", None)
        other._read_costs(c)
        return other

    def __repr__(self) -> str:
        return f"StandardForm({self.constraints} constraints, {self.variables} variables)"
