"""Write the interactive page of an experiment: a cell that its reader picks, and what was computed of it."""

from dlnflow.experiments.named_problems.figures.explorer import explorer_page, save_page
from dlnflow.files.tables import read_table
from dlnflow.kit.stage import Inputs, Output


def plot_explorer(table: Inputs, output: Output, *, experiment: str, codes: dict[str, str]) -> None:
    """Write the interactive page of an experiment: a cell that its reader picks, and what was computed of it.

    codes: method -> identity of the code behind its cells.
    """
    rows = read_table(*table).to_pylist()
    save_page(explorer_page(rows, experiment, codes), output)
