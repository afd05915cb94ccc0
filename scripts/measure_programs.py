"""Measure the exponent and the constant of the error on random linear programs, beside the predicted ones."""

import argparse

from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.rows import law_rows
from dlnflow.experiments.linear_programs.tables import PROGRAM_LAWS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write, a row an instance")
    parser.add_argument("--grid", required=True, help="its name in the config")
    parser.add_argument("--block", required=True, help="the family, its sizes and the trials, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--largest", type=int, required=True, help="1/lam beyond which no instance goes")
    arguments = parser.parse_args()
    block = ProgramBlock.from_json(arguments.block)
    write_rows(arguments.output, PROGRAM_LAWS, law_rows(arguments.grid, block, arguments.seed, arguments.largest))


if __name__ == "__main__":
    main()
