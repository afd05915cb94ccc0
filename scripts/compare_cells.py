"""Join the cells of one problem with its exact minimisers and predicted rates; certificates are proved again."""

import argparse

from dlnflow.experiments.named_problems.comparison import compare
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import RESULTS, read_rows, write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", nargs="+", help="the .parquet files of the scripts that solve cells")
    parser.add_argument("--minimisers", required=True, nargs="+", help="the .parquet files of find_minimisers.py")
    parser.add_argument("--rates", nargs="*", default=[], help="the .parquet files of predict_rates.py")
    parser.add_argument("--problems", nargs="*", default=[], help="the .npz files behind certified cells")
    parser.add_argument("--output", required=True, help="the .parquet to write")
    arguments = parser.parse_args()
    rows = [read_rows(paths) for paths in (arguments.cells, arguments.minimisers, arguments.rates)]
    write_rows(arguments.output, RESULTS, compare(*rows, map(read_block, arguments.problems)))


if __name__ == "__main__":
    main()
