"""From an optimal vertex of a linear program to the interior of its optimal faces, primal and dual."""

from typing import Any

import flint

from dlnflow.exact_simplex import Basis, Program, Vertex, minimise


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
