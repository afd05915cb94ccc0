"""At least 200 malformed configs, made from sound ones: each refused by one sentence before there is any job.

The sound ones are the examples in the schema and the repository's configs; `config_mistakes` makes them malformed.
"""

import ast
import functools
import os
from itertools import pairwise

import numpy as np
import pytest
import yaml
from config_mistakes import KINDS, refusal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from malformed import EXAMPLES, IS_VALID, ROOT, configs_with, faults, key_text, slices
from workflow_tools import command, forked

from dlnflow.config.errors import ConfigError
from dlnflow.config.yaml_text import check_file


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    """The folder of the files that the examples name."""
    folder = tmp_path_factory.mktemp("malformed")
    data = folder / "data"
    data.mkdir()
    np.savez(data / "mine.npz", A=[[1.0, 1, 1], [3, 0, 1]], y=[3.0, 3])
    (data / "A.csv").write_text("1,1,1\n3,0,1\n")
    (data / "y.csv").write_text("3\n3\n")
    (data / "mine.mps").write_text(
        "NAME X\nROWS\n N COST\n L R1\nCOLUMNS\n X1 COST -1 R1 1\n X2 COST 1 R1 1\nRHS\n RHS R1 1\nENDATA\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


@pytest.mark.parametrize(("name", "k"), EXAMPLES, ids=lambda part: str(part))
def test_every_example_of_the_schema_is_taken_somewhere(name, k):
    answers = [refusal(config) for config, _ in configs_with(name, k)]
    assert None in answers, answers
    assert any(IS_VALID(config) for config, _ in configs_with(name, k))


@pytest.mark.parametrize(("name", "config"), list(slices()), ids=lambda part: part if isinstance(part, str) else "")
def test_every_experiment_of_the_repository_is_taken(name, config):
    assert refusal(config) is None
    assert IS_VALID(config)


EACH = 12
"""Drawn of each kind."""


@functools.cache
def sentences(kind):
    """Each distinct malformed config of a kind, as text -> (the path of what was changed, the sentence or None)."""
    found = {}

    @settings(
        derandomize=True, database=None, deadline=None, max_examples=EACH, suppress_health_check=list(HealthCheck)
    )
    @given(KINDS[kind])
    def collect(drawn):
        malformed, path = drawn
        found[repr(malformed)] = path, refusal(malformed)

    collect()
    return found


def is_named(path, sentence):
    """Whether a sentence names the key, or one that holds it: at most three above, as in problems.line.A[0][2]."""
    return any(key_text(path[: len(path) - up]) in sentence for up in range(min(4, len(path))))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_mistake_is_refused_in_one_sentence_that_names_its_key(kind):
    found = sentences(kind)
    assert len(found) >= EACH // 2
    for malformed, (path, sentence) in found.items():
        assert sentence is not None, f"{kind} at {key_text(path)} is taken: {malformed}"
        assert faults(sentence, "config.yaml: ") == [], sentence
        assert is_named(path, sentence), f"{sentence} does not name {key_text(path)}"


def test_more_than_200_distinct_malformed_configs_are_refused():
    refused = {malformed for kind in KINDS for malformed, (_, sentence) in sentences(kind).items() if sentence}
    assert len(refused) >= 300


@pytest.mark.parametrize("kind", ["misspelt key"])
def test_a_misspelt_key_is_told_its_spelling(kind):
    close = [sentence for _, sentence in sentences(kind).values() if "did you mean" in sentence]
    assert len(close) >= EACH // 2


# kinds in which the value itself stands in the sentence, for it is an entry of its own
@pytest.mark.parametrize("kind", ["unknown problem", "depth below 2", "scale out of range", "huge count", "null"])
def test_the_value_found_is_said(kind):
    for malformed, (path, sentence) in sentences(kind).items():
        value = ast.literal_eval(malformed)
        for key in path:
            value = value[key]
        assert ("empty" if value is None else repr(value)[:70]) in sentence


def file_refusal(path):
    """The sentence by which a file is refused before its values are looked at, None if it is taken."""
    try:
        check_file(path, "config.yaml")
    except ConfigError as error:
        return str(error)
    return None


SOUND = (ROOT / "workflow" / "presets" / "ci.yaml").read_text(encoding="utf-8")
LINE = "problems: {line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}}\n"
BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefghi")
)

