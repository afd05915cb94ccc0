"""Descend on rank one with constant steps: the factor near the minimum, steps to a tolerance, what large steps do."""

import argparse

from dlnflow.experiments.layers.factorisation_block import RankOneBlock
from dlnflow.experiments.layers.factorisation_tables import RANK_ONE, RANK_ONE_ORBITS, RANK_ONE_TIMES
from dlnflow.experiments.layers.rank_one import rank_one_rows
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", help="the output of a row a run: the .parquet to write")
    parser.add_argument("times", help="the output of a row a tolerance: the .parquet to write")
    parser.add_argument("orbits", help="the output of a row a last iterate: the .parquet to write")
    parser.add_argument("--block", required=True, help="sizes, starts, steps and trials, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    arguments = parser.parse_args()
    rows = rank_one_rows(RankOneBlock.from_json(arguments.block), arguments.seed)
    write_rows(arguments.runs, RANK_ONE, (run for run, _, _ in rows))
    write_rows(arguments.times, RANK_ONE_TIMES, (time for _, times, _ in rows for time in times))
    write_rows(arguments.orbits, RANK_ONE_ORBITS, (point for _, _, orbit in rows for point in orbit))


if __name__ == "__main__":
    main()
