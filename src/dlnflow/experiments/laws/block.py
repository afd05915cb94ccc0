"""Blocks of the experiment on laws over ensembles: what one job is told, and the instances behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dlnflow.problems.ensembles import Ensemble, Signal, planted
from dlnflow.problems.problem import Problem


@dataclass(frozen=True)
class LawBlock:
    """Trials of one ensemble at one size; parameter: of the ensemble, where it has one."""

    ensemble: Ensemble
    signal: Signal
    measurements: int
    features: int
    entries: int
    trials: tuple[int, ...]
    parameter: Fraction | None = None

    def instance(self, seed: int, trial: int) -> Problem:
        """One of the instances. Raises ProblemError if no problem can be drawn."""
        sizes = self.measurements, self.features, self.entries
        return planted(self.ensemble, seed, *sizes, trial, self.signal, self.parameter)

    def instances(self, seed: int) -> Iterator[tuple[int, Problem]]:
        """(trial, problem) of each trial."""
        for trial in self.trials:
            yield trial, self.instance(seed, trial)

    def key(self, grid: str, trial: int) -> dict[str, Any]:
        """The columns that tell an instance, in the tables of all that is computed of it."""
        return {
            "grid": grid,
            "measurements": self.measurements,
            "features": self.features,
            "entries": self.entries,
            "trial": trial,
        }
