"""The exact minimisers of basis pursuit, against brute force over all bases and against problems solved by hand."""

from fractions import Fraction
from importlib import import_module
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dlnflow.minimisers.basis_pursuit import InfeasibleError, Minimiser, basis_pursuit
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.optimality import check_optimality
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, ProblemError, kink

# the name in the package is that of the function
MODULE = import_module("dlnflow.minimisers.basis_pursuit")
exactly = settings(derandomize=True, deadline=None, max_examples=300)


def reduced(rows):
    """The reduced row echelon form of a rational matrix, without its zero rows."""
    rows, done = [list(map(Fraction, row)) for row in rows], []
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        cleared = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in (*done, *rows)]
        done, rows = [*cleared[: len(done)], pivot], cleared[len(done) :]
    return done


def rank(rows):
    return len(reduced(rows))


def optimal_vertices(problem):
    """All basic solutions of least l1 norm; none if none is feasible."""
    m, n = problem.measurements, problem.features
    rows = [[*row, value] for row, value in zip(problem.rational_A, problem.rational_y, strict=True)]
    vertices = set()
    for basis in combinations(range(n), m):
        solved = reduced([[*(row[j] for j in basis), row[-1]] for row in rows])
        if [row[:-1] for row in solved] != [[int(i == k) for k in range(m)] for i in range(m)]:
            continue
        levels = dict(zip(basis, (row[-1] for row in solved), strict=True))
        if not problem.nonnegative or min(levels.values()) >= 0:
            vertices.add(tuple(levels.get(j, Fraction(0)) for j in range(n)))
    least = min((norm(x) for x in vertices), default=None)
    return [x for x in vertices if norm(x) == least]


def norm(x):
    return sum(map(abs, x))


def dot(left, right):
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def slopes(problem, nu):
    return [dot(column, nu) for column in zip(*problem.rational_A, strict=True)]


def assert_proves_itself(problem: Problem, found: Minimiser):
    """x and nu are optimal and strictly complementary, and the kernel is that of A_T: all of it in rationals."""
    assert check_optimality(problem, found.x, found.nu).is_optimal(0)
    assert found.l1_norm == norm(found.x)
    assert found.support == tuple(j for j, value in enumerate(found.x) if value)
    assert found.signs == tuple(1 if found.x[j] > 0 else -1 for j in found.support)
    for j, slope in enumerate(slopes(problem, found.nu)):
        tight = slope == 1 or (slope == -1 and not problem.nonnegative)
        assert tight == (j in found.support)
    A_T = [[row[j] for j in found.support] for row in problem.rational_A]
    assert all(dot(row, vector) == 0 for row in A_T for vector in found.kernel)
    assert rank(found.kernel) == len(found.kernel) == len(found.support) - rank(A_T)
    assert found.unique == (not found.kernel)


def assert_is_the_face_of(problem, found, vertices):
    """The face is the hull of the optimal vertices: same value, union of supports, and dimension."""
    assert found.l1_norm == norm(vertices[0])
    assert found.support == tuple(j for j in range(problem.features) if any(x[j] for x in vertices))
    apart = [[a - b for a, b in zip(x, vertices[0], strict=True)] for x in vertices[1:]]
    assert len(found.kernel) == rank(apart)
    if len(vertices) == 1:
        assert found.x == vertices[0]


@st.composite
def small_problems(draw):
    """Lattice data, which tie and degenerate often, with a copy, a negated copy or a zero among the columns."""
    m = draw(st.integers(1, 3))
    entry = st.integers(-2, 2)
    columns = draw(st.lists(st.lists(entry, min_size=m, max_size=m), min_size=m + 1, max_size=m + 3))
    extra = draw(st.sampled_from(["none", "copy", "negated", "zero"]))
    if extra != "none":
        columns.append([{"copy": 1, "negated": -1, "zero": 0}[extra] * value for value in columns[0]])
    y = draw(st.lists(entry, min_size=m, max_size=m))
    try:
        return Problem([list(row) for row in zip(*columns, strict=True)], y, nonnegative=draw(st.booleans()))
    except ProblemError:
        reject()


def assert_agrees_with_brute_force(problem):
    vertices = optimal_vertices(problem)
    if not vertices:
        with pytest.raises(InfeasibleError, match="no solution x >= 0") as refusal:
            basis_pursuit(problem)
        # Farkas: A^T nu <= 0 < y.nu
        assert max(slopes(problem, refusal.value.certificate)) <= 0 < dot(problem.rational_y, refusal.value.certificate)
        return
    found = basis_pursuit(problem)
    assert_proves_itself(problem, found)
    assert_is_the_face_of(problem, found, vertices)


