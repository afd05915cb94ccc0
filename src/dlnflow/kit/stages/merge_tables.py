"""Merge tables of the same columns into one, and export it as .csv."""

from dlnflow.files.tables import concatenate, write_csv, write_table
from dlnflow.kit.stage import Inputs, Output


def merge_tables(tables: Inputs, parquet: Output, csv: Output | None = None) -> None:
    """Merge tables of the same columns into one, and export it as .csv."""
    table = concatenate(tables)
    if csv:
        write_csv(csv, table)
    write_table(parquet, table)
