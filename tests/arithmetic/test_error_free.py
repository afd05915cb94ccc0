"""Error-free sums and products, against rational arithmetic."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlnflow.arithmetic.error_free import dot, two_product, two_sum

UNIT = Fraction(1, 2**53)
# No sum of two overflows; products and their errors, 2**-53 of them, stay normal between 1e-120 and 1e120.
addends = st.floats(-1e300, 1e300)
factors = st.one_of(st.just(0.0), st.floats(1e-120, 1e120), st.floats(-1e120, -1e-120))


def rational(values):
    return [Fraction(float(value)) for value in np.ravel(values)]


@given(arrays(float, 5, elements=addends), arrays(float, 5, elements=addends))
def test_a_sum_and_its_error_are_exact(a, b):
    total, error = two_sum(a, b)
    assert (total == a + b).all()
    assert [s + e for s, e in zip(rational(total), rational(error), strict=True)] == [
        x + y for x, y in zip(rational(a), rational(b), strict=True)
    ]


@given(arrays(float, 5, elements=factors), arrays(float, 5, elements=factors))
def test_a_product_and_its_error_are_exact(a, b):
    product, error = two_product(a, b)
    assert (product == a * b).all()
    assert [p + e for p, e in zip(rational(product), rational(error), strict=True)] == [
        x * y for x, y in zip(rational(a), rational(b), strict=True)
    ]


def exact_product(M, high, low):
    vector = [a + b for a, b in zip(rational(high), rational(low), strict=True)]
    return [sum(a * b for a, b in zip(rational(row), vector, strict=True)) for row in M]


def assert_as_if_in_twice_the_precision(M, high, low):
    near, error = dot(M, high, low)
    exact = exact_product(M, high, low)
    sizes = exact_product(np.abs(M), np.abs(high), np.abs(low))
    q = len(high)
    for got, rest, wanted, size in zip(rational(near), rational(error), exact, sizes, strict=True):
        # first-order bound of Ogita, Rump and Oishi: the errors, up to log2(2q) units of the terms, are summed by plain
        # arithmetic; plain products with `low`, itself at most a unit of `high`, add q units of it
        assert abs(got + rest - wanted) <= UNIT * abs(wanted) * UNIT + 4 * (q + 8) ** 2 * UNIT**2 * size
        assert abs(rest) <= UNIT * abs(got)  # a pair: the first is the rounded sum of both


@settings(deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(1, 9))
def test_a_matrix_times_a_pair_is_as_exact_as_twice_the_precision(data, p, q):
    M = data.draw(arrays(float, (p, q), elements=factors))
    high = data.draw(arrays(float, q, elements=factors))
    low = high * data.draw(arrays(float, q, elements=st.floats(-(2.0**-53), 2.0**-53)))
    assert_as_if_in_twice_the_precision(M, high, low)


def test_the_digits_survive_the_cancellation_of_long_sums():
    rng = np.random.default_rng(0)
    for q in (2, 3, 63, 400):
        M = rng.standard_normal((4, q)) * 10.0 ** rng.uniform(-8, 8, q)
        high = rng.standard_normal(q)
        M[:, -1] = -(M[:, :-1] @ high[:-1]) / high[-1]  # all but 16 digits cancel
        low = high * 2.0**-54 * rng.uniform(-1, 1, q)
        assert_as_if_in_twice_the_precision(M, high, low)
