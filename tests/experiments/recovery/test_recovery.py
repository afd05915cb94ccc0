"""The recovery experiment's instances, rows and judgement."""

from fractions import Fraction

import numpy as np
import pytest
from stage_tools import read_again

from dlnflow.arithmetic.exact import to_text
from dlnflow.experiments.recovery.baselines import baseline_rows
from dlnflow.experiments.recovery.block import RecoveryBlock, entries_of, measurements_of
from dlnflow.experiments.recovery.config import RecoveryGrid
from dlnflow.experiments.recovery.judgement import judged_rows
from dlnflow.experiments.recovery.limits import limit_rows
from dlnflow.experiments.recovery.tables import RECOVERY, RECOVERY_CELLS, TIMES
from dlnflow.files.tables import read_rows, write_rows, write_timed
from dlnflow.network.network import Network
from dlnflow.problems.ensembles import gaussian, planted
from dlnflow.problems.problem import ProblemError
from dlnflow.results import Status
from dlnflow.solvers.names import PACKAGES

GRID = {
    "features": 20,
    "undersampling": [0.4, 0.6],
    "sparsity": [0.2, 0.4],
    "trials": 3,
    "depths": [2, 3],
    "scales": [1e-2, 1e-4],
    "blocks": {"trials": 2, "sparsity": 0.1},
}


def grid(**changes):
    return RecoveryGrid.model_validate(GRID | changes)


def block(**changes):
    cells = ((Fraction(1, 2), Fraction(1, 5)),)
    whole = {
        "ensemble": "gaussian",
        "signal": "signed",
        "features": 20,
        "cells": cells,
        "is_density": False,
        "trials": (0, 1),
        "keep_x": True,
    }
    return RecoveryBlock(**whole | changes)


# instances


@pytest.mark.parametrize("ensemble", ["gaussian", "rademacher", "dct"])
@pytest.mark.parametrize("signal", ["signed", "nonnegative"])
def test_an_instance_is_exact_and_has_its_sparsity(ensemble, signal):
    problem = planted(ensemble, 1, 12, 30, 4, trial=7, signal=signal)
    exact = sum(
        (a * Fraction(value) for a, value in zip(problem.rational_A[5], problem.x0.tolist(), strict=True)), Fraction(0)
    )
    assert exact == problem.rational_y[5]
    assert np.count_nonzero(problem.x0) == 4
    assert problem.nonnegative is (signal == "nonnegative")
    assert (problem.x0 >= 0).all() or signal == "signed"
    # columns have norm 1 in the mean: entries of mean square 1/m, rounded to 2^-20
    assert np.mean(problem.A**2) * 12 == pytest.approx(1, abs=0.3 if ensemble == "gaussian" else 1e-4)


def test_rademacher_has_signs_and_the_cosine_transform_orthogonal_rows():
    assert len(np.unique(np.abs(planted("rademacher", 1, 12, 30, 4).A))) == 1
    A = planted("dct", 1, 12, 30, 4).A
    # A is rounded to 2^-20, an entry of A A^T sums 30 products with entries below 0.5
    np.testing.assert_allclose(A @ A.T, 30 / 12 * np.eye(12), atol=30 * 2.0**-20)


def test_an_instance_depends_on_its_own_arguments_alone():
    same = planted("gaussian", 1, 12, 30, 4, 2, "nonnegative")
    signed = gaussian(1, 12, 30, 4, 2)
    np.testing.assert_array_equal(same.A, signed.A)
    np.testing.assert_array_equal(same.x0, np.abs(signed.x0))
    assert not np.array_equal(signed.A, planted("rademacher", 1, 12, 30, 4, 2).A)
    for other in ((2, 12, 30, 4, 2), (1, 12, 30, 4, 3), (1, 12, 30, 5, 2)):
        assert not np.array_equal(signed.A, gaussian(*other).A)


def test_a_signal_with_more_entries_than_measurements_is_refused():
    with pytest.raises(ProblemError, match="expected 0 < sparsity <= measurements < features"):
        planted("dct", 1, 12, 30, 13)


# blocks


def test_m_and_s_are_rounded_half_up_and_s_is_at_least_one():
    assert [measurements_of(Fraction(k, 8), 12) for k in (1, 3, 5)] == [2, 5, 8]
    assert entries_of(Fraction(1, 2), Fraction(1, 4), 20) == 3
    assert entries_of(Fraction(1, 2), Fraction(1, 100), 20) == 1
    assert entries_of(Fraction(1, 2), Fraction(1, 4), 20, is_density=True) == 5


def test_every_cell_is_in_one_tile_and_tiles_stand_at_absolute_places():
    small, large = grid(), grid(sparsity=[0.2, 0.25, 0.4, 0.9], trials=4)
    held = [(cell, trial) for tile in small.tiles.values() for cell in tile.cells for trial in tile.trials]
    assert len(held) == len(set(held)) == 2 * 2 * 3
    assert set(small.tiles) < set(large.tiles)
    name = "n-20_sparsity-0.4-0.5_undersampling-0-1_trials-0000-0001"
    assert small.tiles[name] == large.tiles[name]
    assert grid(undersampling=[0.4, 0.95], sparsity=[1]).tiles.keys() == {
        f"n-20_sparsity-0.9-1_undersampling-0-1_trials-{trials}" for trials in ("0000-0001", "0002-0003")
    }


