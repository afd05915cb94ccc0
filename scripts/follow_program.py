"""Follow the entropic limit of one linear program down in lam, certified, beside the predicted law."""

import argparse
import json

from dlnflow.config.program_entries import program_spec
from dlnflow.experiments.linear_programs.rows import cell_rows
from dlnflow.experiments.linear_programs.tables import PROGRAM_CELLS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--name", required=True, help="the program's name")
    parser.add_argument("--spec", required=True, help="its entry in the config, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--inverse-lams", required=True, type=int, nargs="+", help="1/lam")
    arguments = parser.parse_args()
    program = program_spec(json.loads(arguments.spec)).program(arguments.seed)
    write_rows(arguments.output, PROGRAM_CELLS, cell_rows(arguments.name, program, arguments.inverse_lams))


if __name__ == "__main__":
    main()
