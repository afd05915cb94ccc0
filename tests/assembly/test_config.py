"""The config: what is refused and in which words, what its numbers mean, and its schema."""

import json
import runpy
import sys
from fractions import Fraction
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from dlnflow.arithmetic.exact import parse_number, to_text
from dlnflow.assembly.config import Config, read_config
from dlnflow.config.errors import ConfigError
from dlnflow.config.types import ScaleRange
from dlnflow.config.yaml_text import check_file

CONFIGS = [ROOT / "config.yaml", *sorted((ROOT / "workflow" / "presets").glob("*.yaml"))]

PROBLEMS = "problems: {line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}}\n"


def read(text, folder=None):
    """A config as the Snakefile reads it: the file's own check, then the model's."""
    path = (folder or Path()) / "config.yaml"
    path.write_text(text, encoding="utf-8")
    check_file(path, "config.yaml")
    return read_config(yaml.safe_load(text), "config.yaml")


def sharpness(**changes):
    """A sound config but for the given keys of sharpness (None takes one away)."""
    keys = {"problems": "[line]", "depths": "[2, 3]", "scales": "[1, 0.1]"} | changes
    return PROBLEMS + "sharpness: {" + ", ".join(f"{k}: {v}" for k, v in keys.items() if v is not None) + "}\n"


def problem(text):
    """A sound config but for its one problem."""
    return f"problems: {{mine: {text}}}\nsharpness: {{problems: [mine], depths: [2], scales: [1]}}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a user's files, most of them bad, in which the config is read."""
    monkeypatch.chdir(tmp_path)
    A, y = [[1.0, 1, 1], [3, 0, 1]], [3.0, 3]
    np.savez("good.npz", A=A, y=y)
    np.savez("no-A.npz", y=y)
    np.savez("nan.npz", A=[[1, np.nan, 1], [3, 0, 1]], y=y)
    np.savez("rank.npz", A=[[1, 1, 1], [2, 2, 2]], y=y)
    np.savez("objects.npz", A=np.array([[1, None, 2]]), y=[1])
    Path("cut.npz").write_bytes(Path("good.npz").read_bytes()[:200])
    Path("text.npz").write_text("hello")
    np.save("array.npy", A)
    Path("good.csv").write_text("1,1,1\n3,0,1\n")
    Path("y.csv").write_text("3\n3\n")
    Path("text.csv").write_text("1,two,1\n3,0,1\n")
    Path("ragged.csv").write_text("1,1,1\n3,0\n")
    Path("nan.csv").write_text("1,nan,1\n3,0,1\n")
    Path("empty.csv").write_text("\n")
    return tmp_path


NOT_A_NUMBER = "is not a number (expected a decimal such as 2.5 or 1e-9, or a ratio such as 1/3)"

