"""Solve basis pursuit exactly for a block of instances."""

from dlnflow.experiments.named_problems.minimisers import minimiser_rows
from dlnflow.experiments.named_problems.tables import MINIMISERS
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Inputs, Output


def find_minimisers(problem: Inputs, output: Output) -> None:
    """Solve basis pursuit exactly for a block of instances."""
    write_rows(output, MINIMISERS, minimiser_rows(read_block(*problem)))
