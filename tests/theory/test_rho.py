"""rho, exactly: against both float linear programs, against its own proof in rationals, and problems solved by hand."""

from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest
from rho_by_definition import float_program, lattice, rho_by_certificates
from scipy.optimize import linprog

from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, kink
from dlnflow.theory.rho import NoDirectionError, cheapest_directions, feasible_columns, off_support, rho, signed_columns

MODULE = import_module("dlnflow.theory.rho")


def planted(seed, sizes, nonnegative):
    problem = gaussian(seed, *sizes)
    return Problem(problem.A, problem.A @ np.abs(problem.x0), nonnegative=True) if nonnegative else problem


def test_rho_of_the_named_problems():
    assert float(rho(RANDOM)) == pytest.approx(0.255140843264286, rel=1e-14)  # theory, section 4
    assert rho(PLANE) == Fraction(1, 2)
    assert rho(Problem([[1, 0, 1], [0, 1, -1]], [2, 3])) == 0


@pytest.mark.parametrize("delta", ["1e-30", "0.1", "1/3", "1"])
def test_rho_of_the_kink_is_one_less_delta(delta):
    assert rho(kink(delta)) == 1 - Fraction(delta)


def test_rho_of_a_nonnegative_problem_may_be_negative():
    assert rho(Problem([[1, -2]], [1], nonnegative=True)) == -2
    assert rho(Problem([[1, "-1/2"]], [1])) == Fraction(1, 2)


@pytest.mark.parametrize("problem", [LINE, kink(0), Problem([[1, 1, 0], [0, 0, 1]], [1, 0])])
def test_no_rho_where_the_kernel_vanishes_off_the_support(problem):
    assert cheapest_directions(problem, basis_pursuit(problem)) is None
    with pytest.raises(NoDirectionError):
        rho(problem)


@pytest.mark.parametrize("row", [[0, 1, 1], [0, 1, 2]])
def test_no_rho_where_every_feasible_point_is_a_minimiser(row):
    # x_2 = x_3 = 0 is forced, though (0, 1, -1) or (0, 2, -1) is in the kernel
    problem = Problem([[1, 0, 0], row], [1, 0], nonnegative=True)
    assert feasible_columns(problem, basis_pursuit(problem)) == ()
    with pytest.raises(NoDirectionError):
        rho(problem)


def test_a_coordinate_that_must_be_zero_takes_no_part():
    problem = Problem([[1, 2, 0, 0], [0, 0, 1, 1]], [1, 0], nonnegative=True)
    assert rho(problem) == Fraction(1, 2)
    assert feasible_columns(problem, basis_pursuit(problem)) == ((0, 1),)


