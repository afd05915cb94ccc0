"""Linear programs in standard form: minimise c.x subject to A x = b, x >= 0, in floats and as exact rationals."""

from collections.abc import Sequence
from copy import copy
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint

from dlnflow.exact import to_fmpq
from dlnflow.exact_arrays import ProblemError, has_full_rank, read_array
from dlnflow.exact_simplex import pivot_columns


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
        entries = self._rational_A or [Fraction(value) for value in self.A.ravel().tolist()]
        n = self.variables
        return [entries[i : i + n] for i in range(0, len(entries), n)]

    @property
    def rational_b(self) -> list[Fraction]:
        """The exact entries of b."""
        return self._rational_b or [Fraction(value) for value in self.b.tolist()]

    @property
    def rational_c(self) -> list[Fraction]:
        """The exact entries of c."""
        return self._rational_c or [Fraction(value) for value in self.c.tolist()]

    @cached_property
    def exact_A(self) -> flint.fmpq_mat:
        """A as an exact (m, n) rational matrix."""
        entries = [to_fmpq(entry) for row in self.rational_A for entry in row]
        return flint.fmpq_mat(self.constraints, self.variables, entries)

    @cached_property
    def exact_b(self) -> flint.fmpq_mat:
        """b as an exact (m, 1) rational matrix."""
        return _column(self.rational_b)

    @cached_property
    def exact_c(self) -> flint.fmpq_mat:
        """c as an exact (n, 1) rational matrix."""
        return _column(self.rational_c)

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


def _column(entries: Sequence[Fraction]) -> flint.fmpq_mat:
    return flint.fmpq_mat(len(entries), 1, [to_fmpq(entry) for entry in entries])
