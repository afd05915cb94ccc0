"""The network's maps against python-flint's balls, by the formulas of theory, section 1, and their identities."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlnflow.network.network import Network, g, h, q, q_star

ULP = 2.0**-52
DEPTHS = ["2", "2.001", "2.05", "2.5", "3", "7/3", "4", "7.3", "50"]
SCALES = ["1", "1e-3", "1e-12", "1e-100", "1e-300"]
# Below float64's normal range numbers have fewer than 53 bits, above its largest there are none: no relative accuracy.
NORMAL = (1e-300, 1.7e308)


def ball(value):
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


@dataclass
class Exact:
    """x and what else belongs to a dual point z, and `power` = |log(x/eps)| as the issue has it."""

    z: arb
    edge: arb
    power: arb
    primal: arb
    slope: arb
    conjugate: arb
    u: arb
    v: arb


def exact_at(network, z):
    """The formulas of theory, section 1, at the ball z."""
    L, eps, one = ball(network.depth), ball(network.scale), 0 if network.nonnegative else 1
    size = z if network.nonnegative else abs(z)
    alpha = eps ** (1 / L)
    if L == 2:
        x, slope, conjugate = (f(z) for f in ((arb.exp,) * 2 + (arb.expm1,) if network.nonnegative else HYPERBOLIC))
        u, v = alpha * (z / 2).exp(), alpha * (-z / 2).exp()
        return Exact(z, -eps.log() - size, abs(z), eps * x, eps * slope, eps * conjugate, u, v)
    k, p = L / (L - 2), 2 / (L - 2)
    near, far = 1 - z, 1 + z
    u, v = (alpha * base ** (-1 / (L - 2)) if base > 0 else arb(0) for base in (near, far))
    powers = [
        near**-power + (0 if network.nonnegative else sign * far**-power)
        for power, sign in ((k, -1), (k + 1, 1), (p, 1))
    ]
    conjugate = (powers[2] - 1 - one) / p
    return Exact(z, 1 - size, abs(k * (1 - size).log()), eps * powers[0], eps * k * powers[1], eps * conjugate, u, v)


HYPERBOLIC = (lambda z: 2 * z.sinh(), lambda z: 2 * z.cosh(), lambda z: 4 * (z / 2).sinh() ** 2)


def exact_z(network, z, edge):
    """The point that a float z, or where it is given a float edge, stands for."""
    if edge is None:
        return ball(z)
    bound = -ball(network.scale).log() if network.is_shallow else arb(1)
    sign = -1 if z < 0 and not network.nonnegative else 1
    return sign * (bound - ball(edge))


def exact_dual(network, x, guess):
    """z with x(z) = x: in closed form, or by Newton in balls from a guess."""
    L, ratio = ball(network.depth), ball(x) / ball(network.scale)
    if L == 2:
        return ratio.log() if network.nonnegative else (ratio / 2).asinh()
    if network.nonnegative:
        return 1 - ratio ** ((2 - L) / L)
    z = guess
    for _ in range(200):
        exact = exact_at(network, z)
        step = (ball(x) - exact.primal) / exact.slope
        z = (z + step).mid()
        if abs(step) < min(abs(z), 1 - abs(z)) * arb(2) ** -100:
            return z
    raise AssertionError(f"no exact dual point of {x}")


def precise(*values):
    """A precision at which nothing cancels: 1 - |z| down to 1e-300, and the conjugate at a tiny z, of its square."""
    logs = [abs(np.log2(abs(float(value)))) for value in values if float(value)]
    return ctx.workprec(int(400 + 2.5 * max(logs, default=0)))


def share(got, exact, allowed):
    """The error as a share of `allowed` ulp; 0 where the result leaves float64's normal range."""
    if not NORMAL[0] < abs(exact) < NORMAL[1]:
        return 0.0
    if not np.isfinite(got):
        return np.inf
    return float(abs(ball(float(got)) - exact) / abs(exact) / ULP / allowed)


def map_errors(network, z, edge=None):
    """name -> error of the map at this point, as a share of (4 + |k log(1-|z|)|) ulp."""
    with precise(z, 1 if edge is None else edge):
        exact = exact_at(network, exact_z(network, z, edge))
        errors = {
            name: share(getattr(network, name)(z, edge), getattr(exact, name), 4 + exact.power)
            for name in ("primal", "slope", "conjugate")
        }
        if edge is None:
            errors["edge"] = share(network.edge(z), exact.edge, 1)
        layers = network.layers(z, edge)
        for name, layer in zip("uv", layers, strict=True):  # u = (eps (1-z)^-k)^(1/L)
            if layer is not None:
                errors[name] = share(layer, getattr(exact, name), 4 + exact.power / ball(network.depth))
    return errors


