"""Bands of scales and blocks of trials stand at absolute places."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnflow.arithmetic.exact import decade, parse_number, to_text
from dlnflow.kit.blocks import bands, trial_blocks, trials_in

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

scales = st.builds(
    lambda m, k: Fraction(m, 10 ** (len(str(m)) + k)), st.integers(1, 10**6), st.integers(0, 300)
) | st.just(Fraction(1))


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        *(("1", 0), ("0.999", 0), ("0.1001", 0), ("0.1", 1), ("0.0999", 1), ("1/3", 0), ("1/10", 1), ("1/11", 1)),
        *(("1e-24", 24), ("1e-25", 25), ("1.01e-25", 24), ("1e-4000", 4000), ("9.99e-4000", 3999)),
    ],
)
def test_the_decade_of_a_scale(scale, expected):
    assert decade(parse_number(scale)) == expected


@given(scales | st.fractions(min_value=Fraction(1, 10**30), max_value=1))
def test_a_scale_lies_in_its_decade(scale):
    d = decade(scale)
    assert Fraction(1, 10 ** (d + 1)) < scale <= Fraction(1, 10**d)


def test_the_scales_of_a_band_keep_their_exact_text():
    assert bands([parse_number(s) for s in ("1", "0.316", "1e-24", "1e-25", "1e-100")], 25) == {
        "decades-000-024": ["1", "0.316", "1e-24"],
        "decades-025-049": ["1e-25"],
        "decades-100-124": ["1e-100"],
    }


@given(st.sets(scales, max_size=20), st.sets(scales, max_size=20), st.integers(1, 60))
def test_more_scales_change_only_the_bands_that_they_lie_in(old, new, size):
    before = bands(sorted(old, reverse=True), size)
    after = bands(sorted(old | new, reverse=True), size)
    touched = {decade(scale) // size for scale in new - old}
    for name in before:
        if int(name.split("-")[1]) // size not in touched:
            assert after[name] == before[name]


@given(st.sets(scales, min_size=1, max_size=20), st.integers(1, 60))
def test_every_scale_is_in_one_band_whose_name_holds_its_decade(grid, size):
    found = bands(grid, size)
    assert sorted(parse_number(text) for band in found.values() for text in band) == sorted(grid)
    for name, texts in found.items():
        first, last = map(int, name.split("-")[1:])
        assert first % size == 0
        assert last == first + size - 1
        assert all(first <= decade(parse_number(text)) <= last for text in texts)
        assert texts == [to_text(parse_number(text)) for text in texts]


@pytest.mark.parametrize(
    ("trials", "size", "names"),
    [
        (1, 64, ["trials-0000-0063"]),
        (64, 64, ["trials-0000-0063"]),
        (65, 64, ["trials-0000-0063", "trials-0064-0127"]),
        (3, 1, ["trials-0000-0000", "trials-0001-0001", "trials-0002-0002"]),
    ],
)
def test_the_names_of_blocks_of_trials(trials, size, names):
    assert trial_blocks(trials, size) == names


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 100))
def test_more_trials_only_add_blocks_and_fill_the_last(trials, more, size):
    before, after = trial_blocks(trials, size), trial_blocks(trials + more, size)
    assert after[: len(before)] == before
    full = [name for name in before if len(trials_in(name, trials)) == size]
    assert all(trials_in(name, trials) == trials_in(name, trials + more) for name in full)


@given(st.integers(1, 300), st.integers(1, 100))
def test_every_trial_is_in_one_block(trials, size):
    assert [t for name in trial_blocks(trials, size) for t in trials_in(name, trials)] == list(range(trials))
