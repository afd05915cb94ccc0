"""Measure the exponent and the constant of the error on random linear programs, beside the predicted ones."""

from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.rows import law_rows
from dlnflow.experiments.linear_programs.tables import PROGRAM_LAWS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Name, Output, Seed


def measure_programs(output: Output, *, grid: Name, block: ProgramBlock, seed: Seed, largest: int) -> None:
    """Measure the exponent and the constant of the error on random linear programs, beside the predicted ones.

    largest: 1/lam beyond which no instance goes.
    """
    write_rows(output, PROGRAM_LAWS, law_rows(grid, block, seed, largest))