def inverse_errors(network, x):
    """name -> error of z, of the edge and of the potential, as a share of (4 + c (4 + |k log(1-|z|)|)) ulp.

    c is the condition number, the relative change of the result by that of x; the maps themselves are only right to
    4 + |k log(1-|z|)| ulp of x.
    """
    z, edge = network.dual(x)
    errors = {}
    if not network.is_shallow and edge < NORMAL[0]:  # beyond float64, and tested below
        return errors
    with precise(x, network.scale, edge):
        exact = exact_at(network, exact_dual(network, x, exact_z(network, float(z), float(edge))))
        change = ball(x) / exact.slope
        potential = ball(x) * exact.z - exact.conjugate
        for name, got, target, condition in (
            ("z", z, exact.z, change),
            ("dual edge", edge, exact.edge, change),
            ("potential", network.potential(x), potential, ball(x) * exact.z),
        ):
            if not target.contains(0):
                errors[name] = share(got, target, 4 + abs(condition / target) * (4 + exact.power))
    return errors


def networks():
    return [
        pytest.param(Network(depth, scale, nonnegative), id=f"{depth}-{scale}{'-nonnegative' * nonnegative}")
        for depth in DEPTHS
        for scale in SCALES
        for nonnegative in (False, True)
    ]


def log_largest(network):
    """log10 of x/eps where x is about to overflow."""
    return 305 + network.log_inverse_scale[0] / np.log(10)


def dense_points(network):
    """(z, None) and (z, edge) over the whole domain: tiny, middling, near the bound by its edge, beyond it."""
    lam = network.log_inverse_scale[0]
    tiny = 10.0 ** np.array([-290.0, -150, -100, -50, -20, -16, -12, -9, -7, -5, -4, -3, -2.5, -2, -1.5, -1])
    if network.is_shallow:
        middle = np.concatenate([np.linspace(0.3, lam + 690, 23), lam + np.array([-1e-9, 1e-15, 1e-3])])
        edges = np.minimum(10.0 ** np.array([-300.0, -100, -16, -8, -3, -1]), lam)
        bound = lam
    else:
        k = network.exponent[0]
        smallest = max(-300.0, -log_largest(network) / k)
        middle = np.minimum(
            np.concatenate([np.linspace(0.05, 0.999, 13), np.array([0.1, 0.5, 1, 2, 3]) / k]),
            1 - 10.0 ** max(smallest, -15.0),
        )
        edges = 10.0 ** np.linspace(smallest, min(-0.35, smallest * 0.01), 13)
        edges = edges[edges < 0.5]
        bound = 1.0
    sizes = np.concatenate([tiny, middle])
    sizes = sizes[sizes > 0]
    points = [(sign * z, None) for z in sizes for sign in (1, -1)]
    if network.nonnegative and not network.is_shallow:
        points += [(-(10.0**power), None) for power in (0.1, 0.5, 1, 5, 20)]
    signs = (1,) if network.nonnegative else (1, -1)
    return points + [(sign * (bound - edge), edge) for edge in edges if edge > 0 for sign in signs]


def dense_values(network):
    """x from 1e-290 to 1e290 and about eps."""
    eps = network.eps
    sizes = [10.0**power for power in range(-290, 291, 29)] + [eps * 2.0**power for power in (-9, -3, -1, 0, 1, 3, 9)]
    sizes += [eps * (1 + change) for change in (-1e-3, -1e-9, 1e-15, 1e-6, 0.1)]
    sizes = [size for size in sizes if size > NORMAL[0]]
    return sizes if network.nonnegative else [sign * size for size in sizes for sign in (1, -1)]


@pytest.mark.parametrize("network", networks())
def test_every_map_is_within_the_condition_of_its_power(network):
    for z, edge in dense_points(network):
        with np.errstate(over="ignore"):
            errors = map_errors(network, np.float64(z), edge)
        assert max(errors.values()) < 1, (z, edge, errors)


@pytest.mark.parametrize("network", networks())
def test_every_inverse_is_that_of_a_map_within_its_condition(network):
    for x in dense_values(network):
        errors = inverse_errors(network, np.float64(x))
        assert max(errors.values(), default=0) < 1, (x, errors)


