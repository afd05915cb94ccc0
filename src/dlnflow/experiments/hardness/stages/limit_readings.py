"""Compute the network's limits, in balls, on inputs of which only some bits are read."""

from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.limits import limit_rows
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depth, Name, Output, Scales, Seed


def limit_readings(
    output: Output, *, grid: Name, block: HardnessBlock, seed: Seed, depth: Depth, scales: Scales
) -> None:
    """Compute the network's limits, in balls, on inputs of which only some bits are read."""
    write_rows(output, HARDNESS, limit_rows(grid, block, seed, depth, scales))
