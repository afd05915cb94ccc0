"""Integrate the flow to its limit for a block of instances at one depth and a band of scales."""

import argparse
from collections.abc import Iterator, Sequence

from dlnflow.experiments.named_problems.cells import solve_cells
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import CELLS, write_rows
from dlnflow.network.flow import flow
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit


def flows(problem: Problem, depth: str, scales: Sequence[str]) -> Iterator[Limit]:
    """The end of the flow at each of the scales."""
    return (flow(problem, depth, scale).limit for scale in scales)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", help="the .npz of make_problem.py")
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--depth", required=True, help="L, such as 2.5 or 7/3")
    parser.add_argument("--scales", required=True, nargs="+", help="eps = alpha^L, such as 1 0.1 1e-2")
    arguments = parser.parse_args()
    block = read_block(arguments.problem)
    write_rows(arguments.output, CELLS, solve_cells(block, arguments.depth, arguments.scales, "flow", flows))


if __name__ == "__main__":
    main()
