"""Two runs beside each other: what a column may be off by, rows by their keys, verdicts, and what the command says."""

import math
import shutil

import pyarrow as pa
import pytest

from dlnflow.cli import main
from dlnflow.files.column_kinds import (
    COUNTED,
    ROW_KEY,
    SAMPLED,
    SOLVER,
    STATUS,
    TIME,
    bounded,
    bounds_of,
    kind_of,
    relative,
    within,
)
from dlnflow.files.digests import TIMES_SHOWN, picture_digest, shows_times
from dlnflow.files.instance_files import Block, write_block
from dlnflow.files.tables import schema_of, write_rows
from dlnflow.kit.style import note, save
from dlnflow.problems.problem import kink
from dlnflow.report.columns_page import merged_tables
from dlnflow.reproduction.run_comparison import Verdict, compare_files, compare_tables

TEXT, REAL, COUNT, VECTOR = pa.string(), pa.float64(), pa.int64(), pa.list_(pa.float64())
SCHEMA = schema_of(
    name=(TEXT, "which", ROW_KEY),
    method=(TEXT, "how", ROW_KEY),
    engine=(TEXT, "arithmetic", COUNTED),
    status=(TEXT, "how it ended", STATUS),
    words=(TEXT, "text"),
    real=(REAL, "a real"),
    error=(REAL, "an error", within(1e-3)),
    rate=(REAL, "a rate", relative(1e-3)),
    log10_radius=(REAL, "log10 of a bound", COUNTED),
    log10_error=(REAL, "log10 of an error", bounded("log10_radius")),
    x=(VECTOR, "an answer", bounded("log10_radius")),
    log10_relative=(REAL, "log10 of an error over unit", bounded("log10_radius", over="unit")),
    unit=(REAL, "the unit of that"),
    steps=(COUNT, "steps", COUNTED),
    said=(REAL, "a solver's", SOLVER),
    seconds=(REAL, "time", TIME),
)
ROW = {
    "name": "a",
    "method": "limit",
    "engine": "float64",
    "status": "converged",
    "words": "",
    "real": 3.0,
    "error": 0.5,
    "rate": 1e-6,
    "log10_radius": -9.0,
    "log10_error": -3.0,
    "x": [1.0, 2.0],
    "log10_relative": -3.0,
    "unit": 0.1,
    "steps": 7,
    "said": 1.0,
    "seconds": 0.1,
}


def table(*rows):
    return pa.Table.from_pylist([ROW | row for row in rows], schema=SCHEMA)


def compared(first, second):
    return compare_tables("a table", table(first), table(second))


def verdict(second, **first):
    return compared(first, second).verdict


ALLOWED = [
    {"real": 3.0 * (1 + 1e-13)},
    {"error": 0.5 + 9e-4},
    {"rate": 1.0009e-6},
    {"log10_error": math.log10(1e-3 + 1.9e-9)},
    {"x": [1.0, 2.0 + 1.9e-9]},
    {"log10_relative": math.log10(1e-3 + 1.9e-8)},
    {"steps": 9},
    {"log10_radius": -8.0},
    {"said": 7.0},
    {"status": "stalled"},
    {"engine": "arb"},
]
BEYOND = [
    {"real": 3.0 * (1 + 1e-11)},
    {"real": None},
    {"words": "other"},
    {"error": 0.5 + 1.1e-3},
    {"rate": 1.0011e-6},
    {"log10_error": math.log10(1e-3 + 2.1e-9)},
    {"log10_error": None},
    {"x": [1.0, 2.0 + 2.1e-9]},
    {"log10_relative": math.log10(1e-3 + 2.1e-8)},
    {"x": [1.0, math.inf]},
    {"x": [1.0, None]},
    {"x": None},
    {"x": [1.0]},
    {"status": "failed"},
    {"name": "b"},
]


def changed_column(change):
    return next(iter(change))


