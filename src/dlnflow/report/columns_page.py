"""The merged tables of a run, by name, and the page that says what their columns mean."""

from collections.abc import Iterator

import pyarrow as pa

from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.experiments.hardness.work_tables import WORK
from dlnflow.experiments.laws.rho_tables import RHOS
from dlnflow.experiments.laws.tables import LAW_CELLS, LAWS
from dlnflow.experiments.layers.factorisation_tables import (
    FACTORISATION_SAMPLES,
    FACTORISATIONS,
    RANK_ONE,
    RANK_ONE_ORBITS,
    RANK_ONE_TIMES,
)
from dlnflow.experiments.layers.tables import COURSES, DRIFTS, STARTS
from dlnflow.experiments.linear_programs.descent_tables import DESCENTS, PROGRAM_FLOWS
from dlnflow.experiments.linear_programs.tables import PROGRAM_CELLS, PROGRAM_LAWS
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_VALUES
from dlnflow.experiments.recovery.tables import FITS, RECOVERY
from dlnflow.files.column_kinds import kind_of
from dlnflow.files.tables import RESULTS
from dlnflow.report.markdown import markdown_table
from dlnflow.report.verdicts import CLAIMS_TABLE

TABLES: dict[str, tuple[str, pa.Schema]] = {
    "claims": ("a published claim", CLAIMS_TABLE),
    "sharpness": ("a cell: problem, trial, depth, scale and method", RESULTS),
    "asymptotics": ("a cell, as in sharpness", RESULTS),
    "recovery": ("a cell of a random instance", RECOVERY),
    "recovery-fits": ("a 50 % point of a row of a recovery grid", FITS),
    "hardness": ("a method on an input, of which b bits are read", HARDNESS),
    "hardness-work": ("an accuracy on a kink at a depth", WORK),
    "laws": ("a random instance at a depth", LAWS),
    "law-cells": ("the same at one scale", LAW_CELLS),
    "rhos": ("a random instance", RHOS),
    "layer-drifts": ("a run and a conserved quantity", DRIFTS),
    "layer-courses": ("a time of a run", COURSES),
    "layer-starts": ("a run from a tiny start", STARTS),
    "factorisations": ("a run of descent", FACTORISATIONS),
    "factorisation-samples": ("a step of such a run", FACTORISATION_SAMPLES),
    "rank-one": ("a run of descent", RANK_ONE),
    "rank-one-times": ("a tolerance of such runs", RANK_ONE_TIMES),
    "rank-one-orbits": ("a last iterate", RANK_ONE_ORBITS),
    "program-cells": ("a linear program at one lam", PROGRAM_CELLS),
    "program-laws": ("a random linear program", PROGRAM_LAWS),
    "transport-values": ("a transport problem at one lam", TRANSPORT_VALUES),
    "descents": ("a run of descent on a linear program", DESCENTS),
    "program-flows": ("a linear program followed in time", PROGRAM_FLOWS),
}
"""Name in results/tables/ -> (what a row is, the columns). A test holds it against a run."""


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
    for name, (row, schema) in TABLES.items():
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
