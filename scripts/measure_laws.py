"""Measure the exponent and the constant of the error on random instances at one depth, beside the predicted ones."""

import argparse

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.rows import LEAST, SMALLEST, law_rows
from dlnflow.experiments.laws.tables import write_laws


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", help="the output of a row a scale: the .parquet to write")
    parser.add_argument("laws", help="the output of a row an instance: the .parquet to write")
    parser.add_argument("--grid", required=True, help="its name in the config")
    parser.add_argument("--block", required=True, help="the ensemble, its sizes and the trials, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--depth", required=True, help="L, such as 2.5 or 7/3")
    parser.add_argument("--least", default=LEAST, help="down to which scale all instances go")
    parser.add_argument("--smallest", default=SMALLEST, help="below which scale none goes")
    arguments = parser.parse_args()
    block = LawBlock.from_json(arguments.block)
    rows = law_rows(arguments.grid, block, arguments.seed, arguments.depth, arguments.least, arguments.smallest)
    write_laws(arguments.cells, arguments.laws, rows)


if __name__ == "__main__":
    main()
