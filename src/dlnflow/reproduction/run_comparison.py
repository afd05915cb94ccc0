"""Two results folders beside each other: the same bits, within what each column may be off by, or different.

What is compared is the content, and not the bytes of files: values by the kind of their column (`column_kinds`).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dlnflow.files.column_kinds import (
    BOUNDED,
    COUNTED,
    EXACT,
    RELATIVE,
    ROUNDED,
    ROUNDING,
    ROW_KEY,
    SAMPLED,
    SOLVER,
    STATUS,
    TIME,
    UNSTABLE,
    WITHIN,
    bounds_of,
    kind_of,
)
from dlnflow.files.digests import PICTURES, column_digest, picture_digest
from dlnflow.files.instance_files import read_block_arrays
from dlnflow.files.sealed import SEALED, DamagedFileError
from dlnflow.files.tables import Row, kernels_behind, read_table
from dlnflow.results import Status
from dlnflow.solvers.names import PACKAGES

FLOAT_SOLVERS = set(PACKAGES) - {"exact"}
PROVED = ("arb", "exact")
"""Engines whose statuses are theorems."""
LOG = "log10_"
TIMES = "timings"
"""The folder of times in a results folder."""


class Verdict(StrEnum):
    """Of two tables, or two folders of them."""

    SAME = "the same bits"
    WITHIN = "within"
    """What differs may, and by no more than its column allows."""
    DIFFERENT = "different"


@dataclass(frozen=True)
class Difference:
    """A column that differs, in so many rows. excess: the greatest difference over what is allowed, in the row `at`;
    None where nothing is promised."""

    column: str
    kind: str
    rows: int
    excess: float | None
    at: str


@dataclass(frozen=True)
class Compared:
    """Two tables of one name, of so many rows in the first. alone: the rows of each that the other has not."""

    name: str
    rows: int
    alone: tuple[list[str], list[str]] = ([], [])
    differences: list[Difference] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """Of the two."""
        if any(self.alone) or any((found.excess or 0) > 1 for found in self.differences):
            return Verdict.DIFFERENT
        return Verdict.WITHIN if self.differences else Verdict.SAME


def sealed_files(results: Path) -> dict[str, Path]:
    """The tables and problems of a results folder by their places in it, without times."""
    found = {path.relative_to(results): path for path in sorted(results.rglob("*")) if path.suffix in SEALED}
    return {place.as_posix(): path for place, path in found.items() if place.parts[0] != TIMES}


def pictures(figures: Path) -> dict[str, Path]:
    """The pictures of a folder of figures by their places in it."""
    return {
        path.relative_to(figures).as_posix(): path for path in sorted(figures.rglob("*")) if path.suffix in PICTURES
    }


def digest_of_picture(path: Path) -> str:
    """As `files.digests.picture_digest`. Raises DamagedFileError, naming the file, if it is none."""
    try:
        return picture_digest(path)
    except OSError as error:
        raise DamagedFileError(f"{path} is no picture that can be read: {error}") from None


def kernels_of(tables: Iterable[Path]) -> set[str]:
    """The kernels that the tables say they were made with (`kernels.ran`)."""
    return {kernels_behind(path) for path in tables if path.suffix == ".parquet"}


def compare_files(name: str, first: Path, second: Path) -> Compared:
    """Two sealed files of one name. Raises DamagedFileError, naming the file, if one is damaged."""
    if first.suffix == ".npz":
        return _compare_problems(name, read_block_arrays(first), read_block_arrays(second))
    return compare_tables(name, read_table(first), read_table(second))


def _compare_problems(name: str, first: dict[str, Any], second: dict[str, Any]) -> Compared:
    changed = [
        array
        for array in sorted((first.keys() | second.keys()) - {"numpy_version"})
        if _bits(first.get(array)) != _bits(second.get(array))
    ]
    return Compared(name, 1, ([], []), [Difference(array, EXACT, 1, math.inf, "the problem") for array in changed])


def _bits(array: Any) -> tuple[Any, ...] | None:
    return None if array is None else (array.dtype, array.shape, array.tobytes())


def compare_tables(name: str, first: pa.Table, second: pa.Table) -> Compared:
    """Two tables of one name, rows matched by their keys."""
    if first.schema != second.schema:
        columns = [[", ".join(f"{field.name} {field.type}" for field in table.schema)] for table in (first, second)]
        return Compared(name, len(first), (columns[0], columns[1]))
    keys = [column.name for column in first.schema if kind_of(column) == ROW_KEY]
    known = _keys(first, keys), _keys(second, keys)
    is_sampled = any(kind_of(column) == SAMPLED for column in first.schema)
    if is_sampled:
        known = _ends(known[0]), _ends(known[1])
    alone = [key for key in known[0] if key not in known[1]], [key for key in known[1] if key not in known[0]]
    common = [key for key in known[0] if key in known[1]]
    pair = [
        table.take(pa.array([places[key] for key in common], pa.int64()))
        for table, places in zip((first, second), known, strict=True)
    ]
    differences = [found for column in first.schema for found in _differences(column, keys, *pair)]
    if is_sampled and not differences:
        told = [column.name for column in first.schema if kind_of(column) != TIME]
        if any(column_digest(first, name) != column_digest(second, name) for name in told):
            differences.append(Difference("samples", SAMPLED, len(first), None, ""))
    named = [[_named(keys, key) for key in part] for part in alone]
    return Compared(name, len(first), (named[0], named[1]), differences)


Keys = dict[tuple[Any, ...], int]
"""Keys of a row, and a number among those that share them -> its place."""


def _keys(table: pa.Table, keys: Sequence[str]) -> Keys:
    """Samples have no names of their own, and are told by their order."""
    columns = [table[name].to_pylist() for name in keys]
    seen: Counter[tuple[Any, ...]] = Counter()
    places = {}
    for place in range(len(table)):
        key = tuple(column[place] for column in columns)
        seen[key] += 1
        places[*key, seen[key]] = place
    return places


def _ends(places: Keys) -> Keys:
    """Of each run its first sample, and its last, which then is the second."""
    counts = Counter(key[:-1] for key in places)
    return {(*key, end): places[*key, number] for key in counts for end, number in ((1, 1), (2, counts[key]))}


def _named(keys: Sequence[str], key: tuple[Any, ...]) -> str:
    """A row, as a reader may look for it."""
    *values, number = key
    told = [f"{name} {value}" for name, value in zip(keys, values, strict=True) if value is not None]
    return ", ".join([*told, f"row {number}"] if number > 1 or not told else told)


def _differences(column: pa.Field, keys: Sequence[str], first: pa.Table, second: pa.Table) -> Iterator[Difference]:
    """Of one column: what float solvers answered apart from all else."""
    kind, name = kind_of(column), column.name
    if kind == TIME or column_digest(first, name) == column_digest(second, name):
        return
    told = {*keys, name, "method", "engine", "status", "float_status", *bounds_of(kind)} & set(first.schema.names)
    rows = zip(first.select(sorted(told)).to_pylist(), second.select(sorted(told)).to_pylist(), strict=True)
    found = defaultdict(list)
    for number, (a, b) in enumerate(rows, start=1):
        if repr(a[name]) != repr(b[name]):
            kind_here = SOLVER if a.get("method") in FLOAT_SOLVERS else kind
            at = _named(keys, (*(a[key] for key in keys), 1 if keys else number))
            found[kind_here].append((_excess(name, kind_here, a, b), at))
    for kind_here, differing in found.items():
        excess, at = max(differing, key=lambda entry: -1.0 if entry[0] is None else entry[0])
        yield Difference(name, kind_here, len(differing), excess, at)


def _excess(name: str, kind: str, a: Row, b: Row) -> float | None:
    """How many times what is allowed the difference of two values is; None where nothing is promised."""
    if kind in (COUNTED, SOLVER, SAMPLED, UNSTABLE):
        return None
    if kind == STATUS:
        return math.inf if _is_proved(a, b) or Status.FAILED in (a[name], b[name]) else None
    if kind in (EXACT, ROW_KEY):
        return math.inf
    pair, unit = [a[name], b[name]], 0.0
    if kind.startswith(BOUNDED) and name.startswith(LOG):  # 0 has none
        unit = max(value for value in pair if value is not None)
        pair = [0.0 if value is None else 10.0 ** (value - unit) for value in pair]
    if any(value is None for value in pair):
        return None if _status(name, a) != _status(name, b) and not _is_proved(a, b) else math.inf
    values = [np.array(value, dtype=float) for value in pair]  # a null in a list is no number
    if values[0].shape != values[1].shape or (np.isnan(values[0]) != np.isnan(values[1])).any():
        return math.inf
    with np.errstate(invalid="ignore"):  # of two infinities
        off = _norm(np.subtract(*values))
    if off == 0:  # -0 and 0, which are other bits
        return 0.0
    size = max(_norm(np.where(np.isinf(value), 0.0, value)) for value in values)
    allowed = _allowed(name, kind, size, a, b, unit)
    if allowed is None:
        return None
    return off / allowed if math.isfinite(off) and allowed > 0 else math.inf


def _allowed(name: str, kind: str, size: float, a: Row, b: Row, unit: float) -> float | None:
    """How far two values of that size may be apart, in units of 10**unit; None where nothing is promised."""
    if not kind.startswith(BOUNDED):
        return stated(name, kind, size, max(size, 1.0))
    by, *over = bounds_of(kind)
    if any(row[by] is None or math.isnan(row[by]) for row in (a, b)):  # nothing is known, unless it is 0
        is_zero = all(row.get("engine") in PROVED or _status(name, row) == Status.CONVERGED for row in (a, b))
        return ROUNDING * size if is_zero else None
    bounds = (_power(row[by] - unit) if by.startswith(LOG) else row[by] for row in (a, b))
    scale = min((row[column] or 1.0 for column in over for row in (a, b)), default=1.0)
    return ROUNDING * size + sum(bounds) / scale


def stated(name: str, kind: str, size: float, size_or_one: float) -> float | None:
    """How far values may be apart by a tolerance that the kind of their column states itself; None if it states none.

    size: of the values.  size_or_one: the same where the unit is 1 if that is more.
    """
    if kind.startswith(WITHIN):
        return float(kind.removeprefix(WITHIN)) * size_or_one
    if kind.startswith(RELATIVE):
        return float(kind.removeprefix(RELATIVE)) * size
    if kind == ROUNDED:
        return ROUNDING * (size_or_one if name.startswith(LOG) else size)
    return None


def _norm(values: Any) -> float:
    """The 2-norm of the numbers among them, however small or large."""
    sizes = np.abs(np.where(np.isnan(values), 0.0, values))
    unit = float(sizes.max(initial=0.0))
    return unit * float(np.linalg.norm(sizes / unit)) if 0 < unit < math.inf else unit


def _power(exponent: float) -> float:
    """10 to that; infinite beyond float64, which a bound may be."""
    return 10.0**exponent if exponent < 308 else math.inf


def _status(name: str, row: Row) -> str | None:
    """Of what the column is about: some rows have a second one, of the same in float64."""
    return row.get("float_status" if "float" in name else "status")


def _is_proved(a: Row, b: Row) -> bool:
    return all(row.get("engine") in PROVED for row in (a, b))
