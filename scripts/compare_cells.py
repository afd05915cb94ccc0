"""Join the cells of one problem with its exact minimisers."""

import argparse

from dlnflow.comparison import compare
from dlnflow.tables import RESULTS, concatenate, write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", nargs="+", help="the .parquet files of solve_limits.py and integrate_flow.py")
    parser.add_argument("--minimisers", required=True, nargs="+", help="the .parquet files of find_minimisers.py")
    parser.add_argument("--output", required=True, help="the .parquet to write")
    arguments = parser.parse_args()
    cells, minimisers = concatenate(arguments.cells), concatenate(arguments.minimisers)
    write_rows(arguments.output, RESULTS, compare(cells.to_pylist(), minimisers.to_pylist()))


if __name__ == "__main__":
    main()
