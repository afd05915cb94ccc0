"""Reads every file of a results folder: those whose seal does not hold are found before anything reads them."""

from collections.abc import Iterator
from pathlib import Path

from dlnflow.files.sealed import SEALED, DamagedFileError, read_sealed
from dlnflow.files.tables import csv_export, read_table


def checked_files(results: Path) -> Iterator[tuple[Path, bool]]:
    """(file, whole) of each sealed file, and of each table's export: not whole if it is not what the table says."""
    for path in sorted(results.rglob("*")):
        if path.suffix in SEALED and path.is_file():
            yield path, _seal_holds(path)
        elif path.suffix == ".csv" and path.with_suffix(".parquet").is_file():
            yield path, _is_export(path, path.with_suffix(".parquet"))


def _seal_holds(path: Path) -> bool:
    try:
        read_sealed(path)
    except (DamagedFileError, OSError):
        return False
    return True


def _is_export(path: Path, table: Path) -> bool:
    """Of a damaged table nobody knows the export: it is made again with the table."""
    try:
        return path.read_bytes() == csv_export(read_table(table))
    except (DamagedFileError, OSError):
        return False
