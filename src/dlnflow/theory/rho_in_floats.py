"""rho by both of its linear programs in float64, as HiGHS solves them: a check on the exact value (`rho`).

With T, sigma of the minimisers and `off` for the rest,

    rho = min { r : A_T^T nu = sigma, |a_j.nu| <= r off T }        over certificates nu,
        = max { -sigma.n_T : A n = 0, ||n_off||_1 = 1 }            over kernel directions n.

For every such pair -sigma.n_T = -nu.A_T n_T = nu.A_off n_off <= r: each program bounds the other, and neither uses the
certificate or the arithmetic behind the exact value. Nonnegative problems read a_j.nu <= r and n_off >= 0.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.problems.problem import Problem
from dlnflow.simplex.highs_model import linear_program
from dlnflow.simplex.proposed_basis import SETTINGS
from dlnflow.theory.rho import off_support, signed_columns


def rho_by_certificates(problem: Problem, minimiser: Minimiser) -> float:
    """The least r over (nu, r), both free. Raises ArithmeticError where HiGHS finds no optimum."""
    on, off = _columns(problem, minimiser)
    rows = np.vstack([np.column_stack([on.T, np.zeros(on.shape[1])]), np.column_stack([off.T, -np.ones(off.shape[1])])])
    sigma = np.array(minimiser.signs, dtype=np.float64)
    low = np.concatenate([sigma, np.full(off.shape[1], -np.inf)])
    high = np.concatenate([sigma, np.zeros(off.shape[1])])
    prices = np.append(np.zeros(problem.measurements), 1.0)
    return _optimum(linear_program(prices, rows, (-np.inf, np.inf), (low, high), SETTINGS))


def rho_by_directions(problem: Problem, minimiser: Minimiser) -> float:
    """The greatest -sigma.n_T over (n_T, v), n_off = sum of tau v_(j,tau), v >= 0, sum v = 1.

    Raises ArithmeticError where HiGHS finds no optimum.
    """
    on, off = _columns(problem, minimiser)
    size = np.concatenate([np.zeros(on.shape[1]), np.ones(off.shape[1])])
    rows = np.vstack([np.hstack([on, off]), size])
    rhs = np.append(np.zeros(problem.measurements), 1.0)
    prices = np.concatenate([np.array(minimiser.signs, dtype=np.float64), np.zeros(off.shape[1])])
    return -_optimum(linear_program(prices, rows, (np.where(size > 0, 0.0, -np.inf), np.inf), (rhs, rhs), SETTINGS))


def disagreement(problem: Problem, minimiser: Minimiser, value: Fraction) -> float:
    """The greatest difference between two of the exact rho and both programs. Raises ArithmeticError as they do."""
    values = [rho_by_certificates(problem, minimiser), rho_by_directions(problem, minimiser), float(value)]
    return max(values) - min(values)


def _columns(problem: Problem, minimiser: Minimiser) -> tuple[FloatArray, FloatArray]:
    """A_T, and the signed columns tau a_j off T."""
    signed = signed_columns(problem, off_support(problem, minimiser))
    off = problem.A[:, [j for j, _ in signed]] * np.array([tau for _, tau in signed], dtype=np.float64)
    return problem.A[:, list(minimiser.support)], off


def _optimum(solver: Any) -> float:
    import highspy  # as in `simplex.highs_model`

    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"HiGHS ends with {solver.modelStatusToString(status)!r}, expected 'Optimal'")
    return float(solver.getObjectiveValue())
