"""Blocks of random instances for the recovery experiment: what one job is told, and the instances behind it.

The instances are drawn in the job, from the seed, and not stored: a block's worth would be gigabytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from dlnflow.problems.ensembles import PredictedEnsemble, PredictedSignal, planted
from dlnflow.problems.problem import Problem


def measurements_of(undersampling: Fraction, features: int) -> int:
    """m, rounded."""
    return floor(undersampling * features + Fraction(1, 2))


def entries_of(undersampling: Fraction, sparsity: Fraction, features: int, is_density: bool = False) -> int:
    """s, rounded, at least 1, from s/m, or from s/n if it is a density."""
    whole = features if is_density else measurements_of(undersampling, features)
    return max(1, floor(sparsity * whole + Fraction(1, 2)))


@dataclass(frozen=True)
class RecoveryBlock:
    """Cells (m/n, s/m or s/n) and trials of one ensemble at one number of features."""

    ensemble: PredictedEnsemble
    signal: PredictedSignal
    features: int
    cells: tuple[tuple[Fraction, Fraction], ...]
    is_density: bool
    trials: tuple[int, ...]
    keep_x: bool

    def instances(self, seed: int) -> Iterator["Instance"]:
        """Every trial of every cell."""
        for undersampling, sparsity in self.cells:
            m = measurements_of(undersampling, self.features)
            s = entries_of(undersampling, sparsity, self.features, self.is_density)
            for trial in self.trials:
                problem = planted(self.ensemble, seed, m, self.features, s, trial, self.signal)
                yield Instance(undersampling, sparsity, s, trial, problem)


@dataclass(frozen=True)
class Instance:
    """One random problem, and where in the grid it stands."""

    undersampling: Fraction
    sparsity: Fraction
    entries: int
    trial: int
    problem: Problem
