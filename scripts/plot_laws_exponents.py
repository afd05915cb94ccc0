"""Draw measured exponents over random instances beside the predicted ones, and how near they and constants come."""

import argparse

from dlnflow.experiments.laws.figures.exponents import exponents_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of measure_laws.py, a row an instance")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(exponents_figure(read_frame(arguments.tables)), arguments.output)


if __name__ == "__main__":
    main()
