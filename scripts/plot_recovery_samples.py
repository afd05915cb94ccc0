"""Draw success against m/n at fixed s/n, the 50 % point against the scale, and how the transition sharpens with n."""

import argparse

from dlnflow.experiments.recovery.figures.samples import samples_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet file of judge_recovery.py, of the grid of transitions")
    parser.add_argument("--fits", required=True, nargs="+", help="the .parquet files of the fitted transitions")
    parser.add_argument("--boundaries", required=True, nargs="+", help="the .parquet files of the predicted boundaries")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    frames = (read_frame(files) for files in (arguments.tables, arguments.fits, arguments.boundaries))
    save(samples_figure(*frames), arguments.output)


if __name__ == "__main__":
    main()
