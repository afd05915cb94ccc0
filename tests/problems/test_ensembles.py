"""Random instances with a planted signal: exact, sound, of the stated distributions, functions of their arguments."""

import hashlib
import json
from fractions import Fraction
from typing import get_args

import numpy as np
import pytest

from dlnflow.assembly.config import read_config
from dlnflow.config.errors import ConfigError
from dlnflow.config.problem_entries import problem_spec
from dlnflow.experiments.recovery.config import RecoveryGrid
from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.problems.ensembles import (
    PARAMETERS,
    Ensemble,
    PredictedEnsemble,
    PredictedSignal,
    Signal,
    parameter_of,
    planted,
)
from dlnflow.problems.problem import ProblemError

ENSEMBLES, SIGNALS = get_args(Ensemble), get_args(Signal)
NEW = ("sphere", "bernoulli", "ar1", "lattice")
UNIT = {"lattice": 1}
SMALLEST_STEP = 2.0**-20


def digest(problem):
    parts = (problem.A.tobytes(), problem.y.tobytes(), problem.x0.tobytes(), bytes([problem.nonnegative]))
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def matrices(ensemble, count, m, n, parameter=None):
    """(count, m, n): the A of the first trials."""
    return np.array([planted(ensemble, 1, m, n, 1, trial, parameter=parameter).A for trial in range(count)])


# every ensemble and signal


@pytest.mark.parametrize("ensemble", ENSEMBLES)
@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("sizes", [(1, 2, 1), (3, 5, 3), (12, 30, 4)])
def test_an_instance_is_exact_and_sound(ensemble, signal, sizes):
    m, n, s = sizes
    for trial in range(5):
        problem = planted(ensemble, 1, m, n, s, trial, signal)
        unit = UNIT.get(ensemble, 2**20)
        assert (problem.A * unit % 1 == 0).all()
        assert (problem.x0 * unit % 1 == 0).all()
        x0 = [Fraction(value) for value in problem.x0.tolist()]
        for row, entry in zip(problem.rational_A, problem.rational_y, strict=True):
            assert sum(a * x for a, x in zip(row, x0, strict=True)) == entry
        assert problem.exact_A.rank() == m
        assert problem.y.any()
        assert np.count_nonzero(problem.x0) == s
        assert problem.nonnegative is (signal == "nonnegative")


@pytest.mark.parametrize("ensemble", [name for name in ENSEMBLES if name != "lattice"])
def test_columns_have_norm_one_in_the_mean(ensemble):
    A = planted(ensemble, 1, 100, 400, 10).A
    # of 40 000 entries, for ar1 in 100 independent rows of 400 with correlation 1/2: the mean square scatters by
    # sqrt(2 (1 + 1/4)/(1 - 1/4) / 40 000) = 0.9 %, five of those are 4.6 %; bernoulli by sqrt(3/40 000) = 0.9 %
    assert np.mean(A**2) * 100 == pytest.approx(1, rel=0.046)


# each ensemble


def test_columns_of_a_sphere_have_norm_one_and_no_direction():
    A = matrices("sphere", 10, 5, 1000)
    # each of the 5 entries is rounded by half a step
    np.testing.assert_allclose(np.linalg.norm(A, axis=1), 1, atol=np.sqrt(5) * SMALLEST_STEP)
    covariance = np.einsum("tin,tjn->ij", A, A) / 10_000
    # 10 000 columns; a product of entries has variance below E x^4 = 3/35, scatters by 0.003; five of those are 0.015
    np.testing.assert_allclose(covariance, np.eye(5) / 5, atol=0.015)
    # E x^4 = 3/(m(m+2)) tells the sphere from the cube; x^4 has variance E x^8 - ... < 105/(5*7*9*11), scatters by
    # 0.18/sqrt(50 000) = 0.0008; five of those are 0.004
    assert np.mean(A**4) == pytest.approx(3 / 35, abs=0.004)


@pytest.mark.parametrize("density", [None, Fraction(1, 10), Fraction(3, 4), Fraction(1)])
def test_bernoulli_has_its_density_two_values_and_no_column_of_zeros(density):
    A = matrices("bernoulli", 10, 20, 100, density)
    p = float(density or Fraction(1, 4))
    sizes = np.unique(np.abs(A[A != 0]))
    assert sizes.tolist() == [pytest.approx(1 / np.sqrt(20 * p), abs=SMALLEST_STEP)]
    assert A.any(axis=1).all()
    # given that a column of 20 is not 0 an entry is there with probability p/(1 - (1 - p)^20); 20 000 entries scatter
    # by at most 0.0036, five of those are 0.018
    assert np.mean(A != 0) == pytest.approx(p / (1 - (1 - p) ** 20), abs=0.018)
    # 2 000 signs at least: 0.5 +- 5 * 0.0112
    assert np.mean(A[A != 0] > 0) == pytest.approx(0.5, abs=0.056)


