"""Draw the invariants of layered networks in time."""

import argparse

from dlnflow.experiments.layers.figures.invariants import invariants_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("courses", help="the .parquet of measure_layers.py with a row a time")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(invariants_figure(read_frame([arguments.courses])), arguments.output)


if __name__ == "__main__":
    main()
