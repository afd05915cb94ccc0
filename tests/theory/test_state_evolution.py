"""State evolution: its equations on other quadratures, its limits in closed form, and problems of finite size."""

from fractions import Fraction
from math import inf

import numpy as np
import pytest
from flint import acb, arb, ctx, fmpq
from scipy.integrate import quad
from scipy.optimize import brentq, linprog, minimize_scalar
from scipy.special import gammainc, ndtr

from dlnflow.network.limit import limit
from dlnflow.network.network import Network
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.theory import gaussian_integrals
from dlnflow.theory import state_evolution as mean_field
from dlnflow.theory.phase_transition import bp_threshold, rho_limit, threshold_of_noise
from dlnflow.theory.state_evolution import (
    StateEvolution,
    basis_pursuit_evolution,
    recovery_boundary,
    state_evolution,
)

SIGNALS = ["signed", "nonnegative"]
DEPTHS = ["2", "2.05", "2.5", "3", "4", "10"]


def density(x):
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def prox(network, w, theta):
    """(x, dx/dw) for the x with x + theta z(x) = w, by bisection for the dual variable."""
    high = np.full(w.shape, network.log_inverse_scale[0] + 4 if network.is_shallow else 1.0)
    low = np.minimum(w / theta, -1) if network.nonnegative else -high  # there x(z) + theta z < w + eps
    low = low - network.eps / theta if network.nonnegative else low
    with np.errstate(divide="ignore", over="ignore"):
        for _ in range(64):
            z = (low + high) / 2
            below = network.primal(z) + theta * z < w
            low, high = np.where(below, z, low), np.where(below, high, z)
        slope = network.slope(low)
    return w - theta * low, slope / (slope + theta)


def ball(number):
    return arb(fmpq(number.numerator, number.denominator))


def gauss(edges):
    nodes, weights = np.polynomial.legendre.leggauss(16)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + nodes)).ravel(), (half * weights).ravel()


# --- the published simulations -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("density_of_support", "scale", "errors"),
    [("0.1", "1e-2", [0.0062, 0.0030, 0.0019, 0.00108]), ("0.25", "1e-4", [0.037, 0.028, 0.025, 0.023])],
)
def test_errors_are_those_that_were_simulated_and_predicted_before(density_of_support, scale, errors):
    found = [
        state_evolution(depth, scale, "0.5", Fraction(density_of_support) * 2).mean_squared_error
        for depth in ("2", "2.5", "3", "4")
    ]
    assert found == pytest.approx(errors, rel=0.02)  # the reference values are rounded to two or three digits


@pytest.mark.parametrize(
    ("signal", "depth", "scale", "undersampling", "sparsity"),
    [("signed", 2, "1e-2", 0.5, 0.2), ("signed", 3, "1", 0.3, 0.5), ("nonnegative", 3, "1e-2", 0.5, 0.2)],
)
def test_the_limit_has_the_predicted_error_at_finite_size(signal, depth, scale, undersampling, sparsity):
    n, trials = 300, 12
    m = round(undersampling * n)
    s = round(sparsity * m)
    errors = []
    for trial in range(trials):
        draw = np.random.default_rng([7, trial])
        A, x0 = draw.standard_normal((m, n)), np.zeros(n)
        x0[:s] = draw.standard_normal(s)
        x0 = np.abs(x0) if signal == "nonnegative" else x0
        found = limit(Problem(A, A @ x0, signal == "nonnegative"), depth, scale)
        assert found.status == Status.CONVERGED
        errors.append(np.mean((found.x - x0) ** 2))
    predicted = state_evolution(depth, scale, Fraction(m, n), Fraction(s, m), signal).mean_squared_error
    # four standard errors of the mean; the bias is O(1/n)
    assert abs(np.mean(errors) - predicted) < 4 * np.std(errors, ddof=1) / np.sqrt(trials)


