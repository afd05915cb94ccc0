"""Draw the mean squared error against s/m, simulated and in state evolution."""

import argparse

from dlnflow.experiments.recovery.figures.errors import errors_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet file of judge_recovery.py, of the grid of errors")
    parser.add_argument("--evolution", required=True, nargs="+", help="the .parquet files of state evolution")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(errors_figure(read_frame(arguments.tables), read_frame(arguments.evolution)), arguments.output)


if __name__ == "__main__":
    main()
