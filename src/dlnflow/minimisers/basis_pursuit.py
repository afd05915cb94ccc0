"""Exact basis pursuit: all minimisers of ||x||_1 subject to A x = y (or of sum x, x >= 0), proved in rationals.

HiGHS proposes a basis in float64; `simplex.pivots` takes it from there, so nothing that comes back rests on a float.
The minimisers form a face, and x, T and nu below are a strictly complementary pair for it (Goldman and Tucker):

    T = {j : |a_j.nu| = 1} = union of the supports of the minimisers,     sigma_T = A_T^T nu,
    {minimisers} = {x : x_T = p + N t, sigma_T x_T >= 0, x = 0 off T},     N a basis of ker A_T.

The minimiser is unique exactly when N is empty. Nonnegative problems read a_j.nu = 1 in place of |a_j.nu| = 1.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from dlnflow.arithmetic.exact import to_fraction
from dlnflow.problems.problem import Problem
from dlnflow.simplex.feasible_basis import InfeasibleError as InfeasibleError
from dlnflow.simplex.feasible_basis import feasible_basis, fractions
from dlnflow.simplex.optimal_faces import optimal_face
from dlnflow.simplex.pivots import Program, Vertex, complete_basis, minimise
from dlnflow.simplex.proposed_basis import float_basis


@dataclass(frozen=True)
class Minimiser:
    """The minimisers of basis pursuit, exactly.

    x: (n,) the minimiser if there is one alone, else a point in the relative interior of their face.
    support: T, where x is not 0; the union of the supports of all minimisers.  signs: sigma_T, those of x on T.
    nu: (m,) a dual certificate: A_T^T nu = sigma_T, and |a_j.nu| < 1 (nonnegative: a_j.nu < 1) for each j off T.
    kernel: a basis of ker A_T, each vector (|T|,); every minimiser is x_T + a combination of them, signs kept.
    l1_norm: ||x||_1 = y.nu.  pivots: exact pivots made beyond the float basis; 0 if it was right.
    """

    x: tuple[Fraction, ...]
    support: tuple[int, ...]
    signs: tuple[int, ...]
    nu: tuple[Fraction, ...]
    kernel: tuple[tuple[Fraction, ...], ...]
    l1_norm: Fraction
    pivots: int

    @property
    def unique(self) -> bool:
        """Whether x is the only minimiser."""
        return not self.kernel

    @property
    def x_float(self) -> NDArray[np.float64]:
        """x rounded to float64."""
        return np.array([float(value) for value in self.x])

    @property
    def nu_float(self) -> NDArray[np.float64]:
        """nu rounded to float64."""
        return np.array([float(value) for value in self.nu])


def basis_pursuit(problem: Problem) -> Minimiser:
    """The exact minimisers of ||x||_1 subject to A x = y, x >= 0 if the problem is nonnegative.

    Raises InfeasibleError if a nonnegative problem has no solution.
    """
    A, A_scale = problem.exact_A.numer_denom()
    y, y_scale = problem.exact_y.numer_denom()
    program, vertex, pivots = _vertex(A, y, problem)
    face = optimal_face(program, vertex)
    x = [value * A_scale / y_scale for value in face.x]
    return Minimiser(
        x=fractions(x),
        support=face.support,
        signs=tuple(1 if x[j] > 0 else -1 for j in face.support),
        nu=fractions(A_scale * entry for entry in face.nu.entries()),
        kernel=tuple(fractions(vector) for vector in face.kernel),
        l1_norm=to_fraction(sum((abs(value) for value in x), flint.fmpq(0))),
        pivots=pivots + face.pivots,
    )


def _vertex(A: Any, y: Any, problem: Problem) -> tuple[Program, Vertex, int]:
    """The linear program, an optimal vertex of it, and the exact pivots behind it."""
    n = problem.features
    proposal = dict(_float_basis(problem))
    basis = [(j, proposal.get(j, 1)) for j in complete_basis(A, list(proposal))]
    if not problem.nonnegative:
        program = Program(A, y, [1] * n, [1] * n)
        vertex = minimise(program, basis)
        return program, vertex, vertex.pivots
    basis, pivots = feasible_basis(A, y, basis)
    program = Program(A, y, [1] * n, [None] * n)
    vertex = minimise(program, basis)
    return program, vertex, pivots + vertex.pivots


def _float_basis(problem: Problem) -> list[tuple[int, int]]:
    """The columns, with their signs, of the basis that HiGHS proposes."""
    n = problem.features
    A = problem.A if problem.nonnegative else np.hstack([problem.A, -problem.A])
    return [(k % n, 1 if k < n else -1) for k in float_basis(A, problem.y, np.ones(A.shape[1]))]