@pytest.mark.parametrize("correlation", [None, Fraction(-4, 5), Fraction(0), Fraction(9, 10)])
def test_columns_of_ar1_have_correlations_that_are_powers(correlation):
    A = matrices("ar1", 100, 100, 101, correlation) * 10
    c = float(Fraction(1, 2) if correlation is None else correlation)
    for i, j in ((0, 0), (60, 60), (0, 1), (0, 2), (50, 53)):
        # 10 000 independent rows: a product has variance at most 2, scatters by 0.0141, five of those are 0.071
        assert np.mean(A[:, :, i] * A[:, :, j]) == pytest.approx(c ** (j - i), abs=0.071)
    # rows: 10 000 products of variance at most (1 + c^2)/(1 - c^2) <= 9.6, averaged over 101 columns
    rows = np.mean(A[:, :-1] * A[:, 1:])
    assert rows == pytest.approx(0, abs=5 * np.sqrt(9.6 / (100 * 99 * 101)))


def test_a_lattice_has_small_integers_alike_and_a_signal_of_small_integers():
    A = matrices("lattice", 10, 20, 100)
    values, counts = np.unique(A, return_counts=True)
    assert values.tolist() == [-2, -1, 0, 1, 2]
    # 20 000 entries: a share of 1/5 scatters by 0.0028, five of those are 0.014 (no column is 0 by chance: 5^-20)
    np.testing.assert_allclose(counts / A.size, 0.2, atol=0.014)
    x0 = planted("lattice", 1, 200, 300, 200).x0
    values, counts = np.unique(x0[x0 != 0], return_counts=True)
    assert values.tolist() == [-2, -1, 1, 2]
    # 200 entries: a share of 1/4 scatters by 0.031, five of those are 0.153
    np.testing.assert_allclose(counts / 200, 0.25, atol=0.153)


@pytest.mark.parametrize(("ensemble", "share"), [("lattice", 0.4), ("bernoulli", 0.95), ("gaussian", 0)])
def test_basis_pursuit_has_many_minimisers_where_entries_have_few_sizes(ensemble, share):
    many = np.mean([not basis_pursuit(planted(ensemble, 1, 4, 12, 4, trial)).unique for trial in range(60)])
    assert many == pytest.approx(share, abs=0.2 if share else 0)


# signals


@pytest.mark.parametrize("ensemble", ["gaussian", "bernoulli", "lattice"])
def test_signals_share_their_places_and_signs(ensemble):
    signed, nonnegative, signs, power = (planted(ensemble, 1, 12, 30, 6, 2, signal).x0 for signal in SIGNALS)
    np.testing.assert_array_equal(nonnegative, np.abs(signed))
    np.testing.assert_array_equal(signs, np.sign(signed))
    np.testing.assert_array_equal(np.sign(power), np.sign(signed))


def test_the_kth_largest_entry_of_a_power_law_has_size_one_over_k():
    x0 = planted("gaussian", 1, 12, 30, 6, 2, "power").x0
    np.testing.assert_allclose(np.sort(np.abs(x0))[:-7:-1], 1 / np.arange(1, 7), atol=SMALLEST_STEP / 2)
    sizes = np.sort(np.abs(planted("lattice", 1, 12, 30, 6, 2, "power").x0))[:-7:-1]
    assert sizes.tolist() == [6, 3, 2, 2, 1, 1]  # 6/k, halves to even


def test_the_largest_entry_of_a_power_law_is_anywhere_and_of_either_sign():
    largest = [planted("sphere", 1, 2, 5, 2, trial, "power").x0 for trial in range(200)]
    places = np.bincount([np.abs(x0).argmax() for x0 in largest], minlength=5)
    # 200 trials: a share of 1/5 scatters by 0.028, five of those are 0.14
    np.testing.assert_allclose(places / 200, 0.2, atol=0.14)
    assert np.mean([x0.max() == 1 for x0 in largest]) == pytest.approx(0.5, abs=0.18)  # five times 0.035


