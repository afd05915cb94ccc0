"""Predict the exponent and the constant of the error, for a block of instances at some depths."""

import argparse

from dlnflow.experiments.named_problems.rates import rate_rows
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import RATES, read_rows, write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", help="the .npz of make_problem.py")
    parser.add_argument("minimisers", help="the .parquet of find_minimisers.py")
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--depths", required=True, nargs="+", help="L, such as 2 2.5 7/3")
    arguments = parser.parse_args()
    rows = rate_rows(read_block(arguments.problem), read_rows([arguments.minimisers]), arguments.depths)
    write_rows(arguments.output, RATES, rows)


if __name__ == "__main__":
    main()