# --- the equations, on quadratures of their own ------------------------------------------------------------------


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize(("depth", "scale"), [("2", "0.2"), ("3", "0.2"), ("2.5", "1"), ("10", "0.5")])
def test_both_equations_hold_on_a_grid_of_signal_and_noise(depth, scale, signal):
    delta, fraction = 0.6, 0.7
    found = state_evolution(depth, scale, delta, fraction, signal)
    network, tau = Network(depth, scale, signal == "nonnegative"), found.effective_noise
    Z, weight = gauss(np.linspace(-8, 8, 13))
    weight = weight * density(Z)
    X0, signal_weight = gauss(np.linspace(0, 8, 7))
    signal_weight = 2 * signal_weight * density(X0)  # both signs of a signed X0 give the same averages
    x, slope = prox(network, X0[:, None] + tau * Z, found.prox)
    off_x, off_slope = prox(network, tau * Z, found.prox)
    on = delta * fraction
    # at these scales prox is smooth over a panel of tau Z; beyond 8 lies 1e-15
    assert on * signal_weight @ slope @ weight + (1 - on) * off_slope @ weight == pytest.approx(delta, rel=1e-9)
    error = on * signal_weight @ (x - X0[:, None]) ** 2 @ weight + (1 - on) * off_x**2 @ weight
    assert error == pytest.approx(delta * tau**2, rel=1e-9)
    assert found.mean_squared_error == delta * tau**2


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize(("depth", "scale", "sparsity"), [("2", "1e-4", 0.5), ("3", "1e-6", 0.6), ("2", "1e-3", 0.1)])
def test_both_equations_hold_for_drawn_signals_and_noises(depth, scale, sparsity, signal):
    delta, count = 0.5, 40_000
    found = state_evolution(depth, scale, delta, sparsity, signal)
    draw = np.random.default_rng(11)
    X0 = draw.standard_normal(count) * (draw.random(count) < delta * sparsity)
    X0 = np.abs(X0) if signal == "nonnegative" else X0
    W = X0 + found.effective_noise * draw.standard_normal(count)
    network = Network(depth, scale, signal == "nonnegative")
    x, slopes = prox(network, W, found.prox)
    for values, expected in ((slopes, delta), ((x - X0) ** 2, found.mean_squared_error)):
        assert abs(np.mean(values) - expected) < 4 * np.std(values) / np.sqrt(count)


def integrals_in_balls(depth, scale, tau, theta):
    """E prox' and E (prox - X0)^2/tau^2, off the support and on it, signed, by acb.integral in z = t or z = tanh t."""
    tau, theta = arb(tau), arb(theta)
    v, root = (1 + tau**2).sqrt(), (2 * arb.pi()).sqrt()
    k = None if depth == 2 else ball(depth / (depth - 2))
    end = (20 / scale).log() if k is None else (20 / scale * 2**k).log() / (2 * k)

    def graph(t):
        if k is None:
            return 2 * scale * t.sinh(), 2 * scale * t.cosh(), t, acb(1)
        near, far = 2 / (1 + (2 * t).exp()), 2 / (1 + (-2 * t).exp())  # 1 - z, 1 + z
        slope = scale * k * (near**-k * far + far**-k * near)
        return scale * (near**-k - far**-k), slope, (far - near) / 2, near * far

    def integrand(t, spread, squared):
        x, dx, z, dz = graph(t)
        w = x + theta * z
        weight = 2 * (-((w / spread) ** 2) / 2).exp() / root / spread
        return weight * (dx if squared is None else squared(x, z, w) * (dx + theta * dz))

    def off_error(x, z, w):
        return (x / tau) ** 2

    def on_error(x, z, w):
        return (tau * w / v**2 - theta * z / tau) ** 2 + 1 / v**2

    def over_all(spread, squared):
        step = end / (int(float(end)) + 1)
        pieces = [
            acb.integral(
                lambda t, _: integrand(t, spread, squared),
                acb(j * step),
                acb((j + 1) * step),
                abs_tol=arb(10) ** -16,
                rel_tol=arb(10) ** -16,
            )
            for j in range(int(float(end)) + 1)
        ]
        return float(sum(piece.real for piece in pieces).mid())

    return [over_all(*choice) for choice in ((tau, None), (tau, off_error), (v, None), (v, on_error))]


