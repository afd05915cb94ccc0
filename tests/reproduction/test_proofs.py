"""`dlnflow verify`: every certificate of a results folder holds, and whatever was changed is found and named."""

import pytest

from dlnflow.cli import main
from dlnflow.experiments.named_problems.cells import solve_cells
from dlnflow.experiments.named_problems.certificates import CertificateError, Verifier, certified_columns, verified
from dlnflow.experiments.named_problems.comparison import compare
from dlnflow.experiments.named_problems.minimisers import minimiser_rows
from dlnflow.experiments.named_problems.tables import CELLS, MINIMISERS
from dlnflow.files.instance_files import Block, write_block
from dlnflow.files.tables import write_rows
from dlnflow.network.certified_limits import certified_limits
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem

SCALES = ["1", "1e-20", "1e-100"]


def cells(block, depth="3"):
    return list(solve_cells(block, depth, SCALES, "certified", certified_limits, certified_columns))


def new_results(folder, problem=LINE, change=lambda rows: rows, change_minimisers=lambda rows: rows):
    block = Block("mine", 0, (problem,))
    write_block(folder / "problems/mine/trials-0000-0063.npz", block)
    certified = folder / "certified/sharpness/mine/depth-3/trials-0000-0063_decades-000-124.parquet"
    write_rows(certified, CELLS, change(cells(block)))
    minimisers = folder / "minimisers/mine/trials-0000-0063.parquet"
    write_rows(minimisers, MINIMISERS, change_minimisers(list(minimiser_rows(block))))
    return folder


@pytest.mark.parametrize("problem", [LINE, PLANE, RANDOM, Problem([[1, "0.3", 0]], [1])])
def test_what_a_run_stored_holds_and_is_counted(tmp_path, capsys, problem):
    assert main(["verify", str(new_results(tmp_path, problem))]) == 0
    said = capsys.readouterr().out
    assert "certified limits: 3 certificates in 1 files proved again; all hold" in said
    assert "exact minimisers: 1 certificates in 1 files proved again; all hold" in said


def changed(row, **columns):
    return [{**row[0], **columns}, *row[1:]]


CHANGES = {
    "midpoint": lambda rows: changed(rows, nu_midpoint=["1p0", *rows[0]["nu_midpoint"][1:]]),
    "radius": lambda rows: changed(rows, nu_radius=["1p-9000"] * 2),
    "no radius": lambda rows: changed(rows, nu_radius=None),
    "precision": lambda rows: changed(rows, precision_bits=-3),
    "scale": lambda rows: changed(rows, scale="0.5"),
    "no scale": lambda rows: changed(rows, scale="2"),
    "depth": lambda rows: changed(rows, exact_depth="3.5"),
    "no depth": lambda rows: changed(rows, exact_depth="1"),
    "x": lambda rows: changed(rows, x=[0.65, 1.31, 1.02]),
    "nu": lambda rows: changed(rows, nu=[5.0, 5.0]),
    "log10_radius": lambda rows: changed(rows, log10_radius=-300.0),
    "no certificate": lambda rows: changed(rows, nu_midpoint=None, nu_radius=None),
    "another trial": lambda rows: changed(rows, trial=7),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_row_of_certified_limits_is_found(tmp_path, capsys, change):
    assert main(["verify", str(new_results(tmp_path, change=change))]) == 1
    captured = capsys.readouterr()
    assert "1 do not hold" in captured.out
    assert "depth-3/trials-0000-0063_decades-000-124.parquet: " in captured.err


MINIMISER_CHANGES = {
    "x": {"x": ["1", "1", "0"]},
    "nu": {"nu": ["1/2", "0"]},
    "support": {"support": [0]},
    "signs": {"signs": [1, -1, 1]},
    "l1 norm": {"l1_norm": "7"},
    "kernel": {"kernel": [], "status": "converged"},
    "another kernel": {"kernel": [["1", "1", "1"]]},
    "status": {"status": "converged"},
    "unreadable": {"nu": ["1/0", "0"]},
}


@pytest.mark.parametrize("columns", MINIMISER_CHANGES.values(), ids=MINIMISER_CHANGES.keys())
def test_a_changed_minimiser_is_found(tmp_path, capsys, columns):
    results = new_results(tmp_path, change_minimisers=lambda rows: changed(rows, **columns))
    assert main(["verify", str(results)]) == 1
    assert "exact minimisers: 0 certificates in 1 files proved again; 1 do not hold" in capsys.readouterr().out


def test_a_flipped_byte_or_a_missing_problem_is_found(tmp_path, capsys):
    results = new_results(tmp_path)
    problem = results / "problems/mine/trials-0000-0063.npz"
    data = bytearray(problem.read_bytes())
    data[100] ^= 1
    problem.write_bytes(data)
    assert main(["verify", str(results)]) == 1
    assert "is damaged" in capsys.readouterr().err
    problem.unlink()
    assert main(["verify", str(results)]) == 1


def test_a_folder_without_results_is_refused_in_a_sentence(tmp_path, capsys):
    assert main(["verify", str(tmp_path / "nothing")]) == 1
    assert capsys.readouterr().err.endswith("expected the results/ of a run\n")


@pytest.mark.parametrize("problem", [Problem([[1, "0.3", 0]], [1]), Problem([[1, 0, 1], [0, 1, -1]], [2, 2])])
@pytest.mark.parametrize("depth", ["2", "2.5", "3"])
def test_coordinates_that_are_zero_do_not_disturb_a_certificate(problem, depth):
    for row in cells(Block("mine", 0, (problem,)), depth):
        verified(Verifier(problem, depth), row)


def test_the_l1_gap_of_a_certified_limit_has_its_own_digits_or_is_missing():
    block = Block("mine", 0, (RANDOM,))
    rows = list(compare(cells(block), minimiser_rows(block), blocks=[block]))
    # the gap is of first order in the error, so proportional to eps
    assert rows[2]["l1_gap"] == pytest.approx(rows[1]["l1_gap"] * 1e-80, rel=1e-5)
    assert rows[2]["l1_gap"] > 0
    # on line every solution near x has the same norm: its gap is 0, which balls cannot tell
    block = Block("mine", 0, (LINE,))
    assert [row["l1_gap"] for row in compare(cells(block), minimiser_rows(block), blocks=[block])][1:] == [None, None]


def test_a_table_is_made_of_certificates_that_hold():
    block = Block("mine", 0, (LINE,))
    rows = changed(cells(block), nu_midpoint=["1p0", "1p0"])
    with pytest.raises(CertificateError, match=r"^mine, trial 0, depth 3, scale 1: "):
        list(compare(rows, minimiser_rows(block), blocks=[block]))
