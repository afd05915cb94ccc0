"""Problems as files: a user's own (.npz or .csv), and the sealed blocks of instances that the workflow passes on."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlnflow.arithmetic.exact import to_text
from dlnflow.files.job_record import record
from dlnflow.files.sealed import BLANK, DamagedFileError, read_sealed, write_sealed
from dlnflow.files.user_files import read_arrays, read_rows
from dlnflow.problems.problem import Problem, ProblemError


def read_npz(path: Path | str, nonnegative: bool = False) -> Problem:
    """A user's problem: an .npz with the arrays A (m, n) and y (m,), and x0 (n,) if known.

    Raises ProblemError, naming the file, if it is missing, unreadable or not a problem.
    """
    return _build(str(path), read_arrays(path, ("A", "y"), optional=("x0",)), nonnegative)


def read_csv(path_A: Path | str, path_y: Path | str, nonnegative: bool = False) -> Problem:
    """A user's problem from two text files of comma-separated numbers, a row a line; y is one row or one column.

    The numbers mean what was typed: 0.1 is 1/10. Raises ProblemError, naming the file.
    """
    rows, y = read_rows(path_A), read_rows(path_y)
    if len(y) > 1 and any(len(row) != 1 for row in y):
        raise ProblemError(f"{path_y} has {len(y)} rows and {len(y[0])} columns, expected one row or one column")
    return _build(f"{path_A}, {path_y}", {"A": rows, "y": [entry for row in y for entry in row]}, nonnegative)


def _build(source: str, arrays: dict[str, Any], nonnegative: bool) -> Problem:
    try:
        return Problem(arrays["A"], arrays["y"], nonnegative, x0=arrays.get("x0"))
    except ProblemError as error:
        raise ProblemError(f"{source}: {error}") from None


@dataclass(frozen=True)
class Block:
    """Instances of one problem, trial `first` and those after it."""

    name: str
    first: int
    problems: tuple[Problem, ...]

    @property
    def trials(self) -> range:
        """The numbers of the instances."""
        return range(self.first, self.first + len(self.problems))

    def instances(self) -> Iterator[tuple[int, Problem]]:
        """(trial, problem) of each instance."""
        return zip(self.trials, self.problems, strict=True)


_RECORD = "job"
"""The member of the .npz that is no array."""


def write_block(path: Path | str, block: Block) -> None:
    """Write instances as a sealed .npz of plain arrays.

    A (trials, m, n), y (trials, m), x0 (trials, n) if known, the same as exact text where float64 does not hold the
    data, and the versions behind them.
    """
    first = block.problems[0]
    arrays: dict[str, Any] = {
        "name": np.array(block.name),
        "first_trial": np.array(block.first),
        "nonnegative": np.array(first.nonnegative),
        "numpy_version": np.array(np.__version__),
        "A": np.stack([problem.A for problem in block.problems]),
        "y": np.stack([problem.y for problem in block.problems]),
    }
    if first.x0 is not None:
        arrays["x0"] = np.stack([problem.x0 for problem in block.problems if problem.x0 is not None])
    if any(problem.A_low.any() or problem.y_low.any() for problem in block.problems):
        arrays["A_text"] = np.array([[[to_text(e) for e in row] for row in p.rational_A] for p in block.problems])
        arrays["y_text"] = np.array([[to_text(e) for e in p.rational_y] for p in block.problems])
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(zipfile.ZipInfo(_RECORD), record())  # as it is, and without a time
        archive.comment = BLANK
    write_sealed(path, stream.getvalue())


def read_block_arrays(path: Path | str) -> dict[str, Any]:
    """The arrays that `write_block` wrote. Raises DamagedFileError, naming the file, if a byte has changed."""
    data = read_sealed(path)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: array for name, array in archive.items() if name != _RECORD}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise DamagedFileError(f"{path} is no problem file that dlnflow wrote: {error}") from None


def read_block(path: Path | str) -> Block:
    """Read what `write_block` wrote. Raises DamagedFileError, naming the file, if a byte has changed."""
    arrays = read_block_arrays(path)
    As, ys = arrays.get("A_text", arrays["A"]), arrays.get("y_text", arrays["y"])
    x0s = arrays.get("x0", [None] * len(As))
    nonnegative = bool(arrays["nonnegative"])
    problems = tuple(Problem(A, y, nonnegative, x0=x0) for A, y, x0 in zip(As, ys, x0s, strict=True))
    return Block(str(arrays["name"]), int(arrays["first_trial"]), problems)
