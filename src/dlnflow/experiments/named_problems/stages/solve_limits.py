"""Compute the flow's limit, without time, for a block of instances at one depth and a band of scales."""

from dlnflow.experiments.named_problems.cells import solve_cells
from dlnflow.experiments.named_problems.tables import CELLS
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depth, Inputs, Output, Scales
from dlnflow.network.limit import limits


def solve_limits(problem: Inputs, output: Output, *, depth: Depth, scales: Scales) -> None:
    """Compute the flow's limit, without time, for a block of instances at one depth and a band of scales."""
    write_rows(output, CELLS, solve_cells(read_block(*problem), depth, scales, "limit", limits))
