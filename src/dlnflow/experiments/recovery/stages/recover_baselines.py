"""Run a solver of basis pursuit on a block of random instances of the recovery experiment, and time it."""

from dlnflow.experiments.recovery.baselines import baseline_rows
from dlnflow.experiments.recovery.block import RecoveryBlock
from dlnflow.experiments.recovery.tables import RECOVERY_CELLS, TIMES
from dlnflow.files.tables import write_timed
from dlnflow.kit.stage import Name, Output, Seed


def recover_baselines(
    cells: Output, times: Output, *, grid: Name, block: RecoveryBlock, seed: Seed, solver: str
) -> None:
    """Run a solver of basis pursuit on a block of random instances of the recovery experiment, and time it."""
    write_timed((cells, RECOVERY_CELLS), (times, TIMES), baseline_rows(grid, block, seed, solver))
