"""Exact simplex over the rationals for prices that may differ on the two sides of zero.

    minimise  sum_j  up_j max(x_j, 0) + down_j max(-x_j, 0)   subject to  M x = b
    maximise  b.nu                                            subject to  -down_j <= m_j.nu <= up_j

One program for basis pursuit (up = down = 1), for finding a point of {M x = b, x >= 0} (up = 0, down = 1), for
least sum x over it (up = 1, down infinite), and for the face of all minimisers. While every price is finite each
basis is feasible, for each of its columns takes the sign of its x_j: no artificial variables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flint

Basis = Sequence[tuple[int, int]]
"""m independent columns, each with the side of zero, +1 or -1, on which its x_j lies."""

_PRIME = 2**61 - 1


@dataclass(frozen=True)
class Program:
    """M (m, n) of integers with full row rank, b (m, 1) of integers, prices >= 0; None is an infinite one."""

    matrix: Any
    rhs: Any
    up: Sequence[int]
    down: Sequence[int | None]

    @cached_property
    def columns(self) -> list[list[Any]]:
        """The columns of M."""
        return self.matrix.transpose().tolist()

    def coordinates(self, basis: Basis, vector: Any) -> list[Any]:
        """B^-1 vector, B the columns of the basis."""
        return _matrix(self.columns[j] for j, _ in basis).transpose().solve(vector).entries()

    def dual(self, basis: Basis) -> Any:
        """The nu (m, 1) whose slopes on the basis are its prices: m_j.nu = up_j or -down_j."""
        prices = [[self.up[j] if side > 0 else -(self.down[j] or 0)] for j, side in basis]
        return _matrix(self.columns[j] for j, _ in basis).solve(flint.fmpz_mat(prices))

    def slopes(self, nu: Any) -> list[Any]:
        """M^T nu."""
        return slopes(self.matrix, nu)


@dataclass(frozen=True)
class Vertex:
    """An optimal basis: x (n) and nu (m, 1) exact, slopes M^T nu (n), the optimal value, and the pivots it took."""

    basis: Basis
    x: list[Any]
    nu: Any
    slopes: list[Any]
    value: Any
    pivots: int


def minimise(program: Program, basis: Basis) -> Vertex:
    """The optimal vertex reached from a basis (a column's side is corrected wherever its x_j is not 0).

    A column with an infinite price must start on its finite side. Pivots take the steepest column, and the first
    one (Bland) after a step that went nowhere until one goes somewhere, so that the path cannot cycle.
    """
    levels = program.coordinates(basis, program.rhs)
    basis = [(j, _sign(level) or side) for level, (j, side) in zip(levels, basis, strict=True)]
    pivots, first_fit = 0, False
    while True:
        nu = program.dual(basis)
        slopes = program.slopes(nu)
        entering = _entering(program, slopes, first_fit)
        if entering is None:
            x = [flint.fmpq(0)] * len(slopes)
            for (j, _), level in zip(basis, levels, strict=True):
                x[j] = level
            value = sum((slopes[j] * x[j] for j, _ in basis), flint.fmpq(0))
            return Vertex(basis, x, nu, slopes, value, pivots)
        j, side = entering
        change = [side * d for d in program.coordinates(basis, _matrix([program.columns[j]]).transpose())]
        # prices are not negative, so the value is bounded below and some level does fall to zero
        falling = [i for i, (_, side_i) in enumerate(basis) if change[i] * side_i > 0]
        step, _, row = min((levels[i] / change[i], basis[i], i) for i in falling)
        levels = [level - step * d for level, d in zip(levels, change, strict=True)]
        levels[row] = side * step
        basis = [*basis[:row], entering, *basis[row + 1 :]]
        pivots, first_fit = pivots + 1, step == 0


def _entering(program: Program, slopes: list[Any], first_fit: bool) -> tuple[int, int] | None:
    """The column, and its side, whose slope exceeds its price: the first one, or the one that exceeds it most."""
    excess = []
    for j, (slope, up, down) in enumerate(zip(slopes, program.up, program.down, strict=True)):
        if down is not None and -slope > down:
            excess.append((-slope - down, (j, -1)))
        elif slope > up:
            excess.append((slope - up, (j, 1)))
        if first_fit and excess:
            break
    return max(excess)[1] if excess else None


def complete_basis(matrix: Any, preferred: Sequence[int]) -> list[int]:
    """m independent columns of an integer matrix of full row rank, the preferred ones first where they can be."""
    chosen = set(preferred)
    order = [*preferred, *(j for j in range(matrix.ncols()) if j not in chosen)]
    columns = matrix.transpose().tolist()
    shuffled = _matrix(columns[j] for j in order).transpose()
    # independent modulo a prime is independent; the converse may fail, and the exact elimination then decides
    modular = flint.nmod_mat(shuffled, _PRIME).rref()
    reduced, rank = modular if modular[1] == matrix.nrows() else shuffled.rref()[::2]
    return [order[pivot] for pivot in pivot_columns(reduced, rank)]


def pivot_columns(reduced: Any, rank: int) -> list[int]:
    """The column of the leading entry of each row of a reduced row echelon form."""
    pivots, column = [], 0
    for row in range(rank):
        while reduced[row, column] == 0:
            column += 1
        pivots.append(column)
        column += 1
    return pivots


def kernel(matrix: Any) -> list[list[Any]]:
    """A basis of the kernel of an integer matrix, one rational vector for each column that is no pivot."""
    reduced, denominator, rank = matrix.rref()
    pivots = pivot_columns(reduced, rank)
    vectors = []
    for free in sorted(set(range(matrix.ncols())) - set(pivots)):
        vector = [flint.fmpq(int(j == free)) for j in range(matrix.ncols())]
        for row, pivot in enumerate(pivots):
            vector[pivot] = -flint.fmpq(reduced[row, free], denominator)
        vectors.append(vector)
    return vectors


def slopes(matrix: Any, nu: Any) -> list[Any]:
    """M^T nu for an integer M and a rational nu (m, 1)."""
    numerator, denominator = nu.numer_denom()
    return [flint.fmpq(entry, denominator) for entry in (matrix.transpose() * numerator).entries()]


def selected_columns(matrix: Any, indices: Iterable[int]) -> Any:
    """The columns of an integer matrix at these places."""
    return selected_rows(matrix.transpose(), indices).transpose()


def selected_rows(matrix: Any, indices: Iterable[int]) -> Any:
    """The rows of an integer matrix at these places."""
    rows = matrix.tolist()
    return _matrix(rows[i] for i in indices)


def _matrix(rows: Iterable[list[Any]]) -> Any:
    return flint.fmpz_mat(list(rows))


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)
