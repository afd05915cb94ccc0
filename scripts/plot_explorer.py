"""Write the interactive page of an experiment: a cell that its reader picks, and what was computed of it."""

import argparse

from dlnflow.experiments.named_problems.figures.explorer import explorer_page, save_page
from dlnflow.files.tables import read_table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", help="the .parquet of explore_cells.py")
    parser.add_argument("--experiment", required=True, help="its name, for the title")
    parser.add_argument(
        "--codes", required=True, nargs="+", help="method=identity of the code behind its cells, for each method"
    )
    parser.add_argument("--output", required=True, help="the .html to write")
    arguments = parser.parse_args()
    codes = dict(code.split("=", 1) for code in arguments.codes)
    save_page(explorer_page(read_table(arguments.table).to_pylist(), arguments.experiment, codes), arguments.output)


if __name__ == "__main__":
    main()
