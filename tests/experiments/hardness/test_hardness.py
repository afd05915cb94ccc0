"""The hardness experiment: its grids, its blocks, and the rows of solvers and networks on what they read."""

import math
from itertools import groupby

import pytest
import yaml
from stage_tools import read_again

from dlnflow.assembly.config import read_config
from dlnflow.config.errors import ConfigError
from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.limits import limit_rows
from dlnflow.experiments.hardness.solvers import solver_rows
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.files.tables import read_rows, write_rows
from dlnflow.kit.blocks import exponent_blocks
from dlnflow.results import Status
from dlnflow.solvers import run

BARE = HardnessBlock(1, (0, 0), False, False, (3, 20, 60), (4, 30, 64))
MIXED = HardnessBlock(10, (0, 0), True, False, (10, 40), (8, 52))
LEVELS = HardnessBlock(1, (2, 5), False, False, (30,), (4, 16, 24, 40), digits=(2, 4), slow=20)
GIVEN = HardnessBlock(10, (0, 0), True, False, (10, 40), (52,), as_given=True)
MAP = """
problems: {line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}}
hardness:
  maps:
    small: {exponents: {from: 1, to: 9, by: 4}, bits: [4, 8], solvers: [exact], depths: [3], scales: [1e-10]}
"""


def hardness(text):
    return read_config(yaml.safe_load(MAP + text)).hardness


def worst(rows):
    """(k, b, digits K) -> log10 of the worst error over the signs."""

    def key(row):
        return row["exponent"], row["bits"], row["digits"]

    return {
        at: max(-math.inf if row["log10_error"] is None else row["log10_error"] for row in inputs)
        for at, inputs in groupby(sorted(rows, key=lambda row: (row["exponent"], row["bits"], row["digits"] or 0)), key)
    }


# rows


@pytest.mark.parametrize("block", [BARE, MIXED, LEVELS, GIVEN])
@pytest.mark.parametrize("solver", ["exact", "highs-ds", "interval"])
def test_every_input_is_a_row_of_the_table(block, solver, tmp_path):
    rows = list(solver_rows("map-small", block, 1, solver))
    write_rows(tmp_path / "rows.parquet", HARDNESS, rows)
    assert len(read_rows([tmp_path / "rows.parquet"])) == len(list(block.inputs(1)))
    assert {row["status"] for row in rows} <= {Status.CONVERGED, Status.STALLED, Status.UNRESOLVED}


@pytest.mark.parametrize("block", [BARE, MIXED, LEVELS])
@pytest.mark.parametrize("method", ["exact", "highs-ds", "osqp", "lars", "limit"])
def test_where_both_signs_are_read_alike_nobody_is_right_on_both(block, method):
    rows = list(limit_rows("g", block, 1, "3", ["1e-30"]) if method == "limit" else solver_rows("g", block, 1, method))
    floors = {(row["exponent"], row["bits"], row["digits"]): row["log10_floor"] for row in rows}
    assert any(floor is not None for floor in floors.values())
    for at, error in worst(rows).items():
        # 1e-12: rounding of logarithms
        assert floors[at] is None or error >= floors[at] - 1e-12


def test_what_is_read_exactly_is_solved_exactly_and_floats_read_53_bits():
    exact = list(solver_rows("g", BARE, 1, "exact"))
    assert {row["log10_error"] for row in exact if row["bits"] >= row["exponent"]} == {None}
    floats = [row for row in solver_rows("g", BARE, 1, "highs-ds") if row["bits"] == 64]
    assert {row["bits_seen"] for row in floats} == {53}
    # 2^-60 is lost in a float beside 1: on one of the signs the vertex is the wrong one
    assert worst(floats)[60, 64, None] == pytest.approx(math.log10(2) / 2, abs=1e-9)


def test_the_network_s_error_at_the_kink_is_what_its_scale_allows():
    # theory: x_2 = eps (delta^-k - (2 - delta)^-k), k = 3 at L = 3; next order, alpha^(L-2)/delta = 1e-10 * 8
    rows = limit_rows("g", HardnessBlock(1, (0, 0), False, False, (3,), (30,)), 1, "3", ["1e-30", "1e-33"])
    errors = [row["log10_error"] for row in rows if row["delta_signs"] == "+"]
    delta = 1 / 8
    factor = math.hypot(1, 1 - delta) * (delta**-3 - (2 - delta) ** -3)
    assert errors == pytest.approx([-30 + math.log10(factor), -33 + math.log10(factor)], abs=1e-8)


def test_k_digits_k_minus_one_and_k_minus_two():
    errors = worst(solver_rows("levels", LEVELS, 1, "exact"))
    for digits in (2, 4):
        reached = [-errors[30, bits, digits] for bits in (16, 24, 40)]
        assert digits - 2 < reached[0] < digits - 1 < reached[1] < digits < reached[2]


