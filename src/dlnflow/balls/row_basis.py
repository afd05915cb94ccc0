"""Independent heavy rows of a matrix N (n, k): for bounds on Newton's norm, and for Newton steps with many unknowns.

With k independent rows J of N the unknowns are the w_J = N_J t, and for weights D

    N^T D N = N_J^T D_J^(1/2) S D_J^(1/2) N_J,    S = W^T W,    W = D^(1/2) N N_J^-1 D_J^(-1/2).

If J is the heaviest basis, (N N_J^-1)_ij != 0 only where D_i <= D_j: W is of moderate size, W_J = I, and S can be
factored in float64 though the weights may span hundreds of decades.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import frexp, inf, log2
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.simplex.pivots import complete_basis

LARGEST_WEIGHT = 32.0
"""An entry of W beyond this asks for another basis."""
FLOAT_BITS = 128
"""For an inverse whose digits become floats; its condition may take the rest."""


def two_to(exponent: int) -> Any:
    """2^exponent, exactly."""
    return flint.arb((1, exponent))


def split(balls: Sequence[Any]) -> tuple[FloatArray, NDArray[np.int64]]:
    """Mantissas (1/2 to 1, or 0) and exponents of the midpoints: numbers of any size, to 53 bits."""
    mantissas, small = np.frexp(np.array([float(ball) for ball in balls]))
    exponents = small.astype(np.int64)
    for i in np.flatnonzero((np.abs(exponents) > 1000) | ~np.isfinite(mantissas) | (mantissas == 0)).tolist():
        mantissas[i], exponents[i] = _split(balls[i])
    return mantissas, exponents


def log2_of(ball: Any) -> float:
    """log2 of the size of a ball's midpoint, -inf for 0."""
    size = abs(float(ball))
    if 1e-300 < size < 1e300:
        return log2(size)
    mantissa, exponent = _split(ball)
    return log2(abs(mantissa)) + exponent if mantissa else -inf


def _split(ball: Any) -> tuple[float, int]:
    with flint.ctx.workprec(53):
        man, exp = (+ball.mid()).mid().man_exp()
    mantissa, shift = frexp(float(man))
    return mantissa, shift + int(exp)


def _roots(balls: Sequence[Any]) -> tuple[FloatArray, NDArray[np.int64]]:
    mantissas, exponents = split(balls)
    odd = exponents % 2
    return np.sqrt(np.ldexp(mantissas, odd)), (exponents - odd) // 2


@dataclass(frozen=True, eq=False)
class IntegerMatrix:
    """A matrix (n, k) of integers (`fmpz_mat`), also as balls without radius."""

    integers: Any

    @property
    def columns(self) -> int:
        """k."""
        return int(self.integers.ncols())

    @cached_property
    def balls(self) -> Any:
        """The matrix (n, k)."""
        with flint.ctx.workprec(max(entry.height_bits() for entry in self.integers.entries()) + 8):
            return flint.arb_mat(self.integers)

    @cached_property
    def transposed(self) -> Any:
        """Its transpose (k, n)."""
        return self.balls.transpose()

    @cached_property
    def row_bits(self) -> NDArray[np.int64]:
        """(n,) the bits of the largest entry of each row."""
        return np.array([max(entry.height_bits() for entry in row) for row in self.integers.tolist()])

    @cached_property
    def rows(self) -> list[list[Any]]:
        """Its rows."""
        return self.balls.tolist()


