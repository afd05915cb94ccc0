"""Draw the correct digits over the bits read and the kink's k, a panel for each solver and network."""

import argparse

from dlnflow.experiments.hardness.figures.map import map_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of the hardness experiment, of one map")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(map_figure(read_frame(arguments.tables)), arguments.output)


if __name__ == "__main__":
    main()
