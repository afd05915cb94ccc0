"""The next order of the error: ||x_alpha - x°||_2 = C scale^e (1 + O(scale^p)), p exactly.

depth L > 2:  p = (L-2)/L, for on T the certificate is sigma_i (1 - (scale/|x°_i|)^((L-2)/L)) in place of sigma_i.
depth 2, e = 2:  p = 2, the next term of asinh on T.
depth 2, e = 1 - rho:  p = min(rho - rho_2, 2 rho, 1 - rho), rho_2 the second entry of the certificates' order:
    with Q the cheapest signed columns, rho_2 = min { max tau a_j.nu over (j, tau), j off T and Q :
    A_T^T nu = sigma, tau a_j.nu = rho on Q }, and -inf if every n in ker A vanishes there (theory.md, "Rates").
    Terms of these columns are of relative size scale^(rho - rho_2), the farther powers on Q, which are the reversed
    columns, scale^(2 rho), and x_T - x°_T itself moves log|x_T| by scale^(1 - rho).

If A_T and A_Q span R^m there is one such nu alone, and rho_2 is read off it; else it is rho's linear program again,
with T and Q in place of T. Nonnegative problems have tau = 1 and no 2 rho. At rho = 0 the columns of both signs are all
in Q, and p = 1.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint

from dlnflow.arithmetic.exact import to_fmpq, to_fraction
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.problems.problem import Problem
from dlnflow.simplex.pivots import complete_basis, kernel, selected_columns, slopes
from dlnflow.theory.rates import Rate
from dlnflow.theory.rho import SignedColumns, cheapest_directions, off_support


def next_exponent(problem: Problem, minimiser: Minimiser, depth: Fraction, rate: Rate) -> Fraction:
    """The least p of a next-order term. Its factor may be 0 where data are special, never for generic ones.

    rate: `predicted_rate` at this depth.
    """
    if depth > 2:
        return 1 - 2 / depth
    if rate.rho is None:
        return Fraction(2)
    if rate.rho == 0 and not problem.nonnegative:
        return Fraction(1)
    candidates = [1 - rate.rho] if problem.nonnegative else [1 - rate.rho, 2 * rate.rho]
    second = second_level(problem, minimiser, cheapest_columns(minimiser, rate), rate.rho)
    return min(candidates if second is None else [*candidates, rate.rho - second])


def cheapest_columns(minimiser: Minimiser, rate: Rate) -> SignedColumns:
    """Q, from the direction: d_j = tau e^(tau a_j.mu) on it and exactly 0 on the other columns off T.

    At rho = 0 both signs of a column may be in Q, and d_j be 0; elsewhere they cannot.
    """
    on = set(minimiser.support)
    return tuple((j, 1 if d > 0 else -1) for j, d in enumerate(rate.direction) if j not in on and d != 0)


def second_level(problem: Problem, minimiser: Minimiser, cheapest: SignedColumns, rho: Fraction) -> Fraction | None:
    """rho_2, the least that the greatest slope off T and Q can be; None where no kernel vector is not 0 there."""
    A, _ = problem.exact_A.numer_denom()
    fixed = [*minimiser.support, *(j for j, _ in cheapest)]
    columns = selected_columns(A, fixed)
    chosen = complete_basis(columns, [])
    rest = sorted(set(off_support(problem, minimiser)) - set(fixed))
    if not rest:
        return None
    if len(chosen) == problem.measurements:
        levels = [*map(Fraction, minimiser.signs), *(tau * rho for _, tau in cheapest)]
        nu = _certificate(problem, [fixed[i] for i in chosen], [levels[i] for i in chosen])
        return _greatest(problem, rest, nu)
    return _by_program(problem, minimiser, fixed, columns)


def _by_program(problem: Problem, minimiser: Minimiser, fixed: Sequence[int], columns: Any) -> Fraction | None:
    """rho's program with all fixed columns free, from a certificate that has its levels on them."""
    first = cheapest_directions(problem, minimiser)
    assert first is not None  # it had cheapest columns
    again = replace(
        minimiser,
        support=tuple(fixed),
        nu=first.certificate,
        kernel=tuple(tuple(to_fraction(value) for value in vector) for vector in kernel(columns)),
    )
    found = cheapest_directions(problem, again)
    return None if found is None else found.rho


def _certificate(problem: Problem, columns: Sequence[int], levels: Sequence[Fraction]) -> Any:
    """The nu (m, 1) with a_j.nu = level_j on m independent columns."""
    A, scale = problem.exact_A.numer_denom()
    rhs = flint.fmpq_mat(len(levels), 1, [scale * to_fmpq(level) for level in levels])
    return flint.fmpq_mat(selected_columns(A, columns).transpose()).solve(rhs)


def _greatest(problem: Problem, columns: Sequence[int], nu: Any) -> Fraction:
    """max |a_j.nu|, or max a_j.nu of a nonnegative problem."""
    A, scale = problem.exact_A.numer_denom()
    values = [to_fraction(value / scale) for value in slopes(selected_columns(A, columns), nu)]
    return max(values if problem.nonnegative else map(abs, values))
