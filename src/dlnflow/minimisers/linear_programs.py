"""All exact minimisers of a linear program in standard form, proved in rationals.

HiGHS proposes a basis in float64 and `simplex.pivots` takes it from there. Its prices may not be negative, so that c is
replaced by the reduced prices c - A^T nu0 of some nu0 with A^T nu0 <= c, which differ from it by a constant on
{A x = b}. The minimisers form a face, and x, T and nu below are a strictly complementary pair for it (Goldman and
Tucker):

    T = {j : c_j = a_j.nu} = union of the supports of the minimisers,
    {minimisers} = {x : x_T = p + N t >= 0, x = 0 off T},     N a basis of ker A_T.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import to_fraction
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.minimisers.selection import SelectedMinimiser
from dlnflow.problems.standard_form import StandardForm
from dlnflow.simplex.feasible_basis import InfeasibleError, feasible_basis, fractions
from dlnflow.simplex.optimal_faces import optimal_face
from dlnflow.simplex.pivots import Program, complete_basis, minimise, selected_columns, selected_rows, slopes
from dlnflow.simplex.proposed_basis import float_basis

INFEASIBLE = "A x = b has no solution x >= 0, expected a linear program with one"


class UnboundedError(ValueError):
    """c.x has no least value; `ray` is an x >= 0 with A x = 0 and c.x = -1, which proves it."""

    def __init__(self, ray: tuple[Fraction, ...]) -> None:
        super().__init__(
            "c.x falls without bound along a ray of {A x = b, x >= 0}, expected a program with a least value"
        )
        self.ray = ray


@dataclass(frozen=True)
class LinearMinimiser:
    """The minimisers of a linear program, exactly.

    x: (n,) the minimiser if there is one alone, else a point in the relative interior of their face.
    support: T, where x is not 0; the union of the supports of all minimisers.
    nu: (m,) a dual optimum, strictly complementary to x.  reduced_costs: (n,) r = c - A^T nu: 0 on T, > 0 off T.
    kernel: a basis of ker A_T, each vector (|T|,); every minimiser is x_T + a combination of them, at least 0.
    value: the least c.x = b.nu.  rank: of A.  support_rank: of A_T.
    pivots: exact pivots made beyond the float basis; 0 if it was right.
    """

    x: tuple[Fraction, ...]
    support: tuple[int, ...]
    nu: tuple[Fraction, ...]
    reduced_costs: tuple[Fraction, ...]
    kernel: tuple[tuple[Fraction, ...], ...]
    value: Fraction
    rank: int
    pivots: int

    @property
    def support_rank(self) -> int:
        """The rank of A_T."""
        return len(self.support) - len(self.kernel)

    @property
    def unique(self) -> bool:
        """Whether x is the only minimiser."""
        return not self.kernel

    @property
    def has_unique_dual(self) -> bool:
        """Whether the rows' dual optimum is unique: A_T has the rank of A."""
        return self.support_rank == self.rank

    @property
    def is_nondegenerate(self) -> bool:
        """Whether x is the only minimiser and a nondegenerate vertex: T is a basis."""
        return self.unique and self.has_unique_dual

    @property
    def x_float(self) -> FloatArray:
        """x rounded to float64."""
        return np.array([float(value) for value in self.x])

    @property
    def entropic(self) -> SelectedMinimiser:
        """The point of the face with the least sum (x log x - x), in balls of any precision.

        Where sum x is constant on the face it is the point of greatest entropy.
        """
        signs = (1,) * len(self.support)
        total = sum(self.x, Fraction(0))
        face = Minimiser(self.x, self.support, signs, self.nu, self.kernel, total, self.pivots)
        return SelectedMinimiser(face, Fraction(2))


def linear_minimisers(program: StandardForm) -> LinearMinimiser:
    """The exact minimisers of c.x subject to A x = b, x >= 0.

    Raises InfeasibleError, whose `certificate` nu (m) has A^T nu <= 0 < b.nu, if there is no such x, and
    UnboundedError, whose `ray` x >= 0 has A x = 0 and c.x = -1, if c.x has no least value.
    """
    return _Exact(program).minimisers()


