"""Exact minimisers of linear programs: proofs by duality, by Farkas and by rays, beside independent solvers."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from dlnflow import InfeasibleError, StandardForm, UnboundedError, basis_pursuit, check_program, linear_minimisers
from dlnflow.arithmetic.arrays import ProblemError
from dlnflow.minimisers.linear_programs import forced_zeros
from dlnflow.problems.problem import RANDOM
from dlnflow.programs.ensembles import FACE_DIMENSION, planted_program
from dlnflow.programs.highs_vertex import referee

F = Fraction


def integers(trial):
    """Small integers, so that degenerate, infeasible and unbounded programs are many."""
    rng = np.random.default_rng(trial)
    m, n = rng.integers(1, 5), rng.integers(5, 10)
    A = rng.integers(-3, 4, (m, n))
    b = A @ rng.integers(0, 3, n) if trial % 3 else rng.integers(-3, 4, m)
    return A, b, rng.integers(-3, 4, n) if trial % 2 else rng.integers(-1, 4, n)


def dot(left, right):
    return sum((F(int(a)) * b for a, b in zip(left, right, strict=True)), F(0))


def test_every_answer_proves_itself_and_is_that_of_highs():
    kinds = {"unique": 0, "face": 0, "infeasible": 0, "unbounded": 0}
    for trial in range(80):
        A, b, c = integers(trial)
        if not A.any():
            continue
        theirs = linprog(c, A_eq=A, b_eq=b)
        try:
            found = linear_minimisers(StandardForm(A, b, c))
        except InfeasibleError as error:
            nu, kind = error.certificate, "infeasible"
            assert theirs.status == 2
            assert all(dot(column, nu) <= 0 for column in A.T)
            assert dot(b, nu) > 0
        except UnboundedError as error:
            ray, kind = error.ray, "unbounded"
            assert theirs.status == 3
            assert min(ray) >= 0
            assert all(dot(row, ray) == 0 for row in A)
            assert dot(c, ray) == -1
        else:
            kind = "unique" if found.unique else "face"
            assert check_program(StandardForm(A, b, c), found.x, found.nu).is_proved
            # strictly complementary, so that the support is the union of those of all minimisers
            assert all((cost == 0) == (x > 0) for cost, x in zip(found.reduced_costs, found.x, strict=True))
            assert found.reduced_costs == tuple(F(int(c[j])) - dot(A[:, j], found.nu) for j in range(len(c)))
            # HiGHS's tolerances are 1e-7
            assert float(found.value) == pytest.approx(theirs.fun, abs=1e-7)
        kinds[kind] += 1
    assert min(kinds.values()) >= 3, kinds  # the test has seen each


@pytest.mark.parametrize(
    ("family", "support", "unique", "nondegenerate"),
    [
        ("vertex", 4, True, True),
        ("degenerate", 3, True, False),
        ("face", 4 + FACE_DIMENSION, False, False),
        ("balanced", 4 + FACE_DIMENSION, False, False),
    ],
)
def test_what_was_planted_is_found(family, support, unique, nondegenerate):
    programs = [planted_program(family, 1, 4, 12, trial) for trial in range(4)]
    assert min(program.c.min() for program in programs) < 0  # costs of both signs
    for program in programs:
        found = linear_minimisers(program)
        assert check_program(program, found.x, found.nu).is_proved
        assert (len(found.support), found.unique, found.is_nondegenerate) == (support, unique, nondegenerate)
        assert len(found.kernel) == (0 if unique else FACE_DIMENSION)
        sums = {sum(vector) for vector in found.kernel}
        assert sums == {0} or family != "balanced"
        assert sums != {0} or family != "face"


def test_an_instance_is_a_function_of_its_arguments_alone():
    first, again, other = (planted_program("vertex", 1, 3, 8, trial) for trial in (5, 5, 6))
    assert (first.A == again.A).all()
    assert (first.c == again.c).all()
    assert not (first.A == other.A).all()


def test_basis_pursuit_as_a_linear_program_has_the_same_minimiser_and_norm():
    A, y, n = RANDOM.rational_A, RANDOM.rational_y, RANDOM.features
    found = linear_minimisers(StandardForm([[*row, *(-entry for entry in row)] for row in A], y, [1] * (2 * n)))
    minimiser = basis_pursuit(RANDOM)
    assert found.value == minimiser.l1_norm
    assert tuple(p - q for p, q in zip(found.x[:n], found.x[n:], strict=True)) == minimiser.x


def test_rows_that_depend_on_others_are_left_out_or_refused():
    A = [[1, 1, 0], [2, 2, 0], [0, 1, 1]]
    found = linear_minimisers(StandardForm(A, [1, 2, 1], [1, 1, 1]))
    assert (found.rank, found.x, found.nu[1]) == (2, (0, 1, 0), 0)
    with pytest.raises(InfeasibleError) as caught:
        linear_minimisers(StandardForm(A, [1, 3, 1], [1, 1, 1]))
    nu = caught.value.certificate
    assert [dot(column, nu) for column in zip(*A, strict=True)] == [0, 0, 0]
    assert dot([1, 3, 1], nu) > 0


def test_costs_may_be_huge_tiny_or_in_the_row_space():
    A, b = [["1/3", "0.1", "1e-9"], [1, "1e30", -1]], [1, 1]
    program = StandardForm(A, b, ["1e-30", 1, "1e30"])
    found = linear_minimisers(program)
    assert check_program(program, found.x, found.nu).is_proved
    # every feasible point is a minimiser where c is a combination of the rows
    flat = StandardForm([[1, 1, 1]], [2], [-3, -3, -3])
    found = linear_minimisers(flat)
    assert (found.value, len(found.support), set(found.reduced_costs)) == (-6, 3, {0})


def test_forced_zeros():
    assert forced_zeros(StandardForm([[1, 1, 0], [0, 0, 1]], [0, 1], [1, 1, 1])) == (0, 1)
    assert forced_zeros(StandardForm([[1, 1, 1]], [1], [-1, 0, 1])) == ()
    with pytest.raises(InfeasibleError, match="A x = b has no solution x >= 0"):
        forced_zeros(StandardForm([[1, 1]], [-1], [1, 1]))


def test_highs_is_refereed():
    program = planted_program("vertex", 1, 5, 12)
    exact = linear_minimisers(program)
    said = referee(program, exact)
    assert (said.status, said.is_vertex_optimal) == ("kOptimal", True)
    assert abs(said.gap) < 1e-9  # HiGHS's tolerances are 1e-7, and a vertex has rounding alone
    worse = linear_minimisers(program.with_costs(-program.c + 2 * program.c.max()))
    assert referee(program, worse).is_vertex_optimal is False  # held to another value than its own


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (([[1, 2]], [1, 2], [1, 1]), "b has 2 entries, expected 1, one for each row of A"),
        (([[1, 2]], [1], [1]), "c has 1 entries, expected 2, one for each column of A"),
        (([[1, 2], [3]], [1, 2], [1, 1]), "A[1] has 1 entries, expected 2 as in the first row"),
        (([[1.0, np.nan]], [1], [1, 1]), "A[0, 1]: nan is not a finite number"),
        (([[1, 2]], np.array([np.inf]), [1, 1]), "b[0] is inf, expected a finite number"),
        (([[0, 0]], [1], [1, 1]), "A is zero, expected at least one entry that is not"),
        (([], [1], [1]), "A is empty, expected at least one entry"),
        (([[1, 2]], [1], ["one", 1]), "c[0]: 'one' is not a number"),
    ],
)
def test_data_that_are_no_program_are_refused_in_one_sentence(data, message):
    with pytest.raises(ProblemError) as caught:
        StandardForm(*data)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("corner", 1, 3, 8), "family is 'corner', expected one of vertex"),
        (("vertex", 1, 8, 8), "a vertex of 8 x 8 plants 8 columns, expected 1 to 7"),
        (("degenerate", 1, 1, 8), "a degenerate of 1 x 8 plants 0 columns, expected 1 to 7"),
        (("pursuit", 1, 4, 9), "a pursuit of 4 x 9 was asked for, expected an even n above 2 m"),
    ],
)
def test_sizes_that_hold_no_program_are_refused(arguments, message):
    with pytest.raises(ProblemError, match=message):
        planted_program(*arguments)