depths = st.one_of(
    st.sampled_from(DEPTHS).map(Fraction),
    st.floats(2, 60).map(Fraction),
    st.floats(-9, 0).map(lambda power: 2 + Fraction(10.0**power)),
)
scales = st.one_of(
    st.sampled_from(SCALES).map(Fraction),
    st.floats(1e-300, 1).map(Fraction),
    st.floats(-300, 0).map(lambda power: Fraction(10.0**power)),
)
"""Depths and scales, evenly and by their distance to 2 and to 0 in decades."""


@settings(deadline=None, max_examples=300)
@given(depths, scales, st.booleans(), st.floats(0, 1), st.sampled_from([-1, 1]), st.booleans())
def test_every_map_is_within_its_condition_anywhere(depth, scale, nonnegative, share, sign, by_edge):
    network = Network(depth, scale, nonnegative)
    edge = None
    if network.is_shallow:
        z = sign * share * 690
    elif by_edge:
        edge = 10.0 ** (max(-300.0, -log_largest(network) / network.exponent[0]) * share) / 2
        z = (1 if nonnegative else sign) * (1 - edge)
    else:
        # from tiny |z| to where x overflows, evenly in log(x/eps) at its middle
        z = sign * -np.expm1(-np.log(10) * min(log_largest(network) / network.exponent[0], 15.0) * share) * share**8
    with np.errstate(over="ignore"):
        errors = map_errors(network, np.float64(z), edge)
    assert max(errors.values()) < 1, errors


@settings(deadline=None, max_examples=300)
@given(depths, scales, st.booleans(), st.floats(-290, 290), st.sampled_from([-1, 1]), st.booleans())
@example(2 + Fraction(1, 2**51), Fraction(1, 10**300), False, 0.0, -1, False)  # (L - 2) eps is not normal
@example(2 + Fraction(1, 2**51), Fraction(1, 10**100), False, 0.0, -1, False)  # k near 1e16 magnifies any lost digit
def test_every_inverse_is_within_its_condition_anywhere(depth, scale, nonnegative, power, sign, about_eps):
    network = Network(depth, scale, nonnegative)
    size = network.eps * 10.0 ** (power / 100) if about_eps else 10.0**power
    if size < NORMAL[0]:
        size = 1.0
    errors = inverse_errors(network, np.float64(size if nonnegative else sign * size))
    assert max(errors.values(), default=0) < 1, errors


def test_edges_beyond_float64_are_its_smallest_and_the_potential_is_the_size_there():
    network = Network(50, "1e-300")
    z, edge = network.dual(np.array([1e290, -1e290]))
    assert z.tolist() == [1, -1]
    assert (edge == 2.0**-1022).all()  # x/eps = 1e590 has its edge at 1e-566
    # |x| - (L/2) |x|^(2/L) eps^(1-2/L) + ...: the second term is below 1e-560 of the first
    np.testing.assert_allclose(network.potential([1e290, -1e290]), 1e290, rtol=4 * ULP)


@pytest.mark.parametrize("network", networks())
def test_the_dual_undoes_the_primal(network):
    x = np.array(dense_values(network))
    with np.errstate(over="ignore"):
        z, edge = network.dual(x)
    held = edge > NORMAL[0] if not network.is_shallow else np.full(len(x), True)
    # the maps' own share at each point, twice, and half an ulp of z or of the edge through the condition of x
    with np.errstate(divide="ignore"):
        power = np.abs(z) if network.is_shallow else np.abs(network.exponent[0] * np.log(edge))
    again = network.primal(z, edge)
    k = 1 if network.is_shallow else network.exponent[0]
    assert (np.abs(again - x) <= 2 * ULP * (4 + k + power) * np.abs(x))[held].all()


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("z", ["1e-3", "0.3", "0.7", "0.999"])
def test_the_conjugate_integrates_the_primal_and_the_slope_is_its_derivative(depth, z):
    # in balls: this holds the reference, from which all maps were checked, to the definition of q* and dx/dz
    for nonnegative in (False, True):
        network = Network(depth, "1e-12", nonnegative)
        with ctx.workprec(600):
            at, step = ball(Fraction(z)), arb(2) ** -150
            before, here, after = (exact_at(network, at + k * step) for k in (-1, 0, 1))
            # central differences: relative error step**2 times the third derivative, below (k/1e-3)**3
            small = arb(2) ** -200
            for integral, derivative in (("conjugate", "primal"), ("primal", "slope")):
                difference = (getattr(after, integral) - getattr(before, integral)) / (2 * step)
                assert abs(difference / getattr(here, derivative) - 1) < small


