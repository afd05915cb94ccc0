"""Draw what solvers answer to kinks that they are given exactly, and what they claim of it."""

import argparse

from dlnflow.experiments.hardness.figures.answers import answers_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of a grid of answers")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write as output")
    arguments = parser.parse_args()
    save(answers_figure(read_frame(arguments.tables)), arguments.output)


if __name__ == "__main__":
    main()
