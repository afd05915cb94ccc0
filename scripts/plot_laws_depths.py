"""Draw which depth is nearest to its minimiser at equal scale, over random instances."""

import argparse

from dlnflow.experiments.laws.figures.depths import depths_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", nargs="+", help="the .parquet files of measure_laws.py, a row a scale")
    parser.add_argument("--laws", required=True, nargs="+", help="those with a row an instance")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(depths_figure(read_frame(arguments.cells), read_frame(arguments.laws)), arguments.output)


if __name__ == "__main__":
    main()
