"""Fit the transitions of a grid of the recovery experiment: 50 % points, their intervals and their predictions."""

from dlnflow.experiments.recovery.fits import fit_rows
from dlnflow.experiments.recovery.tables import FITS, KEY
from dlnflow.files.tables import concatenate, write_rows
from dlnflow.kit.stage import Inputs, Output, Tolerance


def fit_transitions(judged: Inputs, output: Output, *, tolerance: Tolerance, density: bool = False) -> None:
    """Fit the transitions of a grid of the recovery experiment: 50 % points, their intervals and their predictions.

    tolerance: by which they were judged.  density: the grid gives s/n and not s/m, and m/n is fitted.
    """
    # a large grid has a million rows, which are gigabytes as dictionaries
    batches = concatenate(judged).select([*KEY, "success"]).to_batches(max_chunksize=10_000)
    cells = (row for batch in batches for row in batch.to_pylist())
    write_rows(output, FITS, fit_rows(cells, tolerance, density))
