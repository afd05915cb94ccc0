from fractions import Fraction

import flint
import numpy as np
import pytest
from definition import integrate

from dlnflow import Network, Problem, Status, flow
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, kink

NAMED = {"line": LINE, "plane": PLANE, "random": RANDOM}
DEPTHS = [2, "2.05", "2.5", 3, 4, 5, 10]
SPARSE = gaussian(seed=1, measurements=20, features=40, sparsity=2)
POSITIVE = Problem([[2, 1, 3, 1, 1], [1, 3, 1, -1, 2]], [4, 3], nonnegative=True)

ADDED = 300
"""How many errors of one step add up where x leaves zero: measured, at most 160."""


def exact_limit(problem, depth, scale, start):
    """x_alpha in 600-bit balls: Newton's method on A x(A^T nu) = y from a float64 nu, until the residual is 1e-100.

    The equation has one solution, so that wherever the start came from the answer is the definition's.
    """
    with flint.ctx.workprec(600):
        m, n = problem.A.shape
        A, y = flint.arb_mat(problem.exact_A), flint.arb_mat(problem.exact_y)
        depth, scale = Fraction(depth), Fraction(scale)
        eps = flint.arb(flint.fmpq(scale.numerator, scale.denominator))
        nu = flint.arb_mat(m, 1, start.tolist())
        for _ in range(200):
            z = A.transpose() * nu
            pairs = [_primal_and_slope(z[i, 0], depth, eps) for i in range(n)]
            x = flint.arb_mat(n, 1, [pair[0] for pair in pairs])
            residual = y - A * x
            if all(abs(residual[i, 0]) < flint.arb("1e-100") for i in range(m)):
                return x
            weighted = flint.arb_mat(m, n, [A[i, j] * pairs[j][1] for i in range(m) for j in range(n)])
            step = (weighted * A.transpose()).solve(residual)
            nu = nu + step
            nu = flint.arb_mat(m, 1, [nu[i, 0].mid() for i in range(m)])
    raise AssertionError("the reference did not converge")


def _primal_and_slope(z, depth, eps):
    if depth == 2:
        return 2 * eps * z.sinh(), 2 * eps * z.cosh()
    k = depth / (depth - 2)
    k = flint.arb(flint.fmpq(k.numerator, k.denominator))
    near, far = 1 - z, 1 + z
    return eps * (near**-k - far**-k), k * eps * (near ** (-k - 1) + far ** (-k - 1))


def distance(x, exact):
    """||x - exact||_2, subtracted in balls."""
    with flint.ctx.workprec(600):
        return float(
            sum(((flint.arb(float(value)) - exact[i, 0]) ** 2 for i, value in enumerate(x)), flint.arb(0)).sqrt()
        )


def times_around_escape(problem, depth, scale, count=40):
    """From a hundredth of the escape time to a hundred times it."""
    unit = Network(depth, scale).time_unit / np.abs(problem.A.T @ problem.y).max()
    return unit * np.geomspace(0.01, 100, count)


@pytest.mark.parametrize(
    ("name", "depth"),
    [("line", 2), ("plane", 3), ("random", 2), ("random", 2.5), ("random", 4), ("random", 10)],
)
def test_the_flow_is_the_definition(name, depth):
    problem, scale = NAMED[name], 1e-4
    times = times_around_escape(problem, depth, scale)
    definition = integrate(problem.A, problem.y, depth, scale, times=times)
    trajectory = flow(problem, depth, scale, times=times, rtol=1e-11)
    assert trajectory.limit.status is Status.CONVERGED
    np.testing.assert_array_equal(trajectory.times, times)
    assert np.linalg.norm(trajectory.x - definition.x, axis=1).max() < ADDED * 1e-11 * np.linalg.norm(definition.limit)
    # Radau's own error: 2.5e-14 a step, over hundreds of steps
    np.testing.assert_allclose(trajectory.limit.x, definition.limit, rtol=0, atol=1e-11)


