"""Interval data: one answer for every input of the ball, or two inputs that differ, against all corners of the ball."""

from fractions import Fraction
from itertools import product

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnflow.arithmetic.exact import to_arb, to_fmpq
from dlnflow.intervals.dispatch import basis_pursuit, certified_limit
from dlnflow.intervals.problem import IntervalProblem, NotResolved, Resolution, ResolvedMinimiser, Undecided
from dlnflow.intervals.vertex import fixed_point
from dlnflow.minimisers.basis_pursuit import InfeasibleError
from dlnflow.problems.ensembles import planted
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, ProblemError, kink

exactly = settings(derandomize=True, deadline=None, max_examples=60)


def pattern(minimiser):
    return minimiser.support, minimiser.signs


def corners(interval):
    """Every corner of the ball, 2^(mn + m) of them; None for one that is no problem."""
    m, n = interval.centre.A.shape
    for signs in product((-1, 1), repeat=m * n + m):
        try:
            yield interval.input([signs[i * n : i * n + n] for i in range(m)], signs[m * n :])
        except ProblemError:
            yield None


def some_inputs(interval, rng, count):
    """Random corners and points within, in turn."""
    m, n = interval.centre.A.shape
    for trial in range(count):
        shift = rng.integers(0, 2, (m, n + 1)) * 2 - 1 if trial % 2 else rng.uniform(-1, 1, (m, n + 1))
        yield interval.input(shift[:, :n].tolist(), shift[:, n].tolist())


def assert_sound(interval, found, inputs):
    """A proof holds for the inputs, an exhibit shows two inputs with different minimisers."""
    if isinstance(found, NotResolved):
        assert found.holds_for(interval)
        assert pattern(basis_pursuit(found.inputs[0])) != pattern(basis_pursuit(found.inputs[1]))
        assert found.message == f"not resolved at {interval.bits} bits"
        assert found.distance > 0
    if isinstance(found, ResolvedMinimiser):
        for problem in inputs:
            assert interval.contains(problem)
            minimiser = basis_pursuit(problem)
            assert minimiser.unique
            assert pattern(minimiser) == (found.support, found.signs)
            with flint.ctx.workprec(1024):  # a corner may end at a ball's edge: rounding x may not reach beyond
                assert all(ball.contains(to_arb(x)) for ball, x in zip(found.x, minimiser.x, strict=True))


@pytest.mark.parametrize("bits", [2, 5, 20, 60, 200])
@pytest.mark.parametrize("ratio", [Fraction(1, 2), 1, Fraction(199, 100), 2, Fraction(201, 100), 3])
def test_a_kink_is_resolved_exactly_where_delta_exceeds_twice_the_radius(bits, ratio):
    # both entries of A move: [1 - r, 1 - delta + r] has equal columns at delta = 2 r, which the closed ball holds
    interval = IntervalProblem.around(kink(Fraction(ratio) / 2**bits), bits)
    found = basis_pursuit(interval)
    assert found.resolution is (Resolution.RESOLVED if ratio > 2 else Resolution.NOT_RESOLVED)
    assert_sound(interval, found, corners(interval))


@pytest.mark.parametrize("bits", [20, 40])
@pytest.mark.parametrize(("share", "resolution"), [("9/10", Resolution.NOT_RESOLVED), ("11/10", Resolution.RESOLVED)])
def test_ten_mixed_kinks_are_resolved_where_delta_exceeds_twice_the_radius_times_the_norm_of_nu(
    bits, share, resolution
):
    radius = Fraction(1, 2**bits)
    mix = np.eye(10, dtype=int).astype(object) * Fraction(1)
    for i in range(9):
        c, s = Fraction(3, 5), Fraction(4, 5)
        mix[i], mix[i + 1] = c * mix[i] - s * mix[i + 1], s * mix[i] + c * mix[i + 1]
    y = mix.sum(axis=1)  # and nu, for A_S = mix is orthogonal: x_S = sigma = 1
    # r (1 + ||w_j||_1) ||nu||_1 with w_j = (1 - delta) e_j; what is left out is 1e-5 of it at twenty bits
    delta = Fraction(share) * 2 * radius * sum(map(abs, y))
    A = np.stack([mix, mix * (1 - delta)], axis=2).reshape(10, 20)
    interval = IntervalProblem(A.tolist(), y.tolist(), bits)
    found = basis_pursuit(interval)
    assert found.resolution is resolution
    assert_sound(interval, found, some_inputs(interval, np.random.default_rng(0), 4))