@pytest.mark.parametrize("network", networks())
def test_potential_and_conjugate_are_fenchel_duals(network):
    x = network.eps * np.array([1e-6, 1e-2, 0.5, 1, 2, 30, 1e6])
    x = x if network.nonnegative else np.concatenate([x, -x])
    z, edge = network.dual(x)
    product, potential, conjugate = x * z, network.potential(x), network.conjugate(z, edge)
    # equality where they meet, to the maps' ulps of the largest term; |k log(1-|z|)| = log 1e6 = 14 at most
    size = np.abs(product) + np.abs(potential) + np.abs(conjugate)
    assert (np.abs(potential + conjugate - product) <= 20 * ULP * size).all()
    # and Young's inequality at every pair of them
    gap = potential[:, None] + conjugate[None, :] - x[:, None] * z[None, :]
    assert (gap >= -20 * ULP * (size[:, None] + size[None, :] + np.abs(x[:, None] * z[None, :]))).all()


@pytest.mark.parametrize("x", [-300.0, -2.0, -1e-3, 1e-9, 0.5, 1.0, 40.0])
def test_depths_above_two_tend_to_depth_two(x):
    # z of depth L is s L (L-2)/4 eps^((L-2)/L) ... of the 4s of depth 2: at eps = 1, k z -> 4 s; corrections are O(L-2)
    for distance in (1e-4, 1e-6):
        deep, shallow = Network(2 + Fraction(distance)), Network(2)
        z, edge = deep.dual(x)
        # next order: z^2/k relative to z, at most asinh(150)^2 / 2 * distance
        np.testing.assert_allclose(deep.exponent[0] * z, shallow.dual(x)[0], rtol=20 * distance)
        np.testing.assert_allclose(
            deep.slope(z, edge) / deep.exponent[0], shallow.slope(shallow.dual(x)[0]), rtol=20 * distance
        )
        np.testing.assert_allclose(deep.exponent[0] * deep.potential(x), shallow.potential(x), rtol=20 * distance)
        for layer, limit in zip(deep.layers(z, edge), shallow.layers(shallow.dual(x)[0]), strict=True):
            np.testing.assert_allclose(layer, limit, rtol=20 * distance)


@pytest.mark.parametrize("depth", DEPTHS)
def test_signed_maps_are_odd_or_even(depth):
    network = Network(depth, "1e-5")
    z = np.array([1e-200, 1e-9, 0.1, 0.2, 0.29] if depth == "2.001" else [1e-200, 1e-9, 0.1, 0.49, 0.51, 0.8])
    assert (network.primal(-z) == -network.primal(z)).all()
    assert (network.slope(-z) == network.slope(z)).all()
    assert (network.conjugate(-z) == network.conjugate(z)).all()
    (u, v), (u_at_minus, v_at_minus) = network.layers(z), network.layers(-z)
    assert (u == v_at_minus).all()
    assert (v == u_at_minus).all()
    x = network.primal(z)
    assert (network.dual(-x)[0] == -network.dual(x)[0]).all()
    assert (network.potential(-x) == network.potential(x)).all()


@pytest.mark.parametrize("depth", ["2.5", "3", "4", "50"])
def test_the_potential_tends_to_the_l1_norm(depth):
    # eps q(x/eps) = |x| - (L/2) eps^(1-2/L) |x|^(2/L) + O(eps): section 2's order, for a unit x
    for power in (12, 100, 300):
        network = Network(depth, f"1e-{power}")
        eps, L = network.eps, float(network.depth)
        expected = 1 - L / 2 * eps ** (1 - 2 / L)
        assert float(network.potential(1.0)) == pytest.approx(expected, abs=L * eps + 4 * ULP)
        assert float(network.potential(-1.0)) == float(network.potential(1.0))


def test_the_potential_of_depth_two_tends_to_the_entropy():
    # 2 eps - sqrt(4 eps^2 + x^2) + x asinh(x/(2 eps)) = |x| (log(|x|/eps) - 1) + 2 eps - ...
    network = Network(2, "1e-100")
    for x in (1e-30, 0.3, 1.0, 1e20):
        assert float(network.potential(x)) == pytest.approx(
            x * (np.log(x) + network.log_inverse_scale[0] - 1), rel=1e-15
        )


