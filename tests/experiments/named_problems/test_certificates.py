"""Certificates: what was proved is proved again, and nothing else is."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx

from dlnflow.arithmetic.exact import log10_of
from dlnflow.experiments.named_problems.certificates import (
    Certificate,
    CertificateError,
    Verifier,
    certificate_of,
    verified,
)
from dlnflow.network.certified_limits import certified_limit, certified_limits
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem
from dlnflow.results import Status

DIGITS = "0123456789abcdef"


def nonnegative(problem):
    return Problem(problem.rational_A, problem.rational_y, nonnegative=True)


def columns_far_apart(seed, measurements, features):
    """Columns up to sixteen decades apart, two of them in the signal: terms of A^T nu cancel by many digits."""
    rng = np.random.default_rng(seed)
    powers = [Fraction(10) ** int(power) for power in rng.integers(-2, 3, features) * 4]
    entries = rng.integers(-(10**6), 10**6, (measurements, features))
    A = [[int(entry) * power for entry, power in zip(row, powers, strict=True)] for row in entries]
    x = np.zeros(features, dtype=int)
    x[rng.choice(features, 2, replace=False)] = rng.integers(1, 999, 2)
    return Problem(A, [sum(a * int(v) for a, v in zip(row, x, strict=True)) for row in A])


PROBLEMS = {
    "line": LINE,
    "random": RANDOM,
    "nonnegative plane": nonnegative(PLANE),
    "gaussian": gaussian(1, 10, 20, 4),
    "columns far apart": columns_far_apart(1, 10, 13),
}


def number(text):
    mantissa, exponent = text.split("p")
    return int(mantissa, 16) * Fraction(2) ** int(exponent)


def text(value):
    """A dyadic rational as a certificate spells it."""
    exponent = value.denominator.bit_length() - 1
    return f"{value.numerator:x}p{-exponent}"


def changed(values, index, new):
    return tuple(new if i == index else value for i, value in enumerate(values))


@pytest.fixture(scope="module")
def random_proof():
    return certificate_of(certified_limit(RANDOM, 3, "1e-20"))


@pytest.mark.parametrize("depth", ["2", "2.05", "3", "10"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_every_limit_is_proved_again_from_its_certificate(name, depth):
    problem = PROBLEMS[name]
    verifier = Verifier(problem, depth)
    for limit, scale in zip(
        certified_limits(problem, depth, scales := ["1e-1", "1e-20", "1e-60"]), scales, strict=True
    ):
        certificate = certificate_of(limit)
        again, fresh = verifier.verify(scale, certificate), Verifier(problem, depth).verify(scale, certificate)
        for proved in (again, fresh):
            assert proved.status is Status.CONVERGED
            assert proved.radius <= limit.radius
            # both hold the limit; the proof's balls are no wider, and round to the same floats
            assert all(a.overlaps(b) for a, b in zip(proved.x, limit.x, strict=True))
            np.testing.assert_allclose(proved.x_float, limit.x_float, rtol=1e-15)


def test_a_certificate_is_the_balls_to_the_last_bit(random_proof):
    limit = certified_limit(RANDOM, 3, "1e-20")
    for held, stored, middle, radius in zip(
        limit.nu, random_proof.balls(), random_proof.midpoint, random_proof.radius, strict=True
    ):
        assert stored.mid() == held.mid()
        assert held.rad() <= stored.rad() <= held.rad() * (1 + arb(2) ** -28)  # flint keeps 30 bits of a radius
        mantissa, exponent = held.mid().man_exp()
        assert number(middle) == int(mantissa) * Fraction(2) ** int(exponent)
        assert number(radius) > 0


@pytest.mark.parametrize("seed", [3, 11, 35, 51, 59, 60])
def test_columns_of_very_different_sizes_leave_a_certificate_its_digits(seed):
    problem = columns_far_apart(seed, 10, 13)
    for depth, scale in (("2", "1e-20"), ("2.5", "1e-20"), ("3", "1e-60")):
        Verifier(problem, depth).verify(scale, certificate_of(certified_limit(problem, depth, scale)))


@pytest.mark.parametrize(("depth", "scale"), [("2", "1e-9"), ("2.5", "1e-40"), ("3", "1e-20"), ("10", "1e-3")])
def test_a_changed_digit_of_a_midpoint_is_refused(depth, scale):
    certificate = certificate_of(certified_limit(RANDOM, depth, scale))
    verifier = Verifier(RANDOM, depth)
    refused = 0
    for index, (middle, radius) in enumerate(zip(certificate.midpoint, certificate.radius, strict=True)):
        mantissa, exponent = middle.split("p")
        for place, digit in enumerate(mantissa):
            if digit == "-" or place % 3:
                continue
            flipped = mantissa[:place] + DIGITS[(DIGITS.index(digit) + 1) % 16] + mantissa[place + 1 :] + "p" + exponent
            if abs(number(flipped) - number(middle)) <= 2 * number(radius):
                continue  # the ball may still hold the limit
            with pytest.raises(CertificateError):
                verifier.verify(scale, replace(certificate, midpoint=changed(certificate.midpoint, index, flipped)))
            refused += 1
    assert refused >= 20
    verifier.verify(scale, certificate)  # what was refused left no trace


def test_other_changes_of_a_midpoint_are_refused(random_proof):
    verifier = Verifier(RANDOM, 3)
    for index, middle in enumerate(random_proof.midpoint):
        mantissa, exponent = middle.split("p")
        negative = mantissa[1:] if mantissa[0] == "-" else "-" + mantissa
        for other in (
            f"{negative}p{exponent}",
            f"{mantissa}p{int(exponent) + 1}",
            f"{mantissa}p{int(exponent) - 1}",
            "0p0",
        ):
            with pytest.raises(CertificateError):
                verifier.verify("1e-20", replace(random_proof, midpoint=changed(random_proof.midpoint, index, other)))
    first, second, third = random_proof.midpoint
    with pytest.raises(CertificateError):
        verifier.verify("1e-20", replace(random_proof, midpoint=(second, first, third)))
    with pytest.raises(CertificateError, match="outside the domain"):
        verifier.verify("1e-20", replace(random_proof, midpoint=("1p9", "1p9", "1p9")))


def test_a_radius_that_is_too_small_is_refused_and_a_larger_one_is_not(random_proof):
    verifier = Verifier(RANDOM, 3)
    for index, radius in enumerate(random_proof.radius):
        for small in ("0p0", text(number(radius) / 2**40), text(number(radius) / 2**500)):
            with pytest.raises(CertificateError, match="what can be proved is wider than what it states"):
                verifier.verify("1e-20", replace(random_proof, radius=changed(random_proof.radius, index, small)))
        for wide in (text(number(radius) * 3), text(number(radius) * 2**40), "1p9"):
            verifier.verify("1e-20", replace(random_proof, radius=changed(random_proof.radius, index, wide)))


@pytest.mark.parametrize("precision", [0, -1, 400001, 10**9, 10**30])
def test_a_precision_that_none_has_is_refused(random_proof, precision):
    with pytest.raises(CertificateError, match=r"^its precision is -?[0-9]+ bits, expected 1 to 400000$"):
        Verifier(RANDOM, 3).verify("1e-20", replace(random_proof, precision=precision))


@pytest.mark.parametrize("precision", [1, 2, 10, 30])
def test_too_few_bits_prove_nothing(random_proof, precision):
    with pytest.raises(CertificateError):
        Verifier(RANDOM, 3).verify("1e-20", replace(random_proof, precision=precision))


def test_more_bits_prove_the_same(random_proof):
    Verifier(RANDOM, 3).verify("1e-20", replace(random_proof, precision=4 * random_proof.precision))


GARBAGE = [
    "",
    "p",
    "1",
    "1p",
    "p1",
    "1.5p3",
    "0x1p3",
    "+1p3",
    "1p+3",
    "1P3",
    "Ap0",
    "g1p0",
    " 1p0",
    "1p0\n",
    "1p0 ",
    "nan",
    "inf",
    "1e9",
    "--1p0",
    "1p--1",
    "1p0p0",
    "\N{FULLWIDTH DIGIT ONE}p0",
    "\N{ARABIC-INDIC DIGIT ONE}p0",
    "1p12345678",
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_text_that_is_no_number_is_refused(random_proof, garbage):
    for name in ("midpoint", "radius"):
        values = changed(getattr(random_proof, name), 1, garbage)
        with pytest.raises(CertificateError, match=r"is no binary number, expected one such as '-1a3p-90'$"):
            Verifier(RANDOM, 3).verify("1e-20", replace(random_proof, **{name: values}))


def test_a_wrong_length_is_refused(random_proof):
    verifier = Verifier(RANDOM, 3)
    with pytest.raises(CertificateError, match=r"^it has 3 midpoints and 2 radii$"):
        verifier.verify("1e-20", replace(random_proof, radius=random_proof.radius[:2]))
    for count in (0, 2):
        short = Certificate(random_proof.midpoint[:count], random_proof.radius[:count], random_proof.precision)
        with pytest.raises(CertificateError, match=rf"^it has {count} dual unknowns, expected 3$"):
            verifier.verify("1e-20", short)


def test_a_certificate_of_something_else_is_refused(random_proof):
    nudged = [list(row) for row in RANDOM.rational_A]
    nudged[0][3] += Fraction(1, 10**30)  # of a column of the support
    near = Problem(nudged, RANDOM.rational_y)
    for problem, depth, scale in (
        (RANDOM, 3, "1e-21"),
        (RANDOM, 3, "1.0000000000000000000001e-20"),
        (RANDOM, "3.0000000000000000000001", "1e-20"),
        (RANDOM, 2, "1e-20"),
        (RANDOM, 4, "1e-20"),
        (near, 3, "1e-20"),
        (Problem(RANDOM.A, RANDOM.y), 3, "1e-20"),  # rounded to float64
        (nonnegative(RANDOM), 3, "1e-20"),
        (gaussian(1, 3, 5, 2), 3, "1e-20"),
        (LINE, 3, "1e-20"),
    ):
        with pytest.raises(CertificateError):
            Verifier(problem, depth).verify(scale, random_proof)
    Verifier(RANDOM, "3.0").verify("0.1e-19", random_proof)  # other words for the same


def row_of(limit, certificate):
    return {
        "problem": "random",
        "trial": 0,
        "exact_depth": "3",
        "scale": "1e-20",
        "nu_midpoint": list(certificate.midpoint),
        "nu_radius": list(certificate.radius),
        "precision_bits": certificate.precision,
        "x": limit.x_float,
        "nu": limit.nu_float,
        "log10_radius": log10_of(limit.radius),
    }


def test_a_row_is_verified_with_its_x_and_its_radius(random_proof):
    limit, verifier = certified_limit(RANDOM, 3, "1e-20"), Verifier(RANDOM, 3)
    row = row_of(limit, random_proof)
    assert verified(verifier, row).radius <= limit.radius
    nudged = limit.x_float
    nudged[2] *= 1 + 2**-50  # midpoints differ by far less, and round to float64 within an ulp
    for change, message in (
        ({"x": nudged}, "its x is not the one that its certificate proves"),
        ({"x": limit.x_float[:4]}, "its x is not the one that its certificate proves"),
        ({"log10_radius": row["log10_radius"] - 10}, "its radius is less than what its certificate proves"),
        ({"nu_radius": ["0p0"] * 3}, "what can be proved is wider than what it states"),
        ({"scale": "1e-21"}, "its midpoints are too far from the limit to prove anything"),
    ):
        with pytest.raises(CertificateError, match=rf"^random, trial 0, depth 3, scale 1e-2[01]: {message}$"):
            verified(verifier, row | change)


def test_the_precision_of_flint_is_put_back(random_proof):
    with ctx.workprec(61):
        Verifier(RANDOM, 3).verify("1e-20", random_proof)
        with pytest.raises(CertificateError):
            Verifier(RANDOM, 3).verify("1e-21", random_proof)
        balls = random_proof.balls()
        certificate_of(certified_limit(LINE, 2, "1e-3"))
        assert ctx.prec == 61
    with ctx.workprec(1000):
        assert all(a.mid() == b.mid() and a.rad() == b.rad() for a, b in zip(balls, random_proof.balls(), strict=True))
        assert isinstance(balls[0], arb)
