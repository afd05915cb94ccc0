"""The factorisation's part of the config: asymmetric factorisation with falling steps, rank one with constant ones."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from dlnflow.arithmetic.exact import path_token, to_text
from dlnflow.arithmetic.quoting import shortened
from dlnflow.config.types import (
    LIST,
    RANGE,
    Count,
    Model,
    Number,
    Scale,
    Scales,
    SteppedRange,
    Trials,
    examples,
    refuse_large,
    rising,
    rising_values,
)
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock, RankOneBlock

SMALLEST = Fraction(1, 10**100)
"""Of what is a float in the jobs."""
LARGEST_RATIO = 1e6
"""Between singular values, and of |u|/|v|: what float64 resolves besides the residual's own decades."""
MOST_NUMBERS = 10**8
"""Steps of all runs of one job, which holds a number of each: under a gigabyte."""


def _positive(value: Fraction) -> Fraction:
    if not SMALLEST <= value <= 10**6:
        found = shortened(to_text(value), 40)
        raise ValueError(f"{found} is out of range, expected a number above 0, from 1e-100 to 1e6")
    return value


def _decay(value: Fraction) -> Fraction:
    if not 0 <= value <= 1:
        raise ValueError(f"{shortened(to_text(value), 40)} is out of range, expected a power from 0 to 1")
    return value


def _sorted(values: list[Fraction]) -> tuple[Fraction, ...]:
    """Rising; singular values may be equal."""
    return tuple(sorted(values))


def _size(size: list[int]) -> tuple[int, int]:
    rows, columns = size
    refuse_large(rows, columns, "a matrix of")
    return rows, columns


Positive = Annotated[Number, AfterValidator(_positive)]
Decay = Annotated[Number, AfterValidator(_decay)]
Size = Annotated[list[Count], Field(min_length=2, max_length=2), AfterValidator(_size)]


class StepRange(SteppedRange):
    """The steps from one bound by another, up to a third that they do not exceed."""

    model_config = examples({"from": 0.05, "to": 2.2, "by": 0.05})
    noun: ClassVar = "step"

    smallest: Positive = Field(alias="from", description="the least step, above 0")
    largest: Positive = Field(alias="to", description="a step that none exceeds")
    step: Positive = Field(alias="by", description="from each to the next")


if TYPE_CHECKING:  # what the validators make of it
    Steps = tuple[Fraction, ...]
    Falling = tuple[Fraction, ...]
    Rising = tuple[Fraction, ...]
    Spectrum = tuple[Fraction, ...]
    Powers = tuple[Fraction, ...]
else:
    Powers = Annotated[list[Decay], Field(min_length=1), AfterValidator(rising)]
    Falling, Rising = Scales, Annotated[list[Positive], Field(min_length=1), AfterValidator(rising)]
    Spectrum = Annotated[list[Positive], Field(min_length=1), AfterValidator(_sorted)]
    Steps = Annotated[
        Annotated[Annotated[list[Positive], Field(min_length=1)], Tag(LIST)] | Annotated[StepRange, Tag(RANGE)],
        Discriminator(lambda value: RANGE if isinstance(value, Mapping) else LIST),
        AfterValidator(lambda steps: rising(list(rising_values(steps)))),
    ]


def _check_numbers(steps: int, runs: int, key: str) -> None:
    if steps * runs > MOST_NUMBERS:
        raise ValueError(
            f"{key} is {steps} for the {runs} runs of a job, expected at most {MOST_NUMBERS:g} steps in all"
        )


class FactorisationGrid(Model):
    """min 1/2 ||U V^T - M||_F^2 by steps eta_t = c (t + 1)^-p, M of the rank that U and V have."""

    model_config = examples(
        {
            "size": [5, 4],
            "singular_values": [1, 0.6],
            "start": 1e-2,
            "constants": [0.5],
            "decays": [0, 0.6],
            "steps": 2000,
            "trials": 2,
        }
    )

    size: Size = Field(description="[rows, columns] of M")
    singular_values: Spectrum = Field(description="of M; as many as its rank")
    start: Scale = Field(Fraction(1, 100), description="U and V start with entries start * N(0, 1)")
    constants: Rising = Field(description="c of the steps c (t + 1)^-p, a job each")
    decays: Powers = Field(description="p: 0 is a constant step; the published range is 1/2 < p <= 1")
    steps: Count = Field(description="how many steps are taken")
    trials: Trials = Field(1, description="random M and starts")

    @cached_property
    def blocks(self) -> dict[str, FactorisationBlock]:
        """Name -> what one job is told."""
        rows, columns = self.size
        return {
            f"constant-{path_token(constant)}": FactorisationBlock(
                rows, columns, self.singular_values, self.start, constant, self.decays, self.steps, self.trials
            )
            for constant in self.constants
        }

    @model_validator(mode="after")
    def _fits(self) -> Self:
        rank = len(self.singular_values)
        if rank > min(self.size):
            raise ValueError(
                f"size is {list(self.size)} for {rank} singular values, expected at least as many rows and columns"
            )
        if max(self.singular_values) > LARGEST_RATIO * min(self.singular_values):
            raise ValueError(
                f"singular_values go from {to_text(min(self.singular_values))} to {to_text(max(self.singular_values))}"
                f", expected a ratio of at most {LARGEST_RATIO:g}"
            )
        _check_numbers(self.steps, self.trials * len(self.decays), "steps")
        return self


class RankOneGrid(Model):
    """min 1/2 ||u v^T - p q^T||_F^2, |p| = |q| = 1, by a constant step: with sigma = 1 a step is eta sigma."""

    model_config = examples(
        {
            "size": [4, 3],
            "steps": [0.1, 0.4, 1.1],
            "starts": [1e-1, 1e-2],
            "imbalances": [1, 4],
            "nearness": 1e-2,
            "tolerances": [1e-2, 1e-6],
            "iterations": 400,
            "trials": 2,
        }
    )

    size: Size = Field(description="[rows, columns]: entries of u and of v")
    steps: Steps = Field(description="eta sigma: a list, or from, to, by")
    starts: Falling = Field(description="small starts, with entries start * N(0, 1)")
    imbalances: Rising = Field((Fraction(1),), description="|u|/|v| of the minima near which the other runs start")
    nearness: Scale = Field(Fraction(1, 100), description="the size of the Gaussian entries added to such a minimum")
    tolerances: Falling = Field(description="of the residual: the steps until each are counted, from small starts")
    iterations: Annotated[int, Field(ge=128, strict=True)] = Field(description="how many steps are taken")
    trials: Trials = Field(1, description="random p, q and starts")

    @cached_property
    def blocks(self) -> dict[str, RankOneBlock]:
        """Name -> what one job is told."""

        def block(starts: tuple[Fraction, ...], imbalances: tuple[Fraction, ...]) -> RankOneBlock:
            rows, columns = self.size
            told = self.nearness, self.tolerances, self.iterations, self.trials
            return RankOneBlock(rows, columns, self.steps, starts, imbalances, *told)

        return {"small": block(self.starts, ()), "unbalanced": block((), self.imbalances)}

    @model_validator(mode="after")
    def _has_tangents(self) -> Self:
        if min(self.size) < 2:
            raise ValueError(f"size is {list(self.size)}, expected two rows and two columns at least")
        return self

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if min(self.tolerances) < Fraction(1, 10**14):
            raise ValueError(
                f"tolerances reach down to {to_text(min(self.tolerances))}, expected at least 1e-14: rounding leaves "
                "about 1e-16"
            )
        starts = max(len(self.starts), len(self.imbalances))
        _check_numbers(self.iterations, self.trials * len(self.steps) * starts, "iterations")
        return self
