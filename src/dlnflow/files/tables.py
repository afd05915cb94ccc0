"""Tidy tables: their columns, and files of them that are written whole and checked when read.

A file is parquet with one row a cell (a problem, trial, depth, scale and method) or one row a sample of a trajectory.
"""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import pandas as pd

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, SAMPLED, STATUS, bounded, default_kind, kind_of, within
from dlnflow.files.sealed import BLANK, DamagedFileError, read_sealed, write_atomically, write_sealed
from dlnflow.kernels import ran

# One thread a job; the workflow runs jobs, not threads, in parallel.
pa.set_cpu_count(1)
pa.set_io_thread_count(1)

Row = dict[str, Any]
"""column -> value"""

_TEXT, _REAL, _COUNT, _VECTOR = pa.string(), pa.float64(), pa.int32(), pa.list_(pa.float64())
_TEXTS = pa.list_(_TEXT)

_EIGHT_DIGITS = within(1e-8)
"""Where float64 does not hold eight digits of a limit, balls do (`limit`)."""
_DUAL = within(1e-6)
"""The dual unknown is less sharply determined than x, which alone has a radius."""
_FOUND = within(1e-3)
"""What an integrator found where it stepped, which rounding moves."""


Column = tuple[Any, ...]
"""(type, meaning) or (type, meaning, kind), a kind of `column_kinds`."""


def schema_of(order: str = "", /, **columns: Column) -> pa.Schema:
    """A schema from name=column.

    order: the columns by which rows are sorted where tables are merged, with a - before one that falls.
    """
    fields = [_field(name, *column) for name, column in columns.items()]
    return pa.schema(fields, metadata={"order": order})


def columns_of(schema: pa.Schema, names: Iterable[str]) -> dict[str, Column]:
    """Some columns of a schema, as `schema_of` takes them."""
    fields = (schema.field(name) for name in names)
    return {field.name: (field.type, field.metadata[b"meaning"].decode(), kind_of(field)) for field in fields}


def _field(name: str, type_: pa.DataType, meaning: str, kind: str = "") -> pa.Field:
    return pa.field(name, type_, metadata={"meaning": meaning, "kind": kind or default_kind(type_)})


CELLS = schema_of(
    "problem trial method depth -log10_scale",
    problem=(_TEXT, "name in the config", ROW_KEY),
    trial=(_COUNT, "number of the instance, from 0", ROW_KEY),
    depth=(_REAL, "L"),
    exact_depth=(_TEXT, "L as typed, exact", ROW_KEY),
    scale=(_TEXT, "eps = alpha^L, exact", ROW_KEY),
    log10_scale=(_REAL, "log10 of eps"),
    method=(
        _TEXT,
        "limit: Newton on the dual; flow: integration in time; certified: Newton in balls, with a proof",
        ROW_KEY,
    ),
    engine=(_TEXT, "the arithmetic that ran", COUNTED),
    status=(_TEXT, "a results.Status", STATUS),
    message=(_TEXT, "why a cell failed, else empty", STATUS),
    residual=(_REAL, "||A x - y||_2, in units of y", _EIGHT_DIGITS),
    log10_radius=(
        _REAL,
        "log10 of a bound on ||x - x_alpha||_2: proved if the engine is arb, else estimated; method certified: x "
        "stands for the midpoints of its balls, before they are rounded to float64",
        COUNTED,
    ),
    iterations=(_COUNT, "Newton steps, or steps in time", COUNTED),
    precision_bits=(_COUNT, "of the arithmetic", COUNTED),
    x=(_VECTOR, "(n,) the answer, rounded to float64", bounded("log10_radius")),
    nu=(_VECTOR, "(m,) the dual unknown, z = A^T nu; at depth 2 divide by log(1/eps) for a certificate", _DUAL),
    nu_midpoint=(_TEXTS, "(m,) balls that hold nu, of method certified; -1a3p-90 is -0x1a3 2^-90", COUNTED),
    nu_radius=(_TEXTS, "(m,) their radii", COUNTED),
)
"""What a job that solves cells writes."""

RESULTS = schema_of(
    "problem trial method depth exponent -log10_scale",
    **columns_of(CELLS, CELLS.names[: CELLS.names.index("iterations")]),
    log10_error=(
        _REAL,
        "log10 of the distance (2-norm) to the minimiser this depth selects; null if 0",
        bounded("log10_radius"),
    ),
    l1_gap=(_REAL, "||x||_1 less the least l1 norm; null where balls do not tell its sign", _EIGHT_DIGITS),
    exponent=(_REAL, "e of the predicted error C eps^e"),
    log10_constant=(_REAL, "log10 of the predicted C; null if 0 or not known"),
    **columns_of(CELLS, CELLS.names[CELLS.names.index("iterations") : CELLS.names.index("nu_midpoint")]),
)
"""The tidy table of an experiment: the cells, compared with the exact minimiser."""

RATES = schema_of(
    "problem trial depth exponent",
    problem=(_TEXT, "name in the config", ROW_KEY),
    trial=(_COUNT, "number of the instance, from 0", ROW_KEY),
    depth=(_REAL, "L"),
    exact_depth=(_TEXT, "L as typed, exact", ROW_KEY),
    status=(_TEXT, "converged; not_unique: the leading-order direction is not the maximiser alone (docs/theory.md)"),
    message=(_TEXT, "why there is no prediction, else empty"),
    exponent=(_REAL, "e of the predicted error C eps^e"),
    exact_exponent=(_TEXT, "e as a ratio"),
    log10_constant=(_REAL, "log10 of C; null if 0 or not known"),
    direction=(_VECTOR, "(n,) d in x_alpha - x = eps^e d (1 + o(1)), C = ||d||_2"),
)
"""What is predicted of the error's asymptotics."""