@pytest.mark.parametrize("change", ALLOWED, ids=changed_column)
def test_what_a_column_may_be_off_by_is_within(change):
    assert verdict(change) is Verdict.WITHIN
    [found] = compared({}, change).differences
    assert (found.column, found.rows) == (changed_column(change), 1)


@pytest.mark.parametrize("change", BEYOND, ids=changed_column)
def test_what_is_beyond_that_is_different(change):
    assert verdict(change) is Verdict.DIFFERENT


def test_a_value_may_be_missing_where_a_float_cell_ended_otherwise():
    assert verdict({"status": "stalled", "x": None, "error": None}) is Verdict.WITHIN
    proved = {"engine": "arb"}
    assert verdict(proved | {"status": "stalled", "x": None}, **proved) is Verdict.DIFFERENT


def test_a_negative_zero_is_another_bit_and_no_more():
    found = compared({"error": 0.0, "x": [0.0, 1.0]}, {"error": -0.0, "x": [-0.0, 1.0]})
    assert found.verdict is Verdict.WITHIN
    assert [difference.excess for difference in found.differences] == [0, 0]


def test_numbers_beyond_the_squares_of_float64_are_compared():
    assert verdict({"real": 9e-170}, real=1e-170) is Verdict.DIFFERENT
    assert verdict({"real": 1e200 * (1 + 1e-13)}, real=1e200) is Verdict.WITHIN
    assert verdict({"x": [math.inf, 5.0]}, x=[math.inf, 1.0]) is Verdict.DIFFERENT
    assert verdict({"x": [math.inf, 1.0 + 1e-9]}, x=[math.inf, 1.0]) is Verdict.WITHIN


def test_nulls_in_a_list_are_compared_as_such():
    assert verdict({"x": [None, 2.0 + 1e-9]}, x=[None, 2.0]) is Verdict.WITHIN
    assert verdict({"x": [2.0, None]}, x=[None, 2.0]) is Verdict.DIFFERENT


SAMPLES = schema_of(run=(TEXT, "which", ROW_KEY), time=(REAL, "when", SAMPLED), loss=(REAL, "what", within(1e-3)))


def samples(*rows):
    return pa.Table.from_pylist([dict(zip(("run", "time", "loss"), row, strict=True)) for row in rows], schema=SAMPLES)


def test_of_runs_that_were_sampled_the_ends_are_compared():
    first = samples(("a", 0.0, 1.0), ("a", 0.5, 0.7), ("a", 2.0, 0.1), ("b", 0.0, 1.0))
    more = samples(("a", 0.0, 1.0), ("a", 0.2, 0.9), ("a", 0.7, 0.6), ("a", 2.1, 0.1001), ("b", 0.0, 1.0))
    found = compare_tables("samples", first, more)
    assert found.verdict is Verdict.WITHIN
    assert {difference.column for difference in found.differences} == {"time", "loss"}
    between = samples(("a", 0.0, 1.0), ("a", 0.5, 99.0), ("a", 2.0, 0.1), ("b", 0.0, 1.0))
    assert [difference.column for difference in compare_tables("samples", first, between).differences] == ["samples"]
    ended = samples(("a", 0.0, 1.0), ("a", 0.2, 0.9), ("a", 0.7, 0.6), ("a", 2.1, 0.2), ("b", 0.0, 1.0))
    assert compare_tables("samples", first, ended).verdict is Verdict.DIFFERENT
    assert compare_tables("samples", first, samples(*[("a", 0.0, 1.0)] * 4)).alone[0] == ["run b", "run b, row 2"]
    assert compare_tables("samples", first, first).verdict is Verdict.SAME


def test_the_same_rows_are_the_same_bits_whatever_the_time_and_the_order():
    assert verdict({"seconds": 9.0}) is Verdict.SAME
    rows = [{"name": "a"}, {"name": "b"}]
    assert compare_tables("a table", table(*rows), table(*reversed(rows))).verdict is Verdict.SAME


