"""Draw the measured 50 % points of every diagram over the predicted boundaries."""

import argparse

from dlnflow.experiments.recovery.figures.thresholds import thresholds_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fits", nargs="+", help="the .parquet files of the fitted transitions")
    parser.add_argument("--boundaries", required=True, nargs="+", help="the .parquet files of the predicted boundaries")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(thresholds_figure(read_frame(arguments.fits), read_frame(arguments.boundaries)), arguments.output)


if __name__ == "__main__":
    main()
