"""The digests of a run that the repository keeps, and another run beside them."""

import json
import math
import shutil

import pyarrow as pa
import pytest
from places import ROOT
from stage_tools import run_script
from workflow_rules import rules_of

from dlnflow.assembly.costs import Job
from dlnflow.files.column_kinds import COUNTED, ROW_KEY, SAMPLED, bounded, kind_of, relative, within
from dlnflow.files.tables import schema_of, write_rows
from dlnflow.kit.style import note, save
from dlnflow.report.columns_page import merged_tables
from dlnflow.reproduction.reference import differences, files_of, lineages, reference_of, stale_files

SCHEMA = schema_of(
    name=(pa.string(), "which", ROW_KEY),
    words=(pa.string(), "text"),
    x=(pa.list_(pa.float64()), "numbers"),
    steps=(pa.int64(), "steps", COUNTED),
)
CLAIMS = schema_of(id=(pa.string(), "which", ROW_KEY), verdict=(pa.string(), "what"))
MADE = {
    "results/tables/grid/mine.parquet": "abc",
    "results/tables/claims.parquet": "def",
    **{f"figures/mine/{name}.{kind}": "fed" for name in ("one", "times") for kind in ("svg", "png")},
}


def rows(**change):
    row = {"name": "a", "words": "", "x": [3.0, None, math.inf], "steps": 5}
    return [row | change, row | {"name": "b"}]


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "one"
    write_rows(folder / "results" / "tables" / "grid" / "mine.parquet", SCHEMA, rows())
    write_rows(folder / "results" / "tables" / "old.parquet", SCHEMA, rows())
    write_rows(folder / "results" / "tables" / "claims.parquet", CLAIMS, [{"id": "true", "verdict": "holds"}])
    for name in ("one", "times"):
        files = [folder / "figures" / "mine" / f"{name}.{kind}" for kind in ("svg", "png")]
        save(note(name), files, shows_times=name == "times")
    return folder


def lines(expected, run):
    return list(differences(expected, reference_of(run, files_of(expected))))


def test_a_run_is_the_same_bits_as_its_reference_which_json_keeps(run):
    expected = json.loads(json.dumps(reference_of(run, MADE)))
    assert lines(expected, run) == []
    # what the config no longer makes is no part of it
    assert expected["tables"].keys() == {"grid/mine", "claims"}
    assert expected["verdicts"] == {"true": "holds"}
    assert expected["figures"]["mine/times"] == {"from": "fed", "svg": "times", "png": "times"}
    assert files_of(expected) == MADE
    assert "glibc" in expected["made_with"]["kernels"] or "native" in expected["made_with"]["kernels"]


def test_what_differs_is_named_with_its_kind_and_its_size(run):
    expected = reference_of(run, MADE)
    write_rows(run / "results" / "tables" / "grid" / "mine.parquet", SCHEMA, rows(x=[3.003, None, math.inf], steps=6))
    save(note("another"), [run / "figures" / "mine" / "one.svg", run / "figures" / "mine" / "times.svg"])
    # the norm of (3, 3) is 3 sqrt 2, and one changed number adds the same to each sum; 7e-4 is more than rounding
    assert lines(expected, run) == [
        ("table grid/mine, column x (rounded) differs, by about 0.0007 of its norm", True),
        ("table grid/mine, column steps (counted) differs, by about 0.1 of its norm", False),
        ("figure mine/one is another picture (svg)", False),
        ("figure mine/times is another picture (svg)", False),
    ]


def test_what_must_be_the_same_everywhere_is_told_apart(run):
    expected = reference_of(run, MADE)
    write_rows(run / "results" / "tables" / "grid" / "mine.parquet", SCHEMA, rows(words="other"))
    write_rows(run / "results" / "tables" / "claims.parquet", CLAIMS, [{"id": "true", "verdict": "fails"}])
    (run / "figures" / "mine" / "one.svg").unlink()
    (run / "figures" / "mine" / "one.png").unlink()
    assert ("table grid/mine, column words (exact) differs", True) in lines(expected, run)
    assert ("claim true: holds there, fails here", True) in lines(expected, run)
    assert ("figure mine/one is missing", True) in lines(expected, run)
    write_rows(run / "results" / "tables" / "grid" / "mine.parquet", SCHEMA, rows()[:1])
    assert ("table grid/mine has 1 rows, and 2 there", True) in lines(expected, run)


