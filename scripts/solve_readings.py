"""Ask a solver, or basis pursuit on intervals, for the minimisers of inputs of which only some bits are read."""

import argparse

from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.solvers import solver_rows
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--grid", required=True, help="its name")
    parser.add_argument("--block", required=True, help="families, exponents and bits, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of what is random in the families")
    parser.add_argument("--solver", required=True, help="its name, such as lars, or interval")
    arguments = parser.parse_args()
    block = HardnessBlock.from_json(arguments.block)
    write_rows(arguments.output, HARDNESS, solver_rows(arguments.grid, block, arguments.seed, arguments.solver))


if __name__ == "__main__":
    main()
