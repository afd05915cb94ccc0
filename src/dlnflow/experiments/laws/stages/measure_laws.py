"""Measure the exponent and the constant of the error on random instances at one depth, beside the predicted ones."""

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.rows import LEAST, SMALLEST, law_rows
from dlnflow.experiments.laws.tables import LAW_CELLS, LAWS
from dlnflow.files.tables import write_tables
from dlnflow.kit.stage import Depth, Name, Output, Seed


def measure_laws(
    cells: Output,
    laws: Output,
    *,
    grid: Name,
    block: LawBlock,
    seed: Seed,
    depth: Depth,
    least: str = LEAST,
    smallest: str = SMALLEST,
) -> None:
    """Measure the exponent and the constant of the error on random instances at one depth, beside the predicted ones.

    cells: a row a scale.  laws: a row an instance.  least: down to which scale all instances go.  smallest: below which
    scale none goes.
    """
    rows = law_rows(grid, block, seed, depth, least, smallest)
    write_tables(rows, (laws, LAWS), (cells, LAW_CELLS))
