"""Measure the scale and the time that an accuracy needs on the kink, delta = 2^-k, at one depth."""

from dlnflow.experiments.hardness.work import work_rows
from dlnflow.experiments.hardness.work_tables import WORK, WORK_TIMES
from dlnflow.files.tables import write_timed
from dlnflow.kit.stage import Depth, Output


def measure_work(cells: Output, times: Output, *, depth: Depth, exponents: list[int], accuracies: list[str]) -> None:
    """Measure the scale and the time that an accuracy needs on the kink, delta = 2^-k, at one depth.

    exponents: k, such as 1 10 60.  accuracies: tau, at most 1/4, such as 1e-1 1e-3.
    """
    write_timed((cells, WORK), (times, WORK_TIMES), work_rows(depth, exponents, accuracies))