@exactly
@given(small_problems())
def test_the_face_is_the_hull_of_the_best_basic_solutions(problem):
    assert_agrees_with_brute_force(problem)


@pytest.mark.parametrize("proposal", ["nothing", "the last columns, negated", "the first columns"])
@settings(derandomize=True, deadline=None, max_examples=150)
@given(small_problems())
def test_a_wrong_proposal_from_the_floats_changes_no_answer(proposal, problem):
    n, m = problem.features, problem.measurements
    proposals = {
        "nothing": [],
        "the last columns, negated": [(j, -1) for j in reversed(range(n))][:m],
        "the first columns": [(j, 1) for j in range(m)],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULE, "_float_basis", lambda _: proposals[proposal])
        assert_agrees_with_brute_force(problem)


@pytest.mark.parametrize("nonnegative", [False, True])
def test_line_and_plane_have_a_segment_of_minimisers(nonnegative):
    for problem in (LINE, PLANE):
        problem = Problem(problem.rational_A, problem.rational_y, nonnegative=nonnegative)
        found = basis_pursuit(problem)
        assert_proves_itself(problem, found)
        # theory, section 4: x = (1-t, 2(1-t), 3t[, 0])
        assert found.support == (0, 1, 2)
        assert found.l1_norm == 3
        assert len(found.kernel) == 1
        assert found.x[1] == 2 * found.x[0]


def test_random_has_a_unique_minimiser():
    found = basis_pursuit(RANDOM)
    assert_proves_itself(RANDOM, found)
    assert found.unique
    assert (found.x,) == tuple(optimal_vertices(RANDOM))


@pytest.mark.parametrize(("measurements", "features", "sparsity"), [(20, 40, 4), (50, 100, 5), (100, 200, 10)])
@pytest.mark.parametrize("nonnegative", [False, True])
def test_a_sparse_planted_signal_is_recovered_exactly(measurements, features, sparsity, nonnegative):
    planted = gaussian(2307, measurements, features, sparsity)
    x0 = np.abs(planted.x0) if nonnegative else planted.x0
    # dyadic data: the product is exact in float64
    problem = Problem(planted.A, planted.A @ x0, nonnegative=nonnegative)
    found = basis_pursuit(problem)
    assert found.unique
    assert found.x == tuple(map(Fraction, x0.tolist()))
    assert (found.x_float == x0).all()
    assert check_optimality(problem, found.x, found.nu).is_optimal(0)
    strict = [slope for j, slope in enumerate(slopes(problem, found.nu)) if j not in found.support]
    assert max(strict if nonnegative else map(abs, strict)) < 1


def test_a_generic_problem_past_the_threshold_has_a_vertex_of_m_nonzeros():
    problem = gaussian(2307, 50, 100, 40)
    found = basis_pursuit(problem)
    assert found.unique
    assert len(found.support) == 50
    assert check_optimality(problem, found.x, found.nu).is_optimal(0)


DELTAS = ["0.3", "1e-8", "1e-15", "1e-30", "1e-300"]


@pytest.mark.parametrize("delta", DELTAS)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_kink_jumps_at_delta_zero_however_small_delta_is(delta, sign):
    delta = sign * Fraction(delta)
    found = basis_pursuit(kink(delta))
    assert_proves_itself(kink(delta), found)
    assert found.unique
    assert found.x == ((1, 0) if delta > 0 else (0, 1 / (1 - delta)))


def test_the_kink_at_delta_zero_has_the_whole_segment():
    found = basis_pursuit(kink(0))
    assert_proves_itself(kink(0), found)
    assert found.support == (0, 1)
    assert len(found.kernel) == 1