@dataclass(frozen=True, eq=False)
class RowBasis:
    """Independent rows J of N, and N_J^-1 in balls of so many bits."""

    matrix: IntegerMatrix
    rows: list[int]
    bits: int
    inverse: Any

    def coordinates(self, descent: Any) -> list[Any]:
        """N_J^-T g: the u_J with N_J^T u_J = g, in balls."""
        return (self._transposed * descent).entries()

    @cached_property
    def _transposed(self) -> Any:
        return self.inverse.transpose()

    @cached_property
    def sizes(self) -> Any:
        """The entries of N_J^-1 without their signs, (k, k)."""
        with flint.ctx.workprec(self.bits):
            return flint.arb_mat([[abs(entry) for entry in row] for row in self.inverse.tolist()])

    @cached_property
    def image(self) -> FloatArray:
        """N N_J^-1 (n, k) in float64."""
        with flint.ctx.workprec(self.bits):
            entries = (self.matrix.balls * self.inverse).entries()
        lost = two_to(-60)
        if not all(entry.rad() < lost or entry.rad() < lost * abs(entry) for entry in entries):
            return refined(self).image
        values = [0.0 if entry.contains(0) else float(entry) for entry in entries]
        return np.array(values).reshape(-1, len(self.rows))

    def weighted(self, weights: Sequence[Any]) -> FloatArray:
        """W = D^(1/2) N N_J^-1 D_J^(-1/2), (n, k)."""
        mantissas, exponents = _roots(weights)
        # beyond 2^+-1100 there is nothing but 0 and inf, which is what ldexp makes of it
        shift = np.clip(exponents[:, None] - exponents[self.rows], -1100, 1100)
        with np.errstate(over="ignore"):
            ratio = np.ldexp(mantissas[:, None] / mantissas[self.rows], shift)
        return np.where(self.image == 0, 0.0, self.image * np.where(self.image == 0, 0.0, ratio))

    def suits(self, weights: Sequence[Any]) -> bool:
        """Whether the rows are heavy enough for these weights."""
        return bool(np.abs(self.weighted(weights)).max() <= 2 * LARGEST_WEIGHT)

    def newton_step(self, weights: Sequence[Any], coordinates: Sequence[Any]) -> tuple[Any, list[Any]]:
        """(N^T D N)^-1 g (k, 1) and N times it (n), to about float64's accuracy, as numbers without radius.

        coordinates: those of g.
        """
        W = self.weighted(weights)
        mantissas, exponents = _roots(weights)
        u, u_exponents = split(coordinates)
        relative = np.where(u == 0, -1100, u_exponents - exponents[self.rows])
        shift = int(relative.max())
        v = np.ldexp(u / mantissas[self.rows], np.clip(relative - shift, -1100, 0))
        s = np.linalg.solve(W.T @ W, v)
        heavy = _assemble(s / mantissas[self.rows], shift - exponents[self.rows])
        moves = _assemble(W @ s / mantissas, shift - exponents)
        return self.inverse.mid() * flint.arb_mat([[entry] for entry in heavy]), moves


def _assemble(mantissas: FloatArray, exponents: NDArray[np.int64]) -> list[Any]:
    return [flint.arb(m) * two_to(e) for m, e in zip(mantissas.tolist(), exponents.tolist(), strict=True)]


def greedy_basis(matrix: IntegerMatrix, weights: Sequence[Any]) -> RowBasis:
    """The heaviest row, D_i |n_i|^2, the next one that does not depend on it, and so on."""
    mantissas, exponents = split(weights)
    order = np.lexsort((-mantissas, -(exponents + 2 * matrix.row_bits))).tolist()
    rows = complete_basis(matrix.integers.transpose(), order)
    return _inverted(matrix, rows, FLOAT_BITS + int(np.ptp(exponents[rows])) // 2)


def heaviest_basis(matrix: IntegerMatrix, weights: Sequence[Any]) -> RowBasis:
    """A basis whose W has moderate entries."""
    return improved(greedy_basis(matrix, weights), weights)


def improved(basis: RowBasis, weights: Sequence[Any]) -> RowBasis:
    """The basis itself, or a better one where near-dependence leaves an entry of its W large.

    The entry's row then takes the place of its column's, which raises the product of the weights and the determinant.
    """
    while True:
        size = np.abs(basis.weighted(weights))
        row, column = (int(i) for i in np.unravel_index(int(size.argmax()), size.shape))
        if size[row, column] <= LARGEST_WEIGHT:
            return basis
        basis = _inverted(basis.matrix, [*basis.rows[:column], row, *basis.rows[column + 1 :]], basis.bits)


def refined(basis: RowBasis) -> RowBasis:
    """The same rows with an inverse of twice the precision."""
    finer = _inverted(basis.matrix, basis.rows, 2 * basis.bits)
    if "image" in vars(basis):  # float64 does not change
        vars(finer)["image"] = basis.image
    return finer


def _inverted(matrix: IntegerMatrix, rows: list[int], bits: int) -> RowBasis:
    """The basis of independent rows, at the first precision from `bits` on that shows their independence."""
    block = flint.arb_mat([matrix.rows[row] for row in rows])
    with flint.ctx.workprec(bits):
        try:
            return RowBasis(matrix, rows, bits, block.inv())
        except ZeroDivisionError:
            return _inverted(matrix, rows, 2 * bits)
