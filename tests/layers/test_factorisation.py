"""Asymmetric factorisation: the step identity, the drift's constant, the flow in closed form, the tail's rate."""

from fractions import Fraction

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.integrate import solve_ivp
from stage_tools import read_again, run_stage

from dlnflow.config.errors import describe
from dlnflow.experiments.layers.factorisation import factorisation_rows, moments_until, step_lengths
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock
from dlnflow.experiments.layers.factorisation_config import FactorisationGrid
from dlnflow.experiments.layers.factorisation_tables import FACTORISATION_SAMPLES, FACTORISATIONS
from dlnflow.files.tables import read_table
from dlnflow.layers.factorisation import balance, descend, gradients, random_target, small_start, tail_rates
from dlnflow.layers.factorisation_flow import balanced_residuals, predicted_drifts, time_to
from dlnflow.results import Status

SEED = 19
BLOCK = FactorisationBlock(
    rows=5,
    columns=4,
    values=(Fraction(3, 5), Fraction(1)),
    start=Fraction(1, 20),
    constant=Fraction(1, 2),
    decays=(Fraction(0), Fraction(3, 5), Fraction(1)),
    steps=3000,
    trials=2,
)


def instance(rows=5, columns=4, values=(1.0, 0.6), start=0.05, trial=0):
    return random_target(SEED, rows, columns, values, trial), *small_start(
        SEED, rows, columns, len(values), start, trial
    )


def run(target, U, V, steps, times):
    return list(descend(U[None], V[None], target.matrix[None], np.asarray(steps)[:, None], times))


# --- one step, exactly


def rationals(matrix):
    return np.vectorize(Fraction, otypes=[object])(matrix)


def test_one_step_changes_the_balance_by_the_identity_in_rational_arithmetic():
    target, U, V = instance(3, 2, (1.0,), 0.5)
    eta = Fraction(1, 3)
    exact_U, exact_V, M = rationals(U), rationals(V), rationals(target.matrix)
    E = exact_U @ exact_V.T - M
    next_U, next_V = exact_U - eta * (E @ exact_V), exact_V - eta * (E.T @ exact_U)
    change = next_U.T @ next_U - next_V.T @ next_V - (exact_U.T @ exact_U - exact_V.T @ exact_V)
    told = eta**2 * (exact_V.T @ E.T @ E @ exact_V - exact_U.T @ E @ E.T @ exact_U)
    assert (change == told).all()
    moment = run(target, U, V, [float(eta)], [1])[0]
    # entries of size 1 and a dozen operations each of 1e-16
    assert moment.U[0] == pytest.approx(next_U.astype(float), abs=1e-15)
    assert moment.told[0] == pytest.approx(told.astype(float), abs=1e-15)
    assert moment.drift[0] == pytest.approx(told.astype(float), abs=4e-15)


def test_the_drift_is_the_sum_of_the_changes_and_below_its_bound():
    target, U, V = instance()
    for moment in run(target, U, V, step_lengths(0.7, 0.6, 4000), [1, 30, 1000, 4000]):
        defect = np.linalg.norm(moment.drift - moment.told) / moment.size[0]
        assert defect < 1e-13  # what the issue asks; 4000 roundings of 1e-16 that do not conspire
        assert np.linalg.norm(moment.drift) <= moment.bound[0] * (1 + 1e-12)
    assert np.linalg.norm(moment.drift) > 1e-5


def test_sums_of_steps_are_kept():
    target, U, V = instance()
    steps = step_lengths(0.5, 0.75, 50)
    assert steps[:3] == pytest.approx([0.5, 0.5 / 2**0.75, 0.5 / 3**0.75], rel=1e-15)
    moment = run(target, U, V, steps, [50])[0]
    assert moment.path[0] == pytest.approx(sum(0.5 * t**-0.75 for t in range(1, 51)), rel=1e-13)
    assert moment.squares[0] == pytest.approx(sum(0.25 * t**-1.5 for t in range(1, 51)), rel=1e-13)


