"""Predict rho of large Gaussian data against s/n, up to basis pursuit's threshold, where it reaches 1."""

from dlnflow.experiments.laws.rho_limits import rho_limit_rows
from dlnflow.experiments.laws.rho_tables import RHO_LIMITS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Output
from dlnflow.problems.ensembles import PredictedSignal


def predict_rhos(output: Output, *, undersampling: list[str], signal: PredictedSignal = "signed") -> None:
    """Predict rho of large Gaussian data against s/n, up to basis pursuit's threshold, where it reaches 1.

    undersampling: m/n, such as 0.25 1/2.
    """
    write_rows(output, RHO_LIMITS, rho_limit_rows(undersampling, signal))
