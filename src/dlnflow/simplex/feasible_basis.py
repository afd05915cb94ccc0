"""The way from any basis to a vertex with x >= 0, exactly, or the proof that there is none."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from dlnflow.arithmetic.exact import to_fraction
from dlnflow.simplex.pivots import Basis, Program, minimise


class InfeasibleError(ValueError):
    """y = A x has no solution x >= 0; `certificate` is a nu (m) with A^T nu <= 0 < y.nu, which proves it (Farkas)."""

    def __init__(
        self,
        certificate: tuple[Fraction, ...],
        message: str = "y = A x has no solution x >= 0, expected one for a nonnegative problem",
    ) -> None:
        super().__init__(message)
        self.certificate = certificate


def feasible_basis(matrix: Any, rhs: Any, basis: Basis) -> tuple[list[tuple[int, int]], int]:
    """A basis of {M x = b, x >= 0}, each column on its side x_j >= 0, from any basis, and the pivots it took.

    Raises InfeasibleError, the certificate for M and b.
    """
    n = matrix.ncols()
    feasible = minimise(Program(matrix, rhs, [0] * n, [1] * n), basis)
    if feasible.value > 0:
        raise InfeasibleError(fractions(feasible.nu.entries()))
    # value 0 leaves no x_j < 0, and a column at 0 may stand on the side whose price stays finite
    return [(j, 1) for j, _ in feasible.basis], feasible.pivots


def fractions(values: Iterable[Any]) -> tuple[Fraction, ...]:
    """Rationals of flint as Python's own."""
    return tuple(to_fraction(value) for value in values)
