"""Certified limits: theory's numbers to their last digit, an independent Newton with twice the digits, work."""

import signal
from fractions import Fraction

import flint
import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq

from dlnflow.balls.separable import Separable
from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.certified_limits import (
    CertifiedLimit,
    Certifier,
    certified_limit,
    certified_limits,
    distance,
    upper_float,
)
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, kink
from dlnflow.results import Status

DEPTHS = ["2", "2.05", "7/3", "2.5", "2.71828", "3", "4", "10"]
SCALES = ["1", "0.5", "1e-3", "1e-9", "1e-30", "1e-100", "1e-300", "1e-1000"]


def nonnegative(problem):
    return Problem(problem.rational_A, problem.rational_y, nonnegative=True)


def planted(A, x, **kwargs):
    """The exact problem A z = A x."""
    return Problem(A, [sum(Fraction(a) * Fraction(v) for a, v in zip(row, x, strict=True)) for row in A], **kwargs)


def integers(seed, measurements, features, low=-5, high=6):
    return np.random.default_rng(seed).integers(low, high, (measurements, features)).tolist()


def ill_conditioned(seed, digits):
    rng = np.random.default_rng(seed)
    U, _, V = np.linalg.svd(rng.standard_normal((3, 7)), full_matrices=False)
    A = U * [1.0, 1e-3, 10.0**-digits] @ V
    return Problem(A, A @ rng.standard_normal(7))


def nearly_equal_columns(gap):
    """Six columns and copies of two of them, `gap` apart in one entry each."""
    A = integers(4, 3, 6)
    copies = [[row[0], row[1]] for row in A]
    copies[0][0] += Fraction(gap)
    copies[2][1] -= Fraction(gap)
    return planted([row + copy for row, copy in zip(A, copies, strict=True)], [0, 2, 0, "-1/7", 0, 0, 1, 0])


INSTANCES = {
    "line": LINE,
    "plane": PLANE,
    "random": RANDOM,
    "kink 0.3": kink("0.3"),
    "kink 1e-9": kink("1e-9"),
    "kink 0": kink(0),
    "ratios of threes": Problem([["1/3", "1/7", 1], ["2/3", 1, "-1/5"]], ["1/3", "2/7"]),
    "nonnegative line": nonnegative(LINE),
    "nonnegative integers": planted(integers(1, 3, 6), range(1, 7), nonnegative=True),
    "many minimisers": planted(integers(2, 3, 7, -1, 2), [2, -1, 1, 0, 3, 0, 0]),
    "gaussian, support 2 of 5": gaussian(1, 5, 10, 2),
    "gaussian, support 4 of 12": gaussian(1, 12, 24, 4),
    "nonnegative, 10 measurements": planted(integers(3, 10, 15), range(1, 16), nonnegative=True),
    "condition 1e10": ill_conditioned(5, 10),
    "rows 20 decades apart": planted(
        [[Fraction(10) ** e * a for a in row] for e, row in zip((20, 0, -20), integers(6, 3, 6), strict=True)],
        [0, "0.1", 0, 0, -7, 0],
    ),
    "columns 16 decades apart": planted(
        [[Fraction(10) ** e * a for e, a in zip((8, -8, 0, 8, -8, 0), row, strict=True)] for row in integers(7, 3, 6)],
        ["1e-8", "1e8", 0, 0, 0, 3],
    ),
    "columns 1e-15 apart": nearly_equal_columns("1e-15"),
}


# An independent evaluation: plain Newton on the dual as theory, section 1, writes it, with twice the digits.


def ball(value):
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def midpoints(matrix):
    return arb_mat(matrix.nrows(), matrix.ncols(), [entry.mid() for entry in matrix.entries()])


