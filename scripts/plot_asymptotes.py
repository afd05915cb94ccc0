"""Draw the error of the limit beside its predicted asymptote, a column for each problem (figure 1 to scale 1e-100)."""

import argparse

from dlnflow.experiments.named_problems.figures.asymptotes import asymptote_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of compare_cells.py, in the columns' order")
    parser.add_argument("--depths", required=True, nargs="+", type=float, help="the curves, such as 2 2.5 3")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(asymptote_figure(read_frame(arguments.tables), arguments.depths), arguments.output)


if __name__ == "__main__":
    main()
