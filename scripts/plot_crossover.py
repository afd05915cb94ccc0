"""Draw how the exponent of the error changes with the scale near depth 2, a row for each problem."""

import argparse

from dlnflow.experiments.named_problems.figures.crossover import crossover_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of compare_cells.py, in the rows' order")
    parser.add_argument("--depths", required=True, nargs="+", type=float, help="the curves, such as 2 2.05 2.1")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(crossover_figure(read_frame(arguments.tables), arguments.depths), arguments.output)


if __name__ == "__main__":
    main()