@pytest.mark.parametrize("nonnegative", [False, True])
@pytest.mark.parametrize("bits", [2, 3, 4, 5])
def test_an_answer_stands_exactly_where_all_corners_of_the_ball_agree(bits, nonnegative):
    # x'_i and a'_j.nu' are linear fractional in each entry: their extremes over the ball are at its corners
    rng = np.random.default_rng([bits, nonnegative])
    for size in ((1, 2), (1, 3), (1, 2), (1, 3), (2, 3)):
        A = rng.integers(-16, 17, size)
        A[:, 0] += 20
        interval = IntervalProblem(A / 16, A @ rng.integers(1, 9, size[1]) / 16, bits, nonnegative)
        found = basis_pursuit(interval)
        minimisers = [minimiser_or_none(problem) for problem in corners(interval)]
        agree = (
            all(minimiser and minimiser.unique for minimiser in minimisers) and len(set(map(pattern, minimisers))) == 1
        )
        assert found.resolution is (Resolution.RESOLVED if agree else Resolution.NOT_RESOLVED)


def minimiser_or_none(problem):
    try:
        return problem and basis_pursuit(problem)
    except InfeasibleError:
        return None


@pytest.mark.parametrize("bits", [2, 10, 60, 1000])
@pytest.mark.parametrize("problem", [LINE, PLANE], ids=["line", "plane"])
def test_many_minimisers_are_never_resolved(problem, bits):
    interval = IntervalProblem.around(problem, bits)
    found = basis_pursuit(interval)
    assert found.resolution is Resolution.NOT_RESOLVED
    assert_sound(interval, found, [])
    assert len(found.minimisers[1].support) < len(found.minimisers[0].support)


@pytest.mark.parametrize("signal", ["signed", "nonnegative"])
@pytest.mark.parametrize("bits", [8, 30, 60])
def test_a_sparse_minimiser_is_never_resolved_for_y_may_leave_the_range_of_its_columns(bits, signal):
    problem = planted("gaussian", 1, 10, 20, 2, 0, signal)
    interval = IntervalProblem.around(problem, bits)
    found = basis_pursuit(interval)
    assert_sound(interval, found, [])
    assert pattern(found.minimisers[0]) == pattern(basis_pursuit(problem))
    # y' = y + t a_j, |t a_j| <= r: the two are as near as the bits make them
    assert found.distance < 100 * 2.0**-bits


def test_the_paper_s_random_problem_is_resolved_from_five_bits_on():
    # its least entry 0.278 moves by r * 2.32 * 2.76 to first order, ||p_i||_1 = 2.32, 1 + ||x||_1 = 2.76: r < 0.043
    ends = [basis_pursuit(IntervalProblem.around(RANDOM, bits)).resolution for bits in range(2, 12)]
    assert ends == [Resolution.NOT_RESOLVED] * 3 + [Resolution.RESOLVED] * 7


@pytest.mark.parametrize("nonnegative", [False, True])
def test_a_few_hundred_random_inputs_are_sound_and_hardly_any_is_undecided(nonnegative):
    rng = np.random.default_rng(7)
    ends = []
    for trial in range(150):
        m = int(rng.integers(1, 7))
        n = int(rng.integers(m + 1, 2 * m + 1))
        A = np.round(rng.standard_normal((m, n)) * 64) / 64
        A[:, :m] += np.eye(m) * 2  # of full rank, nearly always with integer multiples of 1/64
        y = A @ np.abs(rng.standard_normal(n)) if nonnegative else rng.standard_normal(m)
        interval = IntervalProblem(A, y, int(rng.integers(2, 12 if trial % 2 else 61)), nonnegative)
        found = basis_pursuit(interval)
        assert_sound(interval, found, some_inputs(interval, rng, 2))
        ends.append(found.resolution)
    assert ends.count(Resolution.UNDECIDED) <= 1  # below 1 %
    assert min(ends.count(Resolution.RESOLVED), ends.count(Resolution.NOT_RESOLVED)) > 20


