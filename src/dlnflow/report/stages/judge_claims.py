"""Judge each published claim by the tables of the experiments that were run."""

from dlnflow.files.tables import read_frame, read_table, write_csv, write_rows
from dlnflow.kit.stage import NO_FILES, Inputs, Output, resolve
from dlnflow.report.verdicts import CLAIMS_TABLE, judged


def judge_claims(
    parquet: Output, csv: Output, tables: Inputs = NO_FILES, *, claims: list[str], names: list[str] | None = None
) -> None:
    """Judge each published claim by the tables of the experiments that were run.

    names: what claims call each of the tables.  claims: the modules below dlnflow.experiments that hold them.
    """
    found: dict[str, Inputs] = {}
    for name, table in zip(names or (), tables, strict=True):
        found.setdefault(name.replace("-", "_"), []).append(table)
    frames = {name: read_frame(paths) for name, paths in found.items()}
    write_rows(parquet, CLAIMS_TABLE, judged((c for module in claims for c in resolve(f"{module}:CLAIMS")), frames))
    write_csv(csv, read_table(parquet))
