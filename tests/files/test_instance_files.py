"""Problems in files: a user's own, read as they were typed, and the workflow's blocks, given back exactly."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlnflow.files.instance_files import Block, read_block, read_csv, read_npz, write_block
from dlnflow.files.sealed import DamagedFileError
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, RANDOM, Problem, ProblemError, kink

A, Y = [[1.0, 1, 1], [3, 0, 1]], [3.0, 3]


def csv_problem(folder: Path, A: str | bytes, y: str | bytes, **options: bool) -> Problem:
    for name, text in (("A.csv", A), ("y.csv", y)):
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(folder / "A.csv", folder / "y.csv", **options)


def same(one: Problem, other: Problem) -> bool:
    if (one.x0 is None) != (other.x0 is None):
        return False
    return (
        one.rational_A == other.rational_A
        and one.rational_y == other.rational_y
        and one.nonnegative == other.nonnegative
        and (one.x0 is None or np.array_equal(one.x0, other.x0))
    )


def test_an_npz_file_is_the_problem_that_it_holds(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, A=A, y=Y, x0=[1, 0, 2], notes=["nothing to do with it"])
    problem = read_npz(path)
    assert same(problem, Problem(A, Y, x0=[1, 0, 2]))
    assert read_npz(path, nonnegative=True).nonnegative
    np.savez_compressed(path, A=np.array(A, dtype=np.int64), y=np.array(Y, dtype=np.float32))
    assert same(read_npz(path), LINE)


BAD_NPZ = {
    "no A": ({"y": Y}, "holds y, expected the arrays A and y"),
    "no arrays": ({}, "holds nothing, expected the arrays A and y"),
    "objects, which would be pickled": (
        {"A": np.array([[1, None, 2]]), "y": Y},
        "cannot be read, expected plain arrays",
    ),
    "text": ({"A": [["a", "b", "c"]], "y": [1]}, r"A\[0, 0\]: 'a' is not a number"),
    "nan": ({"A": [[1, np.nan, 1]], "y": [1]}, r"A\[0, 1\] is nan"),
    "complex numbers": ({"A": [[1j, 1, 1]], "y": [1]}, r"A\[0, 0\]: 1j is not a number"),
    "y as a column": ({"A": A, "y": [[3], [3]]}, "y has 2 dimensions, expected 1"),
    "lost rank": ({"A": [[1, 1, 1], [2, 2, 2]], "y": Y}, "rank 1"),
    "a signal of the wrong size": ({"A": A, "y": Y, "x0": [1]}, "x0 has 1 entries, expected 3"),
}


@pytest.mark.parametrize(("arrays", "message"), BAD_NPZ.values(), ids=BAD_NPZ.keys())
def test_an_npz_file_that_is_no_problem_is_named(tmp_path, arrays, message):
    path = tmp_path / "mine.npz"
    np.savez(path, **arrays)
    with pytest.raises(ProblemError, match=message) as caught:
        read_npz(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"hello", None, "npy", "directory", "absent"])
def test_what_is_no_npz_file_is_named(tmp_path, content):
    path = tmp_path / "mine.npz"
    if content == "directory":
        path.mkdir()
    elif content == "npy":
        with path.open("wb") as stream:
            np.save(stream, A)
    elif content is None:  # truncated
        np.savez(path, A=A, y=Y)
        path.write_bytes(path.read_bytes()[:-30])
    elif content != "absent":
        path.write_bytes(content)
    with pytest.raises(ProblemError, match=r"(does not exist|is a folder|is no \.npz file).*, expected") as caught:
        read_npz(path)
    assert str(path) in str(caught.value)


def test_a_damaged_array_in_an_npz_file_is_found_by_zips_own_checksum(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, A=A, y=Y)
    data = path.read_bytes()
    path.write_bytes(data.replace(np.float64(3).tobytes(), np.float64(4).tobytes()))
    with pytest.raises(ProblemError, match="cannot be read"):
        read_npz(path)


@pytest.mark.parametrize(
    ("A", "y"),
    [
        ("1,1,1\n3,0,1\n", "3\n3\n"),
        ("1,1,1\n3,0,1", "3,3"),
        ("\ufeff1,1,1\n3,0,1\n", "\ufeff3,3\n"),
        ("1, 1, 1\r\n3, 0, 1\r\n", "3\r\n3\r\n"),
        ("\n1,1,1\n\n3,0,1\n\n\n", "\n3\n\n3\n"),
        ('"1","1","1"\n"3","0","1"\n', '"3","3"\n'),
        ("1,1,1\n , ,\n3,0,1\n", "3\n3\n"),
        ("1e0,1.,+1\n30e-1,-0,1/1\n", "3.00\n6/2\n"),
    ],
    ids=["column", "row", "bom", "windows", "blank lines", "quotes", "a blank row", "spellings"],
)
def test_csv_files_mean_the_same_problem_however_they_are_laid_out(tmp_path, A, y):
    assert same(csv_problem(tmp_path, A, y), LINE)


def test_csv_files_are_exact(tmp_path):
    problem = csv_problem(tmp_path, "0.1,1e-20,0.12345678901234567890123\n", "1/3\n", nonnegative=True)
    assert problem.rational_A == [[Fraction(1, 10), Fraction(1, 10**20), Fraction(12345678901234567890123, 10**23)]]
    assert problem.rational_y == [Fraction(1, 3)]
    assert problem.nonnegative


BAD_CSV = {
    "text": ("1,two,3\n", "1", r"A.csv, .*A\[0, 1\]: 'two' is not a number"),
    "a header": ("a,b,c\n1,2,3\n", "1", r"A.csv, .*A\[0, 0\]: 'a' is not a number"),
    "ragged": ("1,2,3\n4,5\n", "1,1", r"A.csv, .*A\[1\] has 2 entries, expected 3"),
    "semicolons": ("1;2;3\n", "1", r"A.csv, .*'1;2;3' is not a number"),
    "an empty cell": ("1,,3\n", "1", r"A.csv, .*A\[0, 1\]: '' is not a number"),
    "nan": ("1,nan,3\n", "1", r"A.csv, .*'nan' is not a number"),
    "no rows": ("\n \n", "1", r"A.csv is empty"),
    "y of two rows and columns": ("1,1,1\n3,0,1\n", "3,3\n3,3\n", r"y.csv has 2 rows and 2 columns"),
    "y of the wrong size": ("1,1,1\n3,0,1\n", "3,3,3\n", "y has 3 entries, expected 2"),
    "another encoding": (b"1,\xe9,3\n", "1", r"A.csv cannot be read"),
    "a null byte": (b"1,\x00,3\n", "1", r"A.csv"),
}


@pytest.mark.parametrize(("A", "y", "message"), BAD_CSV.values(), ids=BAD_CSV.keys())
def test_csv_files_that_are_no_problem_are_named(tmp_path, A, y, message):
    with pytest.raises(ProblemError, match=message) as caught:
        csv_problem(tmp_path, A, y)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_csv_file_that_is_absent_or_a_folder_is_named(tmp_path):
    (tmp_path / "A.csv").write_text("1,1,1\n")
    with pytest.raises(ProblemError, match=r"y\.csv does not exist"):
        read_csv(tmp_path / "A.csv", tmp_path / "y.csv")
    with pytest.raises(ProblemError, match=r"is a folder, expected a \.csv file"):
        read_csv(tmp_path, tmp_path / "A.csv")


BLOCKS = {
    "integers": Block("line", 0, (LINE,)),
    "decimals that float64 does not hold": Block("random", 0, (RANDOM,)),
    "thirds": Block("thirds", 0, (Problem([["1/3", "1e-20", "0.1"]], ["1/7"]),)),
    "a decimal of a kink": Block("kink", 0, (kink("0.3"),)),
    "a nonnegative problem": Block("plus", 0, (Problem(A, Y, nonnegative=True),)),
    "planted instances": Block("sensing", 64, tuple(gaussian(1, 3, 6, 2, trial) for trial in range(64, 67))),
    "floats, exact and typed, in one block": Block(
        "mixed", 2, (Problem([[0.1, 1, 2]], [0.3]), Problem([["0.1", 1, 2]], [1]))
    ),
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_a_block_comes_back_exactly(tmp_path, block):
    write_block(tmp_path / "block.npz", block)
    back = read_block(tmp_path / "block.npz")
    assert (back.name, back.trials) == (block.name, block.trials)
    assert len(back.problems) == len(block.problems)
    assert all(map(same, back.problems, block.problems))


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_the_same_block_is_the_same_bytes(tmp_path, block):
    write_block(tmp_path / "one.npz", block)
    write_block(tmp_path / "two.npz", block)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_a_block_is_plain_arrays_that_numpy_reads_without_pickle(tmp_path):
    block = BLOCKS["planted instances"]
    write_block(tmp_path / "block.npz", block)
    with np.load(tmp_path / "block.npz", allow_pickle=False) as archive:
        assert archive["A"].shape == (3, 3, 6)
        assert archive["y"].shape == (3, 3)
        assert archive["x0"].shape == (3, 6)
        assert str(archive["name"]) == "sensing"
        assert "A_text" not in archive  # the data are dyadic: the floats say it all
    with pytest.raises(ProblemError, match="A has 3 dimensions, expected 2"):
        read_npz(tmp_path / "block.npz")


def test_a_users_npz_is_no_block(tmp_path):
    np.savez(tmp_path / "mine.npz", A=A, y=Y)
    with pytest.raises(DamagedFileError, match=r"mine\.npz"):
        read_block(tmp_path / "mine.npz")


entries = st.fractions(min_value=-1000, max_value=1000).filter(lambda value: value == 0 or abs(value) > 1e-300)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries, min_size=3, max_size=3), entries.filter(bool))
def test_any_rational_data_come_back_exactly(tmp_path, row, y):
    problem = Problem([[1, 0, 0, 0], [0, *row[:2], 1]], [y, row[2]])
    write_block(tmp_path / "block.npz", Block("any", 0, (problem,)))
    assert same(read_block(tmp_path / "block.npz").problems[0], problem)
