"""Logistic curves through counts of successes: known answers, coverage, and the rows of a grid with predictions."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, logit
from stage_tools import run_stage

from dlnflow.arithmetic.exact import to_text
from dlnflow.experiments.recovery.block import entries_of, measurements_of
from dlnflow.experiments.recovery.fits import fit_rows, predicted_sparsity, predicted_undersampling
from dlnflow.experiments.recovery.tables import FITS, KEY, RECOVERY
from dlnflow.files.tables import read_rows, write_rows, write_table
from dlnflow.results import Status
from dlnflow.theory.logistic import DEVIANCE, Transition, fit_transition
from dlnflow.theory.phase_transition import bp_threshold
from dlnflow.theory.state_evolution import recovery_boundary, state_evolution

X = np.arange(1, 10) / 10


def probability(x, midpoint, width, rising):
    return expit((1 if rising else -1) * (x - midpoint) / width)


def log_likelihood(fit, x, successes, trials, rising):
    """At (midpoint, width), arrays or numbers."""
    midpoint, width = (np.asarray(value)[..., np.newaxis] for value in fit)
    exponent = (1 if rising else -1) * (x - midpoint) / width
    return np.sum(successes * log_expit(exponent) + (trials - successes) * log_expit(-exponent), axis=-1)


# curves with known answers


@pytest.mark.parametrize("rising", [True, False])
@pytest.mark.parametrize(("midpoint", "width"), [(0.43, 0.03), (0.5, 0.2), (0.15, 0.01)])
def test_counts_in_proportion_to_a_curve_give_back_the_curve(midpoint, width, rising):
    fit = fit_transition(X, 50 * probability(X, midpoint, width, rising), np.full(9, 50), rising)
    assert fit.status == Status.CONVERGED
    # the searches end at 1e-12; p is rounded to 1e-16, and where 1 - p is as small as that nothing else is known
    assert fit.midpoint == pytest.approx(midpoint, abs=1e-9)
    assert fit.width == pytest.approx(width, rel=1e-9)
    assert fit.trials == 450


def test_two_mixed_abscissae_are_met_exactly():
    fit = fit_transition([0, 1], [3, 8], [10, 10], rising=True)
    steepness = logit(0.8) - logit(0.3)
    assert fit.width == pytest.approx(1 / steepness, rel=1e-9)  # the searches' tolerance, as above
    assert fit.midpoint == pytest.approx(-logit(0.3) / steepness, rel=1e-9)


def test_many_trials_give_the_intervals_of_the_information_matrix():
    trials = 10**8
    p = probability(X, 0.43, 0.08, True)
    fit = fit_transition(X, trials * p, np.full(9, trials), rising=True)
    slopes = np.stack([np.full(9, -1.0), -(X - 0.43) / 0.08]) / 0.08  # of logit p in the midpoint and the width
    errors = np.sqrt(np.diag(np.linalg.inv((trials * p * (1 - p) * slopes) @ slopes.T)))
    # the likelihood's third derivative bends an interval by its relative length, 1e-4 here
    assert (fit.high - fit.low) / 2 == pytest.approx(1.96 * errors[0], rel=1e-3)
    assert (fit.width_high - fit.width_low) / 2 == pytest.approx(1.96 * errors[1], rel=1e-3)


@pytest.mark.parametrize("rising", [True, False])
def test_the_ends_of_the_intervals_lose_the_quantile_of_chi_squared(rising):
    trials = np.full(9, 10)
    successes = np.array([0, 1, 0, 3, 5, 7, 9, 10, 10])[:: 1 if rising else -1]
    fit = fit_transition(X, successes, trials, rising)
    best = log_likelihood((fit.midpoint, fit.width), X, successes, trials, rising)

    def loss(at):
        """Of the best curve of a family, over the logarithm of its width or over its midpoint."""
        found = minimize_scalar(
            lambda v: -log_likelihood(at(v), X, successes, trials, rising),
            bounds=(-6, 1.5),
            method="bounded",
            options={"xatol": 1e-9},
        )
        return 2 * (best + found.fun)

    for end in (fit.low, fit.high):
        assert loss(lambda v, end=end: (end, np.exp(v))) == pytest.approx(DEVIANCE, abs=1e-4)  # an end is good to 1e-7
    for end in (fit.width_low, fit.width_high):
        assert loss(lambda v, end=end: (v, end)) == pytest.approx(DEVIANCE, abs=1e-4)


def test_no_other_curve_is_likelier_and_none_as_likely_lies_outside_the_intervals():
    rng = np.random.default_rng(5)
    resolved = 0
    for _ in range(150):
        size = rng.integers(2, 20)
        x = rng.choice([rng.random(size), rng.integers(1, size + 1, size) / 7, 10 ** rng.uniform(-4, 2, size)])
        trials = rng.integers(0, rng.choice([2, 5, 50]), size)
        rising = bool(rng.integers(2))
        width = 10 ** rng.uniform(-4, 0) * np.ptp(x) + 1e-9
        successes = rng.binomial(trials, probability(x, rng.choice(x), width, rising))
        fit = fit_transition(x, successes, trials, rising)
        if fit.status == Status.UNRESOLVED:
            continue
        resolved += 1
        assert fit.low <= fit.midpoint <= fit.high
        assert 0 <= fit.width_low <= fit.width <= fit.width_high
        midpoints = fit.midpoint + np.ptp(x) * rng.normal(size=200) * 10 ** rng.uniform(-6, 0, 200)
        widths = fit.width * 10 ** rng.normal(size=200)
        others = log_likelihood((midpoints, widths), x, successes, trials, rising)
        best = log_likelihood((fit.midpoint, fit.width), x, successes, trials, rising)
        assert others.max() < best + 1.01e-3  # what a width that no data tell from 0 may lose
        likely = 2 * (best - others) < DEVIANCE - 0.01  # that again, and the rounding of the ends
        inside = (midpoints >= fit.low) & (midpoints <= fit.high)
        inside &= (widths >= fit.width_low) & (widths <= fit.width_high)
        assert inside[likely].all()
    assert resolved > 50


# sudden changes


@pytest.mark.parametrize("rising", [True, False])
def test_of_a_sudden_change_the_midpoint_is_known_to_the_gap_and_the_width_from_above(rising):
    successes = np.array([0, 0, 0, 0, 10, 10, 10, 10, 10]) if rising else np.array([10, 10, 10, 10, 0, 0, 0, 0, 0])
    fit = fit_transition(X, successes, np.full(9, 10), rising)
    assert fit.midpoint == pytest.approx(0.45, abs=1e-9)  # by symmetry, to the search's tolerance
    # the ends of the gap to 1e-7 of it, what their search is told
    assert (fit.low, fit.high) == pytest.approx((0.4, 0.5), abs=1.1e-8)
    assert fit.width == pytest.approx(0.1 / (2 * np.log(1000 * 90)), rel=1e-9)
    assert fit.width_low == 0
    # p is sigma(u) on one side and 1 - sigma(u) on the other, u = 0.05/w; farther places add less than 1e-5 to 3.84
    loss = 40 * np.log1p(np.exp(-0.05 / fit.width_high)) + 40 * np.log1p(np.exp(-0.15 / fit.width_high))
    assert loss == pytest.approx(DEVIANCE, abs=1e-3)


def test_few_trials_at_the_ends_of_the_gap_widen_the_interval():
    fit = fit_transition(X, [1, 1, 1, 1, 0, 0, 0, 0, 0], np.full(9, 1), rising=False)
    assert fit.low < 0.4  # one outcome on the wrong side costs log 2, not 1.92
    assert fit.high > 0.5


def test_one_mixed_abscissa_is_a_sudden_change_beside_it():
    fit = fit_transition(X, [10, 10, 10, 10, 7, 0, 0, 0, 0], np.full(9, 10), rising=False)
    assert fit.width == pytest.approx(0.1 / (2 * np.log(1000 * 90)), rel=1e-9)
    assert fit.width_low == 0
    # p(0.5) = 0.7 there, but for outcomes at the neighbours with probability (1000 * 90)^-2
    assert fit.midpoint == pytest.approx(0.5 + fit.width * logit(0.7), rel=1e-8)
    assert fit.low <= fit.midpoint <= fit.high


def test_the_gap_counts_and_not_the_spacing_elsewhere():
    fit = fit_transition([0.1, 0.1001, 0.4, 0.4001], [0, 0, 9, 9], np.full(4, 9), rising=True)
    assert fit.midpoint == pytest.approx(0.25005, abs=1e-9)
    assert fit.width == pytest.approx(0.2999 / (2 * np.log(1000 * 36)), rel=1e-9)


# no transition


@pytest.mark.parametrize(
    ("successes", "trials", "rising"),
    [
        ([10] * 9, 10, False),  # all succeed
        ([0] * 9, 10, True),  # none does
        ([10, 10, 9, 7, 5, 3, 1, 0, 0], 10, True),  # the other way round
        ([5, 5, 6, 5, 5, 4, 5, 5, 5], 10, False),  # not to be told from a constant
        ([10, 10, 10, 10, 9, 9, 8, 8, 7], 10, False),  # above one half everywhere
    ],
)
def test_counts_without_a_transition_are_unresolved(successes, trials, rising):
    assert fit_transition(X, successes, np.full(9, trials), rising) == Transition(Status.UNRESOLVED, 9 * trials)


def test_one_abscissa_is_unresolved():
    assert fit_transition([0.3, 0.3], [1, 2], [5, 5], rising=True) == Transition(Status.UNRESOLVED, 10)
    assert fit_transition([], [], [], rising=True) == Transition(Status.UNRESOLVED, 0)


def test_arguments_that_make_no_counts_are_refused():
    with pytest.raises(ValueError, match="expected counts of some of the trials"):
        fit_transition([0, 1], [0, 6], [5, 5], rising=True)
    with pytest.raises(ValueError, match=r"shapes \(2,\), \(2,\), \(1,\)"):
        fit_transition([0, 1], [0, 5], [5], rising=True)


# symmetries


def test_order_repetition_and_empty_abscissae_change_nothing():
    plain = fit_transition([1, 2, 3, 4], [0, 2, 3, 5], [5, 5, 5, 5], rising=True)
    split = fit_transition([3, 4, 2, 1, 3, 9], [1, 5, 2, 0, 2, 0], [3, 5, 5, 5, 2, 0], rising=True)
    assert split == plain


@pytest.mark.parametrize("successes", [[9, 9, 7, 5, 3, 0, 1, 0, 0], [9, 9, 9, 9, 0, 0, 0, 0, 0]])
def test_units_and_direction_of_x_change_nothing_else(successes):
    one = fit_transition(X, successes, np.full(9, 9), rising=False)
    other = fit_transition(7 - 1e6 * X, successes, np.full(9, 9), rising=True)
    # 1e-7, what the search of an interval's ends is told, in units of the overlap or gap
    assert other.midpoint == pytest.approx(7 - 1e6 * one.midpoint, rel=1e-9)
    assert (other.low, other.high) == pytest.approx((7 - 1e6 * one.high, 7 - 1e6 * one.low), rel=1e-6)
    for name in ("width", "width_low", "width_high"):
        assert getattr(other, name) == pytest.approx(1e6 * getattr(one, name), rel=1e-9)


# coverage


@pytest.mark.parametrize(
    ("x", "trials", "midpoint", "width", "rising"),
    [(X, 10, 0.43, 0.06, False), (np.linspace(0.2, 0.6, 17), 20, 0.33, 0.03, True)],
)
def test_intervals_hold_the_truth_as_often_as_they_say(x, trials, midpoint, width, rising):
    fits = 400
    rng = np.random.default_rng(1)
    counts = rng.binomial(trials, probability(x, midpoint, width, rising), (fits, len(x)))
    found = [fit_transition(x, successes, np.full(len(x), trials), rising) for successes in counts]
    assert all(fit.status == Status.CONVERGED for fit in found)
    # three standard deviations of a mean of 400 outcomes of probability 0.95, 0.033, and 0.025 for so few trials
    band = 3 * np.sqrt(0.95 * 0.05 / fits)
    assert np.mean([fit.low <= midpoint <= fit.high for fit in found]) == pytest.approx(0.95, abs=band)
    assert np.mean([fit.width_low <= width <= fit.width_high for fit in found]) == pytest.approx(0.95, abs=band + 0.025)


# rows

NETWORK = {"method": "limit", "depth": 3.0, "exact_depth": "3", "scale": "1e-6", "log10_scale": -6.0}
SOLVER = {"method": "lars", "depth": None, "exact_depth": None, "scale": None, "log10_scale": None}


def cells(ratios, succeeds, is_density, method=NETWORK, features=40, trials=4, signal="signed"):
    """Rows of RECOVERY, as far as fits read them, at ratios (m/n, s/m or s/n) as typed; succeeds(m, s, trial)."""
    for undersampling, sparsity in ratios:
        m = measurements_of(undersampling, features)
        s = entries_of(undersampling, sparsity, features, is_density)
        for trial in range(trials):
            yield method | {
                "grid": "mine",
                "ensemble": "gaussian",
                "signal": signal,
                "features": features,
                "measurements": m,
                "entries": s,
                "undersampling": float(undersampling),
                "sparsity": float(sparsity),
                "trial": trial,
                "success": succeeds(m, s, trial),
            }


HALF = [(Fraction(1, 2), Fraction(k, 20)) for k in range(1, 20)]
"""m/n = 1/2 with every s/m that 20 measurements can have, but 1."""


def test_a_row_is_the_curve_of_one_method_at_one_ratio():
    def succeeds(m, s, trial):
        return s + trial < 8

    rows = list(fit_rows([*cells(HALF, succeeds, False), *cells(HALF, succeeds, False, SOLVER)], "1e-3", False))
    assert [row["method"] for row in rows] == ["limit", "lars"]
    x = np.arange(1, 20) / 20
    fit = fit_transition(x, np.clip(8 - np.arange(1, 20), 0, 4), np.full(19, 4), rising=False)
    for row in rows:
        assert list(FITS.names) == [name for name in FITS.names if name in row]
        assert len(row) == len(FITS)
        assert (row["axis"], row["at"], row["features"], row["signal"]) == ("sparsity", 0.5, 40, "signed")
        assert {name: row[name] for name in vars(fit)} == vars(fit)
    assert rows[0]["predicted"] == recovery_boundary("3", "1e-6", 0.5, "1e-3")
    assert rows[1]["predicted"] == bp_threshold(0.5)


def test_a_density_is_fitted_in_the_number_of_measurements():
    ratios = [(Fraction(m, 40), Fraction(1, 10)) for m in range(4, 40)]
    rows = list(fit_rows(cells(ratios, lambda m, s, trial: m + trial > 16, True), "1e-3", True))
    assert [(row["axis"], row["at"], row["trials"]) for row in rows] == [("undersampling", 0.1, 4 * 36)]
    # trials succeed from 17, 16, 15 and 14 measurements on: 1, 2 and 3 of 4 at 14, 15 and 16, so 15 by symmetry
    assert rows[0]["midpoint"] == pytest.approx(15 / 40, abs=1e-9)  # the search's tolerance
    assert rows[0]["predicted"] == predicted_undersampling("3", "1e-6", Fraction(1, 10), "1e-3", "signed")


def test_ratios_that_round_to_the_same_instances_count_them_once():
    ratios = [(half, k * Fraction(1, 40)) for half in (Fraction(1, 2), Fraction(101, 200)) for k in range(1, 40)]
    rows = list(fit_rows(cells(ratios, lambda m, s, trial: s + trial < 8, False), "1e-3", False))
    assert [(row["at"], row["trials"]) for row in rows] == [(0.5, 4 * 20)]


def test_a_curve_without_a_transition_is_a_row_without_numbers():
    rows = list(fit_rows(cells(HALF, lambda m, s, trial: False, False), "1e-3", False))
    assert [row["status"] for row in rows] == [Status.UNRESOLVED]
    assert all(rows[0][name] is None for name in ("midpoint", "low", "high", "width", "width_low", "width_high"))
    assert rows[0]["predicted"] is not None


def test_the_stage_writes_what_the_function_gives(tmp_path):
    rows = list(cells(HALF, lambda m, s, trial: s + trial < 8, False))
    fields = [RECOVERY.field(name) for name in [*KEY, "success"]]
    schema = pa.schema(fields, metadata=RECOVERY.metadata)
    write_table(tmp_path / "judged.parquet", pa.Table.from_pylist(rows, schema=schema))
    files = {"judged": tmp_path / "judged.parquet", "output": tmp_path / "fits.parquet"}
    run_stage("fit_transitions", files, tolerance="1e-3", density=False)
    write_rows(tmp_path / "expected.parquet", FITS, fit_rows(rows, "1e-3", False))
    assert read_rows([tmp_path / "fits.parquet"]) == read_rows([tmp_path / "expected.parquet"])


# predictions


@pytest.mark.parametrize(
    ("depth", "scale", "signal"), [("3", "1e-6", "signed"), ("2", "1e-8", "signed"), ("4", "1e-6", "nonnegative")]
)
def test_the_predicted_number_of_measurements_is_on_the_predicted_boundary(depth, scale, signal):
    density = Fraction(1, 10)
    undersampling = predicted_undersampling(depth, scale, density, "1e-3", signal)
    # both are roots of the same error, found to 1e-8
    boundary = recovery_boundary(depth, scale, undersampling, "1e-3", signal)
    assert boundary * undersampling == pytest.approx(0.1, rel=1e-6)
    assert predicted_sparsity(depth, scale, Fraction(undersampling), "1e-3", signal) == boundary


@pytest.mark.parametrize("signal", ["signed", "nonnegative"])
def test_a_solver_is_predicted_to_succeed_up_to_basis_pursuits_threshold(signal):
    undersampling = predicted_undersampling(None, None, Fraction(1, 10), "1e-3", signal)
    assert bp_threshold(undersampling, signal) * undersampling == pytest.approx(0.1, rel=1e-7)  # found to 1e-8
    assert predicted_sparsity(None, None, Fraction(1, 3), "1e-3", signal) == bp_threshold(Fraction(1, 3), signal)


def test_a_sparse_nonnegative_signal_is_lost_below_the_boundary_and_its_prediction_knows():
    # at a small m/n eps outweighs the few entries: the tolerance is met between two s/m, and s/n is the lower one's
    undersampling = predicted_undersampling("3", "1e-4", Fraction(1, 100), "1e-3", "nonnegative")
    found = state_evolution("3", "1e-4", undersampling, 0.01 / undersampling, "nonnegative")
    # the root is good to 1e-8, and the error falls by e every 0.01 there
    assert found.mean_squared_error == pytest.approx(0.01 * 1e-6, rel=1e-4)
    assert recovery_boundary("3", "1e-4", undersampling, "1e-3", "nonnegative") * undersampling > 0.1


def test_where_theory_has_no_transition_nothing_is_predicted():
    assert predicted_sparsity("2", "1e-2", Fraction(1, 2), "1e-3", "signed") is None  # lost at every s/m
    assert predicted_sparsity("3", "1e-6", Fraction(1, 2), "10", "signed") is None  # found at every s/m
    assert predicted_undersampling("3", "1e-6", Fraction(1, 10), "10", "signed") is None
    assert predicted_undersampling("2", "1", Fraction(1, 10), "1e-6", "signed") is None  # lost even at m/n = 1 - 1e-6


@pytest.mark.parametrize("signal", ["signed", "nonnegative"])
@pytest.mark.parametrize(("depth", "scale"), [("2", "1e-4"), ("3", "1e-2"), ("4", "1e-6")])
def test_the_error_of_a_signal_falls_with_the_number_of_measurements(depth, scale, signal):
    errors = [
        state_evolution(depth, scale, m, 0.1 / m, signal).mean_squared_error for m in np.linspace(0.101, 0.99, 12)
    ]
    # beyond (1 + s/n)/2 a nonnegative signal is the only one, and the error is 0
    assert all(later < earlier or later == earlier == 0 for earlier, later in pairwise(errors))


def test_texts_and_fractions_of_a_tolerance_agree():
    texts = [predicted_sparsity("3", "1e-6", Fraction(1, 2), to_text(Fraction(1, 1000)), "signed")]
    assert texts == [predicted_sparsity("3", "1e-6", Fraction(1, 2), Fraction(1, 1000), "signed")]