@pytest.mark.parametrize(
    ("depth", "exponent", "sparsity"), [("2", 100, 0.2), ("3", 100, 0.2), ("3", 100, 0.5), ("2.5", 30, 0.6)]
)
def test_both_equations_hold_in_ball_arithmetic_at_tiny_scales(depth, exponent, sparsity):
    delta = 0.5
    found = state_evolution(depth, f"1e-{exponent}", delta, sparsity)
    with ctx.workprec(128):
        off_slope, off_error, on_slope, on_error = integrals_in_balls(
            Fraction(depth), arb(10) ** -exponent, found.effective_noise, found.prox
        )
    on = delta * sparsity
    # the averages are good to 1e-14, and so is a root of the equations in them
    assert (1 - on) * off_slope + on * on_slope == pytest.approx(delta, rel=1e-13)
    assert (1 - on) * off_error + on * on_error == pytest.approx(delta, rel=1e-13)


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize(("depth", "scale"), [("2", "1e-100"), ("2.05", "1e-30"), ("4", "1e-8"), ("10", "1")])
def test_finer_panels_and_longer_tails_change_nothing(depth, scale, signal, monkeypatch):
    coarse = [state_evolution(depth, scale, delta, s, signal) for delta, s in ((0.1, 0.05), (0.5, 0.3), (0.9, 0.97))]
    monkeypatch.setattr(gaussian_integrals, "PANEL", 0.9)
    monkeypatch.setattr(gaussian_integrals, "TAIL", 15.0)
    fine = [state_evolution(depth, scale, delta, s, signal) for delta, s in ((0.1, 0.05), (0.5, 0.3), (0.9, 0.97))]
    for a, b in zip(coarse, fine, strict=True):  # 1e-13 over the distance to the threshold, which is above 0.01
        assert a.effective_noise == pytest.approx(b.effective_noise, rel=1e-10, abs=0)
        assert a.prox == pytest.approx(b.prox, rel=1e-10, abs=0)


# --- the whole diagram -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("depth", DEPTHS)
def test_errors_fall_with_the_scale_below_the_threshold_and_tend_to_basis_pursuits_above(depth, signal):
    for delta in (0.02, 0.5, 0.98):
        threshold = bp_threshold(delta, signal)
        least = max(0.0, 2 - 1 / delta) if signal == "nonnegative" else 0.0
        below, above = least + 0.3 * (threshold - least), 1.0
        errors = [state_evolution(depth, f"1e-{e}", delta, below, signal).effective_noise for e in (1, 4, 20, 100)]
        assert errors == sorted(errors, reverse=True)
        assert errors[-1] < 1e-40
        found = state_evolution(depth, "1e-100", delta, above, signal)
        expected = basis_pursuit_evolution(delta, above, signal)
        # prox differs from soft thresholding by terms of order 1/log(1/eps) = 1/230 at depth 2, eps^(1-2/L) beyond; at
        # L = 2.05 that is 3e-3
        tolerance = {"2": 0.03, "2.05": 0.03, "2.5": 1e-9}.get(depth, 1e-9)
        assert found.mean_squared_error == pytest.approx(expected.mean_squared_error, rel=tolerance)
        threshold_in_x = found.prox * (np.log(1e100) if depth == "2" else 1)
        assert threshold_in_x == pytest.approx(expected.prox, rel=tolerance)


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("scale", ["1", "1e-8", "1e-100"])
def test_depths_just_above_two_continue_depth_two(scale, signal):
    gap = Fraction(1, 10**9)
    for delta, sparsity in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.95)):
        two = state_evolution(2, scale, delta, sparsity, signal)
        deeper = state_evolution(2 + gap, scale, delta, sparsity, signal)
        # z_L = z_2/k (1 + O(log(1/eps)^2/k)), k = 2e9: at most 3e-5 at eps = 1e-100, 1e-7 elsewhere
        tolerance = 3e-4 if scale == "1e-100" else 3e-6
        assert deeper.effective_noise == pytest.approx(two.effective_noise, rel=tolerance, abs=0)
        assert deeper.prox == pytest.approx(two.prox * float((2 + gap) / gap), rel=tolerance, abs=0)


