"""Which minimiser the network selects: closed forms of theory, sections 3 and 4, and first-order conditions."""

from fractions import Fraction

import flint
import numpy as np
import pytest
from flint import arb, ctx, fmpq

from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, kink

# x_float is rounded once; the reference is computed with a few more roundings
ULPS = 1e-15

# theory, section 4: line and plane select (1-t, 2(1-t), 3t[, 0]); twenty digits printed
T_VALUES = {2: "0.34603494091434052530", 3: "0.34192282141995630276", 4: "0.33981137949147963240"}
BITS = [10, 53, 100, 300, 1000]


def ball(value):
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def t_value(depth):
    """t of line and plane (theory, section 4), at flint's present precision."""
    L = ball(depth)
    k = None if L == 2 else L / (L - 2)
    ratio = arb(2) ** ball("2/3") / 3 if k is None else (3 ** (2 / L) / (1 + 2 ** (2 / L))) ** k
    return ratio / (1 + ratio)


def floats(problem, depth):
    return selected_minimiser(problem, depth).x_float


@pytest.mark.parametrize(("depth", "t"), T_VALUES.items())
@pytest.mark.parametrize("nonnegative", [False, True])
def test_line_and_plane_select_their_published_point_to_twenty_digits(depth, t, nonnegative):
    with ctx.workprec(100):
        x = [1 - ball(t), 2 * (1 - ball(t)), 3 * ball(t)]
    for problem, expected in ((LINE, x), (PLANE, [*x, 0])):
        problem = Problem(problem.rational_A, problem.rational_y, nonnegative=nonnegative)
        selected = selected_minimiser(problem, depth)
        with ctx.workprec(100):
            for held, value in zip(selected.balls(90), expected, strict=True):
                assert abs(held - value) < 2e-20  # half a unit of the last digit of t, tripled
        np.testing.assert_allclose(selected.x_float, [float(value) for value in expected], rtol=ULPS)


@pytest.mark.parametrize("depth", ["2", "2.000001", "2.05", "7/3", "2.5", "2.71828", "3", "50", "1000"])
def test_balls_hold_the_closed_form_of_the_line_and_are_nested(depth):
    selected = selected_minimiser(LINE, depth)
    with ctx.workprec(3000):
        t = t_value(depth)
        exact = [1 - t, 2 * (1 - t), 3 * t]
    previous = None
    for bits in BITS:
        balls = selected.balls(bits)
        for held, value in zip(balls, exact, strict=True):
            assert held.contains(value)
            assert held.rad() <= abs(held) * arb(2) ** -bits
        if previous:
            assert all(wide.contains(narrow) for wide, narrow in zip(previous, balls, strict=True))
        previous = balls


@pytest.mark.parametrize("depth", [2, 2.05, 3, 50])
def test_every_depth_halves_the_kink_at_delta_zero(depth):
    assert floats(kink(0), depth).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("depth", [2, "2.05", 3, 50])
@pytest.mark.parametrize("signs", [[1, -1, 1, 1, -1], [1, -1] * 8])
def test_equal_columns_share_equally_with_their_signs(depth, signs):
    # faces of dimensions 4 and 15
    np.testing.assert_allclose(
        floats(Problem([signs], [3]), depth), [3 / len(signs) * sign for sign in signs], rtol=ULPS
    )


@pytest.mark.parametrize("depth", [2, 3, 4, 50])
@pytest.mark.parametrize("copies", [2, 3, 9])
def test_independent_blocks_select_independently(depth, copies):
    A = np.kron(np.eye(copies, dtype=int), np.array([[1, 1, 1], [3, 0, 1]]))
    mixed = np.tril(np.ones((2 * copies, 2 * copies), dtype=int))  # unimodular: the same problem
    minimiser = basis_pursuit(Problem((mixed @ A).tolist(), (mixed @ np.full(2 * copies, 3)).tolist()))
    assert len(minimiser.kernel) == copies
    with ctx.workprec(100):
        t = float(t_value(depth))
    np.testing.assert_allclose(
        selected_minimiser(minimiser, depth).x_float, [1 - t, 2 * (1 - t), 3 * t] * copies, rtol=ULPS
    )


def transport(row_sums, column_sums, nonnegative):
    """All tables x >= 0 with these margins: ||x||_1 is the same on all of them, and the least possible."""
    r, c = len(row_sums), len(column_sums)
    rows = np.kron(np.eye(r, dtype=int), np.ones((1, c), dtype=int))
    columns = np.kron(np.ones((1, r), dtype=int), np.eye(c, dtype=int))
    margins = [*row_sums, *column_sums[:-1]]  # the last one follows from the others
    return Problem(np.vstack([rows, columns[:-1]]).tolist(), margins, nonnegative=nonnegative)


MARGINS = [
    ([1, 4], [2, 3]),
    ([2, 5, 1], [3, 1, 4]),
    ([1000, 1, 3, 2], ["1e-6", "0.5", 5, "1000.499999"]),  # a face of dimension 9
]


