"""The linear programs' part of the config: which programs are followed down in lam, and which are drawn at random."""

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from dlnflow.config.program_entries import AnyProgram, Sizes
from dlnflow.config.types import Count, Counts, GridName, Model, Trials, examples
from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.descent_config import DescentGrid
from dlnflow.experiments.linear_programs.transport_config import TransportGrid
from dlnflow.kit.blocks import trial_blocks, trials_in
from dlnflow.programs.ensembles import Family, planted_program

LARGEST_INVERSE = 2**20
"""1/lam at which balls have the bits that they can have, and more."""


class ProgramGrid(Model):
    """Random programs whose laws are measured."""

    model_config = examples({"family": "vertex", "sizes": [[3, 8], [5, 10]], "trials": 40, "trials_in_job": 20})

    family: Family = Field(description="what is planted: see dlnflow.programs.ensembles")
    sizes: Sizes = Field(description="[m, n]: constraints, variables")
    trials: Trials = Field(description="instances of each size")
    trials_in_job: Count = Field(64, description="instances in a job, at absolute places")

    @cached_property
    def blocks(self) -> dict[str, ProgramBlock]:
        """Name -> the instances of one job."""
        return {
            f"m-{m}_n-{n}_{trials}": ProgramBlock(self.family, m, n, tuple(trials_in(trials, self.trials)))
            for m, n in self.sizes
            for trials in trial_blocks(self.trials, self.trials_in_job)
        }

    @model_validator(mode="after")
    def _sizes_hold_programs(self) -> Self:
        for m, n in self.sizes:
            planted_program(self.family, 0, m, n)
        return self


class LinearPrograms(Model):
    """min c.x, A x = b, x >= 0 by the flow of x = u*u from exp(-c/(2 lam)): its limit beside the exact minimisers."""

    model_config = examples(
        {
            "inverse_lams": [8, 64, 256],
            "programs": {"vertex": {"family": "vertex", "size": [3, 8]}},
            "largest": 4096,
        }
    )

    inverse_lams: Counts = Field(description="1/lam of the curves: a list or a range")
    programs: dict[GridName, AnyProgram] = Field(min_length=1, description="the programs of the curves, by name")
    ensembles: dict[GridName, ProgramGrid] = Field({}, description="random programs whose laws are measured, by name")
    largest: Annotated[int, Field(ge=2, le=LARGEST_INVERSE, strict=True)] = Field(
        2**16, description="1/lam beyond which no random program goes"
    )
    transport: TransportGrid | None = Field(None, description="optimal transport, beside Sinkhorn and network simplex")
    descent: DescentGrid | None = Field(None, description="gradient descent and the flow in time")

    @model_validator(mode="after")
    def _balls_reach_the_curves(self) -> Self:
        if max(self.inverse_lams) > LARGEST_INVERSE:
            raise ValueError(f"inverse_lams goes to {max(self.inverse_lams)}, expected at most {LARGEST_INVERSE}")
        return self