def test_where_the_steps_end_the_moments_end():
    target, U, V = instance()
    assert [moment.time for moment in run(target, U, V, step_lengths(0.5, 1, 10), [0, 5, 20])] == [0, 5]


# --- the drift to first order


def test_the_drift_is_of_first_order_in_the_step_with_the_constant_of_the_flow():
    target, U, V = instance(start=0.3)
    ratios, drifts = [], []
    for eta in (0.04, 0.02, 0.01):
        steps = np.full(round(12 / eta), eta)
        moment = run(target, U, V, steps, [len(steps)])[0]
        told = predicted_drifts(target.matrix, U, V, steps, [len(steps)])[0]
        drifts.append(np.linalg.norm(moment.drift))
        ratios.append(np.linalg.norm(moment.drift[0] - told) / np.linalg.norm(told))
    assert drifts[1] / drifts[2] == pytest.approx(2, rel=0.02)  # the next order is 0.8 eta, as the ratios show
    assert ratios[2] < 0.012
    assert ratios[1] / ratios[2] == pytest.approx(2, rel=0.05)


# --- the balanced flow


def balanced_start(rows=5, columns=4, rank=2, size=0.2):
    rng = np.random.default_rng(3)
    U = size * rng.standard_normal((rows, rank))
    values, vectors = np.linalg.eigh(U.T @ U)
    basis = np.linalg.qr(rng.standard_normal((columns, rank)))[0]
    return U, basis @ (vectors * np.sqrt(values)) @ vectors.T


def integrated(M, U, V, times):
    """||U V^T - M|| of the flow by another integrator of the definition."""

    def slope(t, point):
        _, by_U, by_V = gradients(point[: U.size].reshape(U.shape), point[U.size :].reshape(V.shape), M)
        return -np.concatenate([by_U.ravel(), by_V.ravel()])

    start = np.concatenate([U.ravel(), V.ravel()])
    found = solve_ivp(slope, (0, times[-1]), start, "Radau", t_eval=times, rtol=1e-9, atol=1e-12).y.T
    return [np.linalg.norm(p[: U.size].reshape(U.shape) @ p[U.size :].reshape(V.shape).T - M) for p in found]


@pytest.mark.parametrize(
    ("rows", "columns", "values"), [(5, 4, (1.0, 0.6)), (4, 4, (2.0, 1.0, 0.5)), (2, 3, (1.0, 1.0))]
)
def test_the_balanced_flow_in_closed_form_is_the_flow(rows, columns, values):
    target = random_target(SEED, rows, columns, values)
    U, V = balanced_start(rows, columns, len(values))
    assert np.abs(balance(U, V)).max() < 1e-15
    times = np.array([0.0, 0.3, 1, 3, 8, 15])
    # the integrator's tolerance, over times of 15
    assert balanced_residuals(target, U, V, times) == pytest.approx(integrated(target.matrix, U, V, times), rel=1e-5)


def test_a_small_start_that_is_not_balanced_changes_it_in_second_order():
    errors = []
    for start in (0.0125, 0.00625):
        target, U, V = instance(start=start, trial=1)
        flow, closed = (
            integrated(target.matrix, U, V, [0, 20.0])[1],
            balanced_residuals(target, U, V, np.array([20.0]))[0],
        )
        errors.append(abs(closed / flow - 1))
    assert errors[1] > 1e-3  # a hundred times what the integrator adds
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.15)  # falling: 7, 5, 4.2 at starts of 0.1, 0.05, 0.025


def test_the_closed_form_holds_its_digits_to_any_residual():
    target, U, V = instance()
    near, far = balanced_residuals(target, U, V, np.array([200.0, 400.0]))
    # the slowest rate is 0.6: 1e-52 and 1e-104 where U V^T - M itself rounds at 1e-16
    assert np.log(near / far) / 200 == pytest.approx(0.6, rel=1e-12)
    assert time_to(target, U, V, near) == pytest.approx(200, rel=1e-12)


