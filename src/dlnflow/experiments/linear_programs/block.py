"""Blocks of the experiment on linear programs: what one job is told, and the instances behind it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.ensembles import Family, planted_program


@dataclass(frozen=True)
class ProgramBlock:
    """Trials of one family at one size."""

    family: Family
    constraints: int
    variables: int
    trials: tuple[int, ...]

    def as_json(self) -> str:
        """For a command line; `from_json` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "ProgramBlock":
        """The block behind `as_json`."""
        fields = json.loads(text)
        return cls(**fields | {"trials": tuple(fields["trials"])})

    def instance(self, seed: int, trial: int) -> StandardForm:
        """One of the instances. Raises ProblemError if there is no such program."""
        return planted_program(self.family, seed, self.constraints, self.variables, trial)

    def instances(self, seed: int) -> Iterator[tuple[int, StandardForm]]:
        """(trial, program) of each trial."""
        for trial in self.trials:
            yield trial, self.instance(seed, trial)
