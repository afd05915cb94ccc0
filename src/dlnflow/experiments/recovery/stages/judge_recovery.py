"""Judge the cells of a grid of the recovery experiment: success at a tolerance, the best answer of each instance."""

from dlnflow.experiments.recovery.judgement import judged_rows
from dlnflow.experiments.recovery.tables import RECOVERY
from dlnflow.files.tables import read_rows, write_rows
from dlnflow.kit.stage import Inputs, Output, Tolerance


def judge_recovery(cells: Inputs, output: Output, *, tolerance: Tolerance) -> None:
    """Judge the cells of a grid of recovery: success at a tolerance, the best answer of each instance."""
    write_rows(output, RECOVERY, judged_rows(read_rows(cells), tolerance))