# --- the rate of the tail


def linearised_rates(U, V):
    """Rates of U V^T's first-order changes under the flow: E -> E V V^T + U U^T E on the tangent space, as a matrix."""
    rows, columns = len(U), len(V)
    operator = np.kron(np.eye(rows), V @ V.T) + np.kron(U @ U.T, np.eye(columns))
    moves = np.hstack(
        [
            *(np.kron(np.eye(rows)[:, [i]], V[:, [j]]) for i in range(rows) for j in range(V.shape[1])),
            *(np.kron(U[:, [j]], np.eye(columns)[:, [i]]) for i in range(columns) for j in range(U.shape[1])),
        ]
    )
    left, sizes, _ = np.linalg.svd(moves)
    tangents = left[:, : np.sum(sizes > 1e-9)]
    return np.linalg.eigvalsh(tangents.T @ operator @ tangents)


@pytest.mark.parametrize(("rows", "columns", "rank"), [(5, 4, 2), (3, 3, 3), (2, 4, 2), (4, 2, 2)])
def test_the_tail_rate_is_the_least_of_the_linearised_flow(rows, columns, rank):
    rng = np.random.default_rng(rank)
    U, V = rng.standard_normal((rows, rank)), rng.standard_normal((columns, rank))
    rates, (slowest, other, fastest) = linearised_rates(U, V), tail_rates(U, V)
    assert (slowest, fastest) == pytest.approx((rates[0], rates[-1]), rel=1e-9)
    assert np.abs(rates / other - 1).min() < 1e-9


def test_rows_hold_rate_drift_and_a_status_for_every_cell():
    rows = factorisation_rows(BLOCK, SEED)
    assert [(row["trial"], row["decay"]) for row, _ in rows] == [(t, p) for t in (0, 1) for p in (0, 0.6, 1)]
    by_decay = {row["decay"]: row for row, _ in rows[:3]}
    for decay in (0, 0.6):
        row = by_decay[decay]
        assert row["status"] == Status.CONVERGED
        # the flow's rate is within 1e-3 of its limit, and two rates that imbalance sets apart are measured as one
        assert row["ratio"] == pytest.approx(1, abs=2e-3 + row["other_rate"] / row["rate"] - 1)
        assert row["other_rate"] / row["rate"] < 1.02
        assert row["rate"] == pytest.approx(0.6, abs=0.02)  # of the balanced minimum, off by the start's imbalance
    slow = by_decay[1]
    assert slow["status"] == Status.STALLED
    assert slow["message"].startswith("the residual is 0.")
    assert slow["residual"] == pytest.approx(slow["predicted_residual"], rel=0.2)  # c sigma = 1/2 is no small step
    assert all(row["identity_defect"] < 1e-13 for row, _ in rows)
    for row, samples in rows:
        assert set(row) == set(FACTORISATIONS.names)
        assert set(samples[0]) == set(FACTORISATION_SAMPLES.names)
        assert [sample["time"] for sample in samples] == moments_until(BLOCK.steps)
        assert all(sample["drift"] <= sample["drift_bound"] * (1 + 1e-9) + 1e-15 for sample in samples)


@pytest.mark.parametrize("decay", [0, 0.6, 1])
def test_the_predicted_number_of_steps_is_where_the_predicted_residual_arrives(decay):
    block = FactorisationBlock(5, 4, (Fraction(1),), Fraction(1, 20), Fraction(3, 2), (Fraction(str(decay)),), 40, 1)
    row = factorisation_rows(block, SEED)[0][0]
    steps = round(10 ** row["log10_steps"])
    target, U, V = instance(values=(1.0,))
    wanted = time_to(target, U, V, 1e-6 * np.linalg.norm(target.matrix))
    taken = sum(step_lengths(1.5, decay, steps))
    # the midpoint rule beyond T = 40 steps is off by c p T^-(1 + p)/24, and the count is rounded
    off = 1.5 * decay * 40 ** -(1 + decay) / 24
    assert taken == pytest.approx(wanted, abs=off + 1.5 * step_lengths(1.5, decay, steps)[-1])


