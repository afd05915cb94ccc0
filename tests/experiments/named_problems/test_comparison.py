"""Cells and their comparison with the exact minimiser: nothing vanishes, and nothing is shown that is not resolved."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from dlnflow.arithmetic.exact import parse_number
from dlnflow.experiments.named_problems.cells import solve_cells
from dlnflow.experiments.named_problems.comparison import compare
from dlnflow.experiments.named_problems.minimisers import minimiser_rows, read_minimiser
from dlnflow.experiments.named_problems.tables import CELLS, MINIMISERS, RESULTS
from dlnflow.files.instance_files import Block
from dlnflow.network.limit import limits
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem
from dlnflow.results import Limit, Status


def results(block: Block, depth: str, scales: list[str]) -> list[dict]:
    return list(compare(solve_cells(block, depth, scales, "limit", limits), minimiser_rows(block)))


def one(problem: Problem, name: str = "it") -> Block:
    return Block(name, 0, (problem,))


def test_rows_have_the_columns_of_their_tables():
    assert set(next(solve_cells(one(LINE), "2", ["1"], "limit", limits))) == set(CELLS.names)
    assert set(next(minimiser_rows(one(LINE)))) == set(MINIMISERS.names)
    assert set(results(one(LINE), "2", ["1"])[0]) == set(RESULTS.names)


@pytest.mark.parametrize(
    ("problem", "depth", "scale", "error"),
    [  # theory, section 4, to the twelve digits given there
        (LINE, "2", "1e-2", 2.04110752282e-5),
        (LINE, "4", "1e-6", 1.89533644142e-8),
        (PLANE, "3", "1e-4", 7.28747927839e-4),
    ],
)
def test_the_error_is_the_distance_to_the_selected_minimiser(problem, depth, scale, error):
    row = results(one(problem), depth, [scale])[0]
    # the distance is between vectors of size 2, each rounded to 2e-16
    assert 10 ** row["log10_error"] == pytest.approx(error, rel=1e-11, abs=1e-15)
    assert row["status"] == Status.CONVERGED
    assert row["log10_scale"] == pytest.approx(np.log10(float(scale)), abs=1e-14)


def test_an_error_below_its_radius_is_unresolved_and_bounded_by_it():
    # on line at depth 2 the error is 0.2 scale^2 = 2e-19, which no difference of float64 vectors can show
    row = results(one(LINE), "2", ["1e-9"])[0]
    assert row["status"] == Status.UNRESOLVED
    assert row["log10_error"] is None or row["log10_error"] <= row["log10_radius"]
    assert row["log10_radius"] < -14


def test_errors_to_a_unique_minimiser_are_exact_differences():
    row = results(one(RANDOM), "3", ["1e-9"])[0]
    minimiser = read_minimiser(next(minimiser_rows(one(RANDOM))))
    exact = sum((Fraction(a) - b) ** 2 for a, b in zip(row["x"], minimiser.x, strict=True))
    assert 10 ** row["log10_error"] == pytest.approx(float(exact) ** 0.5, rel=1e-14)


def test_the_l1_gap_is_never_negative_beyond_rounding():
    for row in results(one(RANDOM), "2", ["1", "0.1", "1e-4", "1e-9"]):
        assert row["l1_gap"] >= -4e-16 * np.abs(row["x"]).sum()


def test_minimisers_survive_their_file_format():
    for problem in (LINE, RANDOM, gaussian(1, 10, 24, 2)):
        row = next(minimiser_rows(one(problem)))
        again = read_minimiser(row)
        assert sum(abs(value) for value in again.x) == again.l1_norm
        assert again.unique == (row["status"] == Status.CONVERGED)
        image = [sum(a * x for a, x in zip(line, again.x, strict=True)) for line in problem.rational_A]
        assert image == problem.rational_y


def test_one_bad_cell_does_not_fail_its_block():
    def brittle(problem: Problem, depth: str, scales: list[str]) -> Iterator[Limit]:
        for scale in scales:
            if parse_number(scale) == Fraction(1, 10):
                raise ArithmeticError("no luck")
            yield from limits(problem, depth, [scale])

    cells = list(solve_cells(one(LINE), "3", ["1", "0.1", "1e-2"], "limit", brittle))
    assert [cell["status"] for cell in cells] == [Status.CONVERGED, Status.FAILED, Status.CONVERGED]
    assert cells[1]["message"] == "ArithmeticError: no luck"
    rows = list(compare(cells, minimiser_rows(one(LINE))))
    assert rows[1]["log10_error"] is None
    assert rows[2]["log10_error"] is not None


def test_trials_are_numbered_from_the_first_of_their_block():
    block = Block("g", 64, tuple(gaussian(5, 4, 8, 1, trial) for trial in (64, 65)))
    assert [row["trial"] for row in results(block, "2", ["1", "0.1"])] == [64, 64, 65, 65]
