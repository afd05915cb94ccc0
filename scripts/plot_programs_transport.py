"""Draw transport plans as pictures: points joined by their masses, and a picture half way to another one."""

import argparse

from dlnflow.experiments.linear_programs.figures.transport import transport_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of picture_plans.py")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(transport_figure(read_frame(arguments.tables)), arguments.output)


if __name__ == "__main__":
    main()
