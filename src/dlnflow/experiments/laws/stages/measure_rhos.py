"""Compute rho of each random instance of some blocks, exactly and by both of its linear programs in float64."""

from itertools import chain

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.rho import rho_rows
from dlnflow.experiments.laws.rho_tables import RHOS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Name, Output, Seed


def measure_rhos(output: Output, *, grid: Name, blocks: list[LawBlock], seed: Seed) -> None:
    """Compute rho of each random instance of some blocks, exactly and by both of its linear programs in float64."""
    write_rows(output, RHOS, chain.from_iterable(rho_rows(grid, block, seed) for block in blocks))
