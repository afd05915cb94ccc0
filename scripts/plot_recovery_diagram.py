"""Draw where the planted signal is found, over m/n and s/m, beside the predicted boundaries."""

import argparse

from dlnflow.experiments.recovery.figures.diagram import diagram_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet file of judge_recovery.py, of one grid")
    parser.add_argument("--boundaries", required=True, nargs="+", help="the .parquet files of the predicted boundaries")
    parser.add_argument("--tolerance", required=True, help="what made a success, such as 1e-3")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    figure = diagram_figure(read_frame(arguments.tables), read_frame(arguments.boundaries), arguments.tolerance)
    save(figure, arguments.output)


if __name__ == "__main__":
    main()