@pytest.mark.parametrize(
    ("signal", "depth", "scale", "delta", "sparsity"),
    [("signed", "2", "1e-4", 0.5, 0.3), ("signed", "3", "1e-30", 0.1, 0.5), ("nonnegative", "2.5", "1e-2", 0.9, 0.92)],
)
def test_the_searches_alone_find_the_same_solution(signal, depth, scale, delta, sparsity, monkeypatch):
    found = state_evolution(depth, scale, delta, sparsity, signal)
    monkeypatch.setattr(mean_field, "_newton", lambda equations, start: None)
    searched = state_evolution(depth, scale, delta, sparsity, signal)
    # the inner search ends within 1e-12 in log tau, which the outer one sees as noise
    assert searched.effective_noise == pytest.approx(found.effective_noise, rel=1e-9, abs=0)
    assert searched.prox == pytest.approx(found.prox, rel=1e-9, abs=0)


def test_equations_that_hold_in_the_limit_of_infinite_noise_are_not_solved_there():
    # at m/n = 1/2 E (g)_+^2 = P(g > 0) = m/n: both equations tend to equality as tau_z grows and theta/tau_z falls
    found = state_evolution(1000, "1e-5", 0.5, "1e-8", "nonnegative")
    assert found.effective_noise < 1e-4


def test_one_nonzero_entry_in_a_million_is_no_special_case():
    found = state_evolution(2, "1e-3", 0.5, "2e-6")
    assert 0 < found.mean_squared_error < 1e-6  # the energy of the signal


@pytest.mark.parametrize(("depth", "scale", "delta"), [("2", "1e-3", 0.5), ("3", "1e-2", 0.1), ("2.5", "1", 0.9)])
def test_the_relative_error_has_its_limit_as_signals_grow_sparse(depth, scale, delta):
    network = Network(depth, scale)
    theta = (1 - delta) / delta * float(network.slope(0.0))  # theta z'(0) = (1 - delta)/delta

    def pull(x0):
        x = brentq(lambda x: x + theta * float(network.dual(x)[0]) - x0, 0, x0, xtol=1e-15)
        return 2 * (x0 - x) ** 2 * density(x0)

    expected = quad(pull, 0, 9, epsrel=1e-8)[0] / (1 - delta)
    found = state_evolution(depth, scale, delta, "1e-9")
    assert found.effective_noise**2 / 1e-9 == pytest.approx(expected, rel=1e-6)  # the next term is of order s/m / eps


# --- rates below the threshold -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signal", "delta", "sparsity"),
    [("signed", 0.5, 0.2), ("signed", 0.75, 0.3), ("nonnegative", 0.5, 0.3), ("nonnegative", 0.3, 0.2)],
)
def test_depth_two_has_the_exponent_one_minus_rho_and_its_constant(signal, delta, sparsity):
    rho, a = rho_limit(delta, sparsity, signal), threshold_of_noise(delta, sparsity, signal)
    entropy = quad(lambda g: (g - a) * np.log(g - a) * density(g), a, a + 1)[0]
    entropy += quad(lambda g: (g - a) * np.log(g - a) * density(g), a + 1, a + 14)[0]
    excess = density(a) - a * ndtr(-a)
    log_constant = -rho * (np.euler_gamma + np.log(2)) / 2 - entropy / excess
    remainders = []
    for exponent in (40, 140):
        lam = exponent * np.log(10)
        found = state_evolution(2, f"1e-{exponent}", delta, sparsity, signal)
        remainders.append((np.log(found.effective_noise) + (1 - rho) * lam - log_constant) * lam)
    # the next term is of order 1/lam: what it multiplies is the same at both scales, up to 1/lam of its own
    assert remainders[1] == pytest.approx(remainders[0], rel=0.01)
    assert abs(remainders[1]) < 3


@pytest.mark.parametrize(
    ("signal", "depth", "constant"),
    [
        ("signed", "2.5", 5648.58),
        ("signed", "3", 196.636),
        ("signed", "4", 33.1319),
        ("nonnegative", "3", 2.70964),
        ("nonnegative", "4", 2.07067),
    ],
)
def test_deeper_networks_have_errors_proportional_to_the_scale(signal, depth, constant):
    found = [
        state_evolution(depth, f"1e-{e}", 0.5, 0.2, signal).mean_squared_error * 10.0 ** (2 * e) for e in (60, 100)
    ]
    assert found == pytest.approx([constant] * 2, rel=2e-6)  # six digits in docs/theory.md; next order: eps^(1-2/L)
    # the next order itself: a factor 100^(1-2/L) over two decades, once it is small
    gaps = [
        constant - state_evolution(depth, f"1e-{e}", 0.5, 0.2, signal).mean_squared_error * 10.0 ** (2 * e)
        for e in (8, 10)
    ]
    if depth != "2.5":
        assert gaps[0] / gaps[1] == pytest.approx(100 ** (1 - 2 / float(depth)), rel=0.2)