# what a file of a config may not be -> (its bytes, what must be said)
FILES = {
    "empty": (b"", "holds no keys, expected a mapping with the key problems"),
    "a comment alone": (b"# nothing\n", "holds no keys"),
    "braces alone": (b"{}\n", "holds no keys"),
    "a list": (b"- problems\n", "holds no keys"),
    "a text": (b"problems\n", "holds no keys"),
    "bytes": (bytes(range(1, 256)), "no text: byte 128 is 0x80, expected YAML in UTF-8"),
    "zeros": (bytes(512), "line 1: not valid YAML: the character '\\x00', expected plain text"),
    "a control character": (LINE.encode() + b"seed: \x07\n", "line 2: not valid YAML: the character '\\x07'"),
    "UTF-16": (LINE.encode("utf-16"), "no text: byte 1 is 0xff"),
    "Latin-1": ("problems: é\n".encode("latin-1"), "no text: byte 11 is 0xe9"),
    "a tab": (b"problems:\n\tline: {kink: 0.1}\n", "line 2: not valid YAML: found character"),
    "an open bracket": (b"problems: {line: [1, 2}\n", "line 1: not valid YAML: expected ',' or ']', but got '}'"),
    "an open quote": (b"problems: {line: 'a\n", "line 2: not valid YAML: found unexpected end of stream"),
    "bad indentation": (b"problems:\n  a: {kink: 1}\n b: {kink: 2}\n", "line 3: not valid YAML"),
    "two colons": (b"problems: line: 3\n", "line 1: not valid YAML: mapping values are not allowed here"),
    "two documents": (
        LINE.encode() + b"---\nseed: 1\n",
        "line 2: not valid YAML: there is another document, expected one",
    ),
    "a key twice": (LINE.encode() * 2, "line 2: the key 'problems' stands twice, expected once"),
    "a key twice, once in quotes": (b"seed: 1\n'seed': 2\n", "line 2: the key 'seed' stands twice"),
    "an alias of nothing": (b"problems: *line\n", "line 1: not valid YAML: found undefined alias 'line'"),
    "an alias of itself": (b"problems: &a {b: *a}\n", "line 1: an alias refers to what it stands in, expected"),
    "aliases of aliases": (BOMB.encode(), "stands for more than 1000000 entries by its aliases, expected fewer"),
    "deep nesting": (b"a: " + b"[" * 3000 + b"]" * 3000, "nests too deeply to be read, expected a few levels"),
    "a date": (b"seed: 2020-01-31\n", "line 1: '2020-01-31' would be read as a date, expected a number, or text"),
    "no date": (b"seed: 2020-13-45\n", "line 1: '2020-13-45' would be read as a date"),
    "a tag of Python": (
        b"seed: !!python/object/apply:os.getcwd []\n",
        "line 1: the tag 'python/object/apply:os.getcwd', expected plain values",
    ),
    "a tag of one's own": (b"seed: !mine 3\n", "line 1: the tag '!mine', expected plain values"),
    "a set": (b"problems: !!set {a, b}\n", "line 1: the tag 'set', expected plain values"),
    "a list as a key": (b"? [1, 2]\n: 3\n", "line 1: a key is a list or a mapping, expected text"),
    "a merge of no mapping": (b"<<: 3\n" + LINE.encode(), "line 1: not valid YAML: expected a mapping"),
    "an integer of 5000 digits": (b"seed: " + b"1" * 5000 + b"\n", "has 5000 digits, expected fewer"),
    "octal": (b"seed: 0777\n", "line 1: 0777 would be read as 511, expected a decimal"),
    "hours": (b"seed: 12:30:45\n", "line 1: 12:30:45 would be read as 45045, expected a decimal"),
    "infinity": (b"seed: -.inf\n", "line 1: -.inf would be read as -inf, expected a decimal"),
    "a template": (b"__use_yte__: true\n" + LINE.encode(), "line 1: the key '__use_yte__' makes a template"),
    "JSON beyond float64": (b'{"seed": 1e-400}', "1e-400 would be read as 0.0, expected it in quotes"),
    "JSON with too many digits": (b'{"seed": 0.12345678901234567891}', "0.12345678901234567891 would be read as"),
}