def kink_blocks(deltas, values, rng):
    """A block (1, 1 - delta) for each value, its rows rotated, its columns permuted and negated; and the minimiser."""
    m = len(deltas)
    blocks = [[Fraction(0)] * (2 * m) for _ in range(m)]
    x = [Fraction(0)] * (2 * m)
    for i, (delta, value) in enumerate(zip(deltas, values, strict=True)):
        blocks[i][2 * i : 2 * i + 2] = [Fraction(1), 1 - delta]
        x[2 * i + (delta < 0)] = value / max(Fraction(1), 1 - delta)
    v = [Fraction(int(k)) for k in rng.integers(1, 5, m)]
    reflection = [[(i == j) - 2 * v[i] * v[j] / dot(v, v) for j in range(m)] for i in range(m)]
    order, signs = rng.permutation(2 * m).tolist(), rng.choice([-1, 1], 2 * m).tolist()
    rotated = [[dot(row, column) for column in zip(*blocks, strict=True)] for row in reflection]
    A = [[sign * row[j] for sign, j in zip(signs, order, strict=True)] for row in rotated]
    return A, [dot(row, values) for row in reflection], [sign * x[j] for sign, j in zip(signs, order, strict=True)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("delta", ["1e-6", "1e-15", "1e-30"])
def test_rotated_kinks_keep_their_corners(seed, delta):
    rng = np.random.default_rng(seed)
    deltas = [int(sign) * Fraction(delta) for sign in rng.choice([-1, 1], 6)]
    A, y, x = kink_blocks(deltas, [Fraction(int(k)) for k in rng.integers(1, 9, 6)], rng)
    problem = Problem(A, y)
    found = basis_pursuit(problem)
    assert_proves_itself(problem, found)
    assert found.unique
    assert list(found.x) == x


@pytest.mark.parametrize("nonnegative", [False, True])
def test_data_of_hugely_different_scale_are_solved_all_the_same(nonnegative):
    # one row at a time the best column is the largest; 1e-170 and its neighbour differ by 1e-20 of themselves
    rows = [["1e150", "-1e149", "3e-150"], ["1e-170", "1.00000000000000000001e-170", "-1e-300"], [7, "1e-200", -6]]
    y = ["1e-100", "5e-10", "2e200"]
    A = [[0] * 9 for _ in rows]
    for i, row in enumerate(rows):
        A[i][3 * i : 3 * i + 3] = row
    problem = Problem(A, y, nonnegative=nonnegative)
    found = basis_pursuit(problem)
    assert_proves_itself(problem, found)
    assert found.x[0] == Fraction("1e-250")
    assert found.x[4] == Fraction("5e-10") / Fraction("1.00000000000000000001e-170")
    assert found.x[6] == Fraction("2e200") / 7


def test_rows_that_vanish_modulo_the_prime_of_the_basis_search_still_give_a_basis():
    prime = 2**61 - 1
    found = basis_pursuit(Problem([[3 * prime, prime, 0], [0, 1, 2]], [3 * prime, 2]))
    # x = (1, 0, 1) + t (1, -3, 3/2): the norm is least at t = 0
    assert found.x == (1, 0, 1)
    assert found.unique


def test_a_copied_column_shares_its_minimisers_and_a_negated_one_takes_the_other_sign():
    # x0 = (2, 0): with a copy and a negated copy of column 0 the minimisers are a triangle
    problem = Problem([[1, 0, 1, -1], [0, 1, 0, 0]], [2, 0])
    found = basis_pursuit(problem)
    assert_proves_itself(problem, found)
    assert found.support == (0, 2, 3)
    assert found.signs == (1, 1, -1)
    assert len(found.kernel) == 2
    one_sided = basis_pursuit(Problem(problem.rational_A, problem.rational_y, nonnegative=True))
    assert one_sided.support == (0, 2)


def test_a_column_of_zeros_stays_out():
    found = basis_pursuit(Problem([[0, 1, 2]], [3]))
    assert found.x == (0, 0, Fraction(3, 2))
    assert found.unique


def test_a_sum_of_positive_entries_is_never_negative():
    problem = Problem([[1, 2, 3], [1, 0, 1]], [-1, 1], nonnegative=True)
    with pytest.raises(InfeasibleError, match="y = A x has no solution x >= 0"):
        basis_pursuit(problem)


def test_the_minimiser_of_a_nonnegative_problem_may_use_a_column_of_slope_below_minus_one():
    # a_2.nu = -5 < -1 is no obstacle one-sidedly
    problem = Problem([[1, -5]], [1], nonnegative=True)
    found = basis_pursuit(problem)
    assert_proves_itself(problem, found)
    assert found.x == (1, 0)
    assert found.unique


def test_floats_that_are_right_cost_no_exact_pivot_and_wrong_ones_few():
    assert basis_pursuit(gaussian(2307, 100, 200, 10)).pivots == 0
    deltas = [Fraction("1e-30"), Fraction("-1e-30")] * 3
    A, y, _ = kink_blocks(deltas, [Fraction(1)] * 6, np.random.default_rng(0))
    # each of the six blocks is at most one exchange of its two columns away
    assert basis_pursuit(Problem(A, y)).pivots <= 12
