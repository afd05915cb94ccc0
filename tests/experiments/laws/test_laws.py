"""Laws over ensembles: every prediction of theory, sections 2 and 3, on fresh random instances, and the rows of it.

What is predicted comes from linear programs of SciPy and NumPy's linear algebra here, not from the code under test.
"""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import exp, log, log10, prod

import flint
import numpy as np
import pytest
import yaml
from rho_by_definition import float_program, lattice, rho_by_certificates
from scipy.optimize import linprog
from stage_tools import run_stage

from dlnflow.assembly.config import read_config
from dlnflow.config.errors import ConfigError
from dlnflow.experiments.laws import block as laws_blocks
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.descent import Measured, descend, measurer, predict
from dlnflow.experiments.laws.rows import LEAST, SMALLEST, law_of, law_rows, reason
from dlnflow.experiments.laws.tables import LAW_CELLS, LAWS
from dlnflow.files.tables import read_table, write_tables
from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.problems.ensembles import gaussian, planted
from dlnflow.problems.problem import LINE, PLANE, Problem, kink
from dlnflow.results import Status
from dlnflow.theory.rho import off_support

SEED = 20260729
"""Of no grid."""
BLOCK = LawBlock("gaussian", "signed", 4, 8, 2, (0, 1, 2))
PLACES = 16, 256
"""LEAST and SMALLEST."""


# --- the predictions of theory, in floats


class Theory:
    """Exponent and constant of one problem and depth (theory, sections 2 and 3)."""

    def __init__(self, problem, depth):
        self.problem, self.depth, self.minimiser = problem, float(depth), basis_pursuit(problem)
        self.T, self.off = list(self.minimiser.support), off_support(problem, self.minimiser)
        self.signs = np.array(self.minimiser.signs)
        self.sizes = np.abs(selected_minimiser(self.minimiser, depth).x_float[self.T])

    def rate(self):
        """(e, C)"""
        return self._shallow() if self.depth == 2 else self._deep()

    def _shallow(self):
        if self.problem.features - self.problem.measurements == len(self.minimiser.kernel):
            # argmin sum (d_i + sigma_i/|x_i|)^2/(2|x_i|) subject to A d = 0
            return 2, self._norm(np.zeros(len(self.off)), 1 / self.sizes, self.signs / self.sizes)
        costs, equations, rhs, bounds = float_program(self.problem, self.minimiser)
        v = linprog(costs, A_eq=equations, b_eq=rhs, bounds=bounds).x
        n_T, (up, down) = v[: len(self.T)], v[len(self.T) :].reshape(2, -1)
        entropy = -sum(p * log(p) for p in abs(up - down) if p > 1e-9)
        K = exp(entropy) * prod(self.sizes ** (-self.signs * n_T))
        return 1 - rho_by_certificates(self.problem, self.minimiser), self._norm(K * (up - down), 1 / self.sizes, 0)

    def _deep(self):
        k = self.depth / (self.depth - 2)
        z = self.problem.A[:, self.off].T @ self._steepest(k)
        d_off = (1 - z) ** -k - (1 + z) ** -k
        return 1, self._norm(d_off, self.sizes ** (2 / self.depth - 2), self.signs * 2**-k)

    def _steepest(self, k):
        """argmin {sum q*(a_j.nu) off T : A_T^T nu = sigma}, by damped Newton from a certificate."""
        A, nu = self.problem.A[:, self.off], self.minimiser.nu_float
        _, sizes, rows = np.linalg.svd(self.problem.A[:, self.T].T)
        Z = rows[np.sum(sizes > 1e-9) :].T
        if not Z.size or not self.off:
            return nu

        def value(z):
            return np.sum((1 - z) ** (1 - k) + (1 + z) ** (1 - k)) if np.all(np.abs(z) < 1) else np.inf

        for _ in range(200):
            z = A.T @ nu
            gradient = Z.T @ A @ ((1 - z) ** -k - (1 + z) ** -k)
            hessian = (Z.T @ A) * (k * ((1 - z) ** (-k - 1) + (1 + z) ** (-k - 1))) @ (A.T @ Z)
            step = Z @ np.linalg.lstsq(hessian, -gradient)[0]
            length = 1.0
            while length > 1e-12 and value(A.T @ (nu + length * step)) > value(z):
                length /= 2
            nu = nu + length * step
        return nu

    def _norm(self, d_off, weights, shifts):
        """||d||, d_T the least sum w (d + c)^2 with A_T d_T = -A_off d_off."""
        A_T, rhs = self.problem.A[:, self.T], -self.problem.A[:, self.off] @ d_off
        roots = 1 / np.sqrt(weights)
        d_T = roots * np.linalg.lstsq(A_T * roots, rhs + A_T @ (shifts * np.ones(len(self.T))))[0] - shifts
        return float(np.hypot(np.linalg.norm(d_T), np.linalg.norm(d_off)))


