"""At least 100 malformed files of data: each refused by one sentence while the config is read, before there is any job.

Each kind is malformed by construction. Besides, sound files are cut and have bytes changed, and what is taken of them
must be what an independent reader finds there.
"""

import csv
import io
from fractions import Fraction

import numpy as np
import pytest
from malformed import faults
from malformed_data import ARCHIVE, COLUMN, CSV, GOOD, LP, MODELS, NPZ, PROGRAM_NPZ, SMALL, A, B, C, Y, npz
from model_texts import MODEL

from dlnflow.assembly.config import read_config
from dlnflow.config.errors import ConfigError
from dlnflow.files.instance_files import read_csv, read_npz
from dlnflow.files.model_files import read_program
from dlnflow.problems.problem import ProblemError

PLAIN = {"seed": 1, "problems": {"line": {"A": A, "y": Y}}}


def refusal(entry, is_program=False):
    """The sentence by which a config with this entry is refused, None if it is taken."""
    config = PLAIN | {"problems": PLAIN["problems"] | {"mine": entry}}
    if is_program:
        config = PLAIN | {"linear_programs": {"inverse_lams": [8], "programs": {"mine": entry}}}
    try:
        read_config(config, "config.yaml")
    except ConfigError as error:
        return str(error)
    return None


def check(sentence, file, *said):
    assert sentence is not None, f"{file} is taken"
    assert faults(sentence, "config.yaml: ") == [], sentence
    for part in (file, *said):
        assert part in sentence, sentence


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("data", "said"), NPZ.values(), ids=NPZ.keys())
def test_an_npz_file_that_is_no_problem_is_refused(folder, data, said):
    (folder / "mine.npz").write_bytes(data)
    check(refusal({"file": "mine.npz"}), "problems.mine: mine.npz", said, "expected")


@pytest.mark.parametrize(("data", "said"), PROGRAM_NPZ.values(), ids=PROGRAM_NPZ.keys())
def test_an_npz_file_that_is_no_program_is_refused(folder, data, said):
    (folder / "mine.npz").write_bytes(data)
    check(refusal({"file": "mine.npz"}, is_program=True), "linear_programs.programs.mine: ", said, "expected")


@pytest.mark.parametrize(("A", "y", "said"), CSV.values(), ids=CSV.keys())
def test_csv_files_that_are_no_problem_are_refused(folder, A, y, said):
    (folder / "A.csv").write_bytes(A)
    (folder / "y.csv").write_bytes(y)
    check(refusal({"A": "A.csv", "y": "y.csv"}), ".csv", "problems.mine: ", said)


@pytest.mark.parametrize(("name", "key", "text", "said"), MODELS, ids=[f"{model[0]}: {model[1]}" for model in MODELS])
def test_a_model_that_is_no_program_is_refused(folder, capfd, name, key, text, said):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    check(refusal({"file": name}, is_program=True), "linear_programs.programs.mine: ", said, "expected")
    assert capfd.readouterr() == ("", "")  # HiGHS says nothing of its own


def test_there_are_more_than_100_kinds_of_malformed_files():
    assert len(NPZ) + len(PROGRAM_NPZ) + len(CSV) + len(MODELS) >= 150


def test_the_sound_files_behind_them_are_taken(folder):
    (folder / "mine.npz").write_bytes(ARCHIVE)
    (folder / "program.npz").write_bytes(npz(A=A, b=B, c=C))
    (folder / "A.csv").write_bytes(GOOD)
    (folder / "y.csv").write_bytes(COLUMN)
    (folder / "mine.mps").write_text(SMALL)
    (folder / "mine.lp").write_text(LP)
    assert refusal({"file": "mine.npz"}) is None
    assert refusal({"A": "A.csv", "y": "y.csv"}) is None
    for name in ("program.npz", "mine.mps", "mine.lp"):
        assert refusal({"file": name}, is_program=True) is None