# what an instance depends on

HASHES = {
    # of the code before there were other ensembles than these
    ("gaussian", "signed", (1, 12, 30, 4, 7)): "ea6ec835a2756d18",
    ("gaussian", "signed", (0, 50, 100, 25, 3)): "fea4e4d63e1c0db9",
    ("gaussian", "nonnegative", (2307, 10, 20, 1, 0)): "599a57bbcd70e3f7",
    ("rademacher", "signed", (1, 12, 30, 4, 7)): "3b9bc7654fd6bb57",
    ("rademacher", "nonnegative", (0, 50, 100, 25, 3)): "3a82aa254b6e5196",
    ("dct", "signed", (0, 50, 100, 25, 3)): "20f28fb38df6ba55",
    ("dct", "nonnegative", (1, 12, 30, 4, 7)): "8d52abe4d1fb1a23",
    # of the others when they came
    ("sphere", "signed", (1, 12, 30, 4, 7)): "e8ba036c6e815e6a",
    ("bernoulli", "nonnegative", (1, 12, 30, 4, 7)): "154b385095c4b3ed",
    ("bernoulli", "signed", (1, 3, 9, 2, 0)): "997948d08a857e5e",
    ("ar1", "power", (1, 12, 30, 4, 7)): "7a9f6afda7fb0f70",
    ("lattice", "signed", (1, 12, 30, 4, 7)): "bc8a35f722857a27",
    ("lattice", "power", (2307, 10, 20, 1, 0)): "815109e1eb3ec5c9",
}


@pytest.mark.parametrize(("ensemble", "signal", "sizes"), HASHES)
def test_an_instance_keeps_its_bits(ensemble, signal, sizes):
    # numpy promises the stream of PCG64, and of its normal numbers only within a version
    assert digest(planted(ensemble, *sizes, signal)) == HASHES[ensemble, signal, sizes]


@pytest.mark.parametrize("ensemble", NEW)
def test_more_trials_change_no_instance(ensemble):
    entry = {"ensemble": ensemble, "measurements": 3, "features": 7, "sparsity": 2}
    few, many = (problem_spec(entry | {"trials": trials}) for trials in (2, 5))
    assert few.as_json() == many.as_json()
    backwards = [digest(many.instance(1, trial)) for trial in reversed(range(5))]
    assert [digest(few.instance(1, trial)) for trial in range(2)] == backwards[:2:-1]
    others = [planted(ensemble, *sizes) for sizes in ((2, 3, 7, 2, 0), (1, 3, 8, 2, 0), (1, 3, 7, 3, 0))]
    assert len({*backwards, *map(digest, others)}) == 8


def test_the_parameter_is_no_seed():
    sparse, dense = (planted("bernoulli", 1, 60, 90, 4, parameter=Fraction(p, 4)) for p in (1, 3))
    np.testing.assert_array_equal(sparse.x0, dense.x0)
    there = sparse.A != 0  # of 60 entries a column has some that are not 0, and is never drawn again
    np.testing.assert_array_equal(np.sign(dense.A)[there], np.sign(sparse.A)[there])
    weak, strong = (planted("ar1", 1, 30, 60, 4, parameter=Fraction(c, 4)) for c in (1, 3))
    np.testing.assert_array_equal(weak.x0, strong.x0)
    np.testing.assert_array_equal(weak.A[:, 0], strong.A[:, 0])
    assert digest(planted("ar1", 1, 30, 60, 4)) == digest(planted("ar1", 1, 30, 60, 4, parameter=Fraction(1, 2)))


def test_drawing_a_matrix_again_leaves_the_signal():
    # at this density nearly every column is 0 at first
    rare = planted("bernoulli", 1, 3, 9, 2, parameter=Fraction(1, 100))
    assert rare.A.any(axis=0).all()
    np.testing.assert_array_equal(rare.x0, planted("bernoulli", 1, 3, 9, 2).x0)


def test_what_is_no_problem_is_drawn_again():
    # two rows of three signs have rank 1 in a quarter of all draws, and two of their columns cancel in another
    trials = [planted("rademacher", 1, 2, 3, 2, trial, "signs") for trial in range(30)]
    assert all(problem.y.any() and problem.exact_A.rank() == 2 for problem in trials)


# refusals


