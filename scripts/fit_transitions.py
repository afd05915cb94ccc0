"""Fit the transitions of a grid of the recovery experiment: 50 % points, their intervals and their predictions."""

import argparse

from dlnflow.experiments.recovery.fits import fit_rows
from dlnflow.experiments.recovery.tables import FITS, KEY
from dlnflow.files.tables import concatenate, write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("judged", nargs="+", help="the .parquet files of judge_recovery.py, all of one grid")
    parser.add_argument("--tolerance", required=True, help="by which they were judged, such as 1e-3")
    parser.add_argument("--density", action="store_true", help="the grid gives s/n, not s/m: fit in m/n")
    parser.add_argument("--output", required=True, help="the .parquet to write")
    arguments = parser.parse_args()
    # a large grid has a million rows, which are gigabytes as dictionaries
    batches = concatenate(arguments.judged).select([*KEY, "success"]).to_batches(max_chunksize=10_000)
    cells = (row for batch in batches for row in batch.to_pylist())
    write_rows(arguments.output, FITS, fit_rows(cells, arguments.tolerance, arguments.density))


if __name__ == "__main__":
    main()
