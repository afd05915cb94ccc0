"""Draw measured exponents and constants of random linear programs beside the predicted ones."""

import argparse

from dlnflow.experiments.linear_programs.figures.laws import laws_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("laws", nargs="+", help="the merged table, .parquet")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(laws_figure(read_frame(arguments.laws)), arguments.output)


if __name__ == "__main__":
    main()
