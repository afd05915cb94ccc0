"""What every input of a ball has in common near the centre's limit: bounds that the proofs of `limit` share.

Let nu be a dual point of the centre, z = A^T nu, x = x(z), and J a basis of heavy columns. For an input (A', y') let
W' = A'_J^-1 A' off J. Keep z_J as it is: off J then z' = W'^T z_J and x' = x(z'), and with x~ = (x_J, x')

    x'_J - x_J  =  A'_J^-1 (y' - A' x~)  =  A'_J^-1 ((y - A x) + dy - dA x~) - sum_j A'_J^-1 a_j (x'_j - x_j)

is what the input's equations add to x_J. On J x depends on z_J alone, so a change of the data moves the light columns
only: that is why the basis is heavy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flint

from dlnflow.arithmetic.exact import to_arb
from dlnflow.balls.row_basis import IntegerMatrix, heaviest_basis
from dlnflow.intervals.problem import IntervalProblem
from dlnflow.intervals.vertex import columns_of
from dlnflow.network.certified_limits import CertifiedLimit
from dlnflow.network.in_balls import BallNetwork
from dlnflow.network.network import Network
from dlnflow.problems.problem import Problem

BOUND_BITS = 64
"""Of the bounds themselves."""


@dataclass(frozen=True, eq=False)
class Start:
    """The midpoints of the centre's nu, evaluated with so many bits.

    z, x, weights (n) balls.  nu_size: ||nu||_1.  residual: max |y - A x|.  basis: J (m).
    """

    bits: int
    z: list[Any]
    x: list[Any]
    weights: list[Any]
    nu_size: Any
    residual: Any
    basis: list[int]


def start_of(problem: Problem, network: Network, centre: CertifiedLimit) -> Start | None:
    """The point to prove from, or None where it is not shown to lie inside the domain."""
    bits = max(centre.precision, *(ball.mid().bits() for ball in centre.nu)) + BOUND_BITS
    with flint.ctx.workprec(bits):
        nu = flint.arb_mat([[ball.mid()] for ball in centre.nu])
        A = flint.arb_mat(problem.exact_A)
        z = (A.transpose() * nu).entries()
        values = BallNetwork(network).values(z)
        if values is None:
            return None
        x, weights = values
        residual = (flint.arb_mat(problem.exact_y) - A * flint.arb_mat([[value] for value in x])).entries()
    basis = heaviest_basis(IntegerMatrix(problem.exact_A.numer_denom()[0].transpose()), weights).rows
    with flint.ctx.workprec(BOUND_BITS):
        size = _sum(value.abs_upper() for value in nu.entries())
        return Start(bits, z, x, weights, size, max(value.abs_upper() for value in residual), basis)


@dataclass(frozen=True, eq=False)
class InputBounds:
    """Bounds over all inputs of the ball, radius r; s = sum of |A_J^-1|, stretch = 1/(1 - r s).

    rows: (m) p_l, the l1 norms of the rows of A_J^-1.  slopes: {j off J: |z'_j - z_j|}.
    images: {j off J: (m) of A'_J^-1 a_j}, a_j that of the centre.  moved: {j off J: (m) of w'_j = A'_J^-1 a'_j}.

        |A'_J^-1 v|_l <= p_l |v|_inf stretch,                |A'_J^-1 a_j|_l <= |w_jl| + r p_l ||w_j||_1 stretch,
        |w'_jl - w_jl| <= r p_l (1 + ||w_j||_1) stretch,     |z'_j - z_j| <= r (1 + ||w_j||_1) ||nu||_1 stretch.
    """

    start: Start
    radius: Any
    stretch: Any
    rows: list[Any]
    slopes: dict[int, Any]
    images: dict[int, list[Any]]
    moved: dict[int, list[Any]]

    def added_to_x(self, x: Mapping[int, Any]) -> list[Any]:
        """(m) bounds on |x'_J - x_J|, given balls x'_j for j off J."""
        start = self.start
        size = _sum(start.x[i].abs_upper() for i in start.basis) + _sum(value.abs_upper() for value in x.values())
        spread = (start.residual + self.radius * (1 + size)) * self.stretch
        added = [p * spread for p in self.rows]
        for j, value in x.items():
            change = (value - start.x[j]).abs_upper()
            added = [g + w * change for g, w in zip(added, self.images[j], strict=True)]
        return [g.abs_upper() for g in added]


def input_bounds(interval: IntervalProblem, start: Start) -> InputBounds | None:
    """The bounds, or None where some A'_J may be singular: r s >= 1."""
    A, r = interval.centre.exact_A, to_arb(interval.radius)
    inverse = columns_of(A, start.basis).inv()
    rows = [flint.arb(sum(map(abs, row))).abs_upper() for row in inverse.tolist()]
    left = 1 - r * _sum(rows)
    if not left > 0:
        return None
    off = [j for j in range(A.ncols()) if j not in set(start.basis)]
    slopes, images, moved = {}, {}, {}
    for j, column in zip(off, (inverse * columns_of(A, off)).transpose().tolist(), strict=True):
        w = [flint.arb(entry).abs_upper() for entry in column]
        by_image, by_move = r * _sum(w) / left, r * (1 + _sum(w)) / left
        slopes[j] = (by_move * start.nu_size).abs_upper()
        images[j] = [(entry + p * by_image).abs_upper() for entry, p in zip(w, rows, strict=True)]
        moved[j] = [(entry + p * by_move).abs_upper() for entry, p in zip(w, rows, strict=True)]
    return InputBounds(start, r, 1 / left, rows, slopes, images, moved)


def range_of_x(network: Network, z: Sequence[Any]) -> list[Any] | None:
    """Balls of x over balls z by its values at their ends, for x increases: a power of a wide ball would be wider."""
    low, high = (BallNetwork(network).values([end(ball) for ball in z]) for end in (flint.arb.lower, flint.arb.upper))
    return None if low is None or high is None else [a.union(b) for a, b in zip(low[0], high[0], strict=True)]


def least_weights(network: Network, z: Sequence[Any]) -> list[Any] | None:
    """Lower bounds of dx/dz over balls z: it is even and increases with |z|, or increases with z if nonnegative."""
    lightest = flint.arb.lower if network.nonnegative else flint.arb.abs_lower
    values = BallNetwork(network).values([lightest(ball) for ball in z])
    return None if values is None else [weight.abs_lower() for weight in values[1]]


def widened(ball: Any, width: Any) -> Any:
    """The ball with a width added to its radius."""
    return ball + flint.arb(0, width.abs_upper())


def _sum(values: Iterable[Any]) -> Any:
    return sum(values, flint.arb(0))
