"""Predicted rates against the constants of theory, sections 2 to 5, and against the limit itself at tiny scales."""

from fractions import Fraction
from math import exp, log, prod

import flint
import numpy as np
import pytest
from rho_by_definition import lattice

from dlnflow.arithmetic.exact import to_arb
from dlnflow.minimisers.basis_pursuit import InfeasibleError, basis_pursuit
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.certified_limits import certified_limit
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, kink
from dlnflow.theory.rates import predicted_rate
from dlnflow.theory.rho import cheapest_directions, feasible_columns

TIE = Problem([[1, 0, 1], [0, 1, -1]], [2, 3])
"""rho = 0: both signs of the third column are cheapest."""


def directions(rate):
    return [float(d) for d in rate.direction]


def misfit(problem, depth, scale, rate):
    """||(x_alpha - x°)/scale^e - d||_2, relative to ||d|| unless that is 0, and an upper bound."""
    limit = certified_limit(problem, depth, scale)
    bits = 2 * limit.precision
    with flint.ctx.workprec(bits):
        unit = (to_arb(rate.exponent) * to_arb(Fraction(scale)).log()).exp()
        point = selected_minimiser(basis_pursuit(problem), depth).balls(bits)
        errors = [(a - b) / unit - d for a, b, d in zip(limit.x, point, rate.direction, strict=True)]
        return float(sum(error.abs_upper() for error in errors)) / (rate.constant or 1)


# theory, section 4, to all digits given
@pytest.mark.parametrize(
    ("problem", "depth", "exponent", "constant", "digits"),
    [
        (LINE, 2, 2, 0.204219661463, 12),
        (LINE, 3, 1, 0.00826762262, 9),
        (LINE, 4, 1, 0.0189141317, 9),
        (PLANE, 2, 0.5, 0.900107117281, 12),
        (PLANE, 3, 1, 8.59508488, 9),
        (PLANE, 4, 1, 3.97143391, 9),
        (RANDOM, 2, 0.744859156736, 1.20686705, 9),
        (RANDOM, 3, 1, 2.30705776, 9),
    ],
)
def test_the_named_problems_have_the_rates_of_the_theory(problem, depth, exponent, constant, digits):
    rate = predicted_rate(problem, depth)
    assert float(rate.exponent) == pytest.approx(exponent, rel=1e-12)
    assert rate.constant == pytest.approx(constant, rel=10**-digits * 5)
    assert rate.is_resolved
    assert rate.unique_direction


def test_plane_leaves_its_face_at_the_published_constant():
    # theory, section 3
    assert directions(predicted_rate(PLANE, 2))[3] == pytest.approx(0.808681061411518, rel=1e-14)


@pytest.mark.parametrize("delta", ["1", "0.3", "0.1", "0.03", "0.01"])
@pytest.mark.parametrize("depth", ["2.5", 3, 4, 5, 50])
def test_the_kink_has_its_closed_form_at_every_depth(depth, delta):
    # theory, section 5
    d, k = float(delta), float(depth) / (float(depth) - 2)
    expected = d**-k - (2 - d) ** -k
    rate = predicted_rate(kink(delta), depth)
    assert rate.exponent == 1
    np.testing.assert_allclose(directions(rate), [-(1 - d) * expected, expected], rtol=1e-12)


@pytest.mark.parametrize("delta", ["0.3", "1e-30"])
def test_the_kink_is_slow_at_depth_two(delta):
    rate = predicted_rate(kink(delta), 2)
    assert rate.exponent == rate.rho * -1 + 1 == Fraction(delta)
    np.testing.assert_allclose(directions(rate), [-(1 - float(delta)), 1], rtol=1e-15)


def test_two_cheapest_directions_share_the_error():
    # theory, section 2: x_3 / eps -> P - 1/P, P = 2/3
    rate = predicted_rate(TIE, 2)
    assert (rate.exponent, rate.rho, rate.unique_direction) == (1, 0, False)
    np.testing.assert_allclose(directions(rate), [5 / 6, -5 / 6, -5 / 6], rtol=1e-15)


