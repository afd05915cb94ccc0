"""Descend on random asymmetric factorisations with falling steps: balance and residual beside what is predicted."""

from dlnflow.experiments.layers.factorisation import factorisation_rows
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock
from dlnflow.experiments.layers.factorisation_tables import FACTORISATION_SAMPLES, FACTORISATIONS
from dlnflow.files.tables import write_tables
from dlnflow.kit.stage import Output, Seed


def measure_factorisation(factorisations: Output, samples: Output, *, block: FactorisationBlock, seed: Seed) -> None:
    """Descend on random asymmetric factorisations with falling steps: balance and residual beside what is predicted.

    factorisations: a row a trial and decay.  samples: a row a moment.
    """
    rows = factorisation_rows(block, seed)
    write_tables(rows, (factorisations, FACTORISATIONS), (samples, FACTORISATION_SAMPLES))
