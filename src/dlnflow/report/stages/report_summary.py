"""Write the report's summary of an experiment, a few tables computed from those of its cells."""

from dlnflow.files.sealed import write_atomically
from dlnflow.files.tables import read_frame
from dlnflow.kit.stage import NO_FILES, Inputs, Output, resolve
from dlnflow.report.summaries import summary_page


def report_summary(output: Output, tables: Inputs = NO_FILES, *, experiment: str, summaries: str) -> None:
    """Write the report's summary of an experiment, a few tables computed from those of its cells.

    tables: of the experiment, under results/tables/.  summaries: what is summed up, as module:NAME.
    """
    frames = {table.stem: read_frame([table]) for table in tables}
    write_atomically(output, summary_page(experiment, resolve(summaries), frames).encode())