# --- basis pursuit and its threshold -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signal", "sparsities"),
    [
        ("signed", [0.189429, 0.267384, 0.385690, 0.533712, 0.678169]),
        ("nonnegative", [0.240976, 0.365089, 0.558228, 0.765884, 0.902657]),
    ],
)
def test_thresholds_have_their_known_digits(signal, sparsities):
    found = [bp_threshold(delta, signal) for delta in ("0.1", "1/4", 0.5, 0.75, 0.9)]
    assert found == pytest.approx(sparsities, abs=5.1e-7)


def test_signed_basis_pursuit_solves_its_equations_in_closed_form():
    for delta, fraction in ((0.5, 0.39), (0.5, 0.8), (0.1, 0.3), (0.9, 1.0)):
        found = basis_pursuit_evolution(delta, fraction)
        tau, theta = found.effective_noise, found.prox
        a, v = theta / tau, np.hypot(1, tau)
        u, on = theta / v, delta * fraction
        tail = ndtr(-u)
        slope = (1 - on) * 2 * ndtr(-a) + on * 2 * tail
        kept = tau**2 / v**2 * (u * density(u) + tail) - 2 * a * tau / v * density(u) + (a**2 + 1 / v**2) * tail
        lost = gammainc(1.5, u**2 / 2) / (v * tau) ** 2 + (1 - 2 * tail) / v**2
        error = (1 - on) * 2 * ((1 + a**2) * ndtr(-a) - a * density(a)) + on * (2 * kept + lost)
        assert [slope, error] == pytest.approx([delta, delta], rel=1e-11)


def test_nonnegative_basis_pursuit_solves_its_equations_given_each_entry():
    for delta, fraction in ((0.5, 0.6), (0.1, 0.5), (0.9, 1.0)):
        found = basis_pursuit_evolution(delta, fraction, "nonnegative")
        tau = found.effective_noise
        a, on = found.prox / tau, delta * fraction

        def kept(x0, tau=tau, a=a):
            return ndtr(x0 / tau - a)

        def error(x0, tau=tau, a=a):  # E (tau Z - theta)^2 where Z > r, x0^2 where not
            r = a - x0 / tau
            return tau**2 * ((r - 2 * a) * density(r) + (1 + a**2) * ndtr(-r)) + x0**2 * ndtr(r)

        slopes, errors = (
            quad(lambda x0, f=f: 2 * density(x0) * f(x0), 0, 10, epsrel=1e-11, points=[tau], limit=200)[0]
            for f in (kept, error)
        )
        assert (1 - on) * ndtr(-a) + on * slopes == pytest.approx(delta, rel=1e-9)
        off = tau**2 * ((1 + a**2) * ndtr(-a) - a * density(a))
        assert (1 - on) * off + on * errors == pytest.approx(found.mean_squared_error, rel=1e-9)


@pytest.mark.parametrize("signal", SIGNALS)
def test_basis_pursuit_recovers_up_to_its_threshold_and_errs_in_proportion_beyond(signal):
    threshold = bp_threshold(0.4, signal)
    assert basis_pursuit_evolution(0.4, threshold, signal) == StateEvolution(0, 0, 0)
    gaps = (1e-4, 1e-6)
    noises = [basis_pursuit_evolution(0.4, threshold * (1 + gap), signal).effective_noise for gap in gaps]
    assert noises[0] / noises[1] == pytest.approx(100, rel=0.01)  # the probability that |X0| < tau is of order tau


# --- rho ---------------------------------------------------------------------------------------------------------


