"""The arrays in a user's files, .npz and .csv: read whole, or refused in one sentence that names the file.

What a file says of its sizes is looked at before memory is taken for them.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from dlnflow.arithmetic.quoting import one_line, shortened
from dlnflow.problems.problem import ProblemError

MOST_ENTRIES = 2**24
"""Of an array: 128 MB of floats."""
MOST_BYTES = 2**30
"""Of an array in a file, whatever its entries are."""
MOST_REASON = 120
"""Characters of what NumPy or zlib say."""


def check_is_file(path: Path | str, expected: str) -> None:
    """Raises ProblemError, naming the path, unless it is a file that may be read; expected: what is said then."""
    try:
        Path(path).stat()
    except FileNotFoundError:
        raise ProblemError(f"{path} does not exist, {expected}") from None
    except ValueError:  # a character that no path has
        raise ProblemError(f"{path} is no path of a file, {expected}") from None
    except OSError as error:
        raise ProblemError(f"{path} cannot be read, {expected}: {decoding_error(error)}") from None
    if not Path(path).is_file():
        raise ProblemError(f"{path} is a {'folder' if Path(path).is_dir() else 'device'}, {expected}")


def read_arrays(path: Path | str, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """The named arrays of an .npz file, and the optional ones that it has.

    Raises ProblemError, naming the file, if it is missing, unreadable or without one of the names.
    """
    said = f"{', '.join(names[:-1])} and {names[-1]}"
    check_is_file(path, f"expected an .npz file with the arrays {said}")
    try:
        with open(path, "rb") as stream:
            if not zipfile.is_zipfile(stream):
                raise ProblemError(f"{path} is no .npz file, or a truncated one, expected one with the arrays {said}")
            with zipfile.ZipFile(stream) as archive, warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of files that Python 2 wrote, which are read well
                members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
                if not all(name in members for name in names):
                    found = shortened(", ".join(members), MOST_REASON)
                    raise ProblemError(f"{path} holds {found or 'nothing'}, expected the arrays {said}")
                wanted = [name for name in (*names, *optional) if name in members]
                return {name: _array(archive, members[name], name, str(path)) for name in wanted}
    except ProblemError:
        raise
    except Exception as error:  # zipfile, zlib and NumPy have a dozen kinds for what is damaged, and no base of them
        reason = decoding_error(error)
        raise ProblemError(f"{path} cannot be read, expected plain arrays of numbers {said}: {reason}") from None


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, path: str) -> Any:
    """One array. Raises ProblemError if it is too large, and what zipfile, zlib and NumPy raise."""
    with archive.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        else:
            shape, _, dtype = np.lib.format.read_array_header_2_0(stream)
        held = member.file_size - stream.tell()
    if dtype.hasobject:
        raise ValueError(f"the entries of {name} are Python objects")
    if prod(shape) > MOST_ENTRIES or prod(shape) * dtype.itemsize > MOST_BYTES:
        sizes = " x ".join(map(str, shape))
        raise ProblemError(f"{path}: {name} is {sizes} of {dtype}, expected at most {MOST_ENTRIES} numbers")
    if prod(shape) * dtype.itemsize != held:
        needed = prod(shape) * dtype.itemsize
        raise ProblemError(f"{path}: {name} is said to be of {needed} bytes, expected the {held} that there are")
    return np.lib.format.read_array(io.BytesIO(archive.read(member)), allow_pickle=False)


def read_rows(path: Path | str) -> list[list[str]]:
    """The cells of a .csv file, row by row, empty rows left out. Raises ProblemError, naming the file."""
    check_is_file(path, "expected a .csv file of numbers")
    rows: list[list[str]] = []
    entries = 0
    try:
        with open(path, newline="", encoding="utf-8-sig") as stream:
            for row in csv.reader(stream):
                if any(cells := [cell.strip() for cell in row]):
                    rows.append(cells)
                    entries += len(cells)
                if entries > MOST_ENTRIES:
                    raise ProblemError(f"{path} holds more than {MOST_ENTRIES} numbers, expected fewer")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ProblemError(f"{path} cannot be read, expected a .csv file of numbers: {decoding_error(error)}") from None
    if not rows:
        raise ProblemError(f"{path} is empty, expected rows of numbers")
    return rows


def decoding_error(error: Exception) -> str:
    """What is wrong with a file, in a few words, from what reading it has raised."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is no text in UTF-8"
    said = getattr(error, "strerror", None) or str(error).partition("\n")[0] or type(error).__name__
    return shortened(one_line(re.sub(r"<[\w.]+ object at 0x\w+>", "...", said)), MOST_REASON)