# what is wrong -> the config, and what must be said: the key or file, the value found, and what was expected
BAD = {
    # keys
    "unknown key": (PROBLEMS + "sharpnes: {}\n", ["'sharpnes'", "expected one of seed, problems, sharpness"]),
    "unknown key of the experiment": (
        sharpness(depth="[2]"),
        ["sharpness: ", "'depth'", "expected one of problems, depths"],
    ),
    "unknown key of a figure": (
        sharpness(potentials="{depths: [2], grid: 1}"),
        ["sharpness.potentials", "'grid'", "depths"],
    ),
    "unknown key of the blocks": (sharpness(blocks="{decade: 3}"), ["sharpness.blocks", "'decade'", "decades, trials"]),
    "unknown key of a range": (
        sharpness(scales="{from: 1, to: 0.1, step: 1}"),
        ["sharpness.scales", "'step'", "per_decade"],
    ),
    "unknown key of a problem": (problem("{A: [[1, 2]], y: [1], x: 1}"), ["problems.mine", "'x'", "A, y, nonnegative"]),
    "two kinds of a problem": (
        problem("{kink: 0.1, file: good.npz}"),
        ["problems.mine", "'kink'", "file, nonnegative"],
    ),
    "no kind of a problem": (problem("{matrix: 1}"), ["problems.mine", "'matrix'", "expected A and y"]),
    "a key that is no text": (PROBLEMS + "1: 2\n", ["key 1", "expected one of"]),
    "missing problems": ("seed: 1\n", ["problems is missing"]),
    "missing depths": (sharpness(depths=None), ["sharpness.depths is missing", "keys of sharpness"]),
    "missing y": (problem("{A: [[1, 2]]}"), ["problems.mine.y is missing"]),
    "missing sizes": (
        problem("{ensemble: gaussian, measurements: 2, features: 4}"),
        ["problems.mine.sparsity is missing"],
    ),
    "missing bound": (sharpness(scales="{from: 1}"), ["sharpness.scales.to is missing"]),
    # types
    "number for a list": (sharpness(depths="3"), ["sharpness.depths is 3", "expected a list"]),
    "text for a list": (sharpness(problems="line"), ["sharpness.problems is 'line'", "expected a list"]),
    "list for a number": (sharpness(depths="[[2]]"), ["sharpness.depths[0]: [2]", NOT_A_NUMBER]),
    "text for a number": (sharpness(depths="[2, two]"), ["sharpness.depths[1]: 'two'", NOT_A_NUMBER]),
    "a date for a number": (
        sharpness(depths="[2020-01-01]"),
        ["line 2: '2020-01-01' would be read as a date", "expected"],
    ),
    "number for a mapping": (PROBLEMS + "sharpness: 3\n", ["sharpness is 3", "expected a mapping"]),
    "list for a mapping": ("problems: [line]\n", ["problems is ['line']", "expected a mapping"]),
    "nothing for a list": (sharpness(depths=""), ["sharpness.depths is empty", "expected a list"]),
    "nothing for a problem": (problem(""), ["problems.mine is empty", "expected A and y, or one of"]),
    "number for a file": (problem("{file: 3}"), ["problems.mine.file is 3", "expected text"]),
    "text for a truth value": (
        problem("{A: [[1, 2]], y: [1], nonnegative: maybe}"),
        ["problems.mine.nonnegative is 'maybe'", "expected true or false"],
    ),
    "truth value for a depth": (sharpness(depths="[true]"), ["sharpness.depths[0]: True", NOT_A_NUMBER]),
    "truth value for an entry": (problem("{A: [[1, yes]], y: [1]}"), ["problems.mine.A[0][1]: True", NOT_A_NUMBER]),
    "truth value for a count": (
        sharpness(blocks="{trials: true}"),
        ["blocks.trials is True", "expected a whole number"],
    ),
    "truth value for the seed": ("seed: true\n" + PROBLEMS, ["seed is True", "expected a whole number"]),
    "fraction for the seed": ("seed: 1.5\n" + PROBLEMS, ["seed is 1.5", "expected a whole number"]),
    "negative seed": ("seed: -1\n" + PROBLEMS, ["seed is -1", "expected at least 0"]),
    # grids
    "depth below 2": (sharpness(depths="[3, 1.99]"), ["sharpness.depths[1] is 1.99", "at least 2"]),
    "depth of a figure below 2": (sharpness(potentials="{depths: [1]}"), ["potentials.depths[0] is 1", "at least 2"]),
    "scale of zero": (sharpness(scales="[1, 0]"), ["sharpness.scales[1] is 0", "above 0 and at most 1"]),
    "scale above one": (sharpness(scales="[1.5]"), ["sharpness.scales[0] is 1.5", "above 0 and at most 1"]),
    "negative scale": (sharpness(scales="[-0.1]"), ["sharpness.scales[0] is -0.1", "above 0 and at most 1"]),
    "bound of zero": (sharpness(scales="{from: 1, to: 0}"), ["sharpness.scales.to is 0", "above 0 and at most 1"]),
    "scale beyond any memory": (sharpness(scales="[1e-999999999]"), ["'1e-999999999'", "exponent beyond 4000"]),
    "no scale in a range": (
        sharpness(scales="{from: 0.5, to: 0.2}"),
        ["sharpness.scales", "from 0.5 to 0.2", "expected"],
    ),
    "range upside down": (sharpness(scales="{from: 1e-3, to: 1}"), ["from 1e-3 to 1", "expected from >= to"]),
    "no scale a decade": (sharpness(scales="{from: 1, to: 0.1, per_decade: 0}"), ["per_decade is 0", "at least 1"]),
    "too many a decade": (
        sharpness(scales="{from: 1, to: 0.1, per_decade: 101}"),
        ["per_decade is 101", "at most 100"],
    ),
    "empty scales": (sharpness(scales="[]"), ["sharpness.scales is []", "at least one entry"]),
    "empty depths": (sharpness(depths="[]"), ["sharpness.depths is []", "at least one entry"]),
    "empty problems of a grid": (sharpness(problems="[]"), ["sharpness.problems is []", "at least one entry"]),
    "empty methods": (sharpness(methods="[]"), ["sharpness.methods is []", "at least one entry"]),
    "no problems at all": ("problems: {}\n", ["problems is {}", "at least one entry"]),
    "unknown problem": (sharpness(problems="[line, plane]"), ["sharpness.problems[1] is 'plane'", "expected", "line"]),
    "unknown problem of a figure": (
        sharpness(kinks="{problems: [x], depths: [3]}"),
        ["kinks.problems[0] is 'x'", "line"],
    ),
    "unknown method": (
        sharpness(methods="[radau]"),
        ["methods[0] is 'radau'", "expected 'flow', 'limit' or 'certified'"],
    ),
    "unknown ensemble": (
        problem("{ensemble: cauchy, measurements: 2, features: 4, sparsity: 1}"),
        ["problems.mine.ensemble is 'cauchy'", "expected 'gaussian'"],
    ),
    # names
    "top key twice": (PROBLEMS + PROBLEMS, ["line 2", "'problems'", "twice"]),
    "nested key twice": ("problems:\n  a: {kink: 0.1}\n  a: {kink: 0.2}\n", ["line 3", "'a'", "twice"]),
    "problem twice in a list": (
        sharpness(problems="[line, line]"),
        ["sharpness.problems", "'line' stands 2 times", "once"],
    ),
    "method twice": (sharpness(methods="[flow, flow]"), ["sharpness.methods", "'flow' stands 2 times", "once"]),
    "name with a slash": ("problems: {a/b: {kink: 0.1}}\n", ["problems", "'a/b'", "expected letters"]),
    "name that leaves the folder": ("problems: {../x: {kink: 0.1}}\n", ["problems", "'../x'", "expected letters"]),
    "name that is a number": ("problems: {1: {kink: 0.1}}\n", ["problems", "name is 1", "in quotes"]),
    "name that YAML takes for true": ("problems: {yes: {kink: 0.1}}\n", ["problems", "name is True", "in quotes"]),
    # numbers that YAML would misread
    "octal": (sharpness(depths="[010]"), ["line 2", "010 would be read as 8"]),
    "hexadecimal": (sharpness(depths="[0x10]"), ["line 2", "0x10 would be read as 16"]),
    "sexagesimal": (sharpness(depths="[1:30]"), ["line 2", "1:30 would be read as 90"]),
    "underscores": (sharpness(depths="[1_000]"), ["line 2", "1_000 would be read as 1000"]),
    "too many digits": (
        sharpness(scales="[0.1234567890123456789012345]"),
        ["line 2", "0.1234567890123456789012345 would be read as 0.12345678901234568", "in quotes"],
    ),
    "too small a float": (sharpness(scales="[1.0e-400]"), ["line 2", "1.0e-400 would be read as 0.0"]),
    "infinity": (sharpness(depths="[.inf]"), ["line 2", ".inf would be read as inf"]),
    "nan": (problem("{A: [[1, .nan]], y: [1]}"), ["line 1", ".nan would be read as nan"]),
    # data
    "rank": (
        problem("{A: [[1, 1, 1], [2, 2, 2]], y: [3, 3]}"),
        ["problems.mine", "rank 1", "expected full row rank 2"],
    ),
    "sizes that disagree": (problem("{A: [[1, 1, 1]], y: [3, 3]}"), ["problems.mine", "y has 2 entries", "expected 1"]),
    "ragged rows": (
        problem("{A: [[1, 1, 1], [3, 0]], y: [3, 3]}"),
        ["problems.mine", "A[1] has 2 entries", "expected 3"],
    ),
    "y of zeros": (problem("{A: [[1, 1, 1]], y: [0]}"), ["problems.mine", "y is zero", "expected"]),
    "as many rows as columns": (
        problem("{A: [[1, 0], [0, 1]], y: [1, 1]}"),
        ["problems.mine", "A is 2 x 2", "expected fewer"],
    ),
    "empty data": (problem("{A: [], y: []}"), ["problems.mine", "A is empty", "expected"]),
    "text in the data": (problem("{A: [[1, x]], y: [1]}"), ["problems.mine.A[0][1]: 'x'", NOT_A_NUMBER]),
    "beyond float64": (
        problem("{A: [[1, 1e400]], y: [1]}"),
        ["problems.mine", "A holds a number beyond float64's largest"],
    ),
    "nonnegative without a solution": (
        problem("{A: [[1, 1]], y: [-1], nonnegative: true}"),
        ["problems.mine", "no solution x >= 0", "expected"],
    ),
    "sparsity above the measurements": (
        problem("{ensemble: gaussian, measurements: 2, features: 4, sparsity: 3}"),
        ["problems.mine", "sparsity 3, measurements 2", "expected 0 < sparsity <= measurements"],
    ),
    # files
    "missing npz": (problem("{file: none.npz}"), ["problems.mine", "none.npz does not exist", "expected an .npz"]),
    "npz without A": (
        problem("{file: no-A.npz}"),
        ["problems.mine", "no-A.npz holds y", "expected the arrays A and y"],
    ),
    "nan in an npz": (
        problem("{file: nan.npz}"),
        ["problems.mine", "nan.npz: A[0, 1] is nan", "expected a finite number"],
    ),
    "rank of an npz": (
        problem("{file: rank.npz}"),
        ["problems.mine", "rank.npz: A has rank 1", "expected full row rank 2"],
    ),
    "pickled npz": (
        problem("{file: objects.npz}"),
        ["problems.mine", "objects.npz cannot be read", "expected plain arrays"],
    ),
    "truncated npz": (problem("{file: cut.npz}"), ["problems.mine", "cut.npz is no .npz file", "expected"]),
    "text as an npz": (problem("{file: text.npz}"), ["problems.mine", "text.npz is no .npz file", "expected"]),
    "npy as an npz": (problem("{file: array.npy}"), ["problems.mine", "array.npy is no .npz file", "expected"]),
    "missing csv": (
        problem("{A: good.csv, y: none.csv}"),
        ["problems.mine", "none.csv does not exist", "expected a .csv"],
    ),
    "one csv of two": (problem("{A: good.csv, y: [3, 3]}"), ["problems.mine", "names a file", "expected both"]),
    "text in a csv": (
        problem("{A: text.csv, y: y.csv}"),
        ["problems.mine", "text.csv", "A[0, 1]: 'two'", NOT_A_NUMBER],
    ),
    "nan in a csv": (problem("{A: nan.csv, y: y.csv}"), ["problems.mine", "nan.csv", "'nan'", NOT_A_NUMBER]),
    "ragged csv": (
        problem("{A: ragged.csv, y: y.csv}"),
        ["problems.mine", "ragged.csv", "A[1] has 2 entries, expected 3"],
    ),
    "empty csv": (problem("{A: empty.csv, y: y.csv}"), ["problems.mine", "empty.csv is empty", "expected rows"]),
    "npz as a csv": (
        problem("{A: good.npz, y: y.csv}"),
        ["problems.mine", "good.npz cannot be read", "expected a .csv"],
    ),
    # files of the config itself
    "empty config": ("", ["holds no keys", "expected a mapping"]),
    "config that is a list": ("- line\n", ["holds no keys", "expected a mapping"]),
    "unclosed bracket": ("seed: 1\nproblems: [1, 2\n", ["line 3", "not valid YAML", "expected ',' or ']'"]),
    "tab": ("problems:\n\tline: 1\n", ["line 2", "not valid YAML"]),
    "unknown alias": ("problems: *line\n", ["line 1", "not valid YAML", "alias 'line'"]),
    "alias of itself": ("problems: &a [*a]\n", ["line 1", "an alias refers to what it stands in"]),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_a_mistake_is_refused_in_one_sentence_that_names_it(folder, text, said):
    with pytest.raises(ConfigError) as caught:
        read(text)
    message = str(caught.value)
    assert message.startswith("config.yaml")
    assert "\n" not in message
    # a line of a terminal or two; the longest are those that list the keys of an experiment
    assert len(message) < 250
    for part in said:
        assert part in message
    # pydantic's own words and branches
    for foreign in ("Input should", "validation error", "MatrixProblem", "function-", "list[", "pydantic"):
        assert foreign not in message


def test_a_config_that_cannot_be_read_is_named(folder):
    with pytest.raises(ConfigError, match=r"none\.yaml cannot be read: No such file"):
        check_file("none.yaml")
    Path("latin.yaml").write_bytes(b"problems: \xe9\n")
    with pytest.raises(ConfigError, match=r"latin\.yaml is no text: byte 11 is 0xe9, expected YAML in UTF-8"):
        check_file("latin.yaml")


def test_several_mistakes_are_counted(folder):
    with pytest.raises(ConfigError, match=r"sharpness\.depths\[0\] is 1: .* \(and 2 more\)"):
        read(sharpness(depths="[1, 1.5]", methods="[radau]"))


def test_a_problem_may_be_called_as_any_part_of_the_program(folder):
    for name in ("list", "str", "range", "MatrixProblem", "function-x"):
        with pytest.raises(ConfigError, match=f"problems.{name} is 3"):
            read(f"problems: {{{name}: 3}}\n")


def test_sound_configs_are_taken(folder):
    assert read(sharpness()).sharpness.depths == (2, 3)
    for text in (
        "{file: good.npz}",
        "{A: good.csv, y: y.csv}",
        "{A: good.csv, y: y.csv, nonnegative: true}",
        "{kink: -0.1}",
        "{kink: 1/3}",
        "{ensemble: gaussian, measurements: 2, features: 4, sparsity: 1, trials: 3}",
    ):
        assert list(read(problem(text)).problems) == ["mine"]
    assert read(PROBLEMS).sharpness is None


def test_numbers_mean_what_was_typed(folder):
    config = read(problem("{A: [[0.111, -1e-20, '1/3', 1.0e-7, 2]], y: [0.1234567890123456]}"))
    spec = config.problems["mine"]
    entries = [[Fraction(111, 1000), Fraction(-1, 10**20), Fraction(1, 3), Fraction(1, 10**7), Fraction(2)]]
    assert list(spec.A) == entries
    assert spec.y == [Fraction(1234567890123456, 10**16)]
    assert spec.instance(0, 0).rational_A == spec.A


def test_equal_values_are_one_whatever_their_spelling(folder):
    config = read(sharpness(depths="[2, 2.0, '2', '4/2', 0.2e+1, 3]", scales="[1e-100, 1.0e-100, '0.1e-99', 1]"))
    assert config.sharpness.depths == (2, 3)
    assert config.sharpness.scales == (1, Fraction(1, 10**100))


def test_grids_are_in_one_order(folder):
    one = read(sharpness(depths="[4, 2, 3]", scales="[0.01, 1, 0.1]"))
    assert one.sharpness.depths == (2, 3, 4)
    assert one.sharpness.scales == (1, Fraction(1, 10), Fraction(1, 100))


@pytest.mark.parametrize("number", [0.111, 1e-7, 1.5, 1e22, 0.1 + 0.2])
def test_a_float_of_yaml_is_the_decimal_that_was_typed(number):
    config = read_config({"problems": {"mine": {"A": [[number, 1]], "y": [1]}}})
    assert config.problems["mine"].A[0][0] == parse_number(repr(number))


def scale_range(first, last, per_decade):
    return ScaleRange.model_validate({"from": first, "to": last, "per_decade": per_decade}).scales()


def test_a_range_holds_its_ends_and_rounded_scales_between():
    assert [to_text(s) for s in scale_range(1, "1e-9", 1)] == ["1", "0.1", "0.01", *(f"1e-{k}" for k in range(3, 10))]
    assert [to_text(s) for s in scale_range("0.1", "0.01", 4)] == ["0.1", "0.0562", "0.0316", "0.0178", "0.01"]
    assert len(scale_range(1, "1e-100", 1)) == 101


ranges = st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(1, 20), st.integers(1, 20))