def gordon(rho, tau, signal):
    """min over t of tau (1 + t^2) + (1 - tau) E(|g| - rho t)_+^2, by search and quadrature."""
    sides = 2 if signal == "signed" else 1

    def value(t):
        tail = quad(lambda g: (g - rho * t) ** 2 * density(g), rho * t, rho * t + 14)[0]
        return tau * (1 + t**2) + (1 - tau) * sides * tail

    return minimize_scalar(value, bounds=(0, 10), method="bounded", options={"xatol": 1e-9}).fun


@pytest.mark.parametrize(
    ("signal", "delta", "sparsity"),
    [("signed", 0.5, 0.2), ("signed", 0.1, 0.15), ("nonnegative", 0.5, 0.3), ("nonnegative", 0.8, 0.8)],
)
def test_rho_solves_gordons_equation(signal, delta, sparsity):
    rho = rho_limit(delta, sparsity, signal)
    assert gordon(rho, delta * sparsity, signal) == pytest.approx(delta, rel=1e-8)
    assert 0 < rho < 1


def test_rho_has_its_known_digits_and_ends_at_the_threshold():
    assert rho_limit(0.5, 0.2) == pytest.approx(0.5764, abs=5e-5)
    assert rho_limit("3/4", "4/15") == pytest.approx(0.4679, abs=5e-5)
    for signal in SIGNALS:
        threshold = bp_threshold(0.5, signal)
        assert rho_limit(0.5, threshold * (1 - 1e-9), signal) == pytest.approx(1, abs=1e-4)
        with pytest.raises(ValueError, match=r"expected a number below basis pursuit's threshold 0\.[35]"):
            rho_limit(0.5, threshold, signal)
    assert rho_limit(0.8, 0.74, "nonnegative") == -inf
    assert rho_limit(0.8, 0.7501, "nonnegative") < 0.05  # it leaves 0 where s/m leaves 2 - n/m


def test_rho_of_nonnegative_problems_is_near_its_limit():
    n, m, s, values = 200, 100, 30, []
    for seed in range(8):
        A = np.random.default_rng([5, seed]).standard_normal((m, n))
        off = np.hstack([A[:, s:].T, -np.ones((n - s, 1))])
        support = np.hstack([A[:, :s].T, np.zeros((s, 1))])
        found = linprog([0] * m + [1], off, np.zeros(n - s), support, np.ones(s), bounds=(None, None))
        values.append(found.fun)
    # one problem's standard deviation is 0.066
    assert np.mean(values) == pytest.approx(rho_limit(0.5, 0.3, "nonnegative"), abs=4 * 0.066 / np.sqrt(8))


# --- one nonnegative solution ------------------------------------------------------------------------------------


def test_a_nonnegative_signal_that_is_the_only_solution_has_no_error():
    for sparsity in (0.3, 0.75):  # 2 - n/m = 0.75
        assert state_evolution(3, "0.1", 0.8, sparsity, "nonnegative") == StateEvolution(0, 0, 0)
    assert state_evolution(3, "0.1", 0.8, 0.3).mean_squared_error > 0
    n, m, s = 150, 120, 45
    A = np.random.default_rng(3).standard_normal((m, n))
    x0 = np.zeros(n)
    x0[:s] = 1
    # the largest sum off the support over all nonnegative solutions
    found = linprog(np.append(np.zeros(s), -np.ones(n - s)), A_eq=A, b_eq=A @ x0)
    assert found.status == 0
    assert abs(found.fun) < 1e-7


def test_the_error_grows_from_zero_where_a_second_solution_appears():
    edge = Fraction(3, 4)
    noises = [
        state_evolution(2, "1e-2", "0.8", edge + Fraction(1, 10**e), "nonnegative").effective_noise for e in (6, 8)
    ]
    assert noises[0] / noises[1] == pytest.approx(100, rel=0.01)


# --- the boundary ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize(
    ("depth", "scale", "tolerance"), [("2", "1e-8", "1e-3"), ("3", "1e-4", 0.01), ("10", "1e-2", 0.2)]
)
def test_the_error_on_the_boundary_is_the_tolerance(depth, scale, tolerance, signal):
    for delta in (0.2, 0.5, 0.8):
        sparsity = recovery_boundary(depth, scale, delta, tolerance, signal)
        assert 0 < sparsity < 1
        found = state_evolution(depth, scale, delta, sparsity, signal)
        relative = np.sqrt(found.mean_squared_error / (delta * sparsity))
        assert relative == pytest.approx(float(tolerance), rel=1e-6)
        for factor in (1.01, 1.1):  # the largest
            beyond = state_evolution(depth, scale, delta, min(factor * sparsity, 1), signal)
            assert beyond.effective_noise / np.sqrt(min(factor * sparsity, 1)) > relative