def test_a_reading_is_solved_once(monkeypatch):
    solved = []
    monkeypatch.setitem(run.SOLVERS, "lars", lambda problem: solved.append(problem) or run.SOLVERS["exact"](problem))
    rows = list(solver_rows("g", HardnessBlock(1, (0, 0), False, False, tuple(range(9, 60)), (8,)), 1, "lars"))
    assert len(rows) == 102
    assert len(solved) == 1


def test_a_reading_that_is_no_problem_is_a_row_that_says_so():
    # 2 10^-4 to 4 bits is 0, and with the company gone nothing of y is left
    block = HardnessBlock(1, (0, 0), False, False, (9,), (4,), digits=(4,))
    rows = list(limit_rows("g", block, 1, "3", ["1e-3", "1e-4"]))
    assert [row["status"] for row in rows] == [Status.FAILED] * 4
    assert "y is zero" in rows[0]["message"]
    assert [row["scale"] for row in rows[:2]] == ["1e-3", "1e-4"]
    assert not any(row["is_answered"] for row in rows)


def test_data_as_given_are_floats_in_both_orders_and_judged_exactly():
    rows = list(solver_rows("g", GIVEN, 1, "exact"))
    assert [(row["reverse"], row["exponent"]) for row in rows] == [(False, 10), (True, 10), (False, 40), (True, 40)]
    for asked in GIVEN.inputs(1):
        data = asked.truth.problem
        assert not data.A_low.any()
        assert not data.y_low.any()
    assert all(row["residual"] == 0 == row["excess"] for row in rows)
    assert all(first["x"] == second["x"][::-1] for first, second in zip(rows[::2], rows[1::2], strict=True))


def test_a_wrong_answer_is_feasible_and_its_norm_is_within_delta_of_the_least():
    rows = list(solver_rows("g", GIVEN, 1, "linprog-ds"))
    right, wrong = rows[0], rows[2]
    assert right["log10_error"] < -14
    assert wrong["status"] == Status.CONVERGED
    assert wrong["log10_error"] > 0
    assert wrong["residual"] < 1e-14
    assert abs(wrong["excess"]) < 2 * 2.0**-40


# blocks


def test_a_block_survives_the_command_line():
    for block in (BARE, LEVELS, GIVEN):
        assert read_again(block) == block


def test_blocks_of_exponents_stand_at_absolute_places():
    assert exponent_blocks([1, 63, 64, 200], 64) == {
        "exponents-0000-0063": (1, 63),
        "exponents-0064-0127": (64,),
        "exponents-0192-0255": (200,),
    }


# the config


def test_a_range_of_counts_holds_its_ends():
    grid = hardness("").maps["small"]
    assert (grid.exponents, grid.bits) == ((1, 5, 9), (4, 8))
    assert grid.methods == ["interval", "exact"]


LEVELS_TEXT = (
    "  levels: {digits: 3, exponent: %s, slow_exponent: 9, bits: [4], depths: [3], scales: [1e-3], "
    "beside: {measurements: 2, features: 5}}\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LEVELS_TEXT % 8, "hardness.levels: slow_exponent is 9, expected less than exponent, 8"),
        (LEVELS_TEXT.replace("beside", "besides") % 12, "the key 'besides' is not known here"),
        (
            LEVELS_TEXT.replace("features: 5", "features: 2") % 12,
            "hardness.levels.beside: features is 2, expected more",
        ),
        (LEVELS_TEXT.replace("features: 5", "features: 201") % 12, "features is 201, expected at most 100 times the 2"),
        (LEVELS_TEXT.replace("digits", "mixed: true, digits") % 12, "mixed is true, expected false"),
        (LEVELS_TEXT.replace("digits", "kinks: 50, digits") % 12, "kinks is 50, expected at most 49"),
        ("  answers: {a: {exponents: [53]}}\n", "hardness.answers.a: exponents holds 53, expected at most 52"),
        (
            "  answers: {a: {exponents: {from: 9, to: 5}}}\n",
            "exponents: from 9 to 5 holds no count, expected from <= to",
        ),
        ("  answers: {a: {exponents: [9], solvers: [cplex]}}\n", "solver 'cplex' is not known, expected one of exact"),
        ("  work: {depths: [3], exponents: [1], accuracies: [0.5]}\n", "accuracies holds 0.5, expected at most 0.25"),
        ("  work: {depths: [3], exponents: [2000], accuracies: [0.1]}\n", "2000 is too large, expected at most 1000"),
    ],
)
def test_a_mistake_is_refused_in_one_sentence(text, said):
    with pytest.raises(ConfigError) as refusal:
        hardness(text)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
