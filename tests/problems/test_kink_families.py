"""Families of kinks: their minimisers in closed form, their readings, and what no algorithm can do about those."""

from fractions import Fraction
from itertools import chain

import numpy as np
import pytest

from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.problems.kink_families import Family, Kinks

HEIGHT = Fraction(2, 10**3)
FAMILIES = {
    "bare": Family((Kinks(7),)),
    "mixed": Family((Kinks(7, copies=10),), mixed=True, seed=1),
    "two levels": Family((Kinks(40, HEIGHT), Kinks(20, 10 * HEIGHT)), beside=(2, 5)),
    "mixed, in company": Family((Kinks(12, HEIGHT, 3),), beside=(4, 11), mixed=True, seed=2),
    "nonnegative, reversed": Family((Kinks(9, copies=4),), (6, 12), mixed=True, nonnegative=True, reverse=True),
    "beyond float64": Family((Kinks(100, copies=2),), mixed=True),
}
CASES = [(name, signs) for name, family in FAMILIES.items() for signs in family.signs()]


@pytest.mark.parametrize(("name", "signs"), CASES)
def test_the_minimiser_is_that_of_the_exact_solver_and_unique(name, signs):
    family = FAMILIES[name]
    found = basis_pursuit(family.problem(signs))
    assert found.unique
    assert list(found.x) == family.minimiser(signs)


@pytest.mark.parametrize(("name", "signs"), CASES)
def test_no_member_is_ill_conditioned(name, signs):
    # kinks: rows of norm 1 to sqrt(3.25); [I, C]: the entries of C are at most 1/(2m), so ||C||^2 <= (n-m)/(4m) < 1/2
    assert np.linalg.cond(FAMILIES[name].problem(signs).A) <= 2


def entries(problem):
    return [*chain.from_iterable(problem.rational_A), *problem.rational_y]


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("bits", [6, 10, 25])
def test_a_reading_is_near_every_input_that_it_may_be_of(name, bits):
    family = FAMILIES[name]
    for signs in family.signs():
        true, read = family.problem(signs), family.reading(signs, bits)
        pairs = zip(entries(true), entries(read), strict=True)
        assert all(abs(a - b) <= Fraction(1, 2**bits) and (b * 2**bits).denominator == 1 for a, b in pairs)


@pytest.mark.parametrize("name", ["bare", "mixed", "mixed, in company"])
@pytest.mark.parametrize("bits", [6, 7, 12])
def test_the_sign_of_delta_is_read_from_its_exponent_on(name, bits):
    family = FAMILIES[name]
    exponent = family.groups[0].exponent
    apart = bits >= exponent
    plus, minus = (family.reading((sign,), bits) for sign in (1, -1))
    assert (plus.rational_A != minus.rational_A) is apart
    assert (family.floor((1,), bits) is None) is apart


@pytest.mark.parametrize("exponent", [1, 2, 30])
def test_the_floor_is_half_the_distance_between_the_two_minimisers(exponent):
    family = Family((Kinks(exponent),))
    delta = Fraction(1, 2**exponent)
    # Bastounis, Hansen and Vlacic: sqrt(1 + (1 + |delta|)^-2) / 2 on the bare block, 1/sqrt(2) in the limit
    assert family.floor((1,), 0) == family.floor((-1,), 0) == (1 + 1 / (1 + delta) ** 2) / 4


def test_ten_copies_are_sqrt_ten_times_as_far_and_mixing_changes_nothing():
    bare, mixed = Family((Kinks(9),)), FAMILIES["mixed"]
    ten = Family((Kinks(9, copies=10),), mixed=True)
    assert ten.floor((1,), 3) == 10 * bare.floor((1,), 3)
    assert sorted(ten.minimiser((-1,))) == sorted(10 * bare.minimiser((-1,)))
    A = np.array(mixed.problem((1,)).rational_A)
    gram = A @ A.T  # of an orthogonal matrix times rows of square norm 1 + (1 - delta)^2, exactly
    assert (gram == np.eye(10, dtype=int) * (1 + (1 - Fraction(1, 2**7)) ** 2)).all()
    assert (A != 0).mean() > 0.95  # nothing is left for presolve to see


def test_two_levels_are_hidden_one_after_the_other():
    family = FAMILIES["two levels"]
    floors = [family.floor((1, 1), bits) for bits in (10, 30, 45)]
    low, high = (
        height**2 * (1 + 1 / (1 + Fraction(1, 2**k)) ** 2) / 4 for height, k in ((HEIGHT, 40), (10 * HEIGHT, 20))
    )
    assert floors == [low + high, low, None]
    assert 10**-2 < float(floors[0]) ** 0.5 < 10**-1  # K - 2 = 1 digit
    assert 10**-3 < float(floors[1]) ** 0.5 < 10**-2  # K - 1 = 2


def test_what_is_random_depends_on_the_seed_and_the_sizes_alone():
    one, two = (Family((Kinks(k, copies=3),), (2, 5), mixed=True, seed=4) for k in (5, 9))
    assert one._columns == two._columns
    assert one._rotation == two._rotation
    assert one._company == two._company
    other = Family((Kinks(5, copies=3),), (2, 5), mixed=True, seed=5)
    assert other._rotation != one._rotation


@pytest.mark.parametrize("name", ["mixed", "mixed, in company", "nonnegative, reversed"])
def test_the_company_stays_where_it_is_under_a_reading(name):
    family = FAMILIES[name]
    signs = next(family.signs())
    bits = family.groups[0].exponent + 8
    read = basis_pursuit(family.reading(signs, bits))
    assert read.support == tuple(j for j, value in enumerate(family.minimiser(signs)) if value)
