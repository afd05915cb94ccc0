"""Compute the network's limits, in balls, on inputs of which only some bits are read."""

import argparse

from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.limits import limit_rows
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--grid", required=True, help="its name")
    parser.add_argument("--block", required=True, help="families, exponents and bits, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of what is random in the families")
    parser.add_argument("--depth", required=True, help="L, such as 2.5 or 7/3")
    parser.add_argument("--scales", required=True, nargs="+", help="eps = alpha^L, such as 1e-30")
    arguments = parser.parse_args()
    block = HardnessBlock.from_json(arguments.block)
    rows = limit_rows(arguments.grid, block, arguments.seed, arguments.depth, arguments.scales)
    write_rows(arguments.output, HARDNESS, rows)


if __name__ == "__main__":
    main()
