"""Compute rho of each random instance of some blocks, exactly and by both of its linear programs in float64."""

import argparse
from itertools import chain

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.rho import rho_rows
from dlnflow.experiments.laws.rho_tables import RHOS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--grid", required=True, help="its name in the config")
    parser.add_argument("--blocks", required=True, nargs="+", help="ensemble, sizes and trials, as JSON, each")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    arguments = parser.parse_args()
    blocks = map(LawBlock.from_json, arguments.blocks)
    rows = chain.from_iterable(rho_rows(arguments.grid, block, arguments.seed) for block in blocks)
    write_rows(arguments.output, RHOS, rows)


if __name__ == "__main__":
    main()
