"""Rank one with a constant step: factors beside the Hessian's, the known cycles, steps to a residual, what diverges."""

from fractions import Fraction
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from stage_tools import read_again, run_stage

from dlnflow.config.errors import describe
from dlnflow.experiments.layers.factorisation_block import RankOneBlock
from dlnflow.experiments.layers.factorisation_config import RankOneGrid
from dlnflow.experiments.layers.factorisation_tables import RANK_ONE, RANK_ONE_ORBITS, RANK_ONE_TIMES
from dlnflow.experiments.layers.rank_one import ORBIT, rank_one_rows
from dlnflow.files.tables import read_table
from dlnflow.layers.factorisation import descend, gradients, random_target
from dlnflow.layers.rank_one import ending, measured_factor, next_below, predicted_steps, tail_factors

SEED = 23


def fractions(*values):
    return tuple(map(Fraction, values))


SMALL = RankOneBlock(
    rows=4,
    columns=3,
    steps=fractions("0.1", "0.3", "0.8", "1.1", "1.4", "2.2"),
    starts=fractions("0.1", "0.001"),
    imbalances=(),
    nearness=Fraction(1, 100),
    tolerances=fractions("0.1", "1e-3", "1e-6", "1e-9"),
    iterations=1200,
    trials=2,
)
UNBALANCED = RankOneBlock(
    **vars(SMALL) | {"steps": fractions("0.2", "0.45", "0.6", "1.3"), "starts": (), "imbalances": fractions("1", "4")}
)


@pytest.fixture(scope="module")
def small():
    return rank_one_rows(SMALL, SEED)


@pytest.fixture(scope="module")
def unbalanced():
    return pd.DataFrame([row for row, _, _ in rank_one_rows(UNBALANCED, SEED)])


# --- the factors near a minimum


@pytest.mark.parametrize(("rows", "columns"), [(4, 3), (1, 3), (4, 1), (1, 1)])
@pytest.mark.parametrize("ratio", [1.0, 1.7])
def test_the_factors_are_those_of_the_hessian_at_the_minimum(rows, columns, ratio):
    target = random_target(SEED, rows, columns, [1.0])
    point = np.concatenate([ratio * target.left.ravel(), target.right.ravel() / ratio])

    def slope(at):
        return np.concatenate([g.ravel() for g in gradients(at[:rows, None], at[rows:, None], target.matrix)[1:]])

    move = 1e-5
    hessian = np.array([(slope(point + move * d) - slope(point - move * d)) / (2 * move) for d in np.eye(len(point))])
    # central differences of a cubic: off by 1e-10; the flat direction, u longer and v shorter, has the eigenvalue 0
    found = sorted(set(np.round(np.linalg.eigvalsh((hessian + hessian.T) / 2), 7)) - {0.0, -0.0})
    for step in (0.1, 0.5, 0.9):
        factors = tail_factors(step, ratio**2, ratio**-2, rows, columns)
        assert sorted(set(np.round(factors, 6))) == sorted({round(abs(1 - step * x), 6) for x in found})
        assert factors == sorted(factors, reverse=True)


def test_the_measured_factor_is_the_slope_of_the_last_decades():
    residuals = 0.9 ** np.arange(400.0)
    assert measured_factor(residuals) == pytest.approx(0.9, rel=1e-12)
    assert measured_factor(residuals + 0.3**5 * 0.99 ** np.arange(400.0)) is None  # it never gets below 1e-8
    assert measured_factor(np.array([1.0, 1e-9, 1e-13])) is None
    assert next_below([0.9, 0.8995, 0.3]) == 0.3
    assert next_below([0.9, 0.8995]) is None


def test_small_starts_end_at_the_predicted_factor(small):
    rows = [row for row, _, _ in small if row["step"] < 1]
    assert [row["end"] for row in rows] == ["converged"] * len(rows)
    for row in rows:
        # the two tangent factors differ by eta |a - b| and both are there
        assert row["factor"] == pytest.approx(row["predicted_factor"], abs=1e-4 + row["step"] * row["imbalance"])
        assert row["predicted_factor"] == pytest.approx(max(1 - row["step"], abs(1 - 2 * row["step"])), abs=0.03)


def test_unbalanced_minima_have_their_own_factors_and_thresholds(unbalanced):
    calm = unbalanced[(unbalanced["start_ratio"] == 4) & (unbalanced["step"] < 0.46)]
    assert set(calm["stable_below"]) == {2 / 4.25}
    assert len(calm) == 4
    assert (calm["sharpness"] / calm["start_sharpness"]).to_numpy() == pytest.approx(np.ones(4), abs=0.05)
    assert calm["factor"].to_numpy() == pytest.approx(calm["predicted_factor"].to_numpy(), abs=1e-4)
    # the residual falls by 1 - eta/4 at most, far from the balanced 1 - eta
    assert calm["factor"].min() > 0.87


