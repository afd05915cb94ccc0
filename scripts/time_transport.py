"""Time the network's limit on a transport problem, and POT and HiGHS on the same, each on one thread."""

import argparse

from dlnflow.arithmetic.exact import parse_number
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_TIMES
from dlnflow.experiments.linear_programs.transport_times import time_rows
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet of times to write")
    parser.add_argument("--size", type=int, required=True, help="points on each side")
    parser.add_argument("--seed", type=int, required=True, help="of the random points and masses")
    parser.add_argument("--lam", required=True, help="over the largest cost, such as 1e-2")
    parser.add_argument("--tolerance", required=True, help="of the marginals, over the mass")
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the median is taken")
    parser.add_argument("--largest-highs", type=int, default=100, help="points beyond which HiGHS is left out")
    arguments = parser.parse_args()
    tolerance = float(parse_number(arguments.tolerance))
    rows = time_rows(
        arguments.size, arguments.seed, arguments.lam, tolerance, arguments.repeats, arguments.largest_highs
    )
    write_rows(arguments.output, TRANSPORT_TIMES, rows)


if __name__ == "__main__":
    main()
