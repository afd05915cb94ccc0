"""Draw errors of linear programs' entropic limits against 1/lam, certified, beside the predicted laws."""

import argparse

from dlnflow.experiments.linear_programs.figures.errors import errors_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", nargs="+", help="the merged table, .parquet")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(errors_figure(read_frame(arguments.cells)), arguments.output)


if __name__ == "__main__":
    main()
