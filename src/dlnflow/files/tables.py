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

from dlnflow.files.column_kinds import default_kind, kind_of
from dlnflow.files.job_record import record
from dlnflow.files.sealed import BLANK, DamagedFileError, read_sealed, write_atomically, write_sealed
from dlnflow.kernels import ran

# One thread a job; the workflow runs jobs, not threads, in parallel.
pa.set_cpu_count(1)
pa.set_io_thread_count(1)

Row = dict[str, Any]
"""column -> value"""

TEXT, REAL, FLAG = pa.string(), pa.float64(), pa.bool_()
COUNT, LARGE_COUNT = pa.int32(), pa.int64()
TEXTS, VECTOR, COUNTS = pa.list_(TEXT), pa.list_(REAL), pa.list_(COUNT)

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


def write_rows(path: Path | str, schema: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows (column -> value) as a sealed parquet file; a missing or unknown column is an error."""
    rows = list(rows)
    for row in rows:
        if set(row) != set(schema.names):
            raise ValueError(f"{path}: a row has the columns {sorted(row)}, expected {sorted(schema.names)}")
    write_table(path, pa.Table.from_pylist(rows, schema=schema))


def write_tables(found: Iterable[tuple[Row | list[Row], ...]], *tables: tuple[Path | str, pa.Schema]) -> None:
    """Write several tables (path, schema) of what was found: a row of each, or a list of rows, at a time."""
    parts = list(found)
    for place, (path, schema) in enumerate(tables):
        rows = (part[place] for part in parts)
        write_rows(path, schema, (row for each in rows for row in (each if isinstance(each, list) else [each])))


def write_timed(
    cells: tuple[Path | str, pa.Schema], times: tuple[Path | str, pa.Schema], rows: Iterable[tuple[Row, float | None]]
) -> None:
    """Write (row, its seconds) as two tables: cells, and times, which has columns of theirs and `seconds`."""
    shared = [name for name in times[1].names if name != "seconds"]
    found = ((row, {name: row[name] for name in shared} | {"seconds": seconds}) for row, seconds in rows)
    write_tables(found, cells, times)


def write_table(path: Path | str, table: pa.Table) -> None:
    """Write a table as a sealed parquet file, the same bytes for the same rows."""
    stream = io.BytesIO()
    with pq.ParquetWriter(stream, table.schema, compression="zstd") as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"dlnflow": BLANK.decode(), "kernels": ran(), "job": record().decode()})
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
