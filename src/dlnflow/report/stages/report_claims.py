"""Write the report's page of the published claims and their verdicts."""

from dlnflow.files.sealed import write_atomically
from dlnflow.files.tables import read_table
from dlnflow.kit.stage import Inputs, Output
from dlnflow.report.run_pages import claims_page


def report_claims(claims: Inputs, output: Output) -> None:
    """Write the report's page of the published claims and their verdicts."""
    write_atomically(output, claims_page(read_table(*claims).to_pylist()).encode())
