"""Draw the digits that are reached against the bits that are read: K, K - 1 and K - 2 of them."""

import argparse

from dlnflow.experiments.hardness.figures.levels import levels_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of the hardness experiment, grid levels")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(levels_figure(read_frame(arguments.tables)), arguments.output)


if __name__ == "__main__":
    main()
