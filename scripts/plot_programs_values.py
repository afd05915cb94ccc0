"""Draw the value of the network's plan less the optimum against lam, beside the predicted law and Sinkhorn's."""

import argparse

from dlnflow.experiments.linear_programs.figures.transport_values import values_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of solve_transport.py")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(values_figure(read_frame(arguments.tables)), arguments.output)


if __name__ == "__main__":
    main()