def test_a_density_grid_leaves_out_cells_with_too_few_measurements():
    cells = grid(sparsity=None, density=[0.5], features=[20, 40]).cells
    assert [(n, to_text(undersampling)) for n, undersampling, _ in cells] == [(20, "0.6"), (40, "0.6")]


def test_a_block_comes_back_from_its_text():
    assert read_again(block()) == block()


# rows


def test_the_rows_of_limits_are_the_network_beside_the_signal():
    rows = list(limit_rows("g", block(), 1, "3", ["1e-2", "1e-4"]))
    assert [(row["trial"], row["scale"]) for row, _ in rows] == [(t, s) for t in (0, 1) for s in ("1e-2", "1e-4")]
    row = rows[1][0]
    problem = gaussian(1, 10, 20, 2, 0)
    x = row["x"]
    assert row["status"] == Status.CONVERGED
    assert row["residual"] <= 1e-10
    assert 10 ** row["log10_error"] == pytest.approx(np.linalg.norm(x - problem.x0) / np.linalg.norm(problem.x0))
    assert row["l1_norm"] == pytest.approx(np.abs(x).sum())
    assert row["support_found"] == np.isin(np.argsort(-np.abs(x))[:2], np.flatnonzero(problem.x0)).sum()
    u, v = Network(3, "1e-4").layers(*Network(3, "1e-4").dual(x))
    np.testing.assert_allclose(u**3 - v**3, x, atol=1e-12)
    assert row["layers_l1_norm"] == pytest.approx(np.sum(u**3 + v**3))
    assert row["layers_l1_norm"] > row["l1_norm"]
    assert all(seconds > 0 for _, seconds in rows)


def test_the_rows_of_a_baseline_hold_what_it_said():
    (row, seconds), *_ = baseline_rows("g", block(), 1, "highs-ds")
    assert (row["said"], row["status"], row["depth"]) == ("kOptimal", Status.CONVERGED, None)
    assert seconds > 0


@pytest.mark.parametrize("solver", PACKAGES)
def test_every_baseline_has_its_row_and_its_time_in_the_two_files(tmp_path, solver):
    write_timed(
        (tmp_path / "cells", RECOVERY_CELLS),
        (tmp_path / "times", TIMES),
        baseline_rows("times", block(trials=(0,)), 1, solver),
    )
    (row,), (time,) = read_rows([tmp_path / "cells"]), read_rows([tmp_path / "times"])
    assert (row["method"], row["status"], row["message"]) == (solver, Status.CONVERGED, "")
    assert time["seconds"] > 0


def test_a_baseline_that_raises_is_a_row_that_says_so(monkeypatch):
    def broken(problem, name):
        raise ArithmeticError("no path")

    monkeypatch.setattr("dlnflow.experiments.recovery.baselines.solve", broken)
    rows = [row for row, _ in baseline_rows("g", block(), 1, "lars")]
    assert [(row["status"], row["message"]) for row in rows] == [(Status.FAILED, "ArithmeticError: no path")] * 2
    assert [row["success"] for row in judged_rows(rows, "1e-3")] == [False, False]


def test_cells_and_times_are_two_files(tmp_path):
    write_timed(
        (tmp_path / "cells", RECOVERY_CELLS),
        (tmp_path / "times", TIMES),
        limit_rows("g", block(keep_x=False), 1, "2", ["0.1"]),
    )
    cells, times = read_rows([tmp_path / "cells"]), read_rows([tmp_path / "times"])
    assert (list(cells[0]), list(times[0])) == (RECOVERY_CELLS.names, TIMES.names)
    assert [row["x"] for row in cells] == [None, None]


# judgement


def cells(tmp_path):
    rows = [row for row, _ in limit_rows("g", block(), 1, "3", ["1e-6"])]
    for name in ("exact", "highs-ds"):
        rows += [row for row, _ in baseline_rows("g", block(), 1, name)]
    write_rows(tmp_path / "cells", RECOVERY_CELLS, rows)
    return read_rows([tmp_path / "cells"])


def test_success_is_the_error_at_the_tolerance_and_no_less(tmp_path):
    rows = cells(tmp_path)
    error = 10 ** next(row["log10_error"] for row in rows if row["method"] == "limit")
    for tolerance, expected in ((1.001 * error, True), (0.999 * error, False)):
        first = next(row for row in judged_rows(rows, tolerance) if row["method"] == "limit")
        assert first["success"] is expected
    assert all(row["success"] for row in judged_rows(rows, "1e-3"))


def test_answers_stand_beside_the_exact_one(tmp_path):
    rows = list(judged_rows(cells(tmp_path), "1e-3"))
    assert set(rows[0]) == set(RECOVERY.names)
    by = {(row["method"], row["trial"]): row for row in rows}
    for trial in (0, 1):
        # recovered: the exact minimiser is x0, which is dyadic
        assert by["exact", trial]["log10_error"] is None
        assert by["exact", trial]["log10_solution_error"] is None
        assert by["exact", trial]["l1_gap"] == 0
        assert abs(by["highs-ds", trial]["l1_gap"]) < 1e-9  # its tolerances are 1e-10
        assert by["limit", trial]["log10_solution_error"] == pytest.approx(by["limit", trial]["log10_error"])
        assert by["limit", trial]["l1_gap"] > -1e-10


def test_without_solvers_there_is_no_gap():
    rows = [row for row, _ in limit_rows("g", block(keep_x=False), 1, "3", ["1e-6"])]
    assert {(row["l1_gap"], row["log10_solution_error"]) for row in judged_rows(rows, "1e-3")} == {(None, None)}