@pytest.mark.parametrize("signal", SIGNALS)
def test_the_boundary_tends_to_basis_pursuits_threshold(signal):
    threshold = bp_threshold(0.4, signal)
    gaps = [abs(recovery_boundary(3, f"1e-{e}", 0.4, "1e-6", signal) - threshold) for e in (9, 12, 48)]
    assert gaps[0] > 3 * gaps[1] > 30 * gaps[2]
    # at eps = 0 an error of 1e-6 lies beyond the threshold by this much
    sparsity = threshold + gaps[2]
    beyond = basis_pursuit_evolution(0.4, sparsity, signal).effective_noise / np.sqrt(sparsity)
    assert beyond == pytest.approx(1e-6, rel=1e-5)


def test_the_boundary_is_none_or_everything_where_the_tolerance_says_so():
    assert recovery_boundary(2, 1, 0.5, "0.1") == 0.0  # the error is 0.697 even of the sparsest signals
    assert recovery_boundary(2, "1e-3", 0.5, 1) == 1.0
    assert recovery_boundary(2, "1e-3", 0.5, 1, "nonnegative") == 1.0
    assert recovery_boundary(2, "1e-2", 0.2, "0.01", "nonnegative") == 0.0
    # beyond 2 - n/m the error grows within 1e-4 of s/m to more than the tolerance
    assert recovery_boundary(2, "0.1", 0.8, "1e-3", "nonnegative") == pytest.approx(0.75, abs=1e-3)
    assert recovery_boundary(2, "0.1", 0.8, "1e-3", "nonnegative") > 0.75


def test_a_nonnegative_boundary_is_the_larger_of_two_crossings():
    # at eps = 1e-3, L = 2, m/n = 0.5 the error is 0.0103, 0.0058, 0.0089 at s/m = 0.01, 0.1, 0.2
    sparsity = recovery_boundary(2, "1e-3", 0.5, "0.007", "nonnegative")
    assert 0.1 < sparsity < 0.2
    lower = state_evolution(2, "1e-3", 0.5, 0.01, "nonnegative")
    assert lower.effective_noise / 0.1 > 0.007


def test_a_boundary_of_nineteen_columns_costs_few_integrals(monkeypatch):
    calls = []
    original = gaussian_integrals.averages
    monkeypatch.setattr("dlnflow.theory.state_evolution.averages", lambda *args: calls.append(1) or original(*args))
    curve = [recovery_boundary(2, "1e-8", Fraction(k, 20), "1e-3") for k in range(1, 20)]
    assert curve == sorted(curve)
    assert len(calls) < 19 * 3 * 8  # eight Newton steps a column, three integrals each


# --- arguments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.9, 1, 0.5, 0.5), "depth is .*, expected a number that is at least 2"),
        ((2, 0, 0.5, 0.5), "scale is 0, expected a number above 0 and at most 1"),
        ((2, "1e-151", 0.5, 0.5), "scale is 1e-151, expected a number that is at least 1e-150"),
        ((2, 1, 1, 0.5), "undersampling is 1.0, expected a number above 0 and below 1"),
        ((2, 1, "0", 0.5), "undersampling is 0.0, expected a number above 0 and below 1"),
        ((2, 1, 0.5, 0), "sparsity is 0.0, expected a number above 0 and at most 1"),
        ((2, 1, 0.5, "1.1"), "sparsity is 1.1, expected a number above 0 and at most 1"),
        ((2, 1, 0.5, 0.5, "positive"), 'signal is \'positive\', expected "signed" or "nonnegative"'),
    ],
)
def test_arguments_outside_their_ranges_are_named(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        state_evolution(*arguments)


def test_a_tolerance_is_above_zero():
    with pytest.raises(ValueError, match=r"^tolerance is 0\.0, expected a number above 0$"):
        recovery_boundary(2, "1e-2", 0.5, 0)
