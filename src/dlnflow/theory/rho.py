"""rho: how far below 1 a dual certificate can stay off the support; 1 - rho is depth 2's rate (docs/theory.md, Rates).

With T, sigma_T and a strictly complementary nu from `basis_pursuit`, and s_j = a_j.nu,

    rho = min { max_{j off T} |a_j.nu'| : A_T^T nu' = sigma_T } = max { -sigma_T.n_T : n in ker A, ||n_off||_1 = 1 }

(nonnegative problems: a_j.nu' and n_off >= 0). The linear program on the right is solved exactly. As
sigma_T.n_T = -s_off.n_off on ker A, it reads, with a weight v for each signed column tau a_j off T,

    1 - rho = min { sum (1 - tau s_j) v_(j,tau) : A_T n_T + sum tau a_j v_(j,tau) = 0, sum v = 1, v >= 0 },

the least growth of ||x||_1 along a kernel direction that leaves the minimisers, per unit of ||n_off||_1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import flint
import numpy as np

from dlnflow.arithmetic.exact import to_fmpq, to_fraction
from dlnflow.minimisers.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.problems.problem import Problem
from dlnflow.simplex.optimal_faces import face_directions
from dlnflow.simplex.pivots import Program, complete_basis, minimise, selected_columns, slopes
from dlnflow.simplex.proposed_basis import float_basis

SignedColumns = tuple[tuple[int, int], ...]
"""Pairs (j, tau): the column tau a_j."""


class NoDirectionError(ValueError):
    """No n in ker A leaves the minimisers' support (with n_off >= 0 if nonnegative): rho is not defined."""

    def __init__(self) -> None:
        super().__init__("every feasible point has the minimisers' support, expected one that leaves it: no rho")


@dataclass(frozen=True)
class CheapestDirections:
    """The kernel directions along which ||x||_1 grows least.

    rho: exact.  columns: the signed columns off T that are positive in some of these directions.  certificate: (m,) a
    nu' that attains rho.  direction: (n) one of them, scaled to sum v = 1.  pivots: exact pivots made beyond the float
    basis.
    """

    rho: Fraction
    columns: SignedColumns
    certificate: tuple[Fraction, ...]
    direction: tuple[Fraction, ...]
    pivots: int


def rho(problem: Problem, minimiser: Minimiser | None = None) -> Fraction:
    """The least of max |a_j.nu| off T (a_j.nu if nonnegative) over the dual certificates nu, exactly.

    In [0, 1), or anything below 1 for a nonnegative problem. The depth-2 error falls as scale**(1 - rho).

    Raises NoDirectionError where it is not defined; basis pursuit's InfeasibleError.
    """
    found = cheapest_directions(problem, minimiser or basis_pursuit(problem))
    if found is None:
        raise NoDirectionError
    return found.rho


def off_support(problem: Problem, minimiser: Minimiser) -> list[int]:
    """The coordinates off T."""
    return sorted(set(range(problem.features)) - set(minimiser.support))


def signed_columns(problem: Problem, off: list[int]) -> SignedColumns:
    """(j, 1), and then (j, -1) unless the problem is nonnegative."""
    return tuple((j, tau) for tau in ((1,) if problem.nonnegative else (1, -1)) for j in off)


