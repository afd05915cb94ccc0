"""Run a solver of basis pursuit on a block of random instances of the recovery experiment, and time it."""

import argparse

from dlnflow.experiments.recovery.baselines import baseline_rows
from dlnflow.experiments.recovery.block import RecoveryBlock
from dlnflow.experiments.recovery.tables import write_cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("times", help="the .parquet of times to write")
    parser.add_argument("--grid", required=True, help="its name in the config")
    parser.add_argument("--block", required=True, help="cells and trials, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--solver", required=True, help="its name, such as lars")
    arguments = parser.parse_args()
    block = RecoveryBlock.from_json(arguments.block)
    rows = baseline_rows(arguments.grid, block, arguments.seed, arguments.solver)
    write_cells(arguments.output, arguments.times, rows)


if __name__ == "__main__":
    main()
