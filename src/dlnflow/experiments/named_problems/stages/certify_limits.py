"""Solve for the limits of one depth in balls, with proofs, for a block of instances."""

from dlnflow.experiments.named_problems.cells import solve_cells
from dlnflow.experiments.named_problems.certificates import certified_columns
from dlnflow.experiments.named_problems.tables import CELLS
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depth, Inputs, Output, Scales
from dlnflow.network.certified_limits import certified_limits


def certify_limits(problem: Inputs, output: Output, *, depth: Depth, scales: Scales) -> None:
    """Solve for the limits of one depth in balls, with proofs, for a block of instances."""
    write_rows(
        output,
        CELLS,
        solve_cells(read_block(*problem), depth, scales, "certified", certified_limits, certified_columns),
    )
