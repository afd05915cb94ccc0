"""The network's maps in balls: exact rationals, identities of theory, section 1, and the reach of a slope."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from dlnflow.network.in_balls import LARGEST_ROOT, BallNetwork
from dlnflow.network.network import Network

ULP = 2.0**-52
DEPTHS = ["2", "2.001", "2.05", "2.5", "3", "10", "22/7", "2.71828"]
SCALES = ["1", "1/3", "1e-12", "1e-300", "1e-1000"]
SIDES = [False, True]


def ball(value):
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def dyadic(ball):
    mantissa, exponent = ball.man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)


def holds(ball, value):
    """Whether a ball holds a rational, without any rounding."""
    return abs(dyadic(ball.mid()) - value) <= dyadic(ball.rad())


def points(network, seed, count=40):
    """Exact points inside the domain, some of them next to its bounds."""
    draw = Random(seed)
    if network.is_shallow:
        return [
            draw.choice([-1, 1]) * Fraction(2) ** draw.randint(-60, 11) * draw.randint(1, 999) / 999
            for _ in range(count)
        ]
    edges = [Fraction(draw.randint(1, 2**20), 2 ** draw.choice([20, 20, 40, 200])) for _ in range(count)]
    if network.nonnegative:
        return [1 - edge * draw.choice([1, 1, 2**25]) for edge in edges]
    return [draw.choice([-1, 1]) * (1 - edge) for edge in edges]


def power(depth):
    """k = L/(L-2)."""
    return Fraction(depth) / (Fraction(depth) - 2)


@pytest.mark.parametrize("nonnegative", SIDES)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("depth", ["2.05", "2.5", "3", "4"])
def test_where_the_power_is_an_integer_the_balls_hold_exact_rationals(depth, scale, nonnegative):
    network, k, eps = Network(depth, scale, nonnegative), power(depth), Fraction(scale)
    assert k.denominator == 1
    k = k.numerator
    z = points(network, 1)
    for bits in (64, 500):
        with ctx.workprec(bits + 220):  # z is given to all its 200 bits and more
            x, slopes = BallNetwork(network).values([ball(value) for value in z])
        for value, x_ball, slope in zip(z, x, slopes, strict=True):
            near, far = (1 - value) ** -k, 0 if nonnegative else (1 + value) ** -k
            steep = near / (1 - value) + (0 if nonnegative else far / (1 + value))
            assert holds(x_ball, eps * (near - far))
            assert holds(slope, eps * k * steep)
            # k + 2 roundings in each power, and 1 - z to its own bits
            assert slope.rad() <= slope * 2 * (k + 4) * arb(2) ** -(bits + 18)


@pytest.mark.parametrize("scale", ["1", "1e-12", "1e-1000"])
@pytest.mark.parametrize("depth", ["10", "22/7", "7/3", "2.71828", "2.02", "9"])
def test_where_the_power_is_a_ratio_one_sided_balls_hold_exact_rationals(depth, scale):
    # with k = a/b and 1 - z = r^b, x = eps r^-a; b is on both sides of LARGEST_ROOT
    network, k, eps = Network(depth, scale, nonnegative=True), power(depth), Fraction(scale)
    a, b = k.numerator, k.denominator
    assert (b > LARGEST_ROOT) == (depth == "2.71828")
    for r in (Fraction(1, 2), Fraction(2), Fraction(1)) + (
        () if b > LARGEST_ROOT else (Fraction(3, 2), Fraction(5, 8))
    ):
        z = 1 - r**b
        with ctx.workprec(b + 4 * a.bit_length() + 300):
            (x,), (slope,) = BallNetwork(network).values([ball(z)])
            assert holds(x, eps / r**a)
            assert holds(slope, k * eps / r ** (a + b))
            # the radius, a few roundings of logarithms as large as a + b, is told from the number
            assert x.rad() < x * arb(2) ** -200


@pytest.mark.parametrize("nonnegative", SIDES)
@pytest.mark.parametrize("scale", ["1", "1e-12", "1e-300"])
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_float_maps_lie_within_their_stated_error_of_the_balls(depth, scale, nonnegative):
    network = Network(depth, scale, nonnegative)
    shallow = network.is_shallow
    z = [
        z for z in (float(z) for z in points(network, 2)) if abs(z) < (600 if shallow else 1) or (nonnegative and z < 0)
    ]
    with np.errstate(over="ignore", under="ignore"):
        floats = network.primal(np.array(z)), network.slope(np.array(z))
    with ctx.workprec(400):
        balls = BallNetwork(network).values([ball(value) for value in z])
        k = 0 if shallow else ball(power(depth))
        for point, *pairs in zip(z, *floats, *balls, strict=True):
            # the relative error that `Network` states: 4 ulp and the condition of x as a function of k, or |z|
            size = ball(point) if nonnegative else abs(ball(point))
            condition = abs(ball(point)) if shallow else abs((k + 1) * (1 - size).log())
            for got, held in zip(pairs[:2], pairs[2:], strict=True):
                if 1e-300 < abs(held) < 1e300:
                    assert abs(ball(float(got)) - held) <= (4 + condition) * ULP * abs(held)


@pytest.mark.parametrize("nonnegative", SIDES)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_balls_hold_those_of_four_times_the_precision(depth, scale, nonnegative):
    network = Network(depth, scale, nonnegative)
    maps, z = BallNetwork(network), points(network, 3)

    def at(bits):
        with ctx.workprec(bits):
            balls = [ball(value) for value in z]
            values = maps.values(balls)
            return None if values is None else (*values, maps.reach(balls))

    coarse, fine = at(300), at(1200)
    for few, many in zip(coarse, fine, strict=True):
        for wide, narrow in zip(few, many, strict=True):
            assert wide.contains(narrow)
            assert narrow.rad() <= wide.rad() * arb(2) ** -800  # of the 900 bits more, if the wide one has a radius
    # 32 bits do not tell 1 - 2^-200 from 1
    assert network.is_shallow or at(32) is None


@pytest.mark.parametrize("scale", ["1", "1e-30"])
@pytest.mark.parametrize("depth", [depth for depth in DEPTHS if depth != "2"])
def test_a_point_not_proved_to_lie_inside_the_domain_has_no_value(depth, scale):
    signed, one_sided = (BallNetwork(Network(depth, scale, nonnegative)) for nonnegative in SIDES)
    wide = arb(1, arb(2) ** -30)
    for z in (arb(1), wide, arb("1.5"), arb(0, 2), arb("nan")):
        assert signed.values([arb(0), z]) is None
        assert signed.values([-z]) is None
        assert one_sided.values([arb(0), z]) is None
    assert one_sided.values([arb(-5)]) is not None
    inside = wide - arb(2) ** -29
    assert signed.values([inside, -inside]) is not None


def test_depth_two_has_a_value_everywhere():
    for nonnegative in SIDES:
        assert BallNetwork(Network(2, "1e-9", nonnegative)).values([arb(-3000), arb(0), arb(3000)]) is not None


@pytest.mark.parametrize("nonnegative", SIDES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_slope_is_the_derivative(depth, nonnegative):
    network = Network(depth, "1e-7", nonnegative)
    maps = BallNetwork(network)
    with ctx.workprec(1200):
        z = [ball(value) for value in points(network, 4)]
        reach = maps.reach(z)
        steps = [length * arb(2) ** -200 for length in reach]
        _, slopes = maps.values(z)
        ahead, _ = maps.values([value + step for value, step in zip(z, steps, strict=True)])
        behind, _ = maps.values([value - step for value, step in zip(z, steps, strict=True)])
        for slope, step, high, low in zip(slopes, steps, ahead, behind, strict=True):
            # the central difference is off by (step/reach)^2 relative to the slope, at most
            assert abs((high - low) / (2 * step) / slope - 1) <= arb(2) ** -398


@pytest.mark.parametrize("nonnegative", SIDES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_slope_falls_by_no_more_than_its_reach_allows(depth, nonnegative):
    network = Network(depth, "1e-3", nonnegative)
    maps, draw = BallNetwork(network), Random(5)
    with ctx.workprec(600):
        exact_z = points(network, 5, count=300)
        z = [ball(value) for value in exact_z]
        reach, (_, slopes) = maps.reach(z), maps.values(z)
        # any distance, from far below the reach to beyond it, inside the domain
        moved = []
        for value, length in zip(z, reach, strict=True):
            d = draw.choice([-1, 1]) * length * ball(Fraction(draw.randint(1, 2**10), 2 ** draw.randint(5, 30))) * 8
            moved.append(value + d if inside(network, value + d) else value + d / 2**20)
        new_reach, (_, new_slopes) = maps.reach(moved), maps.values(moved)
        for index, (old, new) in enumerate(zip(z, moved, strict=True)):
            distance = abs(new - old)
            # equality holds at depth 2 with one power, so that balls may overlap: what is refused is a proved violation
            assert not new_slopes[index] < slopes[index] * (-distance / reach[index]).exp()
            assert not abs(new_reach[index] - reach[index]) > distance


def inside(network, z):
    return network.is_shallow or bool(z < 1 and (network.nonnegative or z > -1))


@pytest.mark.parametrize("depth", ["2", "2.05", "3", "10"])
def test_the_reach_cannot_be_much_longer(depth):
    # the rate of fall of the log of the slope at z is 1 / reach where one power is all there is: (k+1)/(1-z), or 1
    network = Network(depth, "1e-3", nonnegative=True)
    maps = BallNetwork(network)
    with ctx.workprec(600):
        for value in points(network, 6):
            z = ball(value)
            (reach,), (_, (slope,)) = maps.reach([z]), maps.values([z])
            _, (lower,) = maps.values([z - reach * arb(2) ** -60])
            # to first order in 2^-60, a fall by 1 in units of 2^-60
            assert abs((slope / lower).log() * arb(2) ** 60 - 1) < arb(2) ** -58


@pytest.mark.parametrize("nonnegative", SIDES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_straightening_and_bending_are_inverses(depth, nonnegative):
    network = Network(depth, "1e-3", nonnegative)
    maps = BallNetwork(network)
    with ctx.workprec(900):
        for value in points(network, 7):
            z = maps.bend(maps.straighten(ball(value)))
            assert holds(z, value)
            # 900 bits less those of the edge, 2^-200 and its logarithm
            assert z.rad() <= maps.reach([ball(value)])[0] * arb(2) ** -600


def test_the_smallest_effect_is_the_farther_power_on_the_support():
    # z -> 1 on the support: the farther power is eps 2^-k; at depth 2 it is eps^2/|x|; theory, section 1
    x = [arb("0.5"), arb(-4), arb(0)]
    with ctx.workprec(100):
        assert BallNetwork(Network(2, "1e-9")).smallest_effect(x).overlaps(ball("1e-18") / 4)
        assert BallNetwork(Network(3, "1e-9")).smallest_effect(x).overlaps(ball("1e-9") / 8)
        assert BallNetwork(Network(4, "1e-9")).smallest_effect(x).overlaps(ball("1e-9") / 4)
        for depth in (2, 3):
            assert BallNetwork(Network(depth, "1e-9", True)).smallest_effect([arb(3), arb("0.5"), arb(7)]) == 0.5
