"""Blocks of the experiment on linear programs: what one job is told, and the instances behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.ensembles import Family, planted_program


@dataclass(frozen=True)
class ProgramBlock:
    """Trials of one family at one size."""

    family: Family
    constraints: int
    variables: int
    trials: tuple[int, ...]

    def instance(self, seed: int, trial: int) -> StandardForm:
        """One of the instances. Raises ProblemError if there is no such program."""
        return planted_program(self.family, seed, self.constraints, self.variables, trial)

    def instances(self, seed: int) -> Iterator[tuple[int, StandardForm]]:
        """(trial, program) of each trial."""
        for trial in self.trials:
            yield trial, self.instance(seed, trial)
