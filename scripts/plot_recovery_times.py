"""Draw time to solution against accuracy, of the solvers and of the network's limit."""

import argparse

from dlnflow.experiments.recovery.figures.times import times_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet file of judge_recovery.py, of the grid of times")
    parser.add_argument("--times", required=True, nargs="+", help="the .parquet files of the times beside its cells")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(times_figure(read_frame(arguments.tables), read_frame(arguments.times)), arguments.output, shows_times=True)


if __name__ == "__main__":
    main()
