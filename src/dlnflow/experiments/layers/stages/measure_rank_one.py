"""Descend on rank one with constant steps: the factor near the minimum, steps to a tolerance, what large steps do."""

from dlnflow.experiments.layers.factorisation_block import RankOneBlock
from dlnflow.experiments.layers.factorisation_tables import RANK_ONE, RANK_ONE_ORBITS, RANK_ONE_TIMES
from dlnflow.experiments.layers.rank_one import rank_one_rows
from dlnflow.files.tables import write_tables
from dlnflow.kit.stage import Output, Seed


def measure_rank_one(runs: Output, times: Output, orbits: Output, *, block: RankOneBlock, seed: Seed) -> None:
    """Descend on rank one with constant steps: the factor near the minimum, steps to a tolerance, what large steps do.

    runs: a row a run.  times: a row a tolerance.  orbits: a row a last iterate.
    """
    rows = rank_one_rows(block, seed)
    write_tables(rows, (runs, RANK_ONE), (times, RANK_ONE_TIMES), (orbits, RANK_ONE_ORBITS))