RECOVERED = [gaussian(SEED, 6, 12, 2, trial) for trial in (0, 4)]
VERTICES = [gaussian(SEED, 4, 10, 3, trial) for trial in (1, 3)]
FACES = [lattice(seed, False) for seed in (6, 22, 26)]


def test_the_fresh_instances_are_of_every_kind():
    shapes = [(basis_pursuit(p).unique, len(basis_pursuit(p).support) - p.measurements) for p in RECOVERED + VERTICES]
    assert shapes == [(True, -4)] * 2 + [(True, 0)] * 2
    assert [basis_pursuit(problem).unique for problem in FACES] == [False] * 3
    assert [predict(problem, "2").rate.exponent for problem in FACES] == [Fraction(1, 2), 2, Fraction(5, 9)]


@pytest.mark.parametrize("depth", ["2", "2.5", "3", "4"])
@pytest.mark.parametrize("problem", [*RECOVERED, *VERTICES, *FACES])
def test_errors_take_the_exponent_and_the_constant_of_the_theory(problem, depth):
    law, cells = law_of(problem, depth, *PLACES)
    exponent, constant = Theory(problem, depth).rate()
    # what LAWS claims: the next order is below 1e-3 at the last scale and ten times it
    assert law["measured_exponent"] == pytest.approx(exponent, abs=1e-3)
    last = cells[-2]
    assert last["log10_error"] - exponent * last["log10_scale"] == pytest.approx(log10(constant), abs=log10(1.01))
    assert law["exponent"] == pytest.approx(exponent, abs=1e-9)
    assert law["log10_constant"] == pytest.approx(log10(constant), abs=1e-6)
    assert (law["meets"], law["is_settled"], law["reason"]) == (True, True, "")


@pytest.mark.parametrize("signal", ["signed", "nonnegative"])
@pytest.mark.parametrize("depth", ["2", "3"])
def test_regular_instances_meet_both_numbers(signal, depth):
    block = replace(BLOCK, signal=signal, trials=tuple(range(10)))
    laws = [law for law, _ in law_rows("g", block, SEED, depth)]
    assert all(law["meets"] for law in laws if law["is_regular"])
    assert all(law["meets"] or law["reason"] in ("second_exponent_close", "zero_constant") for law in laws)
    assert sum(law["is_regular"] for law in laws) >= 6


# --- the next order


SECOND = Problem([[1, "1/2", "1/4", "1/4"], [0, 0, 1, -1]], [1, 0])
"""The cheapest column leaves the certificate (1, t) free; the next two are at 1/4 + t and 1/4 - t."""


@pytest.mark.parametrize(
    ("problem", "depth", "order"),
    [
        (kink("0.3"), "2", Fraction(3, 10)),  # 1 - rho
        (Problem([[1, "1/5"]], [1]), "2", Fraction(2, 5)),  # 2 rho
        (Problem([[1, "1/5"]], [1], nonnegative=True), "2", Fraction(4, 5)),  # 1 - rho: no farther power
        (Problem([[1, "1/2", "-1/3"]], [1]), "2", Fraction(1, 6)),  # rho - |the next slope|
        (Problem([[1, "1/2", "-1/3"]], [1], nonnegative=True), "2", Fraction(1, 2)),
        (SECOND, "2", Fraction(1, 4)),
        (Problem([[1, 0, 1], [0, 1, -1]], [2, 3]), "2", 1),  # rho = 0
        (PLANE, "2", Fraction(1, 2)),
        (LINE, "2", 2),
        (LINE, "3", Fraction(1, 3)),
        (kink("0.3"), "2.5", Fraction(1, 5)),
    ],
)
def test_the_next_exponent_of_small_problems(problem, depth, order):
    assert predict(problem, depth).next_exponent == order


def measured_order(problem, depth):
    """(p, the decay of ratio - 1 where that is about 1e-6 and 1e-9)."""
    predicted = predict(problem, depth)
    measure, order = measurer(problem, depth, predicted), predicted.next_exponent
    near, far = (round(digits / order) for digits in (6, 9))
    decay = log10(measure(near).deviation / measure(far).deviation) / (far - near)
    return float(order), decay


DECAYING = [
    *(SECOND, PLANE, LINE, kink("0.3"), Problem([[1, "1/5"]], [1]), Problem([[1, "1/2", "-1/3"]], [1])),
    # by the linear program of the second level: 25 and 123
    *(lattice(seed, False) for seed in (0, 6, 25, 38, 123)),
    *(lattice(seed, True) for seed in (11, 21)),
    *RECOVERED,
    *VERTICES,
]