@pytest.mark.parametrize("network", networks())
def test_layers_multiply_to_the_start_and_their_powers_subtract_to_x(network):
    L = float(network.depth)
    for z, edge in dense_points(network):
        with precise(z, edge or 1):
            exact = exact_at(network, exact_z(network, z, edge))
            L, alpha = ball(network.depth), ball(network.scale) ** (1 / ball(network.depth))
            small = arb(2) ** -300
            if network.nonnegative:
                assert abs(exact.u**L / exact.primal - 1) < small
                continue
            # the reference of u and v is held to the definition of the network and to its conservation law
            assert abs((exact.u**L - exact.v**L) / exact.primal - 1) < small
            if network.is_shallow:
                assert abs(exact.u * exact.v / alpha**2 - 1) < small
            else:
                conserved = exact.u ** (2 - L) + exact.v ** (2 - L)
                assert abs(conserved / (2 * alpha ** (2 - L)) - 1) < small


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("scale", SCALES)
def test_the_clock_is_rounded_once(depth, scale):
    network = Network(depth, scale)
    with ctx.workprec(400):
        L, eps = ball(network.depth), ball(network.scale)
        lam = -eps.log()
        rate = 4 if network.is_shallow else L * (L - 2) * eps ** ((L - 2) / L)
        unit = (lam if lam > 1 else 1) / rate if network.is_shallow else 1 / rate
        # three roundings: of L (L - 2), of the power and of their product; one more for the unit
        assert abs(ball(network.rate) / rate - 1) < 1.5 * ULP
        assert abs(ball(network.time_unit) / unit - 1) < 2 * ULP
        high, low = network.log_inverse_scale
        assert abs(ball(high) + ball(low) - lam) <= lam * arb(2) ** -104


@settings(deadline=None, max_examples=200)
@given(depths, st.floats(-290, 290), st.sampled_from([-1, 1]))
def test_functions_of_one_depth_are_the_network_at_scale_one(depth, power, sign):
    size = 10.0**power
    network = Network(depth)
    errors = inverse_errors(network, np.float64(sign * size))
    assert max(errors.values(), default=0) < 1
    assert q(sign * size, depth) == network.potential(sign * size)
    z = sign * min(size, 0.9)
    with np.errstate(over="ignore"):
        assert h(z, depth) == network.primal(z)
        assert q_star(z, depth) == network.conjugate(z)
    with ctx.workprec(400):
        x, L = ball(size), ball(depth)
        first, second = (x * x.log(), x) if depth == 2 else (x, L / 2 * x ** (2 / L))
        # relative to the larger term; log x^(2/L) is the condition of the power
        error = abs(ball(float(g(sign * size, depth))) - (first - second)) / max(abs(first), second)
        assert error / ULP < 4 + abs((2 / L) * x.log())


@pytest.mark.parametrize("network", networks())
def test_arrays_keep_their_shape_and_zero_is_a_point_like_others(network):
    for shape in [(), (0,), (3,), (2, 3), (2, 1, 2)]:
        zeros = np.zeros(shape)
        z, edge = network.dual(zeros)
        values = [network.primal(zeros), network.slope(zeros), network.conjugate(zeros), network.edge(zeros)]
        values += [network.potential(zeros), z, edge, *(layer for layer in network.layers(zeros) if layer is not None)]
        assert all(value.shape == shape for value in values)
        assert (network.conjugate(zeros) == 0).all()
        if network.nonnegative:
            assert (z == -np.inf).all()
            at_zero = 1 if network.is_shallow else float(network.depth - 2) / 2
            np.testing.assert_allclose(network.potential(zeros), network.eps * at_zero, rtol=2 * ULP)
        else:
            assert (z == 0).all()
            assert (network.primal(zeros) == 0).all()
            assert (network.potential(zeros) == 0).all()


def test_functions_take_scalars_lists_and_arrays():
    for function in (h, q, q_star, g):
        for depth in (2, 2.5):
            assert function(0, depth) == 0
            assert function([[0.25], [-0.5]], depth).shape == (2, 1)


@pytest.mark.parametrize(
    ("depth", "scale", "message"),
    [
        (1, 1, "depth is 1, expected a number that is at least 2"),
        ("1.999", 1, "depth is 1.999, expected a number that is at least 2"),
        (3, 0, "scale is 0, expected a number above 0 and at most 1"),
        (3, "1.5", "scale is 1.5, expected a number above 0 and at most 1"),
        (3, -1, "scale is -1, expected a number above 0 and at most 1"),
        (True, 1, "True is not a number"),
        (float("nan"), 1, "nan is not a finite number"),
        (2, "tiny", "'tiny' is not a number"),
    ],
)
def test_a_depth_below_two_or_a_scale_outside_its_interval_is_refused(depth, scale, message):
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(")) as caught:
        Network(depth, scale)
    assert "\n" not in str(caught.value)


def test_float64_holds_scales_down_to_its_normal_range():
    assert Network(3, "1e-300").in_float64
    assert not Network(3, "1e-301").in_float64