@pytest.mark.parametrize(("data", "said"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_config_is_refused_in_one_sentence(tmp_path, data, said):
    path = tmp_path / "config.yaml"
    path.write_bytes(data)
    sentence = file_refusal(path)
    assert sentence is not None
    assert faults(sentence, "config.yaml") == [], sentence
    assert said in sentence


def test_what_is_no_file_is_refused_in_one_sentence(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is a device"),
        (tmp_path / "none", "No such file"),
    ):
        sentence = file_refusal(path)
        assert said in sentence
        assert faults(sentence, "config.yaml") == []


@st.composite
def edited_texts(draw):
    """A sound config with a piece put in, or cut off, that YAML itself does not read: so says PyYAML."""
    place = draw(st.integers(0, len(SOUND) - 1))
    piece = draw(
        st.sampled_from(["[", "{", "]", "}", "'", '"', "\t", ": :", "*", "&a &b ", "!", "|", "%", "@", "`", "- ", "?"])
    )
    text = draw(st.sampled_from([SOUND[:place] + piece + SOUND[place:], SOUND[:place] + piece]))
    try:
        yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    return draw(st.nothing())


def test_edits_that_yaml_does_not_read_are_refused_in_one_sentence_that_names_the_line(tmp_path):
    found, path = {}, tmp_path / "config.yaml"

    @settings(derandomize=True, database=None, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(edited_texts())
    def collect(text):
        path.write_text(text, encoding="utf-8")
        found[text] = file_refusal(path)

    collect()
    assert len(found) >= 40
    for text, sentence in found.items():
        assert sentence is not None, text
        assert faults(sentence, "config.yaml, line ") == [], sentence


# a dozen of all these through the command itself
COMMANDS = {
    "no YAML": FILES["an open bracket"][0],
    "no text": FILES["bytes"][0],
    "no date": FILES["no date"][0],
    "aliases": FILES["aliases of aliases"][0],
    "two documents": FILES["two documents"][0],
    "a key twice": FILES["a key twice"][0],
    "a misspelt key": b"problem: {line: {kink: 0.1}}\n",
    "an unknown problem": LINE.encode() + b"sharpness: {problems: [lime], depths: [2], scales: [1]}\n",
    "a depth below 2": LINE.encode() + b"sharpness: {problems: [line], depths: [1.5], scales: [1]}\n",
    "a name that leaves the folder": b"problems: {../line: {kink: 0.1}}\n",
    "data of lost rank": b"problems: {line: {A: [[1, 1, 1], [2, 2, 2]], y: [1, 2]}}\n",
    "a file that is not there": b"problems: {mine: {file: data/none.npz}}\n",
    "more than any memory": b"problems: {a: {ensemble: dct, measurements: 100000, features: 900000000, sparsity: 1}}\n",
}


@pytest.mark.parametrize("data", COMMANDS.values(), ids=COMMANDS.keys())
def test_the_command_says_the_sentence_alone_and_makes_nothing(repo, tmp_path, data):
    path = tmp_path / "config.yaml"
    path.write_bytes(data)
    call = command(repo, tmp_path, path)
    place = call.index("--configfile")
    result = forked([*call[:place], *call[place + 3 :], "--dry-run"], tmp_path)
    assert result.returncode == 1
    said = [line for line in (result.stdout + result.stderr).splitlines() if line and "specific profile" not in line]
    assert len(said) == 1, said
    assert faults(said[0], "config.yaml") == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.yaml"]