@pytest.mark.parametrize("depth", [2, 2.5, 3])
def test_a_nonnegative_flow_is_its_definition(depth):
    times = times_around_escape(POSITIVE, depth, 1e-4)
    definition = integrate(POSITIVE.A, POSITIVE.y, depth, 1e-4, nonnegative=True, times=times)
    trajectory = flow(POSITIVE, depth, 1e-4, times=times, rtol=1e-11)
    assert trajectory.limit.status is Status.CONVERGED
    assert trajectory.v is None
    np.testing.assert_allclose(trajectory.u**depth, trajectory.x, rtol=1e-13)
    assert np.linalg.norm(trajectory.x - definition.x, axis=1).max() < ADDED * 1e-11 * np.linalg.norm(definition.limit)
    np.testing.assert_allclose(trajectory.limit.x, definition.limit, rtol=0, atol=1e-11)


@pytest.mark.parametrize("depth", [2, 3])
def test_compressed_sensing_flow_is_its_definition(depth):
    # the last phase is 1e5 times slower than the first; below rtol 1e-11 the definition stalls at its rounding level
    times = times_around_escape(SPARSE, depth, 1e-4)
    definition = integrate(SPARSE.A, SPARSE.y, depth, 1e-4, times=times, rtol=1e-11)
    trajectory = flow(SPARSE, depth, 1e-4, times=times, rtol=1e-11)
    assert np.linalg.norm(trajectory.x - definition.x, axis=1).max() < ADDED * 1e-11 * np.linalg.norm(definition.limit)
    np.testing.assert_allclose(trajectory.limit.x, definition.limit, rtol=0, atol=1e-11)


T = {2: 0.34603494091434052530, 3: 0.34192282141995630276, 4: 0.33981137949147963240}
"""The position of the selected minimiser of line and plane (theory, section 4)."""


@pytest.mark.parametrize(
    ("name", "depth", "scale", "error"),
    [
        ("line", 2, "1e-2", 2.04110752282e-5),
        ("line", 4, "1e-6", 1.89533644142e-8),
        ("plane", 3, "1e-4", 7.28747927839e-4),
    ],
)
def test_errors_are_those_of_the_theory(name, depth, scale, error):
    selected = np.array([1 - T[depth], 2 * (1 - T[depth]), 3 * T[depth], 0.0])[: NAMED[name].features]
    reached = np.linalg.norm(flow(NAMED[name], depth, scale, times=[]).limit.x - selected)
    assert abs(reached - error) < 1e-11 * error + 1e-15  # twelve digits are given, and x itself has sixteen


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", NAMED)
def test_every_digit_is_right_at_scale_1e_12(name, depth):
    limit = flow(NAMED[name], depth, "1e-12", times=[]).limit
    assert limit.status is Status.CONVERGED
    assert distance(limit.x, exact_limit(NAMED[name], depth, "1e-12", limit.nu)) <= limit.radius
    # the map from z to x loses log(1/eps) = 28 units in the last place, 28 * 1.1e-16; factors for the sums
    assert limit.radius <= 1e-14 * np.linalg.norm(limit.x) + 1e-14
    assert limit.residual <= 1e-13 * np.linalg.norm(NAMED[name].y)


@pytest.mark.parametrize("depth", [2, 2.5, 3, 10])
@pytest.mark.parametrize("scale", ["1e-16", "1e-30", "1e-60", "1e-100", "1e-200", "1e-300", "1e-301"])
def test_below_float64_there_is_a_status_and_never_a_wrong_digit(depth, scale, capsys):
    trajectory = flow(RANDOM, depth, scale, max_steps=3000)
    limit = trajectory.limit
    for values in (trajectory.times, trajectory.x, trajectory.u, trajectory.v, trajectory.loss, limit.x, limit.nu):
        assert np.isfinite(values).all()
    if limit.status is Status.CONVERGED:
        assert limit.radius <= 1e-8 * np.linalg.norm(limit.x)
        assert distance(limit.x, exact_limit(RANDOM, depth, scale, limit.nu)) <= limit.radius
    else:
        assert limit.status in (Status.OUT_OF_FLOAT64, Status.STALLED)
    assert capsys.readouterr() == ("", "")  # CVODE's messages stay inside


@pytest.mark.parametrize(("depth", "scale"), [(3, "1e-301"), (10, "1e-60"), (4, "1e-100")])
def test_a_scale_out_of_reach_says_so(depth, scale):
    assert flow(LINE, depth, scale).limit.status is Status.OUT_OF_FLOAT64