@pytest.mark.parametrize("depth", ["2", "3"])
@pytest.mark.parametrize("problem", DECAYING)
def test_the_ratio_approaches_one_by_the_next_exponent(problem, depth):
    order, decay = measured_order(problem, depth)
    # the terms after the next fall faster; where the closest is 1.1 p away they still add 1e-6^0.1 of it over three
    # decades: 2 %. One that is p + 1e-3 or so is a factor that stays
    assert decay == pytest.approx(order, rel=0.03)


# --- how far down


def descent(deviation, order, least=16, smallest=256):
    """The places of a descent on ratios 1 + deviation(place)."""

    def measure(place):
        return Measured(place, Status.CONVERGED, ratio=flint.arb(1 + deviation(place)))

    return [cell.place for cell in descend(measure, order, least, smallest)]


def test_all_go_down_to_the_same_scale_and_on_while_the_next_order_is_large():
    assert descent(lambda place: 10.0 ** (-place / 2), Fraction(1, 2)) == [1, 2, 4, 8, 16, 15]
    assert descent(lambda place: 10.0 ** (-place / 5), Fraction(1, 5)) == [1, 2, 4, 8, 16, 32, 31]
    assert descent(lambda place: 10.0 ** (-place / 200), Fraction(1, 200)) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 255]
    assert descent(lambda place: 10.0 ** (-place / 200), Fraction(1, 200), smallest=100)[-2:] == [64, 63]
    assert descent(lambda place: 10.0**-place, Fraction(1), least=1) == [1, 2, 4, 8, 7]
    assert descent(lambda place: 0.0, None, least=4) == [1, 2, 4, 3]


def test_a_ratio_that_is_not_near_one_is_not_taken_for_settled():
    # 1e-16 makes expect 1e-8 at 1e-32, and it is not so before 1e-128
    assert descent(lambda place: 0.5 if place < 100 else 0.0, Fraction(1, 2))[-2] == 128


def test_a_limit_that_fails_is_the_last():
    cells = descend(
        lambda place: Measured(place, Status.FAILED if place > 3 else Status.CONVERGED), Fraction(1), 16, 256
    )
    assert [cell.place for cell in cells] == [1, 2, 4]


# --- rows


CLOSE = Problem([[1, "1/2", "0.4999"]], [1])
BALANCED = Problem([[1, 0, 1], [0, 1, -1]], [2, 2])
ONE_SOLUTION = Problem([[1, 0, 0], [0, 1, 2]], [1, 0], nonnegative=True)
"""x = (1, 0, 0) alone is feasible."""


@pytest.mark.parametrize(
    ("problem", "depth", "expected"),
    [
        (CLOSE, "2", "second_exponent_close"),  # p = 1e-4
        (CLOSE, "3", ""),
        (BALANCED, "2", "zero_constant"),  # P = 1 of theory, section 2
        (ONE_SOLUTION, "3", "zero_constant"),
        (Problem([[1, "1/2", "1/2"]], [1]), "2", ""),  # two directions, and a constant that is ours
        (kink("1e-85"), "3", "next_order_large"),  # eps^(1/3)/delta is 0.5 at 1e-256
    ],
)
def test_why_an_instance_does_not_meet_its_prediction(problem, depth, expected):
    law, _ = law_of(problem, depth, *PLACES)
    assert law["reason"] == expected
    assert law["meets"] == (expected == "")
    if expected:
        assert not law["is_regular"] or expected == "next_order_large"


def test_a_close_second_exponent_leaves_the_ratio_away_from_one():
    law, _ = law_of(CLOSE, "2", *PLACES)
    assert law["next_exponent"] == pytest.approx(1e-4)
    # x_2 + x_3/eps^e = 1 + eps^p, and the constant is for 1: off by about eps^p = 0.94
    assert law["next_term"] > 0.1
    assert law["log10_last_scale"] == -256
    assert law["is_settled"] is False


def test_reasons_are_decided_in_their_order():
    sound = law_of(kink("0.3"), "3", *PLACES)[0] | {"meets": False}
    for column, value, expected in [
        ("reason", "", "unexplained"),
        ("is_unique", False, "many_minimisers"),
        ("is_unique_direction", False, "direction_not_unique"),
        ("is_settled", False, "next_order_large"),
        ("next_exponent", 0.01, "second_exponent_close"),
        ("status", Status.STALLED, "unproved"),
        ("log10_constant", None, "zero_constant"),
        ("status", Status.FAILED, "failed"),
    ]:
        sound[column] = value
        assert reason(sound, 256) == expected


