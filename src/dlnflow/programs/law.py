"""The vertex law and its kin: how fast the entropic limit of a linear program tends to a minimiser (theory.md).

    x_lam - x° = d e^(-e/lam) (1 + O(e^(-p/lam))),     x° the entropic point of the face of minimisers,
    e = max { min_{j off T} c_j - a_j.nu : A_T^T nu = c_T },

so e = min r off T where the dual optimum is unique. There, with S a basis inside T, off T

    d_i = prod_{j in S} (x°_j)^((A_S^-1 a_i)_j) if r_i is least, else 0,

and d_T = -X A_T^T (A_T X A_T^T)^-1 A_off d_off, X = diag x°_T. It is the leading order of depth 2 at the scale
exp(-1/lam) (`rates`), with c_j in place of 1. p is the second level of e's program less e, or e where that is less.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import flint

from dlnflow.arithmetic.exact import to_arb, to_fmpq, to_fraction
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.minimisers.linear_programs import LinearMinimiser
from dlnflow.problems.problem import Problem, ProblemError
from dlnflow.problems.standard_form import StandardForm
from dlnflow.simplex.feasible_basis import fractions
from dlnflow.simplex.pivots import kernel, selected_columns
from dlnflow.theory.rates import Rate, predicted_rate
from dlnflow.theory.rho import cheapest_directions


@dataclass(frozen=True, eq=False)
class ProgramLaw:
    """||x_lam - x°|| = C e^(-e/lam) (1 + O(e^(-p/lam))).

    rate: e and d, with scale = exp(-1/lam).  next_exponent: p.  is_exact: whether x_lam is x° at every lam, which it
    is where all feasible points are minimisers; there is no p then.
    """

    rate: Rate
    next_exponent: Fraction | None
    is_exact: bool

    def size(self, inverse_lam: Fraction) -> Any:
        """C e^(-e/lam) as a ball at flint's present precision."""
        return self.rate.constant_ball * (-to_arb(self.rate.exponent * inverse_lam)).exp()


def refuse_lawless(program: StandardForm) -> None:
    """Raise ProblemError where there is no law to state: {A x = b} is a point, or b = 0."""
    if not program.b.any():
        raise ProblemError("b is zero, expected at least one entry that is not")
    if program.rank == program.variables:
        raise ProblemError(f"A has rank {program.rank}, the number of its columns, expected fewer: A x = b is a point")


def program_law(program: StandardForm, minimiser: LinearMinimiser) -> ProgramLaw:
    """The law of a linear program from its exact minimisers, proved.

    Raises as `refuse_lawless` does, and ArithmeticError if 6000 bits are too few.
    """
    refuse_lawless(program)
    rows = program.independent_rows
    A, b = program.rational_A, program.rational_b
    problem = Problem([A[row] for row in rows], [b[row] for row in rows], nonnegative=True)
    point = replace(minimiser.entropic.minimiser, nu=tuple(minimiser.nu[row] for row in rows))
    rate = predicted_rate(problem, 2, point, minimiser.reduced_costs)
    if rate.rho is None:
        return ProgramLaw(rate, None, True)
    second = _second_level(program, problem, point, minimiser.reduced_costs)
    gap = rate.exponent if second is None else min(rate.exponent, second - rate.exponent)
    return ProgramLaw(rate, gap, False)


def _second_level(
    program: StandardForm, problem: Problem, point: Minimiser, reduced_costs: Sequence[Fraction]
) -> Fraction | None:
    """The greatest least c_j - a_j.nu off T and Q, for the nu that have e on Q; None where nothing is left there."""
    first = cheapest_directions(problem, point, reduced_costs)
    assert first is not None  # the law has an exponent
    fixed = sorted({*point.support, *(j for j, _ in first.columns)})
    nu = flint.fmpq_mat(len(first.certificate), 1, [to_fmpq(value) for value in first.certificate])
    slopes = (problem.exact_A.transpose() * nu).entries()
    costs = [c - to_fraction(slope) for c, slope in zip(program.rational_c, slopes, strict=True)]
    columns = selected_columns(problem.exact_A.numer_denom()[0], fixed)
    again = replace(point, support=tuple(fixed), kernel=tuple(map(fractions, kernel(columns))))
    if not set(range(problem.features)) - set(fixed):
        return None
    found = cheapest_directions(problem, again, costs)
    return None if found is None else 1 - found.rho
