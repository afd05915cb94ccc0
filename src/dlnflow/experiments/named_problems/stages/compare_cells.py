"""Join the cells of one problem with its exact minimisers and predicted rates; certificates are proved again."""

from dlnflow.experiments.named_problems.comparison import compare
from dlnflow.experiments.named_problems.tables import RESULTS
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import read_rows, write_rows
from dlnflow.kit.stage import NO_FILES, Inputs, Output


def compare_cells(
    cells: Inputs, minimisers: Inputs, output: Output, rates: Inputs = NO_FILES, problems: Inputs = NO_FILES
) -> None:
    """Join the cells of one problem with its exact minimisers and predicted rates; certificates are proved again.

    problems: the instances behind certified cells.
    """
    rows = compare(read_rows(cells), read_rows(minimisers), read_rows(rates), map(read_block, problems))
    write_rows(output, RESULTS, rows)