@pytest.mark.parametrize(("rows", "columns"), MARGINS)
@pytest.mark.parametrize("nonnegative", [False, True])
def test_depth_two_selects_the_table_of_independent_margins(rows, columns, nonnegative):
    # least sum x log x with given margins is r_i c_j / total, a rational
    selected = selected_minimiser(transport(rows, columns, nonnegative), 2)
    assert len(selected.minimiser.kernel) == (len(rows) - 1) * (len(columns) - 1)
    expected = [Fraction(r) * Fraction(c) / sum(rows) for r in rows for c in columns]
    np.testing.assert_allclose(selected.x_float, [float(value) for value in expected], rtol=ULPS)
    for bits in BITS:
        with ctx.workprec(2 * bits + 100):
            for held, value in zip(selected.balls(bits), expected, strict=True):
                assert held.contains(ball(value))
                assert held.rad() <= held * arb(2) ** -bits


@pytest.mark.parametrize(("rows", "columns"), MARGINS)
@pytest.mark.parametrize("depth", ["2.05", "3", "50"])
def test_larger_depths_select_the_table_whose_powers_add_up(rows, columns, depth):
    problem = transport(rows, columns, nonnegative=False)
    balls = selected_minimiser(problem, depth).balls(300)
    with ctx.workprec(400):
        # stationary: x_ij^(2/L - 1) = r_i + c_j, so that every 2 x 2 minor adds up to 0
        powers = np.array([value ** (2 / ball(depth) - 1) for value in balls], dtype=object)
        powers = powers.reshape(len(rows), len(columns))
        interaction = powers - powers[:1] - powers[:, :1] + powers[0, 0]
        largest = max(abs(value).upper() for value in powers.ravel())
        assert all(value.contains(0) for value in interaction.ravel())
        assert all(value.rad() <= largest * arb(2) ** -297 for value in interaction.ravel())
        for row, y in zip(problem.rational_A, problem.rational_y, strict=True):
            assert sum((ball(a) * x for a, x in zip(row, balls, strict=True)), arb(0)).contains(ball(y))


def test_a_coordinate_far_below_the_rest_keeps_its_own_digits():
    # kernel (100, 1, -101), so x_2 = x_3 (x_3/x_1)^100 at depth 2; x_2 is too small to move x_1 and x_3
    selected = selected_minimiser(Problem([[1, 1, 1], [0, 101, 1]], [3, "0.5"]), 2)
    np.testing.assert_allclose(selected.x_float, [2.5, 0.5 / 5**100, 0.5], rtol=ULPS)
    with ctx.workprec(1000):
        first, second, third = selected.balls(500)
        assert (third * (third / first) ** 100 / second - 1).contains(0)
        assert second.rad() <= second * arb(2) ** -500


def test_the_choice_tends_to_that_of_depth_two():
    two = selected_minimiser(LINE, 2).balls(200)
    with ctx.workprec(200):
        slopes = []
        for gap in ("1e-9", "1e-12", "1e-15"):
            near = selected_minimiser(LINE, Fraction(2) + Fraction(gap)).balls(200)
            slopes.append([(a - b) / ball(gap) for a, b in zip(near, two, strict=True)])
        # linear in the gap: the slopes differ by the second-order term, a gap of 1e-9 times a number below 1
        for first, second, third in zip(*slopes, strict=True):
            assert 1e-4 < abs(third) < 1
            assert abs(first - second) < 1e-9
            assert abs(second - third) < 1e-12


def test_a_unique_minimiser_is_selected_at_every_depth_and_exactly():
    minimiser = basis_pursuit(RANDOM)
    for depth in (2, 3, Fraction(7, 3)):
        selected = selected_minimiser(minimiser, depth)
        assert (selected.x_float == minimiser.x_float).all()
        for bits in (53, 500):
            for held, value in zip(selected.balls(bits), minimiser.x, strict=True):
                with ctx.workprec(4 * bits):
                    assert held.contains(ball(value))
                assert held.rad() <= abs(held) * arb(2) ** -bits
                assert value or held == 0


@pytest.mark.parametrize("problem", [LINE, PLANE])
def test_off_the_support_the_choice_is_exactly_zero(problem):
    selected = selected_minimiser(problem, 3)
    support = set(selected.minimiser.support)
    assert all(held == 0 for j, held in enumerate(selected.balls(200)) if j not in support)


def test_a_problem_and_its_minimisers_are_the_same_argument():
    from_problem, from_minimiser = selected_minimiser(LINE, 3), selected_minimiser(basis_pursuit(LINE), 3)
    assert (from_problem.x_float == from_minimiser.x_float).all()
    assert from_problem.minimiser == from_minimiser.minimiser
    assert from_problem.depth == 3


def test_a_depth_means_what_was_typed():
    expected = floats(LINE, Fraction(41, 20))
    assert (floats(LINE, "2.05") == expected).all()
    assert (floats(LINE, "41/20") == expected).all()
    typed, rounded = (selected_minimiser(LINE, depth).balls(200) for depth in ("2.05", 2.05))
    assert not any(a.overlaps(b) for a, b in zip(typed, rounded, strict=True))  # 2.05 in binary is another depth


@pytest.mark.parametrize("depth", [1.5, "1.999999999999999999999", -3])
def test_a_depth_below_two_is_refused(depth):
    with pytest.raises(ValueError, match=rf"^depth is {depth}, expected at least 2$"):
        selected_minimiser(LINE, depth)


def test_the_precision_of_flint_is_put_back_and_does_not_matter():
    with ctx.workprec(61):
        selected = selected_minimiser(LINE, 3)
        low = selected.balls(300)
        _ = selected.x_float
        assert flint.ctx.prec == 61
    high = selected_minimiser(LINE, 3).balls(300)
    assert all(a.mid() == b.mid() and a.rad() == b.rad() for a, b in zip(low, high, strict=True))