def test_bits_do_not_depend_on_what_else_the_job_computes():
    alone = FactorisationBlock(**vars(BLOCK) | {"decays": BLOCK.decays[1:2], "trials": 1})
    longer = FactorisationBlock(**vars(BLOCK) | {"steps": 3500})
    (row, samples), *_ = factorisation_rows(alone, SEED)
    assert (row, samples) == factorisation_rows(BLOCK, SEED)[1]
    more = factorisation_rows(longer, SEED)[1][1]
    # the flow behind the predicted drift is interpolated on its own steps, the last of which moved
    measured = [name for name in FACTORISATION_SAMPLES.names if name != "predicted_drift"]
    assert [[s[name] for name in measured] for s in more[: len(samples) - 1]] == [
        [s[name] for name in measured] for s in samples[:-1]
    ]


def test_what_diverges_is_a_row_and_harms_no_other():
    block = FactorisationBlock(**vars(BLOCK) | {"constant": Fraction(4), "steps": 500})
    rows = [row for row, _ in factorisation_rows(block, SEED)[:3]]
    assert [row["status"] for row in rows][:2] == [Status.FAILED, Status.CONVERGED]
    assert "diverged after step" in rows[0]["message"]
    assert rows[0]["steps"] < 40
    assert all(np.isfinite(row["residual"]) for row in rows)


def test_the_stage_writes_both_tables(tmp_path):
    block = FactorisationBlock(**vars(BLOCK) | {"steps": 30, "trials": 1})
    assert read_again(block) == block
    outputs = {name: tmp_path / f"{name}.parquet" for name in ("factorisations", "samples")}
    run_stage("measure_factorisation", outputs, block=block, seed=5)
    rows, samples = map(read_table, outputs.values())
    assert (rows.num_rows, samples.num_rows) == (3, 3 * len(moments_until(30)))


GRID = {"size": [8, 6], "singular_values": [1, 0.6], "constants": [0.1, "1/3"], "decays": [0, 0.6], "steps": 10}


def test_a_grid_makes_a_job_of_each_constant():
    blocks = FactorisationGrid.model_validate(GRID).blocks
    assert list(blocks) == ["constant-0.1", "constant-1_3"]
    assert blocks["constant-1_3"].constant == Fraction(1, 3)
    assert blocks["constant-0.1"].decays == (0, Fraction(3, 5))
    equal = FactorisationGrid.model_validate(GRID | {"singular_values": [2, 1, 1]})
    assert equal.blocks["constant-0.1"].values == (1, 1, 2)  # a rank of 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"singular_values": [1, 2, 3], "size": [8, 2]}, "size is [8, 2] for 3 singular values, expected at least as"),
        ({"singular_values": [1e-3, 1e4]}, "singular_values go from 1e-3 to 1e4, expected a ratio of at most 1e+06"),
        ({"decays": [1.5]}, "1.5 is out of range, expected a power from 0 to 1"),
        ({"constants": [0]}, "0 is out of range, expected a number above 0"),
        ({"constants": [0.1, 0.1, -1]}, "-1 is out of range, expected a number above 0"),
        ({"start": 2}, "expected a number above 0 and at most 1"),
        ({"steps": 10**8}, "steps is 100000000 for the 2 runs of a job, expected at most 1e+08 steps in all"),
    ],
)
def test_a_mistake_is_refused_in_one_sentence(change, said):
    with pytest.raises(ValidationError) as refusal:
        FactorisationGrid.model_validate(GRID | change)
    assert said in describe(refusal.value)
    assert "\n" not in describe(refusal.value)
