"""Predict where a planted signal is recovered: s/m against m/n, at a depth and scales or by basis pursuit."""

import argparse

from dlnflow.experiments.recovery.predictions import boundary_rows
from dlnflow.experiments.recovery.tables import BOUNDARIES
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--grid", required=True, help="its name in the config")
    parser.add_argument("--signal", required=True, choices=["signed", "nonnegative"])
    parser.add_argument("--tolerance", required=True, help="of ||x - x0|| / ||x0||, such as 1e-3")
    parser.add_argument("--depth", help="L, such as 2.5 or 7/3; basis pursuit without")
    parser.add_argument("--scales", nargs="*", default=[], help="eps = alpha^L, such as 1e-4 1e-6")
    arguments = parser.parse_args()
    rows = boundary_rows(arguments.grid, arguments.signal, arguments.tolerance, arguments.depth, arguments.scales)
    write_rows(arguments.output, BOUNDARIES, rows)


if __name__ == "__main__":
    main()
