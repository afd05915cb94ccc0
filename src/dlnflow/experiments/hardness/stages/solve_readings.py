"""Ask a solver, or basis pursuit on intervals, for the minimisers of inputs of which only some bits are read."""

from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.solvers import solver_rows
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Name, Output, Seed


def solve_readings(output: Output, *, grid: Name, block: HardnessBlock, seed: Seed, solver: str) -> None:
    """Ask a solver, or basis pursuit on intervals, for the minimisers of inputs of which only some bits are read."""
    write_rows(output, HARDNESS, solver_rows(grid, block, seed, solver))