class _Exact:
    """A program in integers, without its dependent rows: M x' = b', x' = x / scale."""

    def __init__(self, program: StandardForm) -> None:
        self.program = program
        self._rows = program.independent_rows
        A, self._A_scale = program.exact_A.numer_denom()
        b, self._b_scale = program.exact_b.numer_denom()
        self.A, self.b = selected_rows(A, self._rows), selected_rows(b, self._rows)

    def minimisers(self) -> LinearMinimiser:
        refuse_dependent(self.program)
        proposal = float_basis(self.program.A[list(self._rows)], self.program.b[list(self._rows)], self.program.c)
        columns = complete_basis(self.A, proposal)
        try:
            basis, pivots = feasible_basis(self.A, self.b, [(j, 1) for j in columns])
        except InfeasibleError as error:
            # of A_scale A and b_scale b, whose scales are positive
            raise InfeasibleError(self._on_all_rows(error.certificate), INFEASIBLE) from None
        first = self._first_dual([j for j, _ in basis])
        prices, price_scale = flint.fmpq_mat(
            self.program.variables,
            1,
            [c - slope for c, slope in zip(self.program.exact_c.entries(), slopes(self.A, first), strict=True)],
        ).numer_denom()
        reduced = Program(self.A, self.b, list(map(int, prices.entries())), [None] * self.program.variables)
        vertex = minimise(reduced, basis)
        face = optimal_face(reduced, vertex)
        return self._result(face, first + face.nu / price_scale, pivots + vertex.pivots)

    def _result(self, face: Any, nu: Any, pivots: int) -> LinearMinimiser:
        x = [value * self._A_scale / self._b_scale for value in face.x]
        costs = self.program.exact_c.entries()
        return LinearMinimiser(
            x=fractions(x),
            support=face.support,
            nu=self._on_all_rows(fractions(self._A_scale * entry for entry in nu.entries())),
            reduced_costs=fractions(c - slope for c, slope in zip(costs, slopes(self.A, nu), strict=True)),
            kernel=tuple(fractions(vector) for vector in face.kernel),
            value=to_fraction(sum((c * value for c, value in zip(costs, x, strict=True)), flint.fmpq(0))),
            rank=len(self._rows),
            pivots=pivots + face.pivots,
        )

    def _first_dual(self, basis: Sequence[int]) -> Any:
        """A nu0 (m, 1) with M^T nu0 <= c: that of a basis if it is one, else by a program whose rays are those of c."""
        c = self.program.exact_c
        block = flint.fmpq_mat(selected_columns(self.A, basis).transpose())
        nu = block.solve(flint.fmpq_mat(len(basis), 1, [c[j, 0] for j in basis]))
        if all(slope <= price for slope, price in zip(slopes(self.A, nu), c.entries(), strict=True)):
            return nu
        # c is not in the row space of M, or the basis would have shown it: the rows below are independent
        costs, scale = c.numer_denom()
        matrix = flint.fmpz_mat([*self.A.tolist(), costs.entries()])
        rhs = flint.fmpz_mat([[0]] * self.A.nrows() + [[-1]])
        n = self.program.variables
        start = [(j, 1) for j in complete_basis(matrix, basis)]
        answer = minimise(Program(matrix, rhs, [0] * n, [1] * n), start)
        if answer.value == 0:
            raise UnboundedError(fractions(scale * value for value in answer.x))
        # M^T nu' + t costs <= 0 with t = -value < 0, costs = scale c
        *entries, t = answer.nu.entries()
        return flint.fmpq_mat(len(entries), 1, [entry / (-t * scale) for entry in entries])

    def _on_all_rows(self, nu: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """nu with 0 on the rows that were left out."""
        found = [Fraction(0)] * self.program.constraints
        for row, value in zip(self._rows, nu, strict=True):
            found[row] = value
        return tuple(found)


def refuse_dependent(program: StandardForm) -> None:
    """Raise InfeasibleError if a row of A depends on the others and its b does not follow from theirs."""
    rows = program.independent_rows
    if len(rows) == program.constraints:
        return
    A, _ = program.exact_A.numer_denom()
    kept = selected_rows(A, rows)
    columns = complete_basis(kept, [])
    block = flint.fmpq_mat(selected_columns(kept, columns).transpose())
    b = program.rational_b
    for row in sorted(set(range(program.constraints)) - set(rows)):
        entries = flint.fmpq_mat(flint.fmpz_mat([[A[row, j]] for j in columns]))
        factors = fractions(block.solve(entries).entries())
        left = b[row] - sum((factor * b[i] for factor, i in zip(factors, rows, strict=True)), Fraction(0))
        if left:
            nu = [Fraction(0)] * program.constraints
            nu[row] = Fraction(1 if left > 0 else -1)
            for factor, i in zip(factors, rows, strict=True):
                nu[i] = -nu[row] * factor
            raise InfeasibleError(tuple(nu), INFEASIBLE)


def forced_zeros(program: StandardForm) -> tuple[int, ...]:
    """The j with x_j = 0 at every x >= 0 with A x = b, exactly. Raises InfeasibleError if there is none."""
    feasible = linear_minimisers(program.with_costs([0] * program.variables))
    return tuple(j for j, value in enumerate(feasible.x) if value == 0)
