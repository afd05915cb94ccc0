"""Predict the exponent and the constant of the error, for a block of instances at some depths."""

from dlnflow.experiments.named_problems.rates import rate_rows
from dlnflow.experiments.named_problems.tables import RATES
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import read_rows, write_rows
from dlnflow.kit.stage import Depths, Inputs, Output


def predict_rates(problem: Inputs, minimisers: Inputs, output: Output, *, depths: Depths) -> None:
    """Predict the exponent and the constant of the error, for a block of instances at some depths."""
    write_rows(output, RATES, rate_rows(read_block(*problem), read_rows(minimisers), depths))
