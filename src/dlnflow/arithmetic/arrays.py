"""Arrays of data, read once: float64 for what is fast, and the exact rationals behind them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number, to_fmpq, to_text
from dlnflow.arithmetic.quoting import shortened, shown


class ProblemError(ValueError):
    """The data are not a problem; the message says which entry or size, and what was expected."""


def read_array(values: Any, name: str, ndim: int) -> tuple[FloatArray, list[Fraction] | None]:
    """Read-only float64 values, and their rationals in C order unless the floats are the data themselves.

    values: an array, or nested lists of numbers or of text such as "0.111" or "1/3".

    Raises ProblemError for anything else; name says of what.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        with np.errstate(over="ignore"):  # of a wider type, to the infinity that is refused below
            floats, rational = np.array(values, dtype=np.float64, order="C"), None
    else:
        entries, shape = _flatten(values, name, ndim)
        rational = [_parse_entry(entry, name, index, shape) for index, entry in enumerate(entries)]
        floats = np.array([_to_float(entry, name, k, shape) for k, entry in enumerate(rational)]).reshape(shape)
    if floats.ndim != ndim:
        raise ProblemError(f"{name} has {floats.ndim} dimensions, expected {ndim}")
    if floats.size == 0:
        raise ProblemError(f"{name} is empty, expected at least one entry")
    bad = np.argwhere(~np.isfinite(floats))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        raise ProblemError(f"{name}{list(index)} is {float(floats[index])!r}, expected a finite number")
    if rational is None and values.dtype.itemsize > 8 and not np.array_equal(floats, values):
        raise ProblemError(f"{name} is of {values.dtype}, expected numbers that float64 holds")
    floats.flags.writeable = False
    return floats, rational


def _flatten(values: Any, name: str, ndim: int) -> tuple[list[Any], tuple[int, ...]]:
    """The entries of nested sequences in C order, and their shape."""
    if isinstance(values, np.ndarray):
        return values.ravel().tolist(), values.shape
    if not _is_sequence(values):
        lists = "a list of lists" if ndim == 2 else "a list"
        raise ProblemError(f"{name} is {shown(values)}, expected {lists} of numbers")
    if ndim == 1:
        return list(values), (len(values),)
    for i, row in enumerate(values):
        if not _is_sequence(row):
            raise ProblemError(f"{name}[{i}] is {shown(row)}, expected a list of numbers, one row of the matrix")
        if len(row) != len(values[0]):
            raise ProblemError(f"{name}[{i}] has {len(row)} entries, expected {len(values[0])} as in the first row")
    return [entry for row in values for entry in row], (len(values), len(values[0]) if len(values) else 0)


def _is_sequence(values: Any) -> bool:
    return isinstance(values, Sequence | np.ndarray) and not isinstance(values, str | bytes)


def _parse_entry(entry: Any, name: str, index: int, shape: tuple[int, ...]) -> Fraction:
    try:
        return parse_number(entry)
    except ValueError as error:
        raise ProblemError(f"{name}{_position(index, shape)}: {error}") from None


def _position(index: int, shape: tuple[int, ...]) -> list[int]:
    return [int(i) for i in np.unravel_index(index, shape)]


def _to_float(value: Fraction, name: str, index: int, shape: tuple[int, ...]) -> float:
    try:
        result = float(value)
    except OverflowError:
        said = "a number beyond float64's largest, expected at most 1.8e308"
    else:
        if result != 0.0 or value == 0:
            return result
        said = "a number below float64's smallest, expected 0 or at least 5e-324"
    found = shortened(to_text(value), 40)
    raise ProblemError(f"{name} holds {said}: {found} at {_position(index, shape)}")


def rational_entries(floats: FloatArray, rational: list[Fraction] | None) -> list[Fraction]:
    """The exact entries in C order, as `read_array` gives the two."""
    return rational or [Fraction(value) for value in floats.ravel().tolist()]


def rational_rows(floats: FloatArray, rational: list[Fraction] | None) -> list[list[Fraction]]:
    """The exact entries of a matrix, row by row."""
    entries, n = rational_entries(floats, rational), floats.shape[1]
    return [entries[i : i + n] for i in range(0, len(entries), n)]


def exact_matrix(entries: Iterable[Fraction], rows: int, columns: int) -> flint.fmpq_mat:
    """Entries in C order as an exact (rows, columns) matrix."""
    return flint.fmpq_mat(rows, columns, [to_fmpq(entry) for entry in entries])


def lost(floats: FloatArray, rational: list[Fraction] | None) -> FloatArray:
    """What rounding took from the entries: floats + lost holds them to about 32 digits."""
    if rational is None:
        return np.zeros_like(floats)
    lost = [float(exact - Fraction(near)) for near, exact in zip(floats.ravel().tolist(), rational, strict=True)]
    return np.array(lost).reshape(floats.shape)


def has_full_rank(A: FloatArray) -> bool:
    """Whether float64 already proves full row rank (rows scaled first; False means undecided)."""
    scaled = A / np.maximum(np.abs(A).max(axis=1, keepdims=True), np.finfo(float).tiny)
    gram = scaled @ scaled.T
    try:
        # Cholesky of the shifted matrix exists only if the least eigenvalue of A A^T is above the shift, less rounding
        # of 1e-13 of the trace: far above zero. It takes a tenth of the singular values' time
        np.linalg.cholesky(gram - 1e-8 * np.trace(gram) * np.eye(len(gram)))
        return True
    except np.linalg.LinAlgError:
        singular = np.linalg.svd(scaled, compute_uv=False)
    # the computed singular values are off by a modest multiple of eps * the largest one; 1e-10 is far above it
    return bool(singular[-1] > 1e-10 * singular[0])