def test_equal_columns_share_the_error():
    rate = predicted_rate(Problem([[1, "1/2", "1/2"]], [1]), 2)
    assert (rate.exponent, rate.unique_direction) == (Fraction(1, 2), False)
    np.testing.assert_allclose(directions(rate), [-1, 1, 1], rtol=1e-15)


@pytest.mark.parametrize(
    "problem", [RANDOM, PLANE, gaussian(1, 5, 10, 2), gaussian(4, 10, 20, 4), gaussian(1, 4, 8, 4)]
)
def test_one_cheapest_direction_carries_the_published_constant(problem):
    # K = exp(H(|n_off|)) prod |x_i|^(-sigma_i n_i), theory, section 2; it does not depend on n modulo ker A_T
    minimiser = basis_pursuit(problem)
    n = [float(value) for value in cheapest_directions(problem, minimiser).direction]
    x = selected_minimiser(minimiser, 2).x_float
    entropy = -sum(abs(v) * log(abs(v)) for v, value in zip(n, x, strict=True) if value == 0 and v)
    K = exp(entropy) * prod(abs(x[j]) ** (-np.sign(x[j]) * n[j]) for j in minimiser.support)
    rate = predicted_rate(problem, 2, minimiser)
    assert rate.unique_direction
    for j, d in enumerate(directions(rate)):
        if minimiser.unique or x[j] == 0:
            assert d == pytest.approx(K * n[j], rel=1e-11)


@pytest.mark.parametrize("seed", range(4))
def test_a_vertex_of_m_nonzeros_has_the_rates_of_its_own_columns(seed):
    # |S| = m: b_j = A_S^-1 a_j, rho_j = b_j.sigma, x_j ~ eps^(1-|rho_j|) sgn(rho_j) prod |x_i|^(sigma_i b_ji sgn rho_j)
    problem = gaussian(seed, 4, 8, 4)
    minimiser = basis_pursuit(problem)
    S, signs = list(minimiser.support), np.array(minimiser.signs)
    b = np.linalg.solve(problem.A[:, S], problem.A)
    rhos = signs @ b
    rhos[S] = 0
    j = int(np.abs(rhos).argmax())
    rate = predicted_rate(problem, 2, minimiser)
    assert float(rate.rho) == pytest.approx(abs(rhos[j]), rel=1e-12)
    side = np.sign(rhos[j])
    expected = side * np.prod(np.abs(minimiser.x_float[S]) ** (signs * b[:, j] * side))
    assert directions(rate)[j] == pytest.approx(expected, rel=1e-11)


# the next term is of the order eps^((L-2)/L), 1e-48 at depth 2.5; at depth 2 of eps^(1-rho), 1e-72 for the kink, or of
# eps^(the slope by which the next column falls short of rho), about eps^0.08 for the Gaussian problem
@pytest.mark.parametrize("depth", [2, "2.5", 3, 4])
@pytest.mark.parametrize("problem", [LINE, PLANE, RANDOM, TIE, kink("0.3"), kink(0), gaussian(2, 5, 10, 2)])
def test_the_limit_takes_the_predicted_direction(problem, depth):
    rate = predicted_rate(problem, depth)
    assert misfit(problem, depth, "1e-240", rate) < 1e-12


