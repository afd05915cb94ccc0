"""Layered networks: gradients, identities, invariants by flow and by descent, starts, and the rows of them."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest
import yaml
from places import ROOT
from stage_tools import job_words, read_again, run_script, run_stage

from dlnflow.assembly.config import read_config
from dlnflow.config.errors import ConfigError
from dlnflow.experiments.layers.rows import grid_of, layer_rows
from dlnflow.experiments.layers.tables import COURSES, DRIFTS, STARTS
from dlnflow.files.tables import read_table
from dlnflow.layers.architecture import Architecture
from dlnflow.layers.diagonal import exact_product, exact_step, factor_errors, factors, stepped
from dlnflow.layers.flow import gradient_flow
from dlnflow.layers.gradient import LEAK, Loss, samples_of
from dlnflow.layers.invariants import forms, identity_error, invariants, squared_norms
from dlnflow.layers.starts import FACTORS, Samples, growth_time, weights_of
from dlnflow.problems.problem import ProblemError

SEED = 20260807
"""Of no grid."""
DIAGONAL = Architecture("diagonal", "linear", (5,) * 4, 3)
DENSE = Architecture("dense", "relu", (2, 4, 3, 2), 4)
LINE = Architecture("convolution", "relu", (2, 3, 2, 2), 3, (6,), 3)
IMAGE = Architecture("convolution", "relu", (1, 2, 2), 3, (3, 4), 2)
ACTIVATIONS = ("linear", "relu", "leaky_relu")
NETWORKS = [DIAGONAL, replace(DENSE, activation="linear"), DENSE, replace(LINE, activation="leaky_relu"), IMAGE]
TANH = replace(DENSE, activation="tanh")
NARROW = Architecture("dense", "relu", (2, 3, 1), 4)
"""Where a width of its own is compiled."""


def name(network):
    return f"{network.kind}-{len(network.image)}-{network.activation}"


@cache
def data_of(network):
    return samples_of(network, SEED, 0)


@cache
def loss_of(network, width):
    """Compiled once for all tests."""
    return Loss(network, data_of(network), width)


def loss_and_weights(network, width=0.0):
    return loss_of(network, width), weights_of(network, SEED, 0, "unbalanced")


every_network = pytest.mark.parametrize("network", NETWORKS, ids=name)


# --- the network and its gradient


def by_loops(network, weights, inputs):
    """The outputs by the definition, unit by unit."""
    phi = {
        "linear": lambda z: z,
        "relu": lambda z: np.maximum(z, 0),
        "leaky_relu": lambda z: np.where(z > 0, z, LEAK * z),
        "tanh": np.tanh,
    }[network.activation]
    layers, found = network.split(weights), []
    for values in inputs:
        for W in layers[:-1]:
            if network.kind == "dense":
                values = phi(np.array([row @ values for row in W]))
                continue
            sides = [v - k + 1 for v, k in zip(values.shape[1:], W.shape[2:], strict=True)]
            after = np.zeros((len(W), *sides))
            for place in np.ndindex(*sides):
                window = (slice(None), *(slice(p, p + network.kernel) for p in place))
                for c in range(len(W)):
                    after[(c, *place)] = np.sum(W[c] * values[window])
            values = phi(after)
        found.append([np.sum(W * values) for W in layers[-1]])
    return np.array(found)


@pytest.mark.parametrize("network", [*NETWORKS[1:], TANH], ids=name)
def test_the_loss_is_that_of_the_definition(network):
    loss, weights = loss_and_weights(network)
    samples = data_of(network)
    residual = by_loops(network, weights, samples.inputs) - samples.targets
    assert loss.value(weights) == pytest.approx(np.sum(residual**2) / (2 * len(residual)), rel=1e-13)


@pytest.mark.parametrize("network", [*NETWORKS, TANH], ids=name)
def test_gradients_are_central_differences(network):
    loss, weights = loss_and_weights(network)
    h = 1e-6
    found = [(loss.value(weights + h * e) - loss.value(weights - h * e)) / (2 * h) for e in np.eye(network.size)]
    # rounding of the loss, 1e-16 of about 10, over h; no kink is within h of these samples
    assert loss.gradient(weights) == pytest.approx(np.array(found), abs=5e-8)
    assert loss.gradients(np.array([weights, 2 * weights]))[0] == pytest.approx(loss.gradient(weights), rel=1e-14)


def test_the_jacobian_of_gates_with_a_width_is_that_of_their_flow():
    loss, weights = loss_and_weights(NARROW, width=0.5)
    h = 1e-6
    found = [(loss.gradient(weights + h * e) - loss.gradient(weights - h * e)) / (2 * h) for e in np.eye(NARROW.size)]
    assert np.abs(loss.jacobian(weights).T - np.array(found)).max() < 1e-7
    # with a width that matters gates are open, and the gradient is not that of ReLU
    assert len(loss.open_gates(weights[None])[0]) > 0
    assert np.abs(loss.gradient(weights) - loss_and_weights(NARROW)[0].gradient(weights)).max() > 1e-3


def test_open_gates_say_how_the_gradient_changes_with_each():
    # one hidden unit and one sample: W_2 = (a), z = w.x, prediction a m z; the gradient in a is r m z, in w r a m x
    network = Architecture("dense", "relu", (2, 1, 1), 1)
    samples, weights = Samples(np.array([[1.0, 2.0]]), np.array([[3.0]])), np.array([0.3, -0.1, 0.7])
    points, variances, changes = Loss(network, samples, 0.8).open_gates(weights[None])
    z, a, s = 0.1, 0.7, 0.1 / 0.8 + 0.5
    gate = s * s * (3 - 2 * s)
    residual, by_gate = a * gate * z - 3, a * z
    assert points.tolist() == [0]
    assert variances == pytest.approx([gate * (1 - gate)], rel=1e-12)
    slope = residual + gate * by_gate  # of residual times gate, in the gate
    assert changes[0] == pytest.approx([slope * a * 1, slope * a * 2, slope * z], rel=1e-12)


# --- invariants


@pytest.mark.parametrize(("network", "width"), [*((network, 0.0) for network in NETWORKS), (NARROW, 0.5)])
def test_the_identity_behind_the_invariants_holds_to_rounding_whatever_the_gates_width(network, width):
    loss, weights = loss_and_weights(network, width)
    assert identity_error(network, weights, loss.gradient(weights)) < 1e-13  # the issue's


def test_the_identity_fails_for_tanh():
    loss, weights = loss_and_weights(TANH)
    assert identity_error(TANH, weights, loss.gradient(weights)) > 1e-3


def test_invariants_are_what_their_names_say():
    network = Architecture("dense", "linear", (2, 3, 4, 2), 3)
    weights = weights_of(network, SEED, 0, "unbalanced")
    W = network.split(weights)
    found = invariants(network, weights)
    for h in range(2):
        assert found["layers"][h] == pytest.approx([np.sum(W[h + 1] ** 2) - np.sum(W[h] ** 2)], rel=1e-14)
        neurons = [np.sum(W[h][j] ** 2) - np.sum(W[h + 1][:, j] ** 2) for j in range(len(W[h]))]
        assert found["neurons"][h] == pytest.approx(neurons, rel=1e-13)
        matrix = W[h + 1].T @ W[h + 1] - W[h] @ W[h].T
        assert found["matrices"][h].reshape(matrix.shape) == pytest.approx(matrix, rel=1e-13)
        assert np.diag(matrix) == pytest.approx(-found["neurons"][h], rel=1e-12)
    a = DIAGONAL.split(weights_of(DIAGONAL, SEED, 0, "unbalanced"))
    found = invariants(DIAGONAL, DIAGONAL.join(a))["coordinates"]
    assert [pair.tolist() for pair in found] == [(y**2 - x**2).tolist() for x, y in pairwise(a)]
    kernels = LINE.split(weights_of(LINE, SEED, 0, "unbalanced"))
    channel = np.sum(kernels[0][1] ** 2) - np.sum(kernels[1][:, 1] ** 2)
    assert invariants(LINE, LINE.join(kernels))["neurons"][0][1] == pytest.approx(channel, rel=1e-13)


def test_matrices_are_conserved_by_linear_dense_layers_alone():
    assert "matrices" not in invariants(DENSE, weights_of(DENSE, SEED, 0, "unbalanced"))
    linear = replace(DENSE, activation="linear")
    loss, weights = loss_and_weights(linear)
    gradient = loss.gradient(weights)
    assert max(np.abs(pair).max() for pair in forms(linear, weights, gradient)["matrices"]) < 1e-13
    relu, weights = loss_and_weights(DENSE)
    assert max(np.abs(pair).max() for pair in forms(linear, weights, relu.gradient(weights))["matrices"]) > 1e-3


@every_network
def test_a_step_of_descent_changes_an_invariant_by_its_form_of_the_gradient(network):
    loss, weights = loss_and_weights(network)
    step = 0.125
    after, gradient = loss.descend(weights, step, 1), loss.gradient(weights)
    size = np.sum(after**2) + np.sum(weights**2)
    for kind, pairs in invariants(network, after).items():
        before, told = invariants(network, weights)[kind], invariants(network, gradient)[kind]
        for h, values in enumerate(pairs):
            # the squares of after and of weights are rounded, each by 1e-16 of its size
            assert values - before[h] == pytest.approx(step**2 * told[h], abs=1e-14 * size)


# --- starts


@every_network
def test_a_balanced_start_has_no_invariant_and_a_tiny_one_is_the_unbalanced_made_small(network):
    balanced = weights_of(network, SEED, 0, "balanced")
    norm = squared_norms(network, balanced).max()
    assert max(np.abs(pair).max() for pairs in invariants(network, balanced).values() for pair in pairs) < 1e-13 * norm
    assert norm > 0.1
    unbalanced = weights_of(network, SEED, 0, "unbalanced")
    assert max(np.abs(pair).max() for pairs in invariants(network, unbalanced).values() for pair in pairs) > 0.1
    assert weights_of(network, SEED, 0, "tiny", 0.25) == pytest.approx(unbalanced / 4, rel=1e-15)
    assert FACTORS[0] > 2 * FACTORS[1]


def test_instances_are_functions_of_seed_sizes_and_trial():
    def weights(network, seed=SEED, trial=0):
        return weights_of(network, seed, trial, "unbalanced")

    assert np.array_equal(weights(DENSE), weights(replace(DENSE, activation="tanh", samples=9)))
    assert not np.array_equal(weights(DENSE), weights(DENSE, trial=1))
    assert not np.array_equal(weights(DENSE), weights(DENSE, seed=SEED + 1))
    assert not np.array_equal(data_of(DENSE).inputs, samples_of(DENSE, SEED, 1).inputs)
    assert np.mean(data_of(replace(LINE, activation="leaky_relu")).targets ** 2) == pytest.approx(1, rel=1e-14)


# --- the flow


@pytest.mark.parametrize("network", [DIAGONAL, replace(DENSE, activation="linear"), DENSE], ids=name)
def test_the_flow_keeps_its_invariants_to_ten_times_the_tolerance(network):
    loss, weights = loss_and_weights(network, width=1e-3)
    for tolerance in (1e-4, 1e-8):
        path = gradient_flow(loss, weights, 2.0, tolerance)
        assert (path.status, path.times[-1]) == ("converged", pytest.approx(2.0, rel=1e-12))
        norm = squared_norms(network, path.weights).max()
        for pairs in invariants(network, path.weights).values():
            for values in pairs:
                assert np.linalg.norm(values - values[0], axis=-1).max() <= 10 * tolerance * norm
    assert loss.value(path.weights[-1]) < loss.value(weights) / 2


def test_both_integrators_follow_one_flow():
    from dlnflow.layers import flow as layers_flow

    loss, weights = loss_and_weights(TANH)
    told = 1e-9, 1e-9, True
    explicit = layers_flow._explicit(loss, weights, 2.0, *told)
    implicit = layers_flow._implicit(loss, weights, 2.0, *told)
    # the error of either grows by no more than a hundredfold over so short a time
    assert explicit.weights[-1] == pytest.approx(implicit.weights[-1], abs=1e-7)
    # BDF's steps are about 1e-2 long here, and the trapezoidal rule's error is their square over 12
    assert explicit.energies == pytest.approx(implicit.energies, rel=1e-3)
    for kind, pairs in explicit.integral.items():
        for ours, other in zip(pairs, implicit.integral[kind], strict=True):
            assert ours == pytest.approx(other, abs=1e-3 * explicit.energies.max())


def test_an_integrator_that_gives_up_says_stalled(monkeypatch):
    loss, weights = loss_and_weights(DENSE, width=1e-3)
    monkeypatch.setattr("dlnflow.layers.flow.MOST_STEPS", 3)
    assert gradient_flow(loss, weights, 5.0, 1e-8).status == "stalled"
    loss, weights = loss_and_weights(DIAGONAL)
    assert gradient_flow(loss, weights, 50.0, 1e-8).status == "stalled"


# --- the diagonal network's exact factor


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_the_factor_is_exact_in_rationals_and_to_rounding_in_floats(depth):
    rng = np.random.default_rng(depth)
    layers = [[Fraction(int(a), 64) for a in row] for row in rng.integers(20, 90, (depth, 3))]
    slope, step = [Fraction(int(g), 32) for g in rng.integers(-50, 50, 3)], Fraction(1, 10)
    after = exact_step(layers, slope, step)
    as_floats = np.array(layers, dtype=float), np.array(slope, dtype=float)
    for k, low in combinations(range(depth), 2):
        expected = factors(*as_floats, float(step), k, low)
        for i in range(3):
            factor = 1 - step**2 * slope[i] ** 2 * exact_product(layers, i, {k, low}) ** 2
            before = layers[k][i] ** 2 - layers[low][i] ** 2
            assert after[k][i] ** 2 - after[low][i] ** 2 == factor * before
            assert expected[i] == pytest.approx(float(factor), abs=1e-14)  # the issue's
    assert stepped(*as_floats, float(step)) == pytest.approx(np.array(after, dtype=float), rel=1e-13)


def test_the_errors_of_the_factor_are_rounding_and_grow_where_the_step_is_wrong(monkeypatch):
    samples, layers = (
        data_of(DIAGONAL),
        np.array(DIAGONAL.split(weights_of(DIAGONAL, SEED, 0, "unbalanced"))),
    )
    found = factor_errors(samples, layers, 0.01, 200)
    assert max(found.step, found.factor) < 1e-14
    # one that diverges is measured as far as it goes
    wild = factor_errors(samples, layers, 10.0, 200)
    assert max(wild.step, wild.factor) < 1e-14
    monkeypatch.setattr("dlnflow.layers.diagonal.others", lambda layers, k, low: 1.001 * np.ones(layers.shape[1]))
    wrong = factor_errors(samples, layers, 0.01, 200)
    assert min(wrong.step, wrong.factor) > 1e-8


# --- rows

GRID = grid_of(
    ["unbalanced"],
    ["0.2"],
    end_time="1",
    tolerances=("1e-4", "1e-8"),
    steps=("1e-2", "5e-3", "2.5e-3"),
    gate_width="1e-3",
)


def rows_of(network, grid=GRID):
    with pytest.MonkeyPatch.context() as patch:  # what is compiled already
        patch.setattr("dlnflow.experiments.layers.rows.Loss", lambda network, _, width=0.0: loss_of(network, width))
        patch.setattr("dlnflow.experiments.layers.rows.samples_of", lambda network, seed, trial: data_of(network))
        drifts, courses, starts = zip(*layer_rows("mine", network, SEED, 1, grid), strict=True)
    return [[row for rows in part for row in rows] for part in (drifts, courses, starts)]


@pytest.fixture(scope="module")
def relu():
    return rows_of(DENSE)


@pytest.fixture(scope="module")
def diagonal():
    return rows_of(DIAGONAL)


@pytest.mark.parametrize("kind", ["relu", "diagonal"])
def test_descent_drifts_to_first_order_with_the_predicted_constant(kind, request):
    drifts, _, starts = request.getfixturevalue(kind)
    descent = [row for row in drifts if row["method"] == "descent"]
    finest = [row for row in descent if row["step"] < 2.6e-3]
    assert finest
    for row in finest:
        assert row["slope"] == pytest.approx(1, abs=0.05)
        assert row["off"] < 0.05
        # the difference is of the next order in the step: a quarter of it at a quarter of the step; of ReLU the gates'
        # width is left, and the order in which descent goes to and fro
        key = ("start", "start_size", "invariant", "pair")
        (coarsest,) = (r for r in descent if r["steps"] < 1.1 * row["steps"] / 4 and all(r[k] == row[k] for k in key))
        if kind == "diagonal":
            assert row["off"] < 0.3 * coarsest["off"]
    for row in starts:
        assert row["ratio"] == pytest.approx(row["predicted_ratio"], rel=1e-6)
        assert row["identity_error"] < 1e-13


def test_every_column_is_there_and_the_control_drifts(relu, diagonal):
    control = rows_of(TANH)
    for found in (relu, diagonal, control):
        for rows, schema in zip(found, (DRIFTS, COURSES, STARTS), strict=True):
            assert rows
            assert all(set(row) == set(schema.names) for row in rows)
    flow = [row for row in control[0] if row["method"] == "flow" and row["tolerance"] == 1e-8]
    assert max(row["over_tolerance"] for row in flow) > 1e5
    for row in relu[0]:
        assert row["status"] == "converged"
        if row["method"] == "flow":
            assert row["over_tolerance"] < 10


def test_descent_that_diverges_is_a_row_that_says_so():
    drifts, _, _ = rows_of(DIAGONAL, replace(GRID, starts=(("unbalanced", "1"),), steps=("4", "1e-2"), end_time="40"))
    wild = [row for row in drifts if row["method"] == "descent" and row["step"] == 4]
    assert wild
    for row in wild:
        assert (row["status"], row["drift"]) == ("out_of_float64", None)
        assert "diverged" in row["message"]


def test_a_start_that_fails_is_rows_that_say_so(monkeypatch):
    def refuse(*_):
        raise ArithmeticError("no flow today")

    monkeypatch.setattr("dlnflow.experiments.layers.rows.gradient_flow", refuse)
    for rows, schema in zip(rows_of(DIAGONAL), (DRIFTS, COURSES, STARTS), strict=True):
        assert {row["status"] for row in rows} == {"failed"}
        assert all(set(row) == set(schema.names) for row in rows)


def test_a_network_whose_layers_are_dead_has_no_targets_and_says_so(monkeypatch):
    narrow = Architecture("dense", "relu", (1, 1, 1), 1)
    # a unit is dead for half of the weights: the first teacher of some of these, and another is drawn
    assert all(samples_of(narrow, seed, 0).targets.any() for seed in range(4))
    monkeypatch.setattr("dlnflow.layers.gradient.MOST_TEACHERS", 0)
    found = rows_of(narrow)
    for rows in found:
        assert {row["status"] for row in rows} == {"failed"}
    assert "there is no target" in found[0][0]["message"]


def test_long_flows_of_smooth_networks_are_those_of_the_other_integrator(monkeypatch):
    loss, weights = loss_and_weights(DIAGONAL)
    short = gradient_flow(loss, weights, 2.0, 1e-8)
    monkeypatch.setattr("dlnflow.layers.flow.LONG", 1.0)
    long = gradient_flow(loss, weights, 2.0, 1e-8)
    assert (short.solver, long.solver) == ("DOP853", "CVODE BDF")
    assert long.weights[-1] == pytest.approx(short.weights[-1], abs=1e-6)  # a hundredfold of the tolerance


def test_tiny_starts_have_the_time_that_layers_take_to_grow():
    # w' = w^(L-1) from w = size to 1: log(1/size) at L = 2, (size^(2-L) - 1)/(L - 2) beyond
    assert growth_time(1.0, 5) == 1
    assert growth_time(np.exp(-3.0), 2) == pytest.approx(4)
    assert growth_time(0.1, 4) == pytest.approx(1 + 99 / 2)


def test_the_stage_writes_the_same_bits_on_one_core(tmp_path):
    told = {"name": "mine", "network": replace(NARROW, activation="linear"), "seed": 1, "named": ["unbalanced"]}
    told |= {"end_time": "0.5", "tolerances": ["1e-6"], "steps": ["1e-2"]}
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "scripts")])}
    pin = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if shutil.which("taskset") else []
    all_cores, one_core = (
        {part: tmp_path / folder / f"{part}.parquet" for part in ("drifts", "courses", "starts")}
        for folder in ("all", "one")
    )
    # here JAX has every core
    run_stage("measure_layers", all_cores, **told)
    call = [*pin, sys.executable, "-m", "run_job", *job_words("measure_layers", one_core, told)]
    subprocess.run(call, env=environment, check=True, capture_output=True)
    for first, second in zip(all_cores.values(), one_core.values(), strict=True):
        assert first.read_bytes() == second.read_bytes()
        assert read_table(first).num_rows > 0


# --- config

BASE = {"problems": {"line": {"A": [[1, 1, 1], [3, 0, 1]], "y": [3, 3]}}}
SPEC = {"kind": "dense", "activation": "relu", "widths": [2, 3, 1], "samples": 4}
CONVOLUTION = {"kind": "convolution", "activation": "relu", "channels": [1, 2], "image": [4], "kernel": 2, "outputs": 1}
CONVOLUTION |= {"samples": 3}


def configured(spec=SPEC, **more):
    layers = {"networks": {"mine": spec}, "tolerances": [1e-4], "steps": [1e-2]} | more
    return read_config(yaml.safe_load(yaml.safe_dump(BASE | {"layers": layers}))).layers


def test_networks_of_the_config_are_those_of_its_keys():
    assert configured().architectures["mine"] == Architecture("dense", "relu", (2, 3, 1), 4)
    assert configured(CONVOLUTION).architectures["mine"] == Architecture("convolution", "relu", (1, 2, 1), 3, (4,), 2)
    spec = {"kind": "diagonal", "depth": 3, "features": 5, "samples": 2}
    assert configured(spec).architectures["mine"] == Architecture("diagonal", "linear", (5,) * 4, 2)
    for network in (DENSE, IMAGE, DIAGONAL):
        assert read_again(network) == network


@pytest.mark.parametrize(
    ("spec", "more", "sentence"),
    [
        (
            {"kind": "dens"},
            {},
            "layers.networks.mine: its kind is 'dens', expected one of diagonal, dense, convolution",
        ),
        (SPEC | {"activation": "gelu"}, {}, "layers.networks.mine.activation is 'gelu', expected"),
        (SPEC | {"widths": [2, 3]}, {}, "layers.networks.mine.widths"),
        (SPEC | {"widths": [2, 0, 1]}, {}, "layers.networks.mine.widths[1] is 0, expected at least 1"),
        (SPEC | {"biases": True}, {}, "the key 'biases' is not known here, expected one of samples"),
        (SPEC | {"end_time": 0}, {}, "layers.networks.mine.end_time is 0"),
        (CONVOLUTION | {"kernel": 5}, {}, "leave nothing of an image of 4, expected a larger image or fewer layers"),
        (
            {"kind": "diagonal", "depth": 3, "features": 5, "samples": 5},
            {},
            "features is 5, expected more than samples, 5",
        ),
        (SPEC, {"tolerances": [1e-15]}, "expected a number from 1e-11 to 1e-2"),
        (SPEC, {"tolerances": []}, "layers.tolerances is [], expected at least one entry"),
        (SPEC, {"steps": [1e-7]}, "networks.mine takes 4/1e-7 steps, expected at most 1000000"),
        (
            SPEC | {"widths": [2] * 7},
            {"tiny": ["1e-3"]},
            "takes longer than 1e+12 to grow from the tiny start 1e-3, expected a",
        ),
        (SPEC | {"widths": [2] * 7}, {"tiny": ["0.03"]}, "expected at most 1000000"),
        (SPEC | {"widths": [100, 100, 100]}, {}, "layers.networks.mine: it has 20000 weights, expected at most 4000"),
        (3, {}, "layers.networks.mine is 3: expected a mapping with the key kind"),
        (SPEC, {"tiny": ["1e-200"]}, "layers.tiny[0] is '1e-200': expected at least 1e-100"),
        (SPEC, {"starts": ["zero"]}, "layers.starts[0] is 'zero', expected"),
        (SPEC, {"tiny": [2]}, "layers.tiny[0] is 2: expected a number above 0 and at most 1"),
    ],
)
def test_a_mistake_is_one_sentence(spec, more, sentence):
    with pytest.raises(ConfigError) as error:
        configured(spec, **more)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_network_of_one_layer_is_refused():
    with pytest.raises(ProblemError, match="a network of 1 layer, expected at least 2"):
        Architecture("dense", "relu", (2, 3), 4)


def test_the_stage_says_what_it_writes(capsys):
    with pytest.raises(SystemExit) as ended:
        run_script("run_job.py", "measure_layers", "--help")
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "how the invariants of one layered network drift" in said
    assert all(f"--{output} " in said for output in ("drifts", "courses", "starts"))