@pytest.mark.parametrize("depth", DEPTHS)
def test_layers_conserve_their_balance_and_the_loss_falls(depth):
    trajectory = flow(RANDOM, depth, "1e-6")
    L, alpha = float(depth), 1e-6 ** (1 / float(depth))
    u, v = trajectory.u, trajectory.v
    np.testing.assert_array_equal(trajectory.x[0], 0)
    np.testing.assert_allclose(u[0], alpha, rtol=1e-14)
    if L == 2:
        np.testing.assert_allclose(u * v, alpha**2, rtol=1e-14)
    else:
        # powers 1/(L-2) and back lose L-2 in the last place's condition: 20 at 2.05
        np.testing.assert_allclose(u ** (2 - L) + v ** (2 - L), 2 * alpha ** (2 - L), rtol=1e-13)
    # x from its layers cancels where they are alike
    np.testing.assert_allclose(u**L - v**L, trajectory.x, rtol=1e-12, atol=1e-12 * 1e-6)
    assert trajectory.loss[0] == pytest.approx(RANDOM.y @ RANDOM.y / 2, rel=1e-14)
    np.testing.assert_allclose(trajectory.loss, np.sum((trajectory.x @ RANDOM.A.T - RANDOM.y) ** 2, 1) / 2, atol=1e-14)
    # a step may err by rtol * size in x
    assert (np.diff(np.sqrt(trajectory.loss)) <= 1e-9).all()
    np.testing.assert_allclose(trajectory.x[-1], trajectory.limit.x, rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("depth", "scale", "correction"), [(2, "1e-200", 0.02), (2.5, "1e-30", 1e-4), (3, "1e-18", 1e-4)]
)
def test_escape_from_zero_takes_the_predicted_time(depth, scale, correction):
    # relative corrections: of the order 1/log(1/eps) at depth 2, eps**(1/k) beyond
    trajectory = flow(RANDOM, depth, scale, max_steps=1000)
    escape = trajectory.rescaled[np.argmax(trajectory.loss < 0.9 * trajectory.loss[0])]
    assert escape * np.abs(RANDOM.A.T @ RANDOM.y).max() == pytest.approx(1, abs=correction)


@pytest.mark.parametrize("depth", [2, "2.05", 3, 10])
@pytest.mark.parametrize("scale", ["1e-4", "1e-8", "1e-12"])
def test_compressed_sensing_is_followed_through_its_slow_last_phase(depth, scale):
    trajectory = flow(SPARSE, depth, scale, times=[])
    limit, support = trajectory.limit, SPARSE.x0 != 0
    assert limit.status is Status.CONVERGED
    assert limit.residual <= 1e-14 * np.linalg.norm(SPARSE.y)
    exact = exact_limit(SPARSE, depth, scale, limit.nu)
    assert distance(limit.x, exact) <= limit.radius <= 1e-13
    # relative digits off the support too, where x is about the scale
    with flint.ctx.workprec(600):
        relative = [abs(float(limit.x[i] / exact[i, 0] - 1)) for i in np.flatnonzero(~support)]
    assert max(relative) < 1e-9


def test_work_grows_slowly_with_the_scale_and_the_size():
    # measured: 760 and 1110 steps, one evaluation and a fraction a step
    small = flow(SPARSE, 2, "1e-4", times=[])
    large = flow(gaussian(seed=1, measurements=100, features=400, sparsity=10), 2, "1e-4", times=[])
    assert small.steps < 1000
    assert large.steps < 1500
    assert large.evaluations < 1.3 * large.steps
    for depth in DEPTHS:  # the last phase is 1e11 times as long as the first at 1e-12
        assert flow(SPARSE, depth, "1e-12", times=[]).steps < 2500


@pytest.mark.parametrize("nonnegative", [False, True])
@pytest.mark.parametrize("depth", ["2", "2.05", "2.5", "3", "10"])
@pytest.mark.parametrize("scale", ["1", "1e-4", "1e-12", "1e-300"])
def test_the_quick_map_keeps_its_promise(depth, scale, nonnegative):
    network = Network(depth, scale, nonnegative)
    sizes = np.concatenate([10.0 ** np.linspace(-20, 3, 400) * network.eps, 10.0 ** np.linspace(-12, 3, 100)])
    z, edge = network.dual(sizes)
    x = network.primal(z, edge)
    with np.errstate(over="ignore"):
        error = np.abs(network.quick_primal(z, edge) - x)
    k = 0.0 if depth == "2" else network.exponent[0]
    ulps = 4 + k + 2 * network.log_inverse_scale[0] + np.abs(np.log(np.abs(x)))
    assert np.max(error / (ulps * 2.0**-52 * (np.abs(x) + network.eps))) <= 2  # powers
    if depth != "2":
        with np.errstate(invalid="ignore"):
            assert np.isnan(network.quick_primal(np.array([1.5]), np.array([-0.5]))).all()


