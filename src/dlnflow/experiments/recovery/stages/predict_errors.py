"""Predict the mean squared error against s/m at fixed m/n, at a depth and scales or of basis pursuit."""

from dlnflow.experiments.recovery.predictions import evolution_rows
from dlnflow.experiments.recovery.tables import EVOLUTION
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depth, Name, Output, Scales
from dlnflow.problems.ensembles import PredictedSignal


def predict_errors(
    output: Output,
    *,
    grid: Name,
    signal: PredictedSignal,
    undersampling: list[str],
    depth: Depth | None = None,
    scales: Scales | None = None,
) -> None:
    """Predict the mean squared error against s/m at fixed m/n, at a depth and scales, else of basis pursuit."""
    write_rows(output, EVOLUTION, evolution_rows(grid, signal, undersampling, depth, scales or ()))
