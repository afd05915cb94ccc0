"""Solve basis pursuit exactly for a block of instances."""

import argparse

from dlnflow.experiments.named_problems.minimisers import minimiser_rows
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import MINIMISERS, write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", help="the .npz of make_problem.py")
    parser.add_argument("output", help="the .parquet to write")
    arguments = parser.parse_args()
    write_rows(arguments.output, MINIMISERS, minimiser_rows(read_block(arguments.problem)))


if __name__ == "__main__":
    main()