def test_errors_beyond_float64_are_compared_by_their_logarithms():
    tiny = {"engine": "arb", "log10_error": -400.0, "log10_radius": -410.0}
    assert verdict(tiny | {"log10_error": -400.0 + 1e-11}, **tiny) is Verdict.WITHIN
    assert verdict(tiny | {"log10_error": -400.0 + 1e-9}, **tiny) is Verdict.DIFFERENT


def test_the_status_of_a_certified_cell_is_promised_and_that_of_a_float_cell_is_not():
    assert verdict({"engine": "arb", "status": "stalled"}, engine="arb") is Verdict.DIFFERENT
    assert verdict({"status": "unresolved"}) is Verdict.WITHIN
    of_a_run = schema_of(status=(TEXT, "of a flow", STATUS))
    pair = [pa.Table.from_pylist([{"status": status}], schema=of_a_run) for status in ("converged", "stalled")]
    assert compare_tables("flows", *pair).verdict is Verdict.WITHIN


def test_a_radius_that_is_null_is_0_of_what_converged_and_else_not_known():
    nothing = {"log10_radius": None}
    assert verdict(nothing | {"x": [1.0, 2.0 + 1e-9]}, **nothing) is Verdict.DIFFERENT
    unknown = {"log10_radius": None, "status": "stalled"}
    assert verdict(unknown | {"x": [1.0, 2.0 + 1e-9]}, **unknown) is Verdict.WITHIN
    proved = unknown | {"engine": "arb"}
    assert verdict(proved | {"x": [1.0, 2.0 + 1e-9]}, **proved) is Verdict.DIFFERENT


def test_a_row_of_a_float_solver_is_its_own_but_for_its_keys():
    row = {"method": "spgl1"}
    found = compared(row, row | {"x": [5.0, 5.0], "real": 9.0, "status": "failed"})
    assert found.verdict is Verdict.WITHIN
    assert {difference.kind for difference in found.differences} == {SOLVER}
    exact = {"method": "exact"}
    assert verdict(exact | {"real": 9.0}, **exact) is Verdict.DIFFERENT


def test_rows_in_one_folder_alone_are_named():
    found = compare_tables("a table", table({}, {"name": "b"}), table({}, {}))
    assert found.alone == (["name b, method limit"], ["name a, method limit, row 2"])
    assert found.verdict is Verdict.DIFFERENT


def test_another_schema_is_another_table():
    assert compare_tables("a table", table({}), table({}).drop_columns(["x"])).verdict is Verdict.DIFFERENT
    integers = table({}).set_column(5, "real", pa.array([3]))
    found = compare_tables("a table", table({}), integers)
    assert "real double" in found.alone[0][0]
    assert "real int64" in found.alone[1][0]


def test_every_table_names_its_keys_and_bounds_that_it_has():
    for name, (_, schema) in merged_tables().items():
        kinds = {field.name: kind_of(field) for field in schema}
        assert ROW_KEY in kinds.values(), name
        bounds = {bound for kind in kinds.values() for bound in bounds_of(kind)}
        assert bounds <= kinds.keys(), name


@pytest.fixture
def run(tmp_path):
    """The results and figures of a small run."""
    results = tmp_path / "one" / "results"
    write_rows(results / "tables" / "mine.parquet", SCHEMA, [ROW, ROW | {"name": "b"}])
    write_rows(results / "timings" / "mine.parquet", SCHEMA, [ROW])
    write_block(results / "problems" / "kink" / "trials-0000-0000.npz", Block("kink", 0, (kink("0.5"),)))
    save(note("one"), [tmp_path / "one" / "figures" / "mine" / f"one.{kind}" for kind in ("pdf", "svg", "png")])
    return tmp_path / "one"


def other(run, **change):
    """Another run, with a changed row."""
    shutil.copytree(run, run.with_name("two"))
    write_rows(
        run.with_name("two") / "results" / "tables" / "mine.parquet", SCHEMA, [ROW | change, ROW | {"name": "b"}]
    )
    return run.with_name("two")


def compare(run, two, capsys):
    code = main(["compare", str(run / "results"), str(two / "results")])
    return code, capsys.readouterr().out.splitlines()


