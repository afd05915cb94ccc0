"""The limit at a scale: theory's numbers, an independent Newton in multiprecision, statuses, order and work."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlnflow.arithmetic.error_free import UNIT
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.limit import limit, limits
from dlnflow.network.network import Network
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, ProblemError, kink
from dlnflow.results import Status

DEPTHS = ["2", "2.001", "2.05", "2.5", "3", "4", "10", "50"]
NAMED = {"line": LINE, "plane": PLANE, "random": RANDOM, "kink 0.3": kink("0.3"), "kink 0.01": kink("0.01")}
ALWAYS = {"deadline": None, "max_examples": 60}


def nonnegative(problem):
    return Problem(problem.rational_A, problem.rational_y, nonnegative=True)


# An independent evaluation: Newton on the dual as theory, section 1, writes it, in plain multiprecision.


def ball(value):
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def model(depth, scale, one_sided):
    """z -> (x, dx/dz), None outside the domain."""
    L, eps = ball(depth), ball(scale)

    def x_and_slope(z):
        if L == 2:
            rise, fall, rise_slope, fall_slope = eps * z.exp(), eps * (-z).exp(), eps * z.exp(), eps * (-z).exp()
        else:
            near, far, k = 1 - z, 1 + z, L / (L - 2)
            if not near > 0 or not (one_sided or far > 0):
                return None
            rise = eps * near**-k
            rise_slope = k * rise / near
            fall = arb(0) if one_sided else eps * far**-k
            fall_slope = arb(0) if one_sided else k * fall / far
        return (rise, rise_slope) if one_sided else (rise - fall, rise_slope + fall_slope)

    return x_and_slope


def midpoint(matrix):
    return arb_mat(matrix.nrows(), matrix.ncols(), [entry.mid() for entry in matrix.entries()])


def exact_limit(problem, depth, scale, bits=400, start=None):
    """x_alpha to about 100 digits, by a ladder of decades, or by Newton from a given nu near the answer."""
    depth, scale = Fraction(depth), Fraction(scale)
    m, n = problem.measurements, problem.features
    ladder = [scale]
    while start is None and ladder[0] < 1:
        ladder.insert(0, next(Fraction(1, 10**j) for j in range(400) if Fraction(1, 10 ** (j + 1)) <= ladder[0]))
    with ctx.workprec(bits):
        A = arb_mat([[ball(entry) for entry in row] for row in problem.rational_A])
        y = arb_mat([[ball(entry)] for entry in problem.rational_y])
        nu = arb_mat(m, 1) if start is None else arb_mat([[arb(float(entry))] for entry in start])
        for rung in ladder:
            x_and_slope = model(depth, rung, problem.nonnegative)

            def at(nu, x_and_slope=x_and_slope):
                pairs = [x_and_slope(z) for z in midpoint(A.transpose() * nu).entries()]
                if None in pairs:
                    return None
                x = arb_mat(n, 1, [x for x, _ in pairs])
                return x, [slope for _, slope in pairs], y - A * x

            here = at(nu)
            for _ in range(400):
                x, slopes, residual = here
                rows = A.transpose().tolist()
                weighted = arb_mat([[w * a for a in row] for w, row in zip(slopes, rows, strict=True)])
                d = midpoint((A * weighted).solve(residual))
                moves = [abs(w * a) for w, a in zip(slopes, (A.transpose() * d).entries(), strict=True)]
                last = max(move.upper() for move in moves) < max(abs(v).upper() for v in x.entries()) * arb(2) ** -170
                length, gain = arb(1), (residual.transpose() * d)[0, 0]
                while not last:
                    there = at(nu + length * d)
                    if there is not None and (there[2].transpose() * d)[0, 0] > -gain / 2:
                        break
                    length /= 2
                    assert length > 1e-60
                if last:
                    break
                nu, here = midpoint(nu + length * d), there
            else:
                raise AssertionError("the reference did not converge")
        return midpoint(here[0]).entries()


def distance(x, exact):
    with ctx.workprec(400):
        return float(sum(((arb(float(a)) - b) ** 2 for a, b in zip(x, exact, strict=True)), arb(0)).sqrt())


def assert_honest(problem, depth, scale, largest_radius=None):
    """A converged limit lies within its radius of the exact one (to 1e-50, the reference's own error)."""
    result = limit(problem, depth, scale)
    if largest_radius is not None:
        assert result.status is Status.CONVERGED
        assert result.radius <= largest_radius * np.linalg.norm(result.x)
    if result.status is Status.CONVERGED:
        assert distance(result.x, exact_limit(problem, depth, scale)) <= result.radius + 1e-50 * np.linalg.norm(
            result.x
        )
    return result


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("one_sided", [False, True])
def test_named_problems_have_thirteen_digits_and_an_honest_radius(name, depth, one_sided):
    problem = NAMED[name]
    if one_sided:
        if name == "random":
            return  # it has no solution x >= 0
        problem = nonnegative(problem)
    for scale in ("1", "1/3", "1e-2", "1e-6", "1e-12"):
        # a condition number of the problem times a few units: 1e-13 at its worst
        assert_honest(problem, depth, scale, largest_radius=1e-13)


@pytest.mark.parametrize(
    ("problem", "depth", "scale", "value", "digits"),
    [
        # theory, section 4, finite scales; twelve digits printed there. On the line at depth 2 the distance 2e-5 is a
        # difference of numbers near 1, so that 1e-16 of x is 1e-11 of it; at depth 4 1e-8 and so 1e-8.
        (LINE, 2, "1e-2", 2.04110752282e-5, 3e-11),
        (LINE, 4, "1e-6", 1.89533644142e-8, 3e-8),
        (PLANE, 3, "1e-4", 7.28747927839e-4, 1e-11),
    ],
)
def test_distances_to_the_selected_minimiser_are_those_of_theory(problem, depth, scale, value, digits):
    selected = selected_minimiser(problem, depth).x_float
    assert np.linalg.norm(limit(problem, depth, scale).x - selected) == pytest.approx(value, rel=digits)


@pytest.mark.parametrize(
    ("problem", "depth", "exponent", "constant", "scale", "tolerance"),
    [
        # theory, section 4: ||x - selected|| = constant * scale**exponent, up to a relative next order which at L > 2
        # is O(scale**(1-2/L)) and at L = 2 a power of the scale; and up to rounding, 1e-16 of x over the distance.
        (LINE, 2, 2, 0.204219661463, "1e-4", 1e-6),
        (PLANE, 2, 0.5, 0.900107117281, "1e-12", 1e-5),
        (PLANE, 3, 1, 8.59508488, "1e-9", 1e-2),
        (PLANE, 4, 1, 3.97143391, "1e-9", 1e-3),
        # its other small coordinate, of |rho_j| = 0.0694 beside 0.2551, is scale**0.186 = 6e-3 of the first
        (RANDOM, 2, 0.744859156736, 1.20686705, "1e-12", 1.2e-2),
        (RANDOM, 3, 1, 2.30705776, "1e-9", 1e-2),
        (LINE, 4, 1, 0.0189141317, "1e-9", 1e-3),
        (LINE, 3, 1, 0.00826762262, "1e-9", 1e-2),
    ],
)
def test_errors_reach_their_constants(problem, depth, exponent, constant, scale, tolerance):
    selected = selected_minimiser(problem, depth).x_float
    error = np.linalg.norm(limit(problem, depth, scale).x - selected)
    assert error / float(scale) ** exponent == pytest.approx(constant, rel=tolerance)


@pytest.mark.parametrize("delta", ["0.3", "0.1", "0.03", "0.01"])
@pytest.mark.parametrize("depth", [3, 4, 5])
def test_the_kink_has_its_small_coordinate_at_scale_times_h(delta, depth):
    # section 5: x_2/eps -> delta^-k - (2-delta)^-k, relative next order k/delta alpha^(L-2) = k/delta eps^(1-2/L)
    scale, k, d = 1e-20, depth / (depth - 2), float(delta)
    result = limit(kink(delta), depth, "1e-20")
    assert result.status is Status.CONVERGED
    expected = scale * (d**-k - (2 - d) ** -k)
    assert result.x[1] == pytest.approx(expected, rel=4 * (k + 1) / d * scale ** (1 - 2 / depth) + 1e-12)


@pytest.mark.parametrize("delta", ["0.3", "0.03", "1/7"])
def test_the_kink_at_depth_two_decays_as_the_scale_to_delta(delta):
    # x_1 = 1 up to x_2, so z_1 = log(1/eps) and x_2 = eps^delta, up to terms of x_2 itself and eps^(2 - delta)
    d = float(Fraction(delta))
    x = limit(kink(delta), 2, "1e-100").x
    scale = 1e-100
    assert x[0] + (1 - d) * x[1] == pytest.approx(1, abs=1e-15)
    assert np.log(x[1]) == pytest.approx((1 - d) * np.log(x[0]) + d * np.log(scale), rel=1e-13)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("problem", [LINE, PLANE, RANDOM, nonnegative(LINE), gaussian(1, 20, 40, 4)])
def test_z_and_x_are_one_dual_point_and_x_is_feasible(problem, depth):
    for result, scale in zip(limits(problem, depth, ["1", "1e-3", "1e-6"]), ["1", "1e-3", "1e-6"], strict=True):
        network = Network(depth, scale, problem.nonnegative)
        z, edge = network.dual(result.x)
        # nu is the rounded half of a pair: A^T nu is right to the rounding of its terms, n of them
        rounding = 4 * UNIT * (np.abs(problem.A).T @ np.abs(result.nu)) * problem.measurements
        # and z(x) to the units of x, and of its map, by dz/dx
        rounding += 2 * UNIT * (20 + np.abs(z)) * (np.abs(z) + np.abs(result.x) / network.slope(z, edge))
        assert (np.abs(problem.A.T @ result.nu - z) <= rounding).all()
        # plain float64 residual: its own rounding, and x to its last digit
        assert np.linalg.norm(problem.A @ result.x - problem.y) <= 20 * UNIT * np.linalg.norm(
            np.abs(problem.A) @ np.abs(result.x) + np.abs(problem.y)
        )


@st.composite
def small_problems(draw, entries):
    m = draw(st.integers(1, 3))
    n = m + draw(st.integers(1, 3))
    rows = draw(st.lists(st.lists(entries, min_size=n, max_size=n), min_size=m, max_size=m))
    x = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    sided = draw(st.booleans())
    signal = [Fraction(abs(v) + 1) / 3 if sided else Fraction(v) for v in x]  # x > 0 leaves room inside
    y = [sum(Fraction(a) * v for a, v in zip(row, signal, strict=True)) for row in rows]
    try:
        return Problem(rows, y, nonnegative=sided)
    except ProblemError:
        assume(False)


scales = st.sampled_from(["1", "1/3", "1e-1", "1e-3", "1e-6", "1e-9", "1e-12", "1e-15", "1e-20"])


@settings(**ALWAYS)
@given(small_problems(st.integers(-3, 3)), st.sampled_from(DEPTHS), scales)
def test_integer_matrices_with_many_minimisers_never_get_a_wrong_digit(problem, depth, scale):
    assert_honest(problem, depth, scale)


@settings(**ALWAYS)
@given(small_problems(st.decimals(-2, 2, places=3).map(str)), st.sampled_from(DEPTHS), scales)
def test_decimal_matrices_never_get_a_wrong_digit(problem, depth, scale):
    assert_honest(problem, depth, scale)


@settings(**ALWAYS)
@given(
    small_problems(st.integers(-3, 3)),
    st.lists(st.integers(-9, 9), min_size=3, max_size=3),
    st.sampled_from(DEPTHS),
    scales,
)
def test_rows_of_any_size_never_get_a_wrong_digit(problem, powers, depth, scale):
    factors = [Fraction(10) ** power for power in powers[: problem.measurements]]
    A = [[factor * entry for entry in row] for factor, row in zip(factors, problem.rational_A, strict=True)]
    y = [factor * entry for factor, entry in zip(factors, problem.rational_y, strict=True)]
    assert_honest(Problem(A, y, nonnegative=problem.nonnegative), depth, scale)


@settings(**ALWAYS)
@given(st.integers(0, 2**32), st.integers(6, 12), st.sampled_from(DEPTHS), scales)
def test_ill_conditioned_matrices_never_get_a_wrong_digit(seed, digits, depth, scale):
    rng = np.random.default_rng(seed)
    U, _, V = np.linalg.svd(rng.standard_normal((2, 5)), full_matrices=False)
    A = U * [1.0, 10.0**-digits] @ V
    assert_honest(Problem(A, A @ rng.standard_normal(5)), depth, scale)


@pytest.mark.parametrize("depth", ["2", "2.05", "3", "50"])
@pytest.mark.parametrize(("gap", "scale"), [("1e-3", "1e-6"), ("1e-9", "1e-9"), ("1e-14", "1e-12")])
def test_nearly_parallel_columns_share_as_exactly(gap, scale, depth):
    assert_honest(kink(gap), depth, scale, largest_radius=1e-13)
    assert_honest(Problem([[1, 1 - Fraction(gap), 2], [0, 1, 1]], [1, 1]), depth, scale, largest_radius=1e-13)


@pytest.mark.parametrize("depth", ["2", "2.5", "3", "4"])
def test_planted_gaussian_instances_have_thirteen_digits_to_scale_1e_12(depth):
    for problem, checked in ((gaussian(1, 20, 40, 4), True), (gaussian(1, 100, 400, 10), False)):
        grid = [f"1e-{j}" for j in range(0, 13, 3)]
        for result, scale in zip(limits(problem, depth, grid), grid, strict=True):
            assert result.status is Status.CONVERGED
            assert result.radius <= 1e-13 * np.linalg.norm(result.x)
            if checked and scale != "1":
                exact = exact_limit(problem, depth, scale, bits=300, start=result.nu)
                assert distance(result.x, exact) <= result.radius


def test_a_decimal_matrix_is_solved_as_typed_and_not_as_rounded():
    rounded = Problem(RANDOM.A, RANDOM.y)
    for depth in ("2", "3"):
        typed, near = limit(RANDOM, depth, "1e-6"), limit(rounded, depth, "1e-6")
        assert (RANDOM.A == rounded.A).all()
        exact, exact_near = exact_limit(RANDOM, depth, "1e-6"), exact_limit(rounded, depth, "1e-6")
        assert distance(typed.x, exact) <= typed.radius
        assert distance(near.x, exact_near) <= near.radius
    # where rounding decides: 1 - 0.1 - 0.9 is 0 in decimals, so both columns are equal
    equal = Problem([["0.3", "0.3"], ["0.1", "0.1"]][:1], ["0.1"])
    np.testing.assert_allclose(limit(equal, 3, "1e-9").x, 1 / 6, rtol=4 * UNIT)
    # 0.1 + 0.2 = 0.3: an exact kernel vector (1, 1, -1); in floats the sums differ by 5.5e-17
    tiny = Problem([["0.1", "0.2", "0.3"], ["1", "2", "3.0000000000000001"]], ["1", "10"])
    assert tiny.A_low[1, 2] == pytest.approx(1e-16, rel=1e-9)
    assert tiny.A_low[0].any()


@pytest.mark.parametrize("scale", ["1e-21", "1e-301", "1e-400"])
@pytest.mark.parametrize("depth", [2, "2.5", 3, 50])
def test_what_float64_cannot_hold_is_handed_to_balls_and_the_engine_says_so(depth, scale):
    # depth 50 at 1e-300: 1 - |z| is about 1e-288, and A^T nu as a pair of floats ends at 1e-32
    result = limit(LINE, depth, scale)
    assert (result.status, result.engine) == (Status.CONVERGED, "arb")
    assert result.precision > 53
    # the proved radius is the rounding of x to float64, and x differs from its limit by far less than that
    assert result.radius < UNIT * np.linalg.norm(result.x)
    # one more rounding, that of the selected minimiser
    assert np.linalg.norm(result.x - selected_minimiser(LINE, depth).x_float) <= 2 * UNIT * np.linalg.norm(result.x)


def test_a_nonnegative_problem_without_solution_does_not_converge():
    for depth in (2, 3):
        assert limit(nonnegative(RANDOM), depth, "1e-3").status is not Status.CONVERGED


def test_bad_arguments_are_one_sentence():
    with pytest.raises(ValueError, match=r"^depth is 1, expected a number that is at least 2$"):
        limit(LINE, 1, "1e-3")
    with pytest.raises(ValueError, match=r"^scale is 2, expected a number above 0 and at most 1$"):
        limit(LINE, 3, 2)


@pytest.mark.parametrize("depth", ["2", "2.5", "4"])
@pytest.mark.parametrize("problem", [PLANE, RANDOM, gaussian(2, 20, 40, 4)])
def test_the_answer_does_not_depend_on_what_else_is_asked_nor_on_the_order(problem, depth):
    grid = ["1", "0.5", "1e-3", "0.002", "1e-7", "3e-7", "1e-12"]

    def bits(results):
        return [(r.x.tobytes(), r.nu.tobytes(), r.radius, r.residual, r.iterations, r.status) for r in results]

    together = bits(limits(problem, depth, grid))
    assert together == bits(limits(problem, depth, grid[::-1]))[::-1]
    assert together == bits(limit(problem, depth, scale) for scale in grid)


@pytest.mark.parametrize("depth", ["2", "2.5", "3", "4"])
def test_a_decade_costs_about_ten_newton_steps(depth):
    for problem in (LINE, PLANE, RANDOM, gaussian(1, 20, 40, 4), gaussian(1, 100, 400, 10)):
        steps = [result.iterations for result in limits(problem, depth, [f"1e-{j}" for j in range(13)])]
        assert max(steps[1:]) <= 12  # theory, section 1: about ten; the ladder's rungs take 6 to 11
        assert np.mean(steps) <= 10


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("power", [20, 40])
def test_the_units_of_the_measurements_do_not_matter(power, depth):
    units = 2.0 ** np.array([power, -power])  # powers of two: the same digits
    scaled = Problem(LINE.A * units[:, None], LINE.y * units)
    result = limit(scaled, depth, "1e-4")
    assert result.status is Status.CONVERGED
    np.testing.assert_allclose(result.x, limit(LINE, depth, "1e-4").x, rtol=1e-14)


@pytest.mark.parametrize("depth", [2, "2.1", 3, 4])
@pytest.mark.parametrize("scale", ["1", "0.1", "1e-4"])
def test_the_units_of_the_features_give_no_false_alarm(scale, depth):
    A = np.random.default_rng(0).standard_normal((3, 6)) * 10.0 ** np.linspace(-8, 8, 6)
    assert limit(Problem(A, A @ np.ones(6)), depth, scale).status is Status.CONVERGED
