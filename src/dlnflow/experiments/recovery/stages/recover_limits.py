"""Compute the network's limits on a block of random instances of the recovery experiment, and time them."""

from dlnflow.experiments.recovery.block import RecoveryBlock
from dlnflow.experiments.recovery.limits import limit_rows
from dlnflow.experiments.recovery.tables import write_cells
from dlnflow.kit.stage import Depth, Name, Output, Scales, Seed


def recover_limits(
    cells: Output, times: Output, *, grid: Name, block: RecoveryBlock, seed: Seed, depth: Depth, scales: Scales
) -> None:
    """Compute the network's limits on a block of random instances of the recovery experiment, and time them."""
    write_cells(cells, times, limit_rows(grid, block, seed, depth, scales))