small = st.integers(-6, 6)


@exactly
@given(
    st.lists(st.lists(small, min_size=4, max_size=4), min_size=2, max_size=2),
    st.tuples(small, small),
    st.integers(-2, 8),
)
def test_small_integers_are_sound(rows, y, bits):
    try:
        interval = IntervalProblem(rows, y, bits)
    except ProblemError:
        return
    inputs = []
    for shift in ([[1, -1, 1, -1], [1, 1, -1, -1]], [[1, 1, 1, 1], [-1, -1, -1, -1]], [[0, 1, 0, -1], [1, 0, -1, 0]]):
        try:
            inputs.append(interval.input(shift, (1, -1)))
        except ProblemError:  # not an input; a proof says that there is none like it
            assert not isinstance(basis_pursuit(interval), ResolvedMinimiser)
    found = basis_pursuit(interval)
    assert not isinstance(found, Undecided)
    assert_sound(interval, found, inputs)


@exactly
@given(st.lists(st.tuples(small, small), min_size=1, max_size=5), st.integers(1, 30))
def test_a_fixed_point_is_one_and_the_least(pairs, denominator):
    fixed, slope = ([flint.fmpq(value) for value in values] for values in zip(*pairs, strict=True))
    r = flint.fmpq(1, denominator)
    found = fixed_point(fixed, slope, r)
    size = lambda q: sum((abs(a + r * q * b) for a, b in zip(fixed, slope, strict=True)), flint.fmpq(0))  # noqa: E731
    if found is None:
        assert r * sum(map(abs, slope), flint.fmpq(0)) >= 1
    else:
        q, _ = found
        assert size(q) == q
        assert all(size(q * to_fmpq(Fraction(k, 8))) > q * to_fmpq(Fraction(k, 8)) for k in range(8) if q)


@pytest.mark.parametrize("depth", ["2", "3", "4"])
@pytest.mark.parametrize(("scale", "resolved"), [("1e-1", True), ("1e-2", True), ("1e-12", False), ("1e-60", False)])
def test_a_limit_of_large_scale_is_resolved_though_the_minimiser_is_not(depth, scale, resolved):
    # delta = r: the minimiser jumps. With eps far above delta^(L/(L-2)) (delta log(1/eps) << 1 at depth 2) the network
    # splits y over both columns, for every input alike; with eps far below it, it follows basis pursuit
    interval = IntervalProblem.around(kink(Fraction(1, 2**10)), 10)
    found = certified_limit(interval, depth, scale)
    if depth == "2" and scale == "1e-12":
        resolved = True  # delta log(1/eps) = 0.03
    if depth == "2" and scale == "1e-60":
        resolved = True  # 0.13
    assert (found.resolution is Resolution.RESOLVED) == resolved
    assert basis_pursuit(interval).resolution is Resolution.NOT_RESOLVED
    if resolved:
        assert found.x[0] > 0
        assert found.x[1] > 0
        for problem in corners(interval):
            limit = certified_limit(problem, depth, scale)
            assert all(ball.contains(x) for ball, x in zip(found.x, limit.x, strict=True))
    else:
        assert_sound(interval, found, [])