def cheapest_directions(
    problem: Problem, minimiser: Minimiser, reduced_costs: Sequence[Fraction] | None = None
) -> CheapestDirections | None:
    """The optimal face of the linear program, or None where it has no feasible point.

    reduced_costs: (n,) c - A^T nu >= 0 of other costs c.x than the l1 norm, for a nonnegative problem; 1 - a_j.nu
    stands for c_j - a_j.nu then in all that is said here.

    Signed: where ker A vanishes off T. Nonnegative: where no n in ker A has 0 != n_off >= 0, so that every feasible
    point is a minimiser.
    """
    if problem.features - problem.measurements == len(minimiser.kernel):
        return None  # ker A = ker A_T
    T, columns = minimiser.support, signed_columns(problem, off_support(problem, minimiser))
    A, scale = problem.exact_A.numer_denom()
    growth = _growths(problem, minimiser, columns) if reduced_costs is None else [reduced_costs[j] for j, _ in columns]
    common = lcm(*(value.denominator for value in growth))
    prices = [int(value * common) for value in growth]
    table = A.transpose().tolist()
    rows = [[*table[j], flint.fmpz(0)] for j in T]
    rows += [[*(tau * entry for entry in table[j]), flint.fmpz(1)] for j, tau in columns]
    matrix = flint.fmpz_mat(rows).transpose()
    # signed: (l, 1) A = 0 would ask both l.a_j = -1 and -l.a_j = -1; nonnegative: it says sum n_off = 0 on ker A
    if problem.nonnegative and matrix.rank() <= problem.measurements:
        return None
    none = [0] * len(T)
    rhs = flint.fmpz_mat([[0]] * problem.measurements + [[1]])
    basis = [(j, 1) for j in complete_basis(matrix, _proposal(problem, T, columns, prices, common))]
    start = minimise(Program(matrix, rhs, none + [0] * len(columns), none + [1] * len(columns)), basis)
    if start.value > 0:
        return None
    program = Program(matrix, rhs, none + prices, [*none, *(None for _ in columns)])
    vertex = minimise(program, [(j, 1) for j, _ in start.basis])
    _, directions, pivots = face_directions(program, vertex)
    used = [j for j in range(len(T), len(rows)) if vertex.x[j] != 0 or directions[j] != 0]
    direction = [Fraction(0)] * problem.features
    for place, (j, tau) in enumerate([*((j, 1) for j in T), *columns]):
        direction[j] += tau * to_fraction(vertex.x[place])
    return CheapestDirections(
        rho=1 - to_fraction(vertex.value) / common,
        columns=tuple(columns[j - len(T)] for j in used),
        # the dual's mu has A_T^T mu = 0 and (scale tau a_j).mu <= price_j - common (1 - rho)
        certificate=tuple(
            value + to_fraction(change) * Fraction(int(scale), common)
            for value, change in zip(minimiser.nu, vertex.nu.entries(), strict=False)
        ),
        direction=tuple(direction),
        pivots=start.pivots + vertex.pivots + pivots,
    )


def _growths(problem: Problem, minimiser: Minimiser, columns: SignedColumns) -> list[Fraction]:
    """1 - tau a_j.nu of signed columns."""
    A, scale = problem.exact_A.numer_denom()
    nu = flint.fmpq_mat(problem.measurements, 1, [to_fmpq(value) for value in minimiser.nu])
    slope = slopes(A, nu)
    return [1 - tau * to_fraction(slope[j] / scale) for j, tau in columns]


def feasible_columns(problem: Problem, minimiser: Minimiser) -> SignedColumns:
    """The columns off T that some n in ker A with n_off >= 0 uses: where a nonnegative problem's limits are not 0."""
    T, off = minimiser.support, off_support(problem, minimiser)
    if not off:
        return ()
    A = selected_columns(problem.exact_A.numer_denom()[0], [*T, *off])
    zero, none = [0] * problem.features, [0] * len(T)
    program = Program(A, flint.fmpz_mat(problem.measurements, 1), zero, [*none, *(None for _ in off)])
    # the first question to the face: an n with n_off >= 1
    ones = problem.A[:, off].sum(axis=1)
    proposal = float_basis(np.hstack([problem.A[:, T], problem.A[:, off]]), -ones, np.zeros(len(zero)), free=len(T))
    vertex = minimise(program, [(j, 1) for j in complete_basis(A, proposal)])
    _, direction, _ = face_directions(program, vertex)
    return tuple((j, 1) for place, j in enumerate(off, start=len(T)) if direction[place] != 0)


def _proposal(
    problem: Problem, T: tuple[int, ...], columns: SignedColumns, prices: list[int], common: int
) -> list[int]:
    signs = np.array([tau for _, tau in columns])
    off = problem.A[:, [j for j, _ in columns]] * signs
    below = np.concatenate([np.zeros(len(T)), np.ones(len(columns))])
    matrix = np.vstack([np.hstack([problem.A[:, list(T)], off]), below])
    rhs = np.append(np.zeros(problem.measurements), 1.0)
    costs = np.array([0.0] * len(T) + [price / common for price in prices])
    return float_basis(matrix, rhs, costs, free=len(T))
