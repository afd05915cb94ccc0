"""Sample the flow in time for a block of instances at one depth and a band of scales."""

import argparse

from dlnflow.experiments.named_problems.cells import trajectory_rows
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import TRAJECTORIES, write_rows
from dlnflow.network.flow import flow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", help="the .npz of make_problem.py")
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--depth", required=True, help="L, such as 2.5 or 7/3")
    parser.add_argument("--scales", required=True, nargs="+", help="eps = alpha^L, such as 1e-2 1e-4")
    arguments = parser.parse_args()
    block = read_block(arguments.problem)
    write_rows(arguments.output, TRAJECTORIES, trajectory_rows(block, arguments.depth, arguments.scales, flow))


if __name__ == "__main__":
    main()
