"""Run a solver of basis pursuit on a block of random instances of the recovery experiment, and time it."""

from dlnflow.experiments.recovery.baselines import baseline_rows
from dlnflow.experiments.recovery.block import RecoveryBlock
from dlnflow.experiments.recovery.tables import write_cells
from dlnflow.kit.stage import Name, Output, Seed


def recover_baselines(
    cells: Output, times: Output, *, grid: Name, block: RecoveryBlock, seed: Seed, solver: str
) -> None:
    """Run a solver of basis pursuit on a block of random instances of the recovery experiment, and time it."""
    write_cells(cells, times, baseline_rows(grid, block, seed, solver))