def test_beyond_its_threshold_a_minimum_is_left_for_a_better_balanced_one(unbalanced):
    thrown = unbalanced[(unbalanced["start_ratio"] == 4) & (unbalanced["step"] == 0.6)]
    assert (thrown["start_sharpness"] == 0.6 * 4.25).all()
    assert (thrown["end"] == "converged").all()
    assert (thrown["sharpness"] < 2).all()
    assert (thrown["imbalance"] < 0.8 * thrown["start_imbalance"]).all()


def test_on_the_plane_of_the_minimum_imbalance_falls_by_its_exact_factor():
    target = random_target(SEED, 4, 3, [1.0])
    x, y, eta = 1.5, 0.4, 0.7
    U, V = x * target.left[None], y * target.right[None]
    moment = next(descend(U, V, target.matrix[None], [np.array([eta])], [1]))
    found = (moment.U**2).sum() - (moment.V**2).sum()
    # a dozen roundings of numbers of size 2
    assert found == pytest.approx((x * x - y * y) * (1 - eta**2 * (x * y - 1) ** 2), rel=1e-14)
    exact = [Fraction(value) for value in (x, y, eta)]
    X, Y = exact[0], exact[1]
    E = X * Y - 1
    moved = (X - exact[2] * E * Y) ** 2 - (Y - exact[2] * E * X) ** 2
    assert moved == (X * X - Y * Y) * (1 - exact[2] ** 2 * E * E)


# --- large steps


def test_beyond_the_threshold_iterates_take_the_known_cycle_of_two(small):
    found = [(row, orbit) for row, _, orbit in small if row["step"] == 1.1]
    # eta x^2 of the two iterates are the roots of z^2 - (1 + eta) z + 1
    roots = np.sort(np.roots([1, -2.1, 1])) / 1.1
    for row, orbit in found:
        assert (row["end"], row["status"]) == ("period-2", "stalled")
        products = np.array([point["product"] for point in orbit])
        # its multiplier is 9 - 2 2.1^2 = 0.18: 1200 steps leave rounding alone
        assert np.sort(products[:2]) == pytest.approx(roots, rel=1e-10)
        assert products[2:] == pytest.approx(products[:-2], rel=1e-10)
        assert row["imbalance"] < 1e-9
        assert (row["cycle_below"], row["bounded_below"]) == (sqrt(5) - 1, 2)


def test_larger_steps_neither_settle_nor_diverge_and_larger_ones_diverge(small):
    assert {row["end"] for row, _, _ in small if row["step"] == 1.4} == {"aperiodic"}
    lost = [(row, orbit) for row, _, orbit in small if row["step"] == 2.2]
    assert {(row["end"], row["status"], len(orbit)) for row, orbit in lost} == {("diverged", "failed", 0)}
    assert all(row["message"].startswith("diverged after step ") for row, _ in lost)


STEPS = np.arange(float(ORBIT))


@pytest.mark.parametrize(
    ("residuals", "products", "expected"),
    [
        (1e-11 + 0 * STEPS, 1 + 0 * STEPS, "converged"),
        (0.9 + 0.01 * 0.99**STEPS, 0.1 - 0.01 * 0.99**STEPS, "slow"),
        (1 / np.sqrt(1000 + STEPS), 1 + (-1) ** STEPS / np.sqrt(1000 + STEPS), "slow"),
        (0.5 + 0 * STEPS, 1 + 0.5 * (-1) ** STEPS, "period-2"),
        (np.abs(np.cos(STEPS * np.pi / 2) + 0.1), 1 + np.cos(STEPS * np.pi / 2), "period-4"),
        (np.abs(np.cos(STEPS)), 1 + np.cos(STEPS), "aperiodic"),
        (np.where(STEPS < 60, 0.5, np.nan), 1 + 0 * STEPS, "diverged"),
    ],
)
def test_what_became_of_a_run(residuals, products, expected):
    assert ending(residuals, products) == expected


# --- steps to a residual