# next terms: eps^(1/3) at depth 3; at depth 2 eps^(1-rho) and the runner-up's, both at least eps^(1/58) here, 5e-11
@pytest.mark.parametrize(("depth", "scale", "tolerance"), [(2, "1e-600", 1e-8), (3, "1e-60", 1e-12)])
@pytest.mark.parametrize("nonnegative", [False, True])
def test_lattice_problems_take_their_predicted_directions(depth, scale, tolerance, nonnegative):
    """Ties of every kind: many minimisers, many cheapest directions, rho zero or negative."""
    seen = set()
    for seed in range(40):
        problem = lattice(seed, nonnegative)
        minimiser = basis_pursuit(problem)
        if nonnegative and len(minimiser.support) + len(feasible_columns(problem, minimiser)) < problem.features:
            continue  # a coordinate that must be 0: no dual unknown gives the limit
        rate = predicted_rate(problem, depth, minimiser)
        assert rate.is_resolved
        seen.add((minimiser.unique, rate.unique_direction, rate.rho and rate.rho > 0, rate.constant == 0))
        if rate.constant == 0 and nonnegative:
            continue  # no error at all: the next test
        assert misfit(problem, depth, scale, rate) < tolerance
    assert len(seen) >= (6 if depth == 2 else 2)


@pytest.mark.parametrize("depth", [2, "2.5", 3])
def test_a_nonnegative_problem_whose_points_are_all_minimisers_has_no_error(depth):
    problem = Problem(LINE.rational_A, LINE.rational_y, nonnegative=True)
    rate = predicted_rate(problem, depth)
    assert all(d == 0 for d in rate.direction)
    assert rate.constant == 0
    for scale in ("0.5", "1e-3"):
        limit = certified_limit(problem, depth, scale)
        assert all(a.overlaps(b) for a, b in zip(limit.x, selected_minimiser(problem, depth).balls(400), strict=True))


@pytest.mark.parametrize("depth", [2, "2.5", 3])
def test_a_coordinate_that_must_be_zero_changes_nothing(depth):
    small = predicted_rate(Problem([[1, 2]], [1], nonnegative=True), depth)
    large = predicted_rate(Problem([[1, 2, 0, 0], [0, 0, 1, 1]], [1, 0], nonnegative=True), depth)
    assert large.exponent == small.exponent
    assert directions(large) == [*directions(small), 0, 0]


@pytest.mark.parametrize(
    ("problem", "depth"),
    [
        (kink(0), 2),
        (kink(0), 3),
        (TIE, 3),  # rho = 0 and one minimiser: nu is 0 off the support
        (Problem([[1, 0, 1], [0, 1, -1]], [2, 2]), 2),  # P = 1
        (Problem([[1, 1, 0], [0, 0, 1]], [1, 1]), 2),
        (Problem([[1, 1, 0], [0, 0, 1]], [1, 2]), "2.05"),
        (Problem([[1, -1, 1]], [2]), 3),
    ],
)
def test_a_constant_that_is_zero_is_proved_to_be(problem, depth):
    rate = predicted_rate(problem, depth)
    assert all(d == 0 for d in rate.direction)
    assert rate.is_resolved


def test_a_constant_that_is_zero_for_no_known_reason_is_held_by_the_balls():
    # P = 2^2 / (4 * 1) = 1 with |x| = (2, 4, 1)
    rate = predicted_rate(Problem([[1, 0, 0, 2], [0, 1, 0, -1], [0, 0, 1, -1]], [2, 4, 1]), 2)
    assert (rate.exponent, rate.rho, rate.constant) == (1, 0, 0)
    assert not rate.is_resolved
    assert float(rate.constant_ball.abs_upper()) < 1e-300


@pytest.mark.parametrize("depth", [2, 3])
def test_a_problem_of_fifty_measurements_is_resolved(depth):
    rate = predicted_rate(gaussian(1, 50, 100, 10), depth)
    assert rate.is_resolved
    assert all(d.rad() < 1e-20 * rate.constant for d in rate.direction)
    image = flint.arb_mat(gaussian(1, 50, 100, 10).exact_A) * flint.arb_mat([[d] for d in rate.direction])
    assert all(entry.contains(0) for entry in image.entries())


def test_a_depth_below_two_and_an_infeasible_problem_are_refused():
    with pytest.raises(ValueError, match="at least 2"):
        predicted_rate(LINE, "1.9")
    with pytest.raises(InfeasibleError):
        predicted_rate(Problem([[1, 1]], [-1], nonnegative=True), 2)
