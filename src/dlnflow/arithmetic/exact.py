"""Numbers as they were typed: exact rationals, their shortest text and their name in a path.

A depth, a scale or an entry of a matrix means what its author wrote, so 0.111 is 111/1000 and 1e-100 is a
power of ten. A Python float is the dyadic rational that it is.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from math import inf, nextafter
from numbers import Integral, Rational, Real
from typing import Any

import flint

from dlnflow.arithmetic.quoting import shown

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE](?P<exponent>[+-]?\d+))?")
_RATIO = re.compile(r"[+-]?\d+/\d+")
# The integers behind 1e-4000 still cost microseconds; those behind 1e-999999999 would not fit in memory.
_LARGEST_EXPONENT = 4000
# Python itself reads no more than 4300, and no data have so many.
_MOST_DIGITS = 4000
_EXPECTED = "(expected a decimal such as 2.5 or 1e-9, or a ratio such as 1/3)"


def parse_number(value: Any) -> Fraction:
    """The exact rational behind an int, a float (dyadic), a Fraction or a text such as "0.111", "1e-100", "1/3".

    Raises ValueError for anything else; the message names the value and what was expected.
    """
    if isinstance(value, str):
        return _parse_text(value.strip())
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{shown(value)} is not a number {_EXPECTED}")
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Integral):  # numpy's integers are no Rational
        return Fraction(int(value))
    try:
        return Fraction(float(value))
    except (ValueError, OverflowError):
        raise ValueError(f"{shown(value)} is not a finite number {_EXPECTED}") from None


def _parse_text(text: str) -> Fraction:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"{shown(text)} has {len(text)} characters, expected at most {_MOST_DIGITS} of a number")
    if match := _DECIMAL.fullmatch(text):
        exponent = match["exponent"]
        if exponent and abs(int(exponent)) > _LARGEST_EXPONENT:
            raise ValueError(f"{shown(text)} has an exponent beyond {_LARGEST_EXPONENT}, expected a smaller one")
        return Fraction(text)
    if _RATIO.fullmatch(text):
        try:
            return Fraction(text)
        except ZeroDivisionError:
            raise ValueError(f"{shown(text)} divides by zero {_EXPECTED}") from None
    raise ValueError(f"{shown(text)} is not a number {_EXPECTED}")


def to_text(value: Fraction) -> str:
    """The shortest decimal that is exactly `value`, or p/q where no decimal ends: "2.5", "1e-9", "1/3"."""
    places = _decimal_places(value.denominator)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    sign = "-" if value < 0 else ""
    digits = str(abs(value.numerator) * 10**places // value.denominator)
    padded = digits.rjust(places + 1, "0")
    plain = f"{padded[:-places]}.{padded[-places:]}" if places else digits
    mantissa = digits.lstrip("0").rstrip("0") or "0"
    exponent = len(digits) - 1 - places
    scientific = mantissa[0] + ("." + mantissa[1:] if len(mantissa) > 1 else "") + f"e{exponent}"
    return sign + (scientific if len(scientific) < len(plain) else plain)


def _decimal_places(denominator: int) -> int | None:
    """The least k with denominator | 10**k, or None where there is none."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def to_fmpq(value: Fraction) -> flint.fmpq:
    """The same rational in flint."""
    return flint.fmpq(value.numerator, value.denominator)


def to_arb(value: Fraction) -> flint.arb:
    """The rational as a ball at flint's present precision."""
    return flint.arb(to_fmpq(value))


def log10_of(ball: flint.arb) -> float | None:
    """log10 of the size of a ball's midpoint, however small; None for 0."""
    with flint.ctx.workprec(64):
        return float((abs(ball.mid()).log() / flint.arb.const_log10()).mid()) if ball.mid() != 0 else None


def upper_log10(ball: flint.arb) -> float | None:
    """A bound on log10 of a ball's midpoint, however small; None for 0."""
    value = log10_of(ball)
    return None if value is None else nextafter(value, inf)


def to_fraction(value: Any) -> Fraction:
    """A rational of flint as Python's own."""
    return Fraction(int(value.numerator), int(value.denominator))


def ratio_to_text(value: Fraction) -> str:
    """p/q or p, of any length: Python itself refuses to print more than 4300 digits."""
    return str(to_fmpq(value))


def ratio_from_text(text: str) -> Fraction:
    """The inverse of `ratio_to_text`."""
    numerator, _, denominator = text.partition("/")
    return Fraction(int(flint.fmpz(numerator)), int(flint.fmpz(denominator or "1")))


def square_distance(x: Iterable[Fraction], point: Iterable[Fraction]) -> Fraction:
    """||x - point||_2^2."""
    return sum(((a - b) ** 2 for a, b in zip(x, point, strict=True)), Fraction(0))


def decade(scale: Fraction) -> int:
    """The d >= 0 with 10^-(d+1) < scale <= 10^-d."""
    d = max(len(str(scale.denominator)) - len(str(scale.numerator)) - 1, 0)
    while scale * 10 ** (d + 1) <= 1:
        d += 1
    return d


def path_token(value: Fraction) -> str:
    """`to_text` as part of a file's name: "1/3" becomes "1_3"."""
    return to_text(value).replace("/", "_")