@pytest.mark.parametrize(
    "arrays",
    [
        {"A": np.asfortranarray(A), "y": Y},
        {"A": np.array(A, dtype=">f8"), "y": np.array(Y, dtype=">i4")},
        {"A": np.array(A, dtype=np.float16), "y": np.array(Y, dtype=np.uint8)},
        {"A": np.array(A, dtype=np.longdouble), "y": Y},
        {"A": np.array([["1", "1.0", "1e0"], ["3", "0", "2/2"]]), "y": ["3", "3"]},
        {"A": A, "y": Y, "notes": np.array(None)},
    ],
    ids=["Fortran's order", "big endian", "narrow", "wide", "texts", "objects that nobody asks for"],
)
def test_other_layouts_of_the_same_numbers_are_taken(folder, arrays):
    (folder / "mine.npz").write_bytes(npz(**arrays))
    assert refusal({"file": "mine.npz"}) is None
    assert read_npz("mine.npz").rational_A == [[1, 1, 1], [3, 0, 1]]


def damaged(data, rng):
    """The bytes with an end cut off, a bit changed, some bytes left out or put in."""
    place = int(rng.integers(len(data)))
    match rng.integers(4):
        case 0:
            return data[:place]
        case 1:
            return data[:place] + bytes([data[place] ^ 1 << int(rng.integers(8))]) + data[place + 1 :]
        case 2:
            return data[:place] + data[place + int(rng.integers(1, 6)) :]
        case _:
            return data[:place] + rng.bytes(int(rng.integers(1, 6))) + data[place:]


def outcome(read, *paths):
    """(what is read, "") or (None, the sentence); anything but a ProblemError passes through."""
    try:
        return read(*paths), ""
    except ProblemError as error:
        sentence = str(error)
        assert faults(sentence + ", expected", "") == [], sentence  # some end with another's words
        assert str(paths[0]).rpartition("/")[2] in sentence
        return None, sentence


@pytest.mark.parametrize("compressed", [False, True])
def test_damaged_npz_files_are_refused_or_hold_what_numpy_finds(tmp_path, compressed):
    rng, path, refused = np.random.default_rng(1), tmp_path / "mine.npz", 0
    sound = npz(compressed=compressed, A=A, y=Y)
    for _ in range(200):
        path.write_bytes(damaged(sound, rng))
        problem, sentence = outcome(read_npz, path)
        refused += problem is None
        try:
            with np.load(io.BytesIO(path.read_bytes())) as archive:
                told = archive["A"].tolist(), archive["y"].tolist()
        except Exception:  # whatever NumPy and zipfile raise
            told = None
        if told == (A, Y):
            # the bytes that changed mean nothing, or are the size of a member, which NumPy does not look at
            assert problem is not None or "is said to be of" in sentence
        elif problem is not None:
            assert (problem.A.tolist(), problem.y.tolist()) == told
    assert refused >= 100


def test_damaged_csv_files_are_refused_or_hold_what_stands_there(tmp_path):
    rng, path, refused = np.random.default_rng(2), tmp_path / "A.csv", 0
    (tmp_path / "y.csv").write_bytes(COLUMN)
    sound = b"1.25,-1e-3,1\n3,0,1/3\n"
    for _ in range(300):
        path.write_bytes(damaged(sound, rng))
        problem, _ = outcome(read_csv, path, tmp_path / "y.csv")
        refused += problem is None
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            cells = [[cell.strip() for cell in row] for row in csv.reader(lines) if "".join(row).strip()]
            told = [[Fraction(cell) for cell in row] for row in cells]
        except (ValueError, ZeroDivisionError):
            told = None
        if problem is not None:
            assert problem.rational_A == told
        elif told is not None:  # numbers, but no two rows of as many, at least three
            assert len(told) != 2 or len(told[0]) != len(told[1]) or len(told[0]) < 3
    assert refused >= 100


@pytest.mark.parametrize(("name", "sound"), [("mine.mps", MODEL), ("mine.mps", SMALL), ("mine.lp", LP)])
def test_damaged_models_are_refused_or_read(tmp_path, capfd, name, sound):
    rng, path, refused = np.random.default_rng(3), tmp_path / name, 0
    for _ in range(150):
        path.write_bytes(damaged(sound.encode(), rng))
        refused += outcome(read_program, path)[0] is None
    assert refused >= 75
    assert capfd.readouterr() == ("", "")