MINIMISERS = schema_of(
    "problem trial",
    problem=(_TEXT, "name in the config", ROW_KEY),
    trial=(_COUNT, "number of the instance, from 0", ROW_KEY),
    status=(_TEXT, "converged: the minimiser is unique; not_unique: x is a point inside their face"),
    l1_norm=(_TEXT, "the least l1 norm, exact"),
    support=(pa.list_(pa.int32()), "T, the union of the supports of all minimisers"),
    signs=(pa.list_(pa.int32()), "of x on T"),
    x=(_TEXTS, "(n,) exact"),
    nu=(_TEXTS, "(m,) dual certificate, exact", COUNTED),
    kernel=(pa.list_(pa.list_(_TEXT)), "basis of ker A_T, exact; empty if unique"),
    pivots=(_COUNT, "exact simplex pivots beyond the float basis", COUNTED),
)
"""What the exact solver of basis pursuit writes."""

TRAJECTORIES = schema_of(
    "problem trial depth -log10_scale",
    problem=(_TEXT, "name in the config", ROW_KEY),
    trial=(_COUNT, "number of the instance, from 0", ROW_KEY),
    depth=(_REAL, "L"),
    exact_depth=(_TEXT, "L as typed, exact", ROW_KEY),
    scale=(_TEXT, "eps = alpha^L, exact", ROW_KEY),
    log10_scale=(_REAL, "log10 of eps"),
    status=(_TEXT, "a results.Status, of the whole trajectory", STATUS),
    time=(_REAL, "t of the gradient flow", SAMPLED),
    rescaled_time=(_REAL, "t over Network.time_unit", SAMPLED),
    loss=(_REAL, "||A x - y||^2 / 2, in squared units of y", _FOUND),
    x=(_VECTOR, "(n,)", _FOUND),
    u=(_VECTOR, "(n,) layer", _FOUND),
    v=(_VECTOR, "(n,) layer; null for a nonnegative network", _FOUND),
)
"""What a sampled trajectory is stored as, a row a time."""


def write_rows(path: Path | str, schema: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows (column -> value) as a sealed parquet file; a missing or unknown column is an error."""
    rows = list(rows)
    for row in rows:
        if set(row) != set(schema.names):
            raise ValueError(f"{path}: a row has the columns {sorted(row)}, expected {sorted(schema.names)}")
    write_table(path, pa.Table.from_pylist(rows, schema=schema))


def write_table(path: Path | str, table: pa.Table) -> None:
    """Write a table as a sealed parquet file, the same bytes for the same rows."""
    stream = io.BytesIO()
    with pq.ParquetWriter(stream, table.schema, compression="zstd") as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"dlnflow": BLANK.decode(), "kernels": ran()})
    write_sealed(path, stream.getvalue())


def read_table(path: Path | str) -> pa.Table:
    """Read a table that this module wrote. Raises DamagedFileError, naming the file, if a byte has changed."""
    data = read_sealed(path)
    try:
        # without Arrow's threads: a job has one, and a pool torn down at exit has been seen to abort
        return pq.ParquetFile(pa.BufferReader(data), pre_buffer=False).read(use_threads=False)
    except pa.ArrowException as error:
        raise DamagedFileError(f"{path} is no table that dlnflow wrote: {error}") from None


def kernels_behind(path: Path | str) -> str:
    """With which kernels a table was written, as it says itself. Raises DamagedFileError as `read_table` does."""
    told: dict[bytes, bytes] = pq.ParquetFile(pa.BufferReader(read_sealed(path))).metadata.metadata or {}
    return told.get(b"kernels", b"kernels not told").decode()


def concatenate(paths: Iterable[Path | str]) -> pa.Table:
    """The rows of several tables of one schema, sorted as it says, so that the order of the files does not matter."""
    import pyarrow.compute as pc  # a tenth of a second, and only those who merge need it

    table = pa.concat_tables([read_table(path) for path in paths])
    order = table.schema.metadata[b"order"].decode().split()
    keys = [(name.removeprefix("-"), "descending" if name.startswith("-") else "ascending") for name in order]
    return table.take(pc.sort_indices(table, sort_keys=keys)).combine_chunks()


def read_rows(paths: Iterable[Path | str]) -> list[dict[str, Any]]:
    """The rows of several tables of one schema as dictionaries, sorted likewise."""
    paths = list(paths)
    return concatenate(paths).to_pylist() if paths else []


def write_csv(path: Path | str, table: pa.Table) -> None:
    """Export a table as text, vectors as "a;b;c"; never read back."""
    write_atomically(path, csv_export(table))


def csv_export(table: pa.Table) -> bytes:
    """What `write_csv` writes: the same bytes for the same table."""
    columns = []
    for name in table.schema.names:
        column = table[name]
        if pa.types.is_list(column.type):
            column = pa.array([None if v is None else ";".join(map(repr, v)) for v in column.to_pylist()], pa.string())
        columns.append(column)
    stream = io.BytesIO()
    pa_csv.write_csv(pa.table(columns, names=table.schema.names), stream)
    return stream.getvalue()


def read_frame(paths: Iterable[Path | str]) -> "pd.DataFrame":
    """The rows of several tables, in their order, as a pandas frame; a null number becomes NaN."""
    return pa.concat_tables([read_table(path) for path in paths]).to_pandas(use_threads=False)
