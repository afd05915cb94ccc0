"""From an optimal vertex of a linear program to the interior of its optimal faces, primal and dual."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import flint

from dlnflow.simplex.pivots import Basis, Program, Vertex, kernel, minimise, selected_columns, slopes


@dataclass(frozen=True)
class OptimalFace:
    """A strictly complementary pair of a program, exactly, and the face of all its solutions.

    x: (n) in the relative interior.  nu: (m, 1), whose slope is at a price on the support alone.  support: where x is
    not 0.  kernel: a basis of the kernel of the support's columns.  pivots: exact ones beyond the vertex.
    """

    x: list[Any]
    nu: Any
    support: tuple[int, ...]
    kernel: list[list[Any]]
    pivots: int


def optimal_face(program: Program, vertex: Vertex) -> OptimalFace:
    """The face of all solutions, from one optimal vertex."""
    mu, direction, pivots = face_directions(program, vertex)
    nu = vertex.nu + _step_inside(_room_of_the_dual(program, vertex.slopes, slopes(program.matrix, mu))) * mu
    step = _step_inside(-x / d for x, d in zip(vertex.x, direction, strict=True) if x * d < 0)
    x = [value + step * d for value, d in zip(vertex.x, direction, strict=True)]
    support = tuple(j for j, value in enumerate(x) if value != 0)
    # the vertex's own columns are independent: only a direction of the face makes those of the support dependent
    face = kernel(selected_columns(program.matrix, support)) if any(direction) else []
    return OptimalFace(x, nu, support, face, pivots)


def face_directions(program: Program, vertex: Vertex) -> tuple[Any, list[Any], int]:
    """Where to move nu (m, 1) and x (n) from a vertex so that the pair becomes strictly complementary, and the pivots.

    E: the columns whose slope is at a price.  S: those of them with x_j != 0, or with both prices 0.  M = M_E with
    signs that make x >= 0.  Each column in E \\ S is either in T, the union of the supports of all optimal x, or has
    m_j.mu < 0 for a mu with M_S^T mu = 0 and M^T mu <= 0. Asking for a d with M d = 0 and d >= 1 on R = E \\ S ends
    with such a d, or with a mu that takes columns out of R; ask again until R = T \\ S.
    """
    tight, down = [], []
    for j, (slope, x, up, low) in enumerate(zip(vertex.slopes, vertex.x, program.up, program.down, strict=True)):
        if slope == up or (low is not None and slope == -low):
            tight.append((j, 1 if slope == up else -1))
            down.append(int(x == 0 and not up == low == 0))
    place = {j: k for k, (j, _) in enumerate(tight)}
    M = flint.fmpz_mat([[side * entry for entry in program.columns[j]] for j, side in tight]).transpose()
    rest = [k for k, price in enumerate(down) if price]
    basis: Basis = [(place[j], 1) for j, _ in vertex.basis]
    mu, direction, pivots = flint.fmpq_mat(M.nrows(), 1), [flint.fmpq(0)] * len(vertex.x), 0
    while rest:
        ones = flint.fmpz_mat([[int(k in rest)] for k in range(len(tight))])
        answer = minimise(Program(M, -(M * ones), [0] * len(tight), down), basis)
        basis, pivots = answer.basis, pivots + answer.pivots
        if answer.value == 0:
            for k, (j, side) in enumerate(tight):
                direction[j] = side * (answer.x[k] + int(k in rest))
            break
        mu += answer.nu
        rest = [k for k in rest if answer.slopes[k] == 0]
    return mu, direction, pivots


def _room_of_the_dual(program: Program, slopes: list[Any], changes: list[Any]) -> Iterable[Any]:
    """How far each slope may move before it reaches a price."""
    for slope, change, up, down in zip(slopes, changes, program.up, program.down, strict=True):
        if change > 0:
            yield (up - slope) / change
        elif change < 0 and down is not None:
            yield (down + slope) / -change


def _step_inside(bounds: Iterable[Any]) -> Any:
    """A step inside all bounds: about half of the least one, a power of two to keep numbers short; 1 without bounds."""
    least = min(bounds, default=flint.fmpq(2))
    exponent = int(least.numerator).bit_length() - int(least.denominator).bit_length() - 2
    return flint.fmpq(2) ** exponent