@pytest.mark.parametrize(
    ("ensemble", "parameter", "said"),
    [
        ("gaussian", Fraction(1, 2), "gaussian has no parameter, expected bernoulli and ar1 alone to have one"),
        ("lattice", Fraction(0), "lattice has no parameter"),
        ("bernoulli", Fraction(0), "parameter 0 of the ensemble bernoulli, expected .* above 0 and at most 1"),
        ("bernoulli", Fraction(5, 4), "parameter 1.25 of the ensemble bernoulli"),
        ("bernoulli", Fraction(1, 10**400), "parameter 1e-400 of"),
        ("ar1", Fraction(1), "parameter 1 of the ensemble ar1, expected .* above -1 and below 1"),
        ("ar1", Fraction(-1), "parameter -1 of"),
        ("ar1", 1 - Fraction(1, 10**20), "parameter 0.9{20} of"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(ensemble, parameter, said):
    for ask in (parameter_of, lambda *arguments: planted(arguments[0], 1, 5, 10, 1, parameter=arguments[1])):
        with pytest.raises(ProblemError, match=said):
            ask(ensemble, parameter)


@pytest.mark.parametrize("ensemble", PARAMETERS)
def test_the_default_of_a_parameter_is_in_its_range(ensemble):
    assert PARAMETERS[ensemble].holds(parameter_of(ensemble, None))


def test_names_that_are_not_known_are_refused():
    with pytest.raises(ProblemError, match=r"ensemble is 'cauchy', expected one of gaussian, .*, lattice"):
        planted("cauchy", 1, 5, 10, 1)
    with pytest.raises(ProblemError, match="signal is 'odd', expected one of signed, nonnegative, signs, power"):
        planted("gaussian", 1, 5, 10, 1, signal="odd")


def test_a_matrix_that_is_never_sound_is_refused():
    with pytest.raises(ProblemError, match="1000 draws of the ensemble bernoulli hold no 1 x 2 matrix"):
        planted("bernoulli", 1, 1, 2, 1, parameter=Fraction(1, 10**9))


def test_a_product_beyond_float64_is_refused(monkeypatch):
    monkeypatch.setattr("dlnflow.problems.ensembles.GRID", 2.0**28)  # as large sizes would do it
    with pytest.raises(ProblemError, match="53 bits"):
        planted("gaussian", 1, 20, 40, 10)


def read_problem(**entry):
    sizes = {"measurements": 4, "features": 8, "sparsity": 1}
    return read_config({"problems": {"mine": sizes | entry}}).problems["mine"]


def test_the_config_takes_a_parameter_and_has_one_spelling_of_it():
    plain = read_problem(ensemble="ar1", signal="power")
    assert plain.as_json() == read_problem(ensemble="ar1", signal="power", parameter=0.5).as_json()
    assert "parameter" not in plain.as_json()
    other = read_problem(ensemble="ar1", signal="power", parameter="1/3")
    again = problem_spec(json.loads(other.as_json()))
    expected = planted("ar1", 7, 4, 8, 1, 2, "power", Fraction(1, 3))
    assert digest(other.instance(7, 2)) == digest(again.instance(7, 2)) == digest(expected)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"ensemble": "ar1", "parameter": 2}, r"problems.mine.parameter is 2.*expected the correlation"),
        ({"ensemble": "dct", "parameter": 0.5}, r"problems.mine.parameter is 0.5.*no parameter"),
        ({"ensemble": "cauchy", "parameter": 2}, r"problems.mine.ensemble is 'cauchy', expected 'gaussian'[^(]*$"),
        ({"ensemble": "ar1", "signal": "odd"}, r"problems.mine.signal is 'odd', expected 'signed'"),
    ],
)
def test_a_mistake_in_the_config_is_one_sentence(entry, said):
    with pytest.raises(ConfigError, match=said):
        read_problem(**entry)


def test_recovery_grids_hold_what_theory_predicts_alone():
    assert set(get_args(PredictedEnsemble)) < set(ENSEMBLES)
    assert set(get_args(PredictedSignal)) < set(SIGNALS)
    grid = {"features": 20, "undersampling": [0.5], "sparsity": [0.2], "trials": 1, "depths": [2], "scales": [1e-2]}
    for key, name in (("ensemble", "lattice"), ("ensemble", "ar1"), ("signal", "signs"), ("signal", "power")):
        with pytest.raises(ValueError, match=f"{key}\n.*Input should be"):
            RecoveryGrid.model_validate(grid | {key: name})