@pytest.mark.parametrize(
    ("kind", "off", "is_too_much"),
    [
        (within(1e-3), 1e-3, False),
        (within(1e-3), 1e-1, True),
        (relative(1e-3), 1e-2, False),
        (relative(1e-3), 1e-1, True),
        (bounded("y"), 1e-4, False),
        (bounded("y"), 1e-1, True),
        ("", 1e-12, False),
        ("", 1e-9, True),
        ("", math.inf, True),
        (COUNTED, 1e-1, False),
    ],
)
def test_a_change_that_is_beyond_the_kind_of_a_column_is_too_much(tmp_path, kind, off, is_too_much):
    schema = schema_of(y=(pa.float64(), "y", kind))
    path = tmp_path / "results" / "tables" / "mine.parquet"
    made = {"results/tables/mine.parquet": "abc"}
    write_rows(path, schema, [{"y": 2.0}] * 4)
    expected = reference_of(tmp_path, made)
    write_rows(path, schema, [{"y": 2.0 * (1 + off)}] * 4)
    [(line, must)] = differences(expected, reference_of(tmp_path, made))
    assert line.startswith("table mine, column y (")
    assert must == is_too_much


def test_of_runs_that_were_sampled_another_number_of_rows_may_be(tmp_path):
    schema = schema_of(run=(pa.string(), "which", ROW_KEY), time=(pa.float64(), "t", SAMPLED), y=(pa.float64(), "y"))
    path = tmp_path / "results" / "tables" / "mine.parquet"
    made = {"results/tables/mine.parquet": "abc"}
    rows = [{"run": "a", "time": time, "y": 1.0 - time} for time in (0.0, 0.5, 1.0)]
    write_rows(path, schema, rows)
    expected = reference_of(tmp_path, made)
    write_rows(path, schema, [rows[0], rows[2]])
    assert list(differences(expected, reference_of(tmp_path, made))) == [("table mine has 2 rows, and 3 there", False)]
    write_rows(path, schema, [rows[0], {"run": "a", "time": 0.6, "y": 0.4}, rows[2]])
    assert [must for _, must in differences(expected, reference_of(tmp_path, made))] == [False, False]
    write_rows(path, schema, [row | {"run": "b"} for row in rows])
    assert [must for _, must in differences(expected, reference_of(tmp_path, made))] == [True]


def test_what_a_float_solver_answered_is_kept_apart(tmp_path):
    schema = schema_of(
        name=(pa.string(), "which", ROW_KEY), method=(pa.string(), "how", ROW_KEY), found=(pa.bool_(), "whether")
    )
    path = tmp_path / "results" / "tables" / "mine.parquet"
    made = {"results/tables/mine.parquet": "abc"}
    first = [{"name": "a", "method": method, "found": True} for method in ("limit", "lars")]
    write_rows(path, schema, first)
    expected = reference_of(tmp_path, made)
    write_rows(path, schema, [first[0], first[1] | {"found": False}])
    said = list(differences(expected, reference_of(tmp_path, made)))
    assert said == [("table mine, column rows of float solvers (solver) differs", False)]
    write_rows(path, schema, [first[0] | {"found": False}, first[1]])
    said = list(differences(expected, reference_of(tmp_path, made)))
    assert said == [("table mine, column found (exact) differs", True)]


def test_another_type_and_huge_numbers_are_told_without_an_error(tmp_path):
    path = tmp_path / "results" / "tables" / "mine.parquet"
    made = {"results/tables/mine.parquet": "abc"}
    write_rows(path, schema_of(y=(pa.float64(), "y")), [{"y": 1e308}] * 3)
    expected = json.loads(json.dumps(reference_of(tmp_path, made), allow_nan=False))
    write_rows(path, schema_of(y=(pa.string(), "y")), [{"y": "1"}] * 3)
    assert list(differences(expected, reference_of(tmp_path, made))) == [
        ("table mine, column y (rounded) differs", True)
    ]