def test_a_trial_outside_the_domain_is_retried(monkeypatch):
    refused = []
    quick_primal = Network.quick_primal

    def watched(self, z, edge):
        x = quick_primal(self, z, edge)
        refused.append(not np.isfinite(x).all())
        return x

    monkeypatch.setattr(Network, "quick_primal", watched)
    trajectory = flow(kink("0.3"), 10, "1e-10", rtol=1e-2, times=[])
    assert sum(refused) > 0
    assert trajectory.limit.status is Status.CONVERGED
    assert distance(trajectory.limit.x, exact_limit(kink("0.3"), 10, "1e-10", trajectory.limit.nu)) <= 1e-15
    assert trajectory.evaluations < 3 * trajectory.steps


@pytest.mark.parametrize("depth", [2, 3, 10])
def test_rtol_bounds_the_error_of_the_trajectory(depth):
    times = times_around_escape(LINE, depth, "1e-6")
    best = flow(LINE, depth, "1e-6", times=times, rtol=1e-13).x
    for rtol in (1e-4, 1e-6, 1e-9):
        error = np.linalg.norm(flow(LINE, depth, "1e-6", times=times, rtol=rtol).x - best, axis=1).max()
        assert error < ADDED * rtol * np.linalg.norm(best[-1])


def test_times_from_the_start_to_beyond_the_end():
    end = flow(LINE, 3, "1e-3").end_time
    trajectory = flow(LINE, 3, "1e-3", times=[0, end / 2, 100 * end, 200 * end])
    np.testing.assert_array_equal(trajectory.x[0], 0)
    np.testing.assert_array_equal(trajectory.x[2], trajectory.limit.x)
    np.testing.assert_array_equal(trajectory.x[3], trajectory.limit.x)
    np.testing.assert_allclose(trajectory.rescaled * Network(3, "1e-3").time_unit, trajectory.times, rtol=1e-15)


def test_a_run_cut_short_is_stalled_and_leaves_out_the_times_beyond():
    trajectory = flow(LINE, 3, "1e-3", times=[0, 1e-6, 1e6], max_steps=100)
    assert trajectory.limit.status is Status.STALLED
    assert trajectory.steps == 100
    np.testing.assert_array_equal(trajectory.times, [0, 1e-6])
    assert trajectory.x.shape == (2, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"times": [1, 1]}, "increasing"),
        ({"times": [-1, 1]}, "none below 0"),
        ({"times": [0, float("nan")]}, "finite"),
        ({"times": 3}, "list"),
        ({"rtol": 0}, "rtol is 0"),
        ({"rtol": 1}, "rtol is 1"),
        ({"max_steps": 0}, "max_steps is 0"),
    ],
)
def test_bad_arguments_are_refused_in_one_sentence(arguments, message):
    with pytest.raises(ValueError, match=message):
        flow(LINE, 3, "1e-3", **arguments)


def test_bad_depths_and_scales_are_refused():
    with pytest.raises(ValueError, match="depth is 1"):
        flow(LINE, 1, "1e-3")
    with pytest.raises(ValueError, match="scale is 2"):
        flow(LINE, 3, 2)


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("scale", ["1", "1e-2", "1e-6"])
@pytest.mark.parametrize("size", [3e-8, 3e-15])
def test_a_signal_far_below_the_scale_is_reached_too(size, scale, depth):
    small = Problem([[1, 1, 1], [3, 0, 1]], [size, size])
    limit = flow(small, depth, scale, times=[]).limit
    assert limit.status is Status.CONVERGED
    # exact_limit stops at a residual of 1e-100, far below the radius
    assert (
        distance(limit.x, exact_limit(small, depth, scale, limit.nu)) <= limit.radius <= 1e-14 * np.linalg.norm(limit.x)
    )