def test_a_network_that_is_at_its_minimiser_has_no_error_to_measure():
    law, cells = law_of(ONE_SOLUTION, "2", *PLACES)
    assert (law["status"], law["measured_exponent"], cells) == (Status.CONVERGED, None, [])
    assert "every scale" in law["message"]


def test_a_trial_more_or_another_grid_changes_no_other_trial():
    first = list(law_rows("g", BLOCK, SEED, "3"))
    more = list(law_rows("g", replace(BLOCK, trials=(0, 1, 2, 3)), SEED, "3"))
    assert more[:3] == first
    alone = list(law_rows("another", replace(BLOCK, trials=(2,)), SEED, "3"))
    assert [law | {"grid": "g"} for law, _ in alone] == [first[2][0]]
    other = [law["log10_constant"] for law, _ in law_rows("g", BLOCK, SEED + 1, "3")]
    assert not set(other) & {law["log10_constant"] for law, _ in first}


def test_depths_have_the_same_scales_down_to_the_least():
    places = {
        depth: [cell["log10_scale"] for cell in cells[:-1]]
        for depth in ("2", "2.5", "4")
        for _, cells in law_rows("g", replace(BLOCK, trials=(0,)), SEED, depth)
    }
    assert all(found[:5] == [-1, -2, -4, -8, -16] for found in places.values())


def test_a_bad_instance_is_a_row_and_not_the_end_of_its_block(monkeypatch, tmp_path):
    sound = list(law_rows("g", BLOCK, SEED, "3", "1e-4", "1e-4"))

    def sometimes(*arguments):
        if arguments[5] == 1:
            raise ArithmeticError("no such matrix")
        return planted(*arguments)

    monkeypatch.setattr(laws_blocks, "planted", sometimes)
    rows = list(law_rows("g", BLOCK, SEED, "3", "1e-4", "1e-4"))
    assert [rows[0], rows[2]] == [sound[0], sound[2]]
    law, cells = rows[1]
    assert (law["trial"], law["reason"], cells) == (1, "failed", [])
    assert "no such matrix" in law["message"]
    write_tables(rows, (tmp_path / "laws.parquet", LAWS), (tmp_path / "cells.parquet", LAW_CELLS))
    assert read_table(tmp_path / "laws.parquet").column("status").to_pylist().count("failed") == 1


def test_the_stage_writes_both_tables(tmp_path):
    outputs = {name: tmp_path / f"{name}.parquet" for name in ("cells", "laws")}
    run_stage("measure_laws", outputs, grid="g", block=BLOCK, seed=5, depth="3", smallest="1e-16")
    cells, laws = map(read_table, outputs.values())
    assert (cells.schema.names, laws.schema.names) == (LAW_CELLS.names, LAWS.names)
    assert laws.column("trial").to_pylist() == [0, 1, 2]
    assert Counter(cells.column("trial").to_pylist()) == {0: 6, 1: 6, 2: 6}
    assert (LEAST, SMALLEST) == ("1e-16", "1e-256")


LAWS_TEXT = """
problems: {line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}}
laws: {depths: [3], ensembles: {few: {sizes: [[3, 6, 1]], trials: 2}}, %s}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("smallest: 1e-1", "smallest is 0.1, expected at least 1e-256, and at most least, 1e-16, and 1e-2"),
        ("smallest: 1e-300", "smallest is 1e-300, expected at least 1e-256"),
        ("least: 1e-64, smallest: 1e-32", "smallest is 1e-32, expected at least 1e-256, and at most least, 1e-64"),
        (
            "rho: {a: {sizes: [[5, 10, 1]], trials: 1}, b: {signal: nonnegative, sizes: [[5, 10, 1]], trials: 1}}",
            "the grids of rho have two signals, expected one",
        ),
        ("rho: {a: {sizes: [[10, 10, 1]], trials: 1}}", "[10, 10, 1] is no size, expected [m, n, s] with s <= m < n"),
    ],
)
def test_a_mistake_in_the_config_is_refused_in_one_sentence(text, said):
    with pytest.raises(ConfigError) as refusal:
        read_config(yaml.safe_load(LAWS_TEXT % text))
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_default_parameter_is_that_of_its_number():
    spelled = ["ensemble: ar1", "ensemble: ar1, parameter: 1/2"]
    texts = [LAWS_TEXT.replace("sizes", f"{entry}, sizes") % "least: 1e-16" for entry in spelled]
    first, second = (read_config(yaml.safe_load(text)).laws.ensembles["few"].blocks for text in texts)
    assert first == second
    assert next(iter(first.values())).parameter == Fraction(1, 2)
