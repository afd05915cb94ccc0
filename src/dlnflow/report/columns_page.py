"""The merged tables of a run, by name, and the page that says what their columns mean."""

from collections.abc import Iterator

import pyarrow as pa

from dlnflow.assembly.experiments import EXPERIMENTS
from dlnflow.files.column_kinds import kind_of
from dlnflow.kit.stage import resolve
from dlnflow.report.markdown import markdown_table
from dlnflow.report.verdicts import CLAIMS_TABLE


def merged_tables() -> dict[str, tuple[str, pa.Schema]]:
    """Name in results/tables/ -> (what a row is, the columns)."""
    tables = (table for experiment in EXPERIMENTS for table in experiment.tables)
    return {"claims": ("a published claim", CLAIMS_TABLE)} | {
        table.name: (table.row, resolve(table.schema)) for table in tables
    }


def columns_page() -> str:
    """The page as markdown."""
    return "\n".join(["# Columns of the results", "", _INTRODUCTION, *_sections()])


_INTRODUCTION = """\
`results/tables/<table>.parquet`, read by pandas, polars, R or DuckDB, and the same as `.csv`; units are those of the
data, logarithms are to base 10, and a missing value is null. Every cell asked for is a row, whatever its status. The
meanings stand in each file as well: `pyarrow.parquet.read_schema(file).field(name).metadata[b"meaning"]`.

What may differ on another machine, as `dlnflow compare` judges it: of **key** and **exact** nothing; **rounded** 1e-12
of its size; **within** and **relative** as much as they say, in units of 1 (of its size where that is more) or of its
size; **bounded by** a column as much as that says in both rows; **status** how a cell in float64 ended, but not
whether it failed, and nothing of a certified one; **counted** and **solver** anything: what a computation took, and
what a float solver answered; likewise **sampled**, where a run was looked at, and **unstable**, where rounding leads
elsewhere. In a row whose method is a float solver all but the keys may differ.
Written by `scripts/write_pages.py` from the schemas.
"""


def _sections() -> Iterator[str]:
    shown: dict[int, str] = {}
    for name, (row, schema) in merged_tables().items():
        yield f"## {name}\n\nA row is {row}.\n"
        if id(schema) in shown:
            yield f"Columns: those of {shown[id(schema)]}.\n"
            continue
        shown[id(schema)] = name
        cells = (
            (f"`{field.name}`", _kind(field.type), field.metadata[b"meaning"].decode(), kind_of(field))
            for field in schema
        )
        yield markdown_table(("column", "type", "meaning", "may differ"), cells)


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_kind(kind.value_type)}"
    return {"string": "text", "double": "real", "bool": "true or false"}.get(str(kind), "integer")
