"""Predict rho of large Gaussian data against s/n, up to basis pursuit's threshold, where it reaches 1."""

import argparse

from dlnflow.experiments.laws.rho_limits import rho_limit_rows
from dlnflow.experiments.laws.rho_tables import RHO_LIMITS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--undersampling", required=True, nargs="+", help="m/n, such as 0.25 1/2")
    parser.add_argument("--signal", default="signed", choices=["signed", "nonnegative"], help="the entries' signs")
    arguments = parser.parse_args()
    write_rows(arguments.output, RHO_LIMITS, rho_limit_rows(arguments.undersampling, arguments.signal))


if __name__ == "__main__":
    main()