def test_the_command_says_that_two_runs_are_the_same_bits(run, capsys):
    two = other(run)
    write_rows(two / "results" / "timings" / "mine.parquet", SCHEMA, [ROW | {"real": 9.0}])
    code, said = compare(run, two, capsys)
    assert code == 0
    assert said[-3:] == [
        "2 tables: 2 the same bits, 0 within, 0 different",
        "3 pictures are the same, 0 others, 0 show times and were not compared",
        "the same bits",
    ]
    assert said[0].startswith(f"{run / 'results'}: ")
    assert "glibc" in said[0] or "native" in said[0]


def test_the_command_says_what_differs_within(run, capsys):
    code, said = compare(run, other(run, steps=9, x=[1.0, 2.0 + 1e-9]), capsys)
    assert code == 3
    assert said[-1] == "within"
    assert said[2] == (
        "within          tables/mine.parquet: x (bounded by log10_radius) in 1, up to 0.5 of what may be; "
        "steps (counted) in 1"
    )


def test_the_command_names_the_rows_that_are_different(run, capsys):
    code, said = compare(run, other(run, words="other"), capsys)
    assert code == 1
    assert said[-1] == "different"
    assert "words (exact) differs in 1 of 2 rows, expected the same: name a, method limit" in "\n".join(said)


def test_a_table_that_one_run_has_not_makes_them_different(run, capsys):
    two = other(run)
    (two / "results" / "problems" / "kink" / "trials-0000-0000.npz").unlink()
    code, said = compare(run, two, capsys)
    assert code == 1
    assert f"different       problems/kink/trials-0000-0000.npz is in {run / 'results'} alone" in said


def test_other_data_are_another_problem(run):
    path = run / "results" / "problems" / "kink" / "trials-0000-0000.npz"
    changed = run / "results" / "problems" / "kink" / "changed.npz"
    write_block(changed, Block("kink", 0, (kink("0.25"),)))
    found = compare_files("kink", path, changed)
    assert [difference.column for difference in found.differences] == ["A"]
    assert found.verdict is Verdict.DIFFERENT


def test_results_alone_are_compared_without_figures(run, capsys):
    two = other(run)
    shutil.rmtree(two / "figures")
    assert compare(run, two, capsys)[0] == 0


def test_a_changed_picture_of_the_same_tables_is_different_but_for_times(run, capsys):
    two = other(run)
    picture = two / "figures" / "mine" / "one.svg"
    save(note("two"), [picture])
    code, said = compare(run, two, capsys)
    assert code == 1
    assert "another picture mine/one.svg" in said
    for folder, text in ((run, "one"), (two, "two")):
        save(note(text), [folder / "figures" / "mine" / "one.svg"], shows_times=True)
    assert compare(run, two, capsys)[0] == 0


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_the_digest_of_a_picture_is_of_what_it_shows(tmp_path, kind):
    plain, told, changed = (tmp_path / f"{name}.{kind}" for name in ("plain", "told", "changed"))
    save(note("one"), [plain])
    save(note("one"), [told], shows_times=True)
    save(note("two"), [changed])
    assert plain.read_bytes() != told.read_bytes()
    assert picture_digest(plain) == picture_digest(told) != picture_digest(changed)
    assert (shows_times(plain), shows_times(told)) == (False, True)
    assert TIMES_SHOWN.encode() in told.read_bytes()


def test_a_folder_without_results_and_a_damaged_file_are_named(run, tmp_path, capsys):
    assert main(["compare", str(run / "results"), str(tmp_path / "nothing")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'nothing'} holds no files of a run, expected the results/ of one\n"
    two = other(run)
    (two / "figures" / "mine" / "one.png").write_bytes(b"")
    assert main(["compare", str(run / "results"), str(two / "results")]) == 2
    assert "one.png is no picture that can be read" in capsys.readouterr().err
    path = two / "results" / "tables" / "mine.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    assert main(["compare", str(run / "results"), str(two / "results")]) == 2
    assert str(path) in capsys.readouterr().err