def test_a_lineage_changes_with_the_command_the_code_in_it_and_what_is_behind_it():
    command = "python -m run_job --code 1 draw --told --seed 1"
    first = Job("draw", outputs=("a",), inputs=("data",), command=command)
    second = Job("merge", outputs=("b", "c"), inputs=("a",), command="python -m run_job --code 2 merge --tables a")
    target = Job("all", inputs=("b",))
    before = lineages([first, second, target])
    assert before.keys() == {"a", "b", "c"}
    for changed in (
        Job("draw", outputs=("a",), inputs=("data",), command=command.replace("--seed 1", "--seed 2")),
        Job("draw", outputs=("a",), inputs=("data",), command=command.replace("--code 1", "--code 3")),
        Job("draw", outputs=("a",), inputs=("other",), command=command),
    ):
        after = lineages([changed, second, target])
        assert before.keys() == after.keys()
        assert all(before[file] != after[file] for file in before)


def test_every_command_says_the_identity_of_its_code(tmp_path):
    commands = [rule["shell"] for rule in rules_of(tmp_path).values() if rule["outputs"]]
    assert len(commands) > 50
    assert all("--code {params.code} " in command for command in commands)


def test_stale_files_are_those_that_would_be_made_from_something_else(run):
    expected = reference_of(run, MADE)
    assert stale_files(expected, MADE) == []
    now = MADE | {"figures/mine/one.svg": "new"}
    del now["results/tables/grid/mine.parquet"]
    assert stale_files(expected, now) == ["figures/mine/one.svg", "results/tables/grid/mine.parquet"]


def check(*arguments):
    with pytest.raises(SystemExit) as ended:
        run_script("reference.py", "check", *arguments)
    return ended.value.code


def test_the_script_says_whether_all_is_the_same(run, tmp_path, capsys):
    file = tmp_path / "reference.json"
    expected = reference_of(run, MADE)
    file.write_text(json.dumps(expected))
    assert check(file, "--directory", run) == 0
    assert capsys.readouterr().out == (
        f"2 tables and 1 figures are the same bits as in {file}, 1 figures show times, "
        f"and all 1 verdicts are the same (kernels: {expected['made_with']['kernels']})\n"
    )
    expected["made_with"]["numpy"] = "0.1"
    file.write_text(json.dumps(expected))
    two = run.with_name("two")
    shutil.copytree(run, two)
    write_rows(two / "results" / "tables" / "grid" / "mine.parquet", SCHEMA, rows(steps=6))
    assert check(file, "--directory", two) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("table grid/mine, column steps (counted) differs")
    assert said[1].startswith(f"numpy: 0.1 in {file}, ")
    assert said[-1].startswith(f"1 differences from {file}, 0 beyond what may be, as far as digests tell")
    write_rows(two / "results" / "tables" / "grid" / "mine.parquet", SCHEMA, rows(words="other"))
    assert check(file, "--directory", two) == 1
    none = tmp_path / "none.json"
    assert check(none) == (
        f"{none} is not there, expected the reference that `make gallery` writes, with the same CONFIG"
    )


@pytest.mark.parametrize("name", ["reference.json", "reference-ci.json"])
def test_the_references_of_the_repository_are_of_pinned_kernels_and_of_the_present_kinds(name):
    reference = json.loads((ROOT / "docs" / name).read_text())
    assert reference["made_with"]["kernels"].startswith("x86-64-v3, glibc ")
    assert reference["tables"]["claims"]["rows"] == len(reference["verdicts"])
    for table, (_, schema) in merged_tables().items():
        kinds = {field.name: kind_of(field) for field in schema}
        told = {column: kind for column, (kind, *_) in reference["tables"][table]["columns"].items()}
        assert {column: kind for column, kind in told.items() if column in kinds} == kinds