def test_steps_to_a_residual_are_the_flows_time_counted_in_steps(small):
    times = pd.DataFrame([time for _, times, _ in small for time in times])
    assert len(times) == 2 * 2 * 3 * 4  # trials, starts, the steps below 1, tolerances
    assert times.loc[times["step"] == 0.8, "predicted_steps"].isna().all()
    known = times[times["predicted_steps"].notna()]
    # counting rounds up, the corner between growth and decay is not sharp, and the rate is off by half the imbalance
    off = {(row["trial"], row["start"]): row["start_imbalance"] / 2 for row, _, _ in small}
    rates = np.array([off[name] for name in zip(known["trial"], known["start"], strict=True)])
    assert ((known["steps"] - known["predicted_steps"]).abs() - rates * known["steps"]).max() < 3
    assert rates.min() < 1e-5
    slow = known[(known["step"] == 0.1) & (known["trial"] == 0)].set_index(["start", "tolerance"])["steps"]
    # at 0.1 what does not grow is a third of the growing part's square, for a third of a unit of the flow's time
    assert slow[0.001, 0.1] - slow[0.1, 0.1] == pytest.approx(np.log(100) / np.log(1.1), abs=5)
    assert slow[0.1, 1e-9] - slow[0.1, 1e-6] == pytest.approx(np.log(1e-3) / np.log(0.9), abs=2)


def test_a_time_before_the_escape_is_all_growth():
    assert predicted_steps(2.0, 3.0, 0.1) == pytest.approx(2 / np.log(1.1))
    assert predicted_steps(5.0, 3.0, 0.1) == pytest.approx(3 / np.log(1.1) - 2 / np.log(0.9))
    assert predicted_steps(5.0, 3.0, 0.7) is None


# --- jobs


def test_bits_do_not_depend_on_what_else_the_job_computes(small):
    alone = RankOneBlock(**vars(SMALL) | {"steps": SMALL.steps[3:4], "starts": SMALL.starts[1:], "trials": 1})
    wanted = [found for found in small if (found[0]["trial"], found[0]["start"], found[0]["step"]) == (0, 0.001, 1.1)]
    assert rank_one_rows(alone, SEED) == wanted


def test_the_stage_writes_the_three_tables(tmp_path):
    block = RankOneBlock(**vars(SMALL) | {"iterations": 200, "trials": 1, "imbalances": fractions("2")})
    assert read_again(block) == block
    outputs = {name: tmp_path / f"{name}.parquet" for name in ("runs", "times", "orbits")}
    run_stage("measure_rank_one", outputs, block=block, seed=5)
    runs, times, orbits = map(read_table, outputs.values())
    schemas = (RANK_ONE, RANK_ONE_TIMES, RANK_ONE_ORBITS)
    assert [table.schema.names for table in (runs, times, orbits)] == [schema.names for schema in schemas]
    assert (runs.num_rows, times.num_rows, orbits.num_rows) == (6 * 3, 3 * 2 * 4, 5 * 2 * ORBIT)


GRID = {
    "size": [8, 6],
    "steps": {"from": 0.1, "to": 0.55, "by": "0.2"},
    "starts": [0.1],
    "tolerances": [1e-6],
    "iterations": 200,
}


def test_a_grid_makes_a_job_of_each_kind_of_start():
    blocks = RankOneGrid.model_validate(GRID).blocks
    assert list(blocks) == ["small", "unbalanced"]
    assert blocks["small"].steps == fractions("0.1", "0.3", "0.5")
    assert (blocks["small"].imbalances, blocks["unbalanced"].starts) == ((), ())
    assert blocks["unbalanced"].imbalances == (1,)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"size": [8, 1]}, "size is [8, 1], expected two rows and two columns at least"),
        ({"steps": {"from": 1, "to": 0.5, "by": 0.1}}, "from 1 to 0.5 holds no step, expected from <= to"),
        ({"steps": [0.1, 0]}, "0 is out of range, expected a number above 0"),
        ({"tolerances": [1e-20]}, "tolerances reach down to 1e-20, expected at least 1e-14"),
        ({"iterations": 5}, "128"),
        ({"iterations": 10**8}, "iterations is 100000000 for the 3 runs of a job, expected at most 1e+08 steps in all"),
        ({"imbalance": [2]}, "the key 'imbalance' is not known here, expected one of size, steps"),
    ],
)
def test_a_mistake_is_refused_in_one_sentence(change, said):
    with pytest.raises(ValidationError) as refusal:
        RankOneGrid.model_validate(GRID | change)
    assert said in describe(refusal.value)
    assert "\n" not in describe(refusal.value)


def test_a_run_that_falls_towards_a_cycle_is_not_slow():
    # eta sigma = 1.01: u v^T = 1 is unstable by a factor of 1.02, and the cycle beside it attracts by 9 - 2 (2.01)^2
    told = fractions("0.99", "1.01"), fractions("0.3", "0.001"), (), Fraction(1, 100), fractions("1e-3"), 500, 2
    for row, _, _ in rank_one_rows(RankOneBlock(2, 5, *told), 1):
        assert row["end"] == ("slow" if row["step"] < 1 else "period-2")
