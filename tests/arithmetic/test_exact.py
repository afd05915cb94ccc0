"""Numbers mean what was typed, and their text and path names give them back."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnflow.arithmetic.exact import parse_number, path_token, ratio_from_text, ratio_to_text, to_text

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

fractions = st.fractions() | st.builds(
    lambda m, k: Fraction(m) * Fraction(10) ** k, st.integers(), st.integers(-400, 400)
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.111", Fraction(111, 1000)),
        ("1e-100", Fraction(1, 10**100)),
        ("1.0e-100", Fraction(1, 10**100)),
        ("1E+2", Fraction(100)),
        ("-.5", Fraction(-1, 2)),
        ("5.", Fraction(5)),
        ("+7", Fraction(7)),
        ("010", Fraction(10)),
        (" 2.5 ", Fraction(5, 2)),
        ("1/3", Fraction(1, 3)),
        ("-2/6", Fraction(-1, 3)),
        ("0.1234567890123456789012345", Fraction(1234567890123456789012345, 10**25)),
        ("1e-4000", Fraction(1, 10**4000)),
    ],
)
def test_text_is_the_number_that_it_spells(typed, value):
    assert parse_number(typed) == value


def test_a_float_is_the_dyadic_number_that_it_is():
    assert parse_number(0.1) == Fraction(3602879701896397, 2**55)
    assert parse_number(np.float32(0.1)) == Fraction(float(np.float32(0.1)))
    assert parse_number(5e-324) == Fraction(1, 2**1074)


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3), Fraction(3), 3.0, np.float64(3), "3"])
def test_every_kind_of_three_is_three(value):
    assert parse_number(value) == 3
    assert isinstance(parse_number(value).numerator, int)


@pytest.mark.parametrize(
    "value",
    [
        *(True, np.True_, None, 1j, [1], b"1", Decimal("0.1"), float("nan"), float("inf"), np.float64("-inf")),
        *("", "x", "1e", "--1", "1/0", "1/-3", "1.5/2", "1_000", "0x10", "inf", "nan", "1 2", "1,5"),
        *("1e4001", "1e-999999999"),
    ],
)
def test_what_is_no_number_is_refused_by_its_own_name(value):
    with pytest.raises(ValueError, match=r"is not a|has an exponent beyond|divides by zero") as caught:
        parse_number(value)
    said = "empty" if value is None else repr(value)
    assert said in str(caught.value) or repr(float(value)) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1), "1"),
        (Fraction(5, 2), "2.5"),
        (Fraction(1, 10), "0.1"),
        (Fraction(1, 100), "0.01"),
        (Fraction(1, 1000), "1e-3"),
        (Fraction(316, 1000), "0.316"),
        (Fraction(316, 10**5), "0.00316"),
        (Fraction(316, 10**6), "3.16e-4"),
        (Fraction(-1, 10**100), "-1e-100"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-22, 7), "-22/7"),
        (Fraction(1000), "1e3"),
        (Fraction(100), "100"),
    ],
)
def test_text_is_the_shortest_that_is_exact(value, text):
    assert to_text(value) == text


@given(fractions)
def test_text_gives_the_number_back(value):
    assert parse_number(to_text(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_float_is_its_dyadic_value(value):
    assert parse_number(to_text(Fraction(value))) == Fraction(value)


@given(fractions)
def test_a_path_token_is_one_plain_part_of_a_path_and_gives_the_number_back(value):
    token = path_token(value)
    assert not set(token) & set("/ \\:*?\"'<>|$")
    assert parse_number(token.replace("_", "/")) == value


def test_equal_numbers_have_one_spelling():
    assert {to_text(parse_number(typed)) for typed in (2, 2.0, "2", "2.0", "4/2", "0.2e1")} == {"2"}
    assert {to_text(parse_number(typed)) for typed in ("1e-100", "1.0e-100", "0.1e-99")} == {"1e-100"}


@given(st.fractions())
def test_a_ratio_gives_the_number_back(value):
    assert ratio_from_text(ratio_to_text(value)) == value


def test_a_ratio_may_be_longer_than_python_prints():
    value = Fraction(10**5000 + 1, 3**9000)
    # Python's own limit is 4300 digits
    assert ratio_from_text(ratio_to_text(value)) == value