class Reference:
    """x(nu) and Newton steps at flint's present precision."""

    def __init__(self, problem, depth, scale):
        self.one_sided, self.L, self.eps = problem.nonnegative, ball(depth), ball(scale)
        self.A = arb_mat([[ball(entry) for entry in row] for row in problem.rational_A])
        self.y = arb_mat([[ball(entry)] for entry in problem.rational_y])

    def maps(self, z):
        """(x, dx/dz), None outside the domain."""
        L, eps = self.L, self.eps
        if L == 2:
            return (eps * z.exp(),) * 2 if self.one_sided else (2 * eps * z.sinh(), 2 * eps * z.cosh())
        if not z < 1 or not (self.one_sided or z > -1):
            return None
        k = L / (L - 2)
        near, far = (1 - z) ** -k, 0 if self.one_sided else (1 + z) ** -k
        return eps * (near - far), eps * k * (near / (1 - z) + far / (1 + z))

    def at(self, nu):
        """(x, slopes, y - A x), None outside the domain."""
        pairs = [self.maps(z) for z in (self.A.transpose() * nu).entries()]
        if None in pairs:
            return None
        x = arb_mat([[x] for x, _ in pairs])
        return x, [slope for _, slope in pairs], self.y - self.A * x

    def step(self, slopes, residual):
        rows = [[w * a for a in row] for w, row in zip(slopes, self.A.transpose().tolist(), strict=True)]
        return midpoints((self.A * arb_mat(rows)).solve(residual))


def polished(problem, depth, scale, limit):
    """(nu, x) by Newton's method from the midpoints, until a step is a millionth of each radius, and one more."""
    with ctx.workprec(2 * limit.precision + 400):
        reference, nu = Reference(problem, depth, scale), arb_mat([[held.mid()] for held in limit.nu])
        for _ in range(5):
            _, slopes, residual = reference.at(nu)
            d = reference.step(slopes, residual)
            nu = midpoints(nu + d)
            changes = [w * a for w, a in zip(slopes, (reference.A.transpose() * d).entries(), strict=True)]
            moved = zip([*changes, *d.entries()], [*limit.x, *limit.nu], strict=True)
            if all(abs(change) < held.rad() / 10**6 for change, held in moved):
                return nu.entries(), midpoints(reference.at(nu)[0]).entries()
        raise AssertionError("the reference did not converge")


