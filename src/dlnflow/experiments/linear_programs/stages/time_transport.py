"""Time the network's limit on a transport problem, and POT and HiGHS on the same, each on one thread."""

from dlnflow.arithmetic.exact import parse_number
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_TIMES
from dlnflow.experiments.linear_programs.transport_times import time_rows
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Output, Seed


def time_transport(
    output: Output, *, size: int, seed: Seed, lam: str, tolerance: str, repeats: int = 3, largest_highs: int = 100
) -> None:
    """Time the network's limit on a transport problem, and POT and HiGHS on the same, each on one thread.

    size: points on each side.  lam: over the largest cost, such as 1e-2.  tolerance: of the marginals, over the mass.
    repeats: runs of which the median is taken.  largest_highs: points beyond which HiGHS is left out.
    """
    rows = time_rows(size, seed, lam, float(parse_number(tolerance)), repeats, largest_highs)
    write_rows(output, TRANSPORT_TIMES, rows)
