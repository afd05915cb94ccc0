"""Put beside the cells of an experiment what its interactive page shows: selected minimisers and certificates."""

from dlnflow.experiments.named_problems.explored import EXPLORED, explored_rows
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import read_rows, write_rows
from dlnflow.kit.stage import Inputs, Output


def explore_cells(tables: Inputs, minimisers: Inputs, problems: Inputs, output: Output) -> None:
    """Put beside the cells of an experiment what its interactive page shows: selected minimisers and certificates.

    problems: the instances to show.
    """
    rows = [row for path in tables for row in read_rows([path])]
    write_rows(output, EXPLORED, explored_rows(rows, read_rows(minimisers), map(read_block, problems)))
