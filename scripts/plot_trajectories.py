"""Draw the flow of one problem in time: coordinates, loss and layers."""

import argparse

from dlnflow.experiments.named_problems.figures.trajectories import trajectory_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trajectories", nargs="+", help="the .parquet files of sample_trajectories.py")
    parser.add_argument("--depths", required=True, nargs="+", type=float, help="the columns, such as 2 3 4")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    samples = read_frame(arguments.trajectories)
    save(trajectory_figure(samples[samples["trial"] == samples["trial"].min()], arguments.depths), arguments.output)


if __name__ == "__main__":
    main()