def from_nothing(problem, depth, scale, bits=400):
    """x by damped Newton from nu = 0 at scale 1, a decade at a time: nothing of the package's answer goes in."""
    decades = [scale]
    while decades[0] < 1:
        decades.insert(0, min(1, 10 * decades[0]))
    with ctx.workprec(bits):
        nu = arb_mat(problem.measurements, 1)
        for rung in decades:
            reference = Reference(problem, depth, rung)
            here = reference.at(nu)
            for _ in range(200):
                _, slopes, residual = here
                d, length = reference.step(slopes, residual), arb(1)
                gain = (residual.transpose() * d)[0, 0].mid()
                if gain < arb(2) ** -(3 * bits // 2):  # x is off by the root of it, times that of a slope
                    break
                there = reference.at(midpoints(nu + d))
                while there is None or (there[2].transpose() * d)[0, 0].mid() < -gain / 2:
                    length /= 2
                    there = reference.at(midpoints(nu + length * d))
                nu, here = midpoints(nu + length * d), there
            else:
                raise AssertionError("the reference did not converge")
        return midpoints(here[0]).entries()


def assert_holds(limit, problem, depth, scale):
    """The balls hold the solution of an independent Newton's method with twice the digits."""
    nu, x = polished(problem, depth, scale, limit)
    assert all(ball.contains(value) for ball, value in zip(limit.nu, nu, strict=True))
    assert all(ball.contains(value) for ball, value in zip(limit.x, x, strict=True))
    with ctx.workprec(2 * limit.precision):
        apart = sum(((held.mid() - value) ** 2 for held, value in zip(limit.x, x, strict=True)), arb(0)).sqrt()
        assert apart < limit.radius


@pytest.mark.parametrize(
    ("problem", "depth", "scale", "value"),
    [
        # theory, section 4, finite scales
        (LINE, 2, "1e-2", "2.04110752282e-5"),
        (LINE, 4, "1e-6", "1.89533644142e-8"),
        (PLANE, 3, "1e-4", "7.28747927839e-4"),
    ],
)
def test_distances_to_the_selected_minimiser_are_those_of_theory(problem, depth, scale, value):
    error = certified_limit(problem, depth, scale).distance(selected_minimiser(problem, depth))
    # twelve digits printed: half a unit of the last one
    assert abs(error / ball(value) - 1) < 5e-12 / 1.8
    assert error.rad() < 1e-15 * error


@pytest.mark.parametrize(
    ("problem", "depth", "exponent", "constant", "digits"),
    [
        # theory, section 4: the limits of error / scale^e, as many digits as it prints
        (LINE, 2, "2", "0.204219661463", 12),
        (LINE, 3, "1", "0.00826762262", 9),
        (LINE, 4, "1", "0.0189141317", 9),
        (PLANE, 2, "1/2", "0.900107117281", 12),
        (PLANE, 3, "1", "8.59508488", 9),
        (PLANE, 4, "1", "3.97143391", 9),
        (RANDOM, 3, "1", "2.30705776", 9),
    ],
)
def test_errors_reach_their_constants_to_the_last_digit(problem, depth, exponent, constant, digits):
    error = certified_limit(problem, depth, "1e-100").distance(selected_minimiser(problem, depth))
    with ctx.workprec(400):
        reached = error / ball("1e-100") ** ball(exponent)
    # next order: scale^(1 - 2/L) <= 1e-33 at L > 2, a power of the scale at L = 2; half a unit of the last digit
    assert abs(reached / ball(constant) - 1) < 10.0 ** (1 - digits) / 2


def test_the_error_of_random_at_depth_two_reaches_its_constant():
    # theory, section 4: e = 1 - rho to 12 digits, so that 1e-1000 would leave none of them: the constant at two scales
    # eliminates the exponent. Its other small coordinate is scale^0.186 = 1e-18 of the first at 1e-100.
    selected = selected_minimiser(RANDOM, 2)
    first, second = (limit.distance(selected) for limit in certified_limits(RANDOM, 2, ["1e-100", "1e-200"]))
    with ctx.workprec(1000):
        exponent = (first / second).log() / (100 * arb.const_log10())
        assert abs(exponent - ball("0.744859156736")) < 5e-13
        assert abs(first * first / second / ball("1.20686705") - 1) < 5e-9


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", INSTANCES)
def test_the_balls_hold_an_independent_newton_solution(name, depth):
    # every instance at every depth, and, over the depths, at every scale
    problem = INSTANCES[name]
    scale = SCALES[(list(INSTANCES).index(name) + 3 * DEPTHS.index(depth)) % len(SCALES)]
    limit = certified_limit(problem, depth, scale)
    assert limit.status is Status.CONVERGED
    assert_holds(limit, problem, depth, scale)


@pytest.mark.parametrize("depth", ["2", "2.5", "3", "10"])
@pytest.mark.parametrize("name", ["line", "random", "kink 1e-9", "nonnegative line", "ratios of threes", "kink 0"])
def test_the_balls_hold_a_solution_found_from_nothing(name, depth):
    problem, scale = INSTANCES[name], Fraction(1, 10**7)
    limit = certified_limit(problem, depth, scale)
    x = from_nothing(problem, depth, scale)
    assert all(held.contains(value) for held, value in zip(limit.x, x, strict=True))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("scale", ["1", "1e-5", "1e-100"])
def test_one_equation_has_its_solution_in_closed_form(depth, scale):
    # kink 0: both columns are equal, so that x = (1/2, 1/2) at every scale
    limit = certified_limit(kink(0), depth, scale)
    assert all(held.contains(arb("0.5")) for held in limit.x)
    if Fraction(depth) == 2:
        # 2 eps sinh z = 1/2, and nu = z
        with ctx.workprec(1000):
            nu = (1 / (4 * ball(scale))).asinh()
        assert limit.nu[0].contains(nu)


@pytest.mark.parametrize("depth", ["2", "2.05", "2.5", "3", "4"])
@pytest.mark.parametrize("name", ["line", "plane", "random"])
def test_the_error_is_known_to_ten_digits_down_to_1e_100(name, depth):
    problem = INSTANCES[name]
    selected = selected_minimiser(problem, depth)
    for limit in certified_limits(problem, depth, [f"1e-{decade}" for decade in (1, 2, 4, 7, 13, 21, 34, 55, 78, 100)]):
        error = limit.distance(selected)
        assert limit.radius < 1e-10 * error
        assert error.rad() < 1e-10 * error


@pytest.mark.parametrize("name", ["nonnegative line", "nonnegative integers"])
@pytest.mark.parametrize("depth", ["2", "3"])
def test_the_error_of_a_nonnegative_network_is_known_to_ten_digits(name, depth):
    problem = INSTANCES[name]
    selected = selected_minimiser(problem, depth)
    for limit in certified_limits(problem, depth, ["1e-2", "1e-20", "1e-60"]):
        error = limit.distance(selected)
        # where every feasible x has the support of the minimisers the limit is the selected minimiser at every scale
        assert error.contains(0) or limit.radius < 1e-10 * error
        assert max(held.mid() for held in limit.x) * 1e-10 > limit.radius


@pytest.mark.parametrize("depth", ["2", "2.5", "4"])
@pytest.mark.parametrize("name", ["random", "gaussian, support 4 of 12"])
def test_an_answer_is_a_function_of_its_arguments(name, depth):
    problem = INSTANCES[name]
    grid = ["1e-30", "1", "0.002", "3e-17", "1e-16", "1e-80"]

    def balls(limits):
        return [[(held.mid().man_exp(), held.rad().man_exp()) for held in [*limit.x, *limit.nu]] for limit in limits]

    together = list(certified_limits(problem, depth, grid))
    alone = [certified_limit(problem, depth, scale) for scale in grid]
    backwards = list(certified_limits(problem, depth, grid[::-1]))[::-1]
    assert balls(together) == balls(alone) == balls(backwards)
    described = [(limit.precision, limit.iterations, limit.residual, limit.status) for limit in together]
    assert described == [(limit.precision, limit.iterations, limit.residual, limit.status) for limit in alone]


def test_numbers_mean_what_was_typed():
    texts, numbers = certified_limit(LINE, "5/2", "0.5"), certified_limit(LINE, 2.5, Fraction(1, 2))
    assert all(a == b or (a.mid() == b.mid() and a.rad() == b.rad()) for a, b in zip(texts.x, numbers.x, strict=True))
    # 0.1 in binary is not 1e-1: their limits are 2e-18 apart, beyond the radii and below float64's digits
    typed, rounded = certified_limit(LINE, 3, "0.1"), certified_limit(LINE, 3, 0.1)
    assert not all(a.overlaps(b) for a, b in zip(typed.x, rounded.x, strict=True))
    np.testing.assert_array_equal(typed.x_float, rounded.x_float)


def bits_of(depth, scale):
    """Those of the smallest effect, eps^2 at depth 2; beyond, eps, and those of the edge, eps^(1/k)."""
    inverse = float(-(ball(scale).log() / arb(2).log()).mid())
    return 2 * inverse if Fraction(depth) == 2 else (2 - 2 / float(Fraction(depth))) * inverse


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", ["line", "plane", "random", "kink 0.3", "gaussian, support 4 of 12"])
def test_precision_and_steps_are_bounded(name, depth, monkeypatch):
    evaluations, at = [], Separable.at

    def counted(self, t, bits):
        evaluations.append(bits)
        return at(self, t, bits)

    monkeypatch.setattr(Separable, "at", counted)
    for scale in ("1e-3", "1e-30", "1e-300"):
        evaluations.clear()
        limit = certified_limit(INSTANCES[name], depth, scale)
        # fifteen digits are 50 bits; the rest is the size of the data, the guard bits, and two limbs of 64. Where the
        # support is smaller than m there are directions of weight eps, in which a residual is 1/eps times as much
        light = 0 if len(limit.nu) <= 8 else bits_of(3, scale) * 3 / 4
        assert limit.precision <= max(128, bits_of(depth, scale) + light + 50) + 160
        # measured: at most 9, for from a few digits the digits double; at most 13 in float64 steps of 44 bits
        assert limit.iterations <= (12 if len(limit.nu) <= 8 else bits_of(depth, scale) / 30 + 8)
        # measured: at most 91, and 1200 where an exponent of 41 meets a small support, with the ladder and its line
        # searches; the ladder's start has twice its own digits
        assert len(evaluations) <= (160 if len(limit.nu) <= 8 else 1600)
        assert max(evaluations) <= 3 * limit.precision + 256


@pytest.mark.parametrize(("depth", "scale"), [("2.5", "1e-150"), ("2.05", "1e-60"), ("3", "1e-400")])
@pytest.mark.parametrize("seed", [1, 2])
def test_deep_scales_are_reached_where_the_support_is_smaller_than_the_measurements(seed, depth, scale):
    # the light directions weigh scale, the heavy ones 1: a step that is right in the norm alone is noise in the light
    problem = gaussian(seed, 12, 20, 5)
    limit = certified_limit(problem, depth, scale)
    assert limit.status is Status.CONVERGED
    assert_holds(limit, problem, depth, scale)
    assert limit.radius < 1e-10 * limit.distance(selected_minimiser(problem, depth))


def test_a_radius_and_a_distance_are_bounds():
    x = [arb(3, arb(2) ** -10), arb(-1, arb(2) ** -11), arb(0)]
    limit = CertifiedLimit(x, [], Status.CONVERGED, 100, 0, 0.0)
    assert limit.radius >= (ball(Fraction(1, 2**20)) + ball(Fraction(1, 2**22))).sqrt().lower()
    assert limit.radius <= arb(2) ** -10 * 1.2
    np.testing.assert_array_equal(limit.x_float, [3, -1, 0])
    far = limit.distance([0, 3, 0])
    assert far.contains(arb(5))
    assert far.rad() < 3e-3  # 2^-10 and 2^-11 at a slope of at most 1 each
    near = limit.distance([3, -1, 0])
    assert near.contains(0)
    assert near.contains(limit.radius.lower() * 0.99)
    assert upper_float(arb(-3, arb(2) ** -60)) > 3
    with ctx.workprec(100):
        assert distance([arb("0.1")], [arb("0.1")]).contains(0)
        assert distance([], []) == 0


def test_the_residual_is_that_of_the_midpoints():
    limit = certified_limit(LINE, 3, "1e-9")
    with ctx.workprec(400):
        reference = Reference(LINE, 3, "1e-9")
        _, _, residual = reference.at(arb_mat([[held.mid()] for held in limit.nu]))
        exact = sum((entry**2 for entry in residual.entries()), arb(0)).sqrt()
    assert exact <= limit.residual <= 1e-30  # far below what any float64 residual could be


def test_bad_arguments_are_one_sentence():
    with pytest.raises(ValueError, match=r"^depth is 1, expected a number that is at least 2$"):
        certified_limit(LINE, 1, "1e-3")
    with pytest.raises(ValueError, match=r"^scale is 2, expected a number above 0 and at most 1$"):
        certified_limit(LINE, 3, 2)


@pytest.mark.parametrize("scale", [0, "-1e-9"])
def test_a_scale_that_no_ladder_reaches_is_refused_at_once(scale):
    signal.alarm(3)  # where it is not refused the ladder has no end
    try:
        with pytest.raises(ValueError, match=r"^scale is .*, expected a number above 0 and at most 1$"):
            certified_limit(LINE, 3, scale)
    finally:
        signal.alarm(0)


def test_a_nonnegative_problem_without_solution_has_no_limit():
    with pytest.raises(ArithmeticError, match="Newton's method"):
        certified_limit(nonnegative(RANDOM), 3, "1e-3")


@pytest.mark.parametrize("precision", [53, 77])
def test_the_precision_of_flint_is_put_back(precision):
    with ctx.workprec(precision):
        certifier = Certifier(RANDOM, 3)
        limit = certifier.at("1e-30")
        assert flint.ctx.prec == precision
        for wide in certified_limits(LINE, 2, ["1e-5", "1e-50"]):
            assert flint.ctx.prec == precision
            _ = wide.radius, wide.x_float, wide.nu_float
        limit.distance(selected_minimiser(basis_pursuit(RANDOM), 3))
        with pytest.raises(ArithmeticError):
            certified_limit(nonnegative(RANDOM), 3, "1e-3")
        assert flint.ctx.prec == precision
        # and what is asked does not depend on it
        assert limit.precision == certified_limit(RANDOM, 3, "1e-30").precision
    again = certified_limit(RANDOM, 3, "1e-30")
    assert all(a.mid() == b.mid() and a.rad() == b.rad() for a, b in zip(limit.x, again.x, strict=True))
