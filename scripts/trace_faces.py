"""Trace the minimiser that each depth selects over faces of minimisers, and the limits on their way to it."""

import argparse

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.face_tables import FACES
from dlnflow.experiments.laws.faces import face_rows
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--grid", required=True, help="its name in the config")
    parser.add_argument("--block", required=True, help="the ensemble, its sizes and the trials, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--drawn", type=int, required=True, help="how many faces of dimension 2, the first ones")
    parser.add_argument("--depths", required=True, nargs="+", help="L of the selected points, such as 2 2.5 7/3")
    parser.add_argument("--scales", required=True, nargs="+", help="eps = alpha^L of the limits, such as 0.1 1e-2")
    parser.add_argument("--followed", required=True, nargs="+", help="the depths whose limits are computed")
    arguments = parser.parse_args()
    block = LawBlock.from_json(arguments.block)
    choices = arguments.drawn, arguments.depths, arguments.scales, arguments.followed
    write_rows(arguments.output, FACES, face_rows(arguments.grid, block, arguments.seed, *choices))


if __name__ == "__main__":
    main()
