"""Which minimiser the network selects: closed forms of theory, sections 3 and 4, and first-order conditions."""

from fractions import Fraction

import flint
import numpy as np
import pytest

from dlnflow.basis_pursuit import basis_pursuit
from dlnflow.problems import LINE, PLANE, RANDOM, Problem, kink
from dlnflow.selection import selected_minimiser

# the answer is rounded once from 200 bits; the reference is computed with a few more roundings
ULPS = 1e-15

# theory, section 4: line and plane select (1-t, 2(1-t), 3t[, 0])
T_VALUES = {2: 0.34603494091434052530, 3: 0.34192282141995630276, 4: 0.33981137949147963240}


def t_value(depth):
    """t of line and plane (theory, section 4)."""
    if depth == 2:
        return T_VALUES[2]
    ratio = (3 ** (2 / depth) / (1 + 2 ** (2 / depth))) ** (depth / (depth - 2))
    return ratio / (1 + ratio)


def selected(problem, depth):
    return selected_minimiser(basis_pursuit(problem), depth)


@pytest.mark.parametrize(("depth", "t"), T_VALUES.items())
@pytest.mark.parametrize("nonnegative", [False, True])
def test_line_and_plane_select_their_published_point(depth, t, nonnegative):
    x = np.array([1 - t, 2 * (1 - t), 3 * t])
    for problem, expected in ((LINE, x), (PLANE, [*x, 0])):
        problem = Problem(problem.rational_A, problem.rational_y, nonnegative=nonnegative)
        np.testing.assert_allclose(selected(problem, depth), expected, rtol=ULPS)


@pytest.mark.parametrize(("depth", "tolerance"), [(2.05, 1e-13), (2.5, ULPS), (50, ULPS)])
def test_line_selects_its_closed_form_at_other_depths(depth, tolerance):
    # the float reference raises to the power depth/(depth-2), 41 at 2.05, and loses as many ulp
    t = t_value(depth)
    np.testing.assert_allclose(selected(LINE, depth), [1 - t, 2 * (1 - t), 3 * t], rtol=tolerance)


@pytest.mark.parametrize("depth", [2, 2.05, 3, 50])
def test_every_depth_halves_the_kink_at_delta_zero(depth):
    assert selected(kink(0), depth).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("depth", [2, "2.05", 3, 50])
def test_equal_columns_share_equally_with_their_signs(depth):
    # a face of dimension 4
    signs = [1, -1, 1, 1, -1]
    np.testing.assert_allclose(selected(Problem([signs], [3]), depth), [0.6 * sign for sign in signs], rtol=ULPS)


@pytest.mark.parametrize("depth", [2, 3, 4, 50])
@pytest.mark.parametrize("copies", [2, 3])
def test_independent_blocks_select_independently(depth, copies):
    A = np.kron(np.eye(copies, dtype=int), np.array([[1, 1, 1], [3, 0, 1]]))
    mixed = np.tril(np.ones((2 * copies, 2 * copies), dtype=int))  # unimodular: the same problem
    minimiser = basis_pursuit(Problem((mixed @ A).tolist(), (mixed @ np.full(2 * copies, 3)).tolist()))
    assert len(minimiser.kernel) == copies
    t = t_value(depth)
    np.testing.assert_allclose(selected_minimiser(minimiser, depth), [1 - t, 2 * (1 - t), 3 * t] * copies, rtol=ULPS)


def transport(row_sums, column_sums, nonnegative):
    """All tables x >= 0 with these margins: ||x||_1 is the same on all of them, and the least possible."""
    r, c = len(row_sums), len(column_sums)
    rows = np.kron(np.eye(r, dtype=int), np.ones((1, c), dtype=int))
    columns = np.kron(np.ones((1, r), dtype=int), np.eye(c, dtype=int))
    margins = [*row_sums, *column_sums[:-1]]  # the last one follows from the others
    return Problem(np.vstack([rows, columns[:-1]]).tolist(), margins, nonnegative=nonnegative)


MARGINS = [([1, 4], [2, 3]), ([2, 5, 1], [3, 1, 4]), ([1000, 1, 3, 2], ["1e-6", "0.5", 5, "1000.499999"])]


@pytest.mark.parametrize(("rows", "columns"), MARGINS)
@pytest.mark.parametrize("nonnegative", [False, True])
def test_depth_two_selects_the_table_of_independent_margins(rows, columns, nonnegative):
    # least sum x log x with given margins is r_i c_j / total
    minimiser = basis_pursuit(transport(rows, columns, nonnegative))
    assert len(minimiser.kernel) == (len(rows) - 1) * (len(columns) - 1)
    expected = np.outer(rows, [float(c) for c in columns]) / sum(rows)
    np.testing.assert_allclose(selected_minimiser(minimiser, 2), expected.ravel(), rtol=ULPS)


@pytest.mark.parametrize(("rows", "columns"), MARGINS)
@pytest.mark.parametrize("depth", [2.05, 3, 50])
def test_larger_depths_select_the_table_whose_powers_add_up(rows, columns, depth):
    problem = transport(rows, columns, nonnegative=False)
    x = selected(problem, depth)
    # stationary: x_ij^(2/L - 1) = r_i + c_j; taken as (x^p - 1)/p, which does not go flat as L -> 2
    power = 2 / depth - 1
    potential = (np.expm1(power * np.log(x)) / power).reshape(len(rows), len(columns))
    interaction = potential - potential[:1] - potential[:, :1] + potential[0, 0]
    assert np.abs(interaction).max() <= 10 * np.finfo(float).eps * np.abs(potential).max()
    np.testing.assert_allclose(problem.A @ x, problem.y, rtol=ULPS)


def test_a_coordinate_far_below_the_rest_keeps_its_own_digits():
    # kernel (100, 1, -101), so x_2 = x_3 (x_3/x_1)^100 at depth 2; x_2 is too small to move x_1 and x_3
    x = selected(Problem([[1, 1, 1], [0, 101, 1]], [3, "0.5"]), 2)
    np.testing.assert_allclose(x, [2.5, 0.5 / 5**100, 0.5], rtol=ULPS)


def test_the_choice_tends_to_that_of_depth_two():
    near, two = selected(LINE, "2.000000001"), selected(LINE, 2)
    # theory: t falls by 4e-3 from depth 2 to 3, so 1e-9 of depth moves x by about 1e-11
    assert 0 < np.abs(near - two).max() < 1e-10


def test_a_unique_minimiser_is_selected_at_every_depth():
    minimiser = basis_pursuit(RANDOM)
    for depth in (2, 3, Fraction(7, 3)):
        assert (selected_minimiser(minimiser, depth) == minimiser.x_float).all()


def test_a_depth_means_what_was_typed():
    expected = selected(LINE, Fraction(41, 20))
    assert (selected(LINE, "2.05") == expected).all()
    assert (selected(LINE, "41/20") == expected).all()


def test_a_depth_below_two_is_refused():
    with pytest.raises(ValueError, match=r"depth is 1\.5, expected at least 2"):
        selected(LINE, 1.5)


def test_the_precision_of_flint_is_put_back():
    before = flint.ctx.prec
    selected(LINE, 3)
    assert flint.ctx.prec == before