@pytest.mark.parametrize("sizes", [(5, 10, 2), (4, 8, 4), (10, 20, 4), (20, 40, 4)])
@pytest.mark.parametrize("nonnegative", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_both_float_programs_find_rho(seed, sizes, nonnegative):
    problem = planted(seed, sizes, nonnegative)
    minimiser = basis_pursuit(problem)
    found = cheapest_directions(problem, minimiser)
    costs, equations, rhs, bounds = float_program(problem, minimiser)
    primal = linprog(costs, A_eq=equations, b_eq=rhs, bounds=bounds)
    assert (found is None) == (primal.status == 2)
    if found is not None:
        assert -primal.fun == pytest.approx(float(found.rho), abs=1e-12)
        assert rho_by_certificates(problem, minimiser) == pytest.approx(float(found.rho), abs=1e-12)


def assert_proves_itself(problem, minimiser, found):
    """A certificate with largest slope rho, and a kernel direction on which no certificate has less."""
    slopes = [
        sum(a * value for a, value in zip(column, found.certificate, strict=True))
        for column in zip(*problem.rational_A, strict=True)
    ]
    assert [slopes[j] for j in minimiser.support] == list(minimiser.signs)
    columns = signed_columns(problem, off_support(problem, minimiser))
    assert max(tau * slopes[j] for j, tau in columns) == found.rho
    assert all(tau * slopes[j] == found.rho for j, tau in found.columns)
    n = found.direction
    assert all(sum(a * value for a, value in zip(row, n, strict=True)) == 0 for row in problem.rational_A)
    gain = -sum(n[j] * sign for j, sign in zip(minimiser.support, minimiser.signs, strict=True))
    off = [n[j] for j in off_support(problem, minimiser)]
    assert gain == found.rho
    # at rho = 0 the two signs of a column may cancel
    assert sum(map(abs, off)) == 1 or (found.rho == 0 and not problem.nonnegative)
    assert not problem.nonnegative or min(off) >= 0


@pytest.mark.parametrize("nonnegative", [False, True])
def test_rho_proves_itself_in_rationals(nonnegative):
    count = 0
    for seed in range(150):
        problem = lattice(seed, nonnegative)
        minimiser = basis_pursuit(problem)
        found = cheapest_directions(problem, minimiser)
        if found is not None:
            assert_proves_itself(problem, minimiser, found)
            count += 1
    assert count > 75


@pytest.mark.parametrize("nonnegative", [False, True])
def test_the_columns_are_those_positive_in_some_optimum(nonnegative):
    for seed in range(40):
        problem = lattice(seed, nonnegative)
        minimiser = basis_pursuit(problem)
        found = cheapest_directions(problem, minimiser)
        if found is None:
            continue
        costs, equations, rhs, bounds = float_program(problem, minimiser)
        equations, rhs = np.vstack([equations, costs]), np.append(rhs, -float(found.rho))
        columns = signed_columns(problem, off_support(problem, minimiser))
        for place, column in enumerate(columns, start=len(minimiser.support)):
            largest = linprog(-np.eye(len(costs))[place], A_eq=equations, b_eq=rhs, bounds=bounds)
            # weights of vertices of such small integers are well above 1e-6
            assert (column in found.columns) == (-largest.fun > 1e-6)


@pytest.mark.parametrize("nonnegative", [False, True])
def test_the_feasible_columns_are_those_positive_in_some_kernel_direction(nonnegative):
    for seed in range(40):
        problem = lattice(seed, nonnegative)
        minimiser = basis_pursuit(problem)
        _, equations, rhs, _ = float_program(problem, minimiser)
        T, off = len(minimiser.support), off_support(problem, minimiser)
        expected = []
        for place, j in enumerate(off, start=T):
            bounds = [(None, None)] * T + [(0, 1)] * len(off)
            largest = linprog(
                -np.eye(T + len(off))[place], A_eq=equations[:-1, : T + len(off)], b_eq=rhs[:-1], bounds=bounds
            )
            expected += [(j, 1)] if -largest.fun > 1e-6 else []
        assert feasible_columns(problem, minimiser) == tuple(expected)


@pytest.mark.parametrize("nonnegative", [False, True])
def test_a_wrong_proposal_from_the_floats_changes_no_answer(nonnegative, monkeypatch):
    problems = [lattice(seed, nonnegative) for seed in range(40)]
    minimisers = [basis_pursuit(problem) for problem in problems]
    pairs = list(zip(problems, minimisers, strict=True))
    expected = [(cheapest_directions(*pair), feasible_columns(*pair)) for pair in pairs]
    monkeypatch.setattr(MODULE, "float_basis", lambda *_, **__: [])
    for pair, (cheapest, feasible) in zip(pairs, expected, strict=True):
        found = cheapest_directions(*pair)
        assert (found is None) == (cheapest is None)
        if found is not None:
            assert (found.rho, found.columns) == (cheapest.rho, cheapest.columns)
            assert_proves_itself(*pair, found)
        assert feasible_columns(*pair) == feasible


@pytest.mark.parametrize("sizes", [(20, 40, 4), (50, 100, 10)])
def test_floats_that_are_right_cost_no_exact_pivot(sizes):
    problem = gaussian(1, *sizes)
    found = cheapest_directions(problem, basis_pursuit(problem))
    # generic data have one cheapest direction, with one relation among the columns that it uses
    assert found.pivots == 0
    assert len(found.columns) == problem.measurements - len(basis_pursuit(problem).support) + 1
