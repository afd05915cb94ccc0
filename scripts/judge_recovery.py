"""Judge the cells of a grid of the recovery experiment: success at a tolerance, the best answer of each instance."""

import argparse

from dlnflow.experiments.recovery.judgement import judged_rows
from dlnflow.experiments.recovery.tables import RECOVERY
from dlnflow.files.tables import read_rows, write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", nargs="+", help="the .parquet files of recover_limits.py and recover_baselines.py")
    parser.add_argument("--tolerance", required=True, help="of ||x - x0|| / ||x0||, such as 1e-3")
    parser.add_argument("--output", required=True, help="the .parquet to write")
    arguments = parser.parse_args()
    write_rows(arguments.output, RECOVERY, judged_rows(read_rows(arguments.cells), arguments.tolerance))


if __name__ == "__main__":
    main()
