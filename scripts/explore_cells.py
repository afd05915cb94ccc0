"""Put beside the cells of an experiment what its interactive page shows: selected minimisers and certificates."""

import argparse

from dlnflow.experiments.named_problems.explored import EXPLORED, explored_rows
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import read_rows, write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of compare_cells.py")
    parser.add_argument("--minimisers", required=True, nargs="+", help="the .parquet files of find_minimisers.py")
    parser.add_argument("--problems", required=True, nargs="+", help="the .npz files of the instances to show")
    parser.add_argument("--output", required=True, help="the .parquet to write")
    arguments = parser.parse_args()
    rows = explored_rows(
        [row for path in arguments.tables for row in read_rows([path])],
        read_rows(arguments.minimisers),
        map(read_block, arguments.problems),
    )
    write_rows(arguments.output, EXPLORED, rows)


if __name__ == "__main__":
    main()
