"""Predict where a planted signal is recovered: s/m against m/n, at a depth and scales or by basis pursuit."""

from dlnflow.experiments.recovery.predictions import boundary_rows
from dlnflow.experiments.recovery.tables import BOUNDARIES
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depth, Name, Output, Scales, Tolerance
from dlnflow.problems.ensembles import PredictedSignal


def predict_boundaries(
    output: Output,
    *,
    grid: Name,
    signal: PredictedSignal,
    tolerance: Tolerance,
    depth: Depth | None = None,
    scales: Scales | None = None,
) -> None:
    """Predict where a planted signal is recovered: s/m against m/n, at a depth and scales, else by basis pursuit."""
    write_rows(output, BOUNDARIES, boundary_rows(grid, signal, tolerance, depth, scales or ()))
