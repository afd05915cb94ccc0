"""Integrate the flow to its limit for a block of instances at one depth and a band of scales."""

from collections.abc import Iterator, Sequence

from dlnflow.experiments.named_problems.cells import solve_cells
from dlnflow.experiments.named_problems.tables import CELLS
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depth, Inputs, Output, Scales
from dlnflow.network.flow import flow
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit


def integrate_flow(problem: Inputs, output: Output, *, depth: Depth, scales: Scales) -> None:
    """Integrate the flow to its limit for a block of instances at one depth and a band of scales."""
    write_rows(output, CELLS, solve_cells(read_block(*problem), depth, scales, "flow", _flows))


def _flows(problem: Problem, depth: str, scales: Sequence[str]) -> Iterator[Limit]:
    """The end of the flow at each of the scales."""
    return (flow(problem, depth, scale).limit for scale in scales)
