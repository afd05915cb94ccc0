"""Draw faces of minimisers: the point that each depth selects, and the limits on their way to it."""

import argparse

from dlnflow.experiments.laws.figures.faces import faces_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", nargs="+", help="the .parquet files of trace_faces.py")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(faces_figure(read_frame(arguments.faces)), arguments.output)


if __name__ == "__main__":
    main()
