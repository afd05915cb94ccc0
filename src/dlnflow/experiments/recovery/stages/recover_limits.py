"""Compute the network's limits on a block of random instances of the recovery experiment, and time them."""

from dlnflow.experiments.recovery.block import RecoveryBlock
from dlnflow.experiments.recovery.limits import limit_rows
from dlnflow.experiments.recovery.tables import RECOVERY_CELLS, TIMES
from dlnflow.files.tables import write_timed
from dlnflow.kit.stage import Depth, Name, Output, Scales, Seed


def recover_limits(
    cells: Output, times: Output, *, grid: Name, block: RecoveryBlock, seed: Seed, depth: Depth, scales: Scales
) -> None:
    """Compute the network's limits on a block of random instances of the recovery experiment, and time them."""
    write_timed((cells, RECOVERY_CELLS), (times, TIMES), limit_rows(grid, block, seed, depth, scales))
