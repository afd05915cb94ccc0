"""The checker of optimality, on numbers that can be checked by hand."""

from fractions import Fraction

import numpy as np
import pytest

from dlnflow.problems.optimality import check_optimality
from dlnflow.problems.problem import Problem

SIGNED = Problem([[2, 1, 0], [0, 1, 1]], [2, 1])
ONE_SIDED = Problem([[2, 1, 0], [0, 1, 1]], [2, 1], nonnegative=True)
# x = (1/2, 1, 0), nu = (1/2, 1/2): slopes (1, 1, 1/2), norm 3/2 = y.nu
X, NU = [Fraction(1, 2), 1, 0], [Fraction(1, 2), Fraction(1, 2)]


@pytest.mark.parametrize("problem", [SIGNED, ONE_SIDED])
def test_an_exact_optimal_pair_has_no_error_at_all(problem):
    found = check_optimality(problem, X, NU)
    assert found.is_optimal(0)
    assert found.l1_norm == Fraction(3, 2)
    assert (found.primal_residual, found.relative_residual, found.negativity) == (0, 0, 0)
    assert (found.dual_infeasibility, found.complementarity, found.gap) == (0, 0, 0)
    assert isinstance(found.gap, Fraction)


@pytest.mark.parametrize("problem", [SIGNED, ONE_SIDED])
def test_floats_are_judged_in_float64(problem):
    # all of it is dyadic and small: no rounding
    found = check_optimality(problem, np.array(X, dtype=float), np.array(NU, dtype=float))
    assert found.is_optimal(0)
    assert isinstance(found.gap, float)


@pytest.mark.parametrize("kind", [Fraction, float])
def test_each_error_is_the_one_defined(kind):
    # A x = (5, -2): residual (3, -3); slopes (2, 1/2, -1/2)
    found = check_optimality(SIGNED, [kind(value) for value in (3, -1, -1)], [kind(1), kind(-0.5)])
    assert found.l1_norm == 5
    # an exact root is rounded up at 64 bits, a float one to 53
    assert float(found.primal_residual) == pytest.approx(18**0.5, rel=1e-15)
    assert float(found.relative_residual) == pytest.approx((18 / 5) ** 0.5, rel=1e-15)
    assert found.negativity == 0
    assert found.dual_infeasibility == 1
    assert found.complementarity == 5 - (6 - 0.5 + 0.5)
    assert found.gap == 5 - 1.5
    assert not found.is_feasible(0.5)


@pytest.mark.parametrize("kind", [Fraction, float])
def test_a_nonnegative_problem_is_judged_one_sidedly(kind):
    x, nu = [kind(value) for value in (3, -1, -1)], [kind(-3), kind(0.5)]
    found = check_optimality(ONE_SIDED, x, nu)
    # slopes (-6, -2.5, .5): none above 1
    assert found.dual_infeasibility == 0
    assert found.negativity == 1
    assert check_optimality(SIGNED, x, nu).dual_infeasibility == 5


def test_the_least_exact_error_is_seen():
    tiny = Fraction(1, 10**400)
    moved = check_optimality(SIGNED, [X[0] + tiny, *X[1:]], NU)
    assert 2 * tiny <= moved.primal_residual <= 2 * tiny * (1 + Fraction(1, 2**60))
    assert not moved.is_feasible(0)
    assert moved.is_optimal(1e-300)
    steeper = check_optimality(SIGNED, X, [NU[0] + tiny, NU[1]])
    assert steeper.dual_infeasibility == 2 * tiny
    assert not steeper.is_optimal(0)


def test_a_worse_point_with_the_right_certificate_is_not_optimal():
    # (1, 0, 1) also solves A x = y, at norm 2
    found = check_optimality(SIGNED, [1, 0, 1], NU)
    assert found.is_feasible(0)
    assert found.gap == found.complementarity == Fraction(1, 2)
    assert not found.is_optimal(0.2)
    assert found.is_optimal(0.25)


def test_without_a_certificate_only_the_primal_side_is_judged():
    found = check_optimality(SIGNED, X)
    assert found.is_feasible(0)
    assert (found.dual_infeasibility, found.complementarity, found.gap) == (None, None, None)
    with pytest.raises(ValueError, match="without a dual certificate nu"):
        found.is_optimal(0)


def test_one_float_among_exact_numbers_makes_floats():
    assert isinstance(check_optimality(SIGNED, X, [0.5, Fraction(1, 2)]).gap, float)


def test_what_a_diverged_solver_leaves_is_not_optimal():
    for bad in (np.nan, np.inf):
        assert not check_optimality(SIGNED, [bad, 1.0, 0.0], [0.5, 0.5]).is_optimal(1)
        assert not check_optimality(ONE_SIDED, [0.5, 1.0, 0.0], [bad, 0.5]).is_optimal(1)


def test_a_wrong_length_is_refused():
    with pytest.raises(ValueError, match="x has 2 entries, expected 3"):
        check_optimality(SIGNED, [1, 2])
    with pytest.raises(ValueError, match="nu has 3 entries, expected 2"):
        check_optimality(SIGNED, X, [1, 2, 3])
