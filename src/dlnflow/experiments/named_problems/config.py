"""The part of the config of the experiments on named problems: sharpness and asymptotics."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from dlnflow.config.types import Count, Depths, Model, Names, Scales, Trials, examples, no_name_twice, rising

Method = Literal["flow", "limit", "certified"]
Methods = Annotated[list[Method], Field(min_length=1), AfterValidator(no_name_twice)]
METHODS = "flow: in time; limit: Newton on the dual; certified: Newton in balls, with a proof"


class Grid(Model):
    """Problems at depths."""

    model_config = examples({"problems": ["line"], "depths": [3, 4, 5]})

    problems: Names = Field(description="names of problems")
    depths: Depths = Field(description="depths L >= 2, any real numbers")


class Potentials(Model):
    """Depths at which q, g and h are drawn."""

    model_config = examples({"depths": [2, 2.5, 3]})

    depths: Depths = Field(description="depths L >= 2, any real numbers")


class Trajectories(Grid):
    """Problems, depths and scales at which the flow is sampled in time."""

    model_config = examples({"problems": ["line"], "depths": [2, 3], "scales": [1e-2, 1e-4]})

    scales: Scales = Field(description="scales eps = alpha^L, a list or a range")


class BlockSizes(Model):
    """What one job computes: bands of scales and blocks of trials, at absolute places."""

    model_config = examples({"decades": 25, "trials": 64})

    decades: Count = Field(default=25, description="decades of scales in a job")
    trials: Trials = Field(default=64, description="instances in a job")


class Experiment(Grid):
    """Problems, depths and scales at which the limit is computed, and what is drawn of it."""

    scales: Scales = Field(description="scales eps = alpha^L, a list or a range")
    kinks: Grid | None = Field(None, description="figure 2: the same scales and methods on these problems")

    def parts(self) -> dict[str, Grid | None]:
        """Key -> whatever names problems."""
        return {"": self, ".kinks": self.kinks}

    def grids(self) -> list[Grid]:
        """The grids that have cells."""
        return [grid for grid in (self, self.kinks) if grid]

    def depths_of(self, problem: str) -> tuple[Fraction, ...]:
        """The depths at which a problem has cells, in whichever grid."""
        return rising([depth for grid in self.grids() if problem in grid.problems for depth in grid.depths])

    @property
    def cell_problems(self) -> list[str]:
        """The problems that have cells, each once."""
        return list(dict.fromkeys(name for grid in self.grids() for name in grid.problems))

    def uses(self) -> Iterator[tuple[str, str]]:
        """(key, problem) wherever a problem is named, the key within the experiment."""
        for key, grid in self.parts().items():
            for index, name in enumerate(grid.problems if grid else ()):
                yield f"{key}.problems[{index}]", name


class Sharpness(Experiment):
    """The error of the limit against the scale, and what goes with it (Wind, Antun and Hansen 2023)."""

    model_config = examples(
        {"problems": ["line"], "depths": [2, 2.5, 3], "scales": [1, 0.1, 1e-2], "methods": ["flow", "limit"]}
    )

    methods: Methods = Field(["flow", "limit"], description=METHODS)
    potentials: Potentials | None = Field(None, description="figure 3")
    trajectories: Trajectories | None = Field(None, description="the flow in time")
    blocks: BlockSizes = Field(BlockSizes(), description="what one job computes")

    def parts(self) -> dict[str, Grid | None]:
        return super().parts() | {".trajectories": self.trajectories}


class Asymptotics(Experiment):
    """The same errors beside their predicted asymptotes, down to scales that only balls resolve."""

    model_config = examples(
        {"problems": ["line"], "depths": [2, "7/3"], "scales": {"from": 1, "to": 1e-30}, "methods": ["certified"]}
    )

    methods: Methods = Field(["certified"], description=METHODS)
    crossover: Grid | None = Field(None, description="the local slope near depth 2, at the same scales and methods")
    blocks: BlockSizes = Field(BlockSizes(decades=125), description="what one job computes")

    def parts(self) -> dict[str, Grid | None]:
        return super().parts() | {".crossover": self.crossover}

    def grids(self) -> list[Grid]:
        return [*super().grids(), *([self.crossover] if self.crossover else [])]
