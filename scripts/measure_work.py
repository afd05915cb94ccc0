"""Measure the scale and the time that an accuracy needs on the kink, delta = 2^-k, at one depth."""

import argparse

from dlnflow.experiments.hardness.work import work_rows
from dlnflow.experiments.hardness.work_tables import write_work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("times", help="the .parquet of the proofs' times to write")
    parser.add_argument("--depth", required=True, help="L, such as 2.5 or 7/3")
    parser.add_argument("--exponents", type=int, required=True, nargs="+", help="k of delta = 2^-k, such as 1 10 60")
    parser.add_argument("--accuracies", required=True, nargs="+", help="tau, at most 1/4, such as 1e-1 1e-3")
    arguments = parser.parse_args()
    write_work(arguments.output, arguments.times, work_rows(arguments.depth, arguments.exponents, arguments.accuracies))


if __name__ == "__main__":
    main()
