"""Draw the error near the kink beside its predicted asymptote, a column for each depth (figure 2 to scale 1e-100)."""

import argparse

from dlnflow.experiments.named_problems.figures.asymptotes import kink_asymptote_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of compare_cells.py, in the curves' order")
    parser.add_argument("--depths", required=True, nargs="+", type=float, help="the columns, such as 3 4 5")
    parser.add_argument("--deltas", nargs="*", default=[], metavar="PROBLEM=DELTA", help="delta where there is one")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    deltas = dict(pair.split("=") for pair in arguments.deltas)
    save(kink_asymptote_figure(read_frame(arguments.tables), arguments.depths, deltas), arguments.output)


if __name__ == "__main__":
    main()
