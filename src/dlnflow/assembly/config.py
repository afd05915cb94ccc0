"""The config: the one truth for its keys, their defaults and its schema.

Everything is checked before a job runs, the problems' data included.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from dlnflow.config.errors import ConfigError, describe
from dlnflow.config.problem_entries import AnyProblem
from dlnflow.config.types import Model, examples
from dlnflow.experiments.hardness.config import Hardness
from dlnflow.experiments.laws.config import Laws
from dlnflow.experiments.layers.config import Layers
from dlnflow.experiments.linear_programs.config import LinearPrograms
from dlnflow.experiments.named_problems.config import Asymptotics, Experiment, Sharpness
from dlnflow.experiments.recovery.config import Recovery
from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.minimisers.linear_programs import linear_minimisers
from dlnflow.programs.law import refuse_lawless

ProblemName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class Config(Model):
    """Every grid and every problem of the workflow."""

    model_config = examples(
        {
            "seed": 2307,
            "problems": {"line": {"A": [[1, 1, 1], [3, 0, 1]], "y": [3, 3]}},
            "sharpness": {"problems": ["line"], "depths": [2, 3], "scales": [1, 0.1, 1e-2]},
        }
    )

    seed: Annotated[int, Field(ge=0, strict=True)] = Field(2307, description="of every random instance")
    problems: dict[ProblemName, AnyProblem] = Field(min_length=1, description="the data, by name")
    sharpness: Sharpness | None = Field(None, description="error against scale")
    asymptotics: Asymptotics | None = Field(None, description="error against its predicted asymptote")
    recovery: Recovery | None = Field(None, description="planted signals found, over m/n and s/m")
    hardness: Hardness | None = Field(None, description="correct digits against the bits read of the data")
    laws: Laws | None = Field(None, description="measured rates beside predicted ones, over ensembles")
    layers: Layers | None = Field(None, description="layers that balance themselves, and factorisation")
    linear_programs: LinearPrograms | None = Field(None, description="linear programs solved by the network")

    @property
    def experiments(self) -> dict[str, Experiment]:
        """The experiments on named problems that the config holds, by name."""
        found = {"sharpness": self.sharpness, "asymptotics": self.asymptotics}
        return {name: experiment for name, experiment in found.items() if experiment}

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for experiment, grids in self.experiments.items():
            for key, name in grids.uses():
                if name not in self.problems:
                    known = ", ".join(self.problems)
                    raise ConfigError(f"{experiment}{key} is {name!r}, expected one of the problems {known}")
        return self

    @model_validator(mode="after")
    def _answers_are_given_exactly(self) -> Self:
        for name, grid in (self.hardness.answers if self.hardness else {}).items():
            # y is the same for every delta, and the entries of A are below 2
            asked = next(grid.block(grid.exponents[:1]).inputs(self.seed)).truth.problem
            if asked.A_low.any() or asked.y_low.any():
                raise ConfigError(
                    f"hardness.answers.{name} makes data that float64 does not hold, expected fewer kinks or none mixed"
                )
        return self

    @model_validator(mode="after")
    def _problems_are_sound(self) -> Self:
        for name, spec in self.problems.items():
            with _naming(f"problems.{name}"):
                problem = spec.instance(self.seed, 0)
                if problem.nonnegative:
                    basis_pursuit(problem)  # raises where y = A x has no solution x >= 0
        return self

    @model_validator(mode="after")
    def _programs_are_sound(self) -> Self:
        grid = self.linear_programs
        for name, spec in (grid.programs if grid else {}).items():
            with _naming(f"linear_programs.programs.{name}"):
                program = spec.program(self.seed)
                linear_minimisers(program)  # raises where there is none
                refuse_lawless(program)
        for name, entry in (grid.descent.programs if grid and grid.descent else {}).items():
            with _naming(f"linear_programs.descent.programs.{name}"):
                entry.refuse_degenerate(self.seed)
        return self


@contextmanager
def _naming(key: str) -> Iterator[None]:
    """What is raised inside, as an error of this key."""
    try:
        yield
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def read_config(values: Mapping[str, Any], source: str = "config", folder: str = ".") -> Config:
    """The checked config behind a mapping as YAML gives it.

    folder: from which the names of data files in it are seen, itself as seen from the folder of the run.

    Raises ConfigError, one sentence that names the key.
    """
    try:
        return Config.model_validate(values, context={"folder": folder})
    except ValidationError as error:
        raise ConfigError(f"{source}: {describe(error)}") from None