@pytest.mark.parametrize("nonnegative", [False, True])
def test_limits_of_exact_inputs_lie_in_the_balls(nonnegative):
    rng = np.random.default_rng(11)
    ends = []
    for trial in range(48):
        m = int(rng.integers(1, 5))
        A = rng.standard_normal((m, 2 * m))
        y = A @ np.abs(rng.standard_normal(2 * m))
        depth, scale = ("2", "2.5", "3", "4")[trial % 4], ("1e-1", "1e-3", "1e-9", "1e-40")[trial // 4 % 4]
        interval = IntervalProblem(A, y, int(rng.integers(3, 30)), nonnegative)
        found = certified_limit(interval, depth, scale)
        ends.append(found.resolution)
        if found.resolution is Resolution.RESOLVED:
            for problem in some_inputs(interval, rng, 2):
                limit = certified_limit(problem, depth, scale)
                # both hold the input's limit; its own ball is too small to reach beyond the other's edge
                assert all(ball.contains(x) for ball, x in zip(found.x, limit.x, strict=True))
        else:
            assert_sound(interval, found, [])
    assert ends.count(Resolution.RESOLVED) > 24


def test_the_balls_of_a_limit_are_as_wide_as_the_data_make_them():
    # x = y/a on the heavy column, so x' - x = r (1 + x)/(a - r) at most; the light column adds less than 1e-8
    found = certified_limit(IntervalProblem.around(kink("1/2"), 20), 3, "1e-20")
    radius = float(found.x[0].rad()) * 2**20
    assert radius == pytest.approx(2, rel=1e-5)  # up to terms of order r = 1e-6


def test_a_proof_of_the_ball_agrees_with_the_centre():
    interval = IntervalProblem.around(RANDOM, 40)
    found = basis_pursuit(interval)
    assert found.centre == basis_pursuit(RANDOM)
    assert sum(ball == 0 for ball in found.x) == 2  # five columns, three in the support
    assert all(float(ball.rad()) < 1e-9 for ball in found.x)


def test_an_infeasible_centre_is_undecided_or_has_feasible_inputs_that_differ():
    far = IntervalProblem([[1, 2]], [-1], 10, nonnegative=True)
    found = basis_pursuit(far)
    assert isinstance(found, Undecided)
    assert "no solution x >= 0" in found.message
    near = IntervalProblem([[1, 1]], ["-1/8"], 2, nonnegative=True)
    assert_sound(near, basis_pursuit(near), [])


def test_an_interval_problem_knows_its_inputs():
    interval = IntervalProblem([[1, 2]], [3], 4)
    assert interval.radius == Fraction(1, 16)
    assert interval.contains(interval.input([[1, -1]], [1]))
    assert not interval.contains(interval.input([[1, Fraction(-17, 16)]], [1]))
    assert not interval.contains(Problem([[1, 2]], [3], nonnegative=True))
    assert not interval.contains(Problem([[1, 2, 0]], [3]))


@pytest.mark.parametrize("bits", [True, 3.0, "8", None, 1001, -1001])
def test_bits_that_are_no_integer_in_range_are_refused_in_one_sentence(bits):
    with pytest.raises(ProblemError, match=r"^bits is .*, expected an integer from -1000 to 1000$"):
        IntervalProblem([[1, 2]], [3], bits)
    with pytest.raises(ProblemError, match=r"^bits is"):
        IntervalProblem.around(LINE, bits)


def test_other_bad_input_is_refused_as_for_a_problem():
    with pytest.raises(ProblemError, match="y has 2 entries, expected 1"):
        IntervalProblem([[1, 2]], [3, 4], 8)
    with pytest.raises(ProblemError, match="expected a Problem"):
        IntervalProblem.around([[1, 2]], 8)
    with pytest.raises(ValueError, match="depth is 1, expected a number that is at least 2"):
        certified_limit(IntervalProblem.around(LINE, 8), 1, "1e-3")


def test_a_nonnegative_problem_at_the_edge_of_its_cone_loses_a_column_there():
    # y = 3 a_1 + a_2/32: the corner itself is outside the cone of the columns and no input; on its edge x_2 = 0
    interval = IntervalProblem([[1, 0, "1/4"], [0, 1, "1/4"]], [3, "1/32"], 4, nonnegative=True)
    found = basis_pursuit(interval)
    assert_sound(interval, found, [])
    assert (found.minimisers[0].support, found.minimisers[1].support) == ((0, 1), (0,))
