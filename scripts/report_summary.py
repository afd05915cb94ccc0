"""Write the report's summary of an experiment, a few tables computed from those of its cells."""

import argparse
from pathlib import Path

from dlnflow.files.sealed import write_atomically
from dlnflow.files.tables import read_frame
from dlnflow.report.summaries import SUMMARIES, summary_page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", help="the .parquet files of the experiment, under results/tables/")
    parser.add_argument("--experiment", required=True, choices=SUMMARIES, help="which one")
    parser.add_argument("--output", required=True, help="the .html to write")
    arguments = parser.parse_args()
    frames = {Path(table).stem: read_frame([table]) for table in arguments.tables}
    write_atomically(arguments.output, summary_page(arguments.experiment, frames).encode())


if __name__ == "__main__":
    main()