@settings(deadline=None)
@given(ranges)
def test_a_longer_range_contains_a_shorter_one(drawn):
    first, length, more, per_decade = drawn
    short = scale_range(f"1e-{first}", f"1e-{first + length}", per_decade)
    long = scale_range(1, f"1e-{first + length + more}", per_decade)
    assert [s for s in long if short[0] >= s >= short[-1]] == short
    assert len(short) == length * per_decade + 1
    # three digits: at most 0.5 % from the exact power
    for k, scale in enumerate(short):
        assert float(scale) == pytest.approx(10 ** (-first - k / per_decade), rel=0.005)


def test_a_finer_lattice_keeps_the_scales_of_a_coarser_one():
    for coarse, fine in ((1, 2), (2, 4), (1, 10), (5, 10), (25, 100)):
        assert set(scale_range(1, "1e-3", coarse)) <= set(scale_range(1, "1e-3", fine))


def test_the_entry_of_a_problem_has_one_spelling(folder):
    one = read(problem("{y: ['1/2'], A: [[1.0, 0.50]]}")).problems["mine"].as_json()
    two = read(problem("{A: [[1, '1/2']], y: [0.5], nonnegative: false}")).problems["mine"].as_json()
    assert one == two
    sizes = "{ensemble: gaussian, measurements: 2, features: 4, sparsity: 1"
    few, many = (read(problem(f"{sizes}, trials: {n}}}")).problems["mine"] for n in (1, 5))
    assert few.as_json() == many.as_json()  # an instance does not depend on how many there are
    assert (few.instances, many.instances) == (1, 5)


def test_every_name_of_a_problem_is_where_the_config_says(folder):
    text = (
        "problems: {a: {kink: 0.1}, b: {kink: 0.2}}\n"
        "sharpness: {problems: [a], depths: [3], scales: [1], kinks: {problems: [a, b], depths: [4, 2]}}\n"
    )
    experiment = read(text).sharpness
    assert experiment.cell_problems == ["a", "b"]
    assert experiment.depths_of("a") == (2, 3, 4)
    assert experiment.depths_of("b") == (2, 4)


@pytest.fixture
def write_schema(monkeypatch):
    """Runs scripts/write_schema.py in this process."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["write_schema.py", *map(str, arguments)])
        runpy.run_path(str(ROOT / "scripts" / "write_schema.py"), run_name="__main__")

    return run


SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.json"


def test_the_schema_in_the_repository_is_the_one_that_the_model_generates(write_schema):
    assert json.loads(SCHEMA.read_text()) == Config.model_json_schema()
    write_schema("--check")
    jsonschema.Draft202012Validator.check_schema(Config.model_json_schema())


def test_an_old_schema_is_found_and_written_anew(write_schema, tmp_path):
    path = tmp_path / "schemas" / "config.schema.json"
    with pytest.raises(SystemExit, match="run python scripts/write_schema"):
        write_schema("--check", "--output", path)
    write_schema("--output", path)
    write_schema("--check", "--output", path)
    assert path.read_bytes() == SCHEMA.read_bytes()
    path.write_text("{}")
    with pytest.raises(SystemExit):
        write_schema("--check", "--output", path)


@pytest.mark.parametrize("path", CONFIGS, ids=[path.stem for path in CONFIGS])
def test_every_config_of_the_repository_is_sound_and_fits_the_schema(path):
    check_file(path)
    values = yaml.safe_load(path.read_text())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(values)
    assert read_config(values).sharpness is not None


# what only the model can know: other keys' values, the data, and how numbers were spelt
SCHEMA_FINDS = [
    "unknown key of the experiment",
    "unknown key of a problem",
    "missing depths",
    "number for a list",
    "truth value for a depth",
    "depth below 2",
    "scale above one",
    "scale of zero",
    "empty scales",
    "unknown method",
    "unknown ensemble",
    "no problems at all",
]


@pytest.mark.parametrize("name", SCHEMA_FINDS)
def test_the_schema_finds_what_a_schema_can(name):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(BAD[name][0]), json.loads(SCHEMA.read_text()))


def test_config_yaml_is_the_paper_s_grid():
    config = read_config(yaml.safe_load((ROOT / "config.yaml").read_text())).sharpness
    # Wind, Antun and Hansen (2023), figures 1 and 2
    assert config.problems == ("line", "plane", "random")
    assert config.depths == (2, Fraction(5, 2), 3, 4)
    assert config.scales == tuple(Fraction(1, 10**k) for k in range(10))
    assert config.kinks.depths == (3, 4, 5)
    assert len(config.kinks.problems) == 4


@pytest.mark.parametrize("depths", ["[1e400]", "[2, '2.00000000000000000001']"])
def test_depths_that_the_tables_could_not_hold_are_refused(folder, depths):
    text = "problems: {k: {kink: 0.1}}\nsharpness: {problems: [k], depths: DEPTHS, scales: [1]}\n"
    with pytest.raises(ConfigError, match=r"sharpness\.depths.* expected"):
        read(text.replace("DEPTHS", depths))
