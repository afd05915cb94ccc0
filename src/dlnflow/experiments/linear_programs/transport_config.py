"""The transport problems' part of the config: clouds and pictures, the lam at which each is solved, and the race."""

from abc import abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, Tag, TypeAdapter, model_validator

from dlnflow.arithmetic.arrays import ProblemError
from dlnflow.config.types import (
    LARGEST,
    MOST_ENTRIES,
    Count,
    Counts,
    GridName,
    Model,
    Scale,
    Scales,
    Trial,
    examples,
    told_by_key,
)
from dlnflow.transport.clouds_and_pictures import Masses, Placed, Shape, clouds, pictures


def _refuse_large(sources: int, targets: int) -> None:
    if sources * targets > MOST_ENTRIES:
        raise ProblemError(f"plans of {sources} x {targets} points, expected at most {MOST_ENTRIES} entries")


def _is_float(value: Fraction) -> Fraction:
    if value < Fraction("1e-16"):
        raise ValueError("expected at least 1e-16, where C/lam and masses have their last digit")
    return value


Strength = Annotated[Scale, AfterValidator(_is_float)]
Strengths = Annotated[Scales, AfterValidator(lambda lams: tuple(map(_is_float, lams)))]


class TransportSpec(Model):
    """A transport problem of the config: what it is made from, not yet the data."""

    @abstractmethod
    def placed(self, seed: int) -> Placed:
        """The data. Raises ProblemError if they are none."""

    @property
    def pixels(self) -> int | None:
        """Pixels a side, if it is a pair of pictures."""
        return None


class Clouds(TransportSpec):
    """Random points in the unit square."""

    model_config = examples({"sources": 6, "targets": 6, "masses": "equal", "trial": 2})

    sources: Count = Field(description="points that mass comes from")
    targets: Count = Field(description="points that it goes to")
    masses: Masses = Field("random", description="random, or equal on both sides: the optimum is an assignment then")
    trial: Trial = Field(0, description="number of the instance")

    def placed(self, seed: int) -> Placed:
        return clouds(seed, self.sources, self.targets, self.masses, self.trial)

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        _refuse_large(self.sources, self.targets)
        self.placed(0)
        return self


class Pictures(TransportSpec):
    """A picture that becomes another."""

    model_config = examples({"side": 8, "source": "disc", "target": "ring"})

    side: Count = Field(16, description="pixels a side")
    source: Shape = Field(description="disc, ring, cross or square")
    target: Shape = Field(description="the same")

    @property
    def pixels(self) -> int:
        return self.side

    def placed(self, seed: int) -> Placed:
        return pictures(self.side, self.source, self.target)

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        _refuse_large(self.side**2, self.side**2)
        self.placed(0)
        return self


AnyTransport = Annotated[
    Annotated[Clouds, Tag("Clouds")] | Annotated[Pictures, Tag("Pictures")],
    told_by_key(
        {"sources": Clouds, "source": Pictures},
        "expected sources and targets (clouds of points), or source and target (pictures)",
    ),
]


def transport_spec(entry: Mapping[str, Any]) -> TransportSpec:
    """The spec behind an entry of the config, or behind `as_json`."""
    spec: TransportSpec = TypeAdapter(AnyTransport).validate_python(entry)
    return spec


class TransportProblem(Model):
    """A transport problem, and where it is looked at."""

    model_config = examples(
        {
            "problem": {"sources": 6, "targets": 8},
            "lams": [1e-1, 1e-3],
            "sinkhorn_sweeps": 20,
            "pictured": {"from": 1e-1, "to": 1e-2},
        }
    )

    problem: AnyTransport = Field(description="clouds of points, or pictures")
    lams: Strengths | None = Field(None, description="lam over the largest cost, of its value's curve")
    sinkhorn_sweeps: Annotated[int, Field(ge=0, le=LARGEST, strict=True)] = Field(
        0, description="sweeps of POT's log-domain Sinkhorn beside it; 0: none"
    )
    pictured: Strengths | None = Field(None, description="lam over the largest cost, of its plans that are drawn")

    @model_validator(mode="after")
    def _is_looked_at(self) -> Self:
        if not self.lams and not self.pictured:
            raise ValueError("expected one of the keys lams and pictured, or both")
        return self


class TransportTimes(Model):
    """Times of the network's limit and of its peers on clouds of n and n points of random masses."""

    model_config = examples({"sizes": [10, 20], "lam": 1e-2, "tolerance": 1e-9, "repeats": 1, "largest_highs": 10})

    sizes: Counts = Field(description="n, a list or a range")
    lam: Strength = Field(description="over the largest cost")
    tolerance: Strength = Field(description="of the marginals, in the sum of their errors over the mass")
    repeats: Count = Field(3, description="runs of which the median is taken")
    largest_highs: Annotated[int, Field(ge=0, le=LARGEST, strict=True)] = Field(
        100, description="n beyond which HiGHS is left out"
    )

    @model_validator(mode="after")
    def _sizes_are_clouds(self) -> Self:
        for size in self.sizes:
            if size < 2:
                raise ValueError(f"sizes holds {size}, expected at least 2 points")
            _refuse_large(size, size)
        return self


class TransportGrid(Model):
    """Optimal transport by the network, beside Sinkhorn, network simplex and HiGHS."""

    model_config = examples({"problems": {"clouds": {"problem": {"sources": 6, "targets": 8}, "lams": [1e-1]}}})

    problems: dict[GridName, TransportProblem] = Field(min_length=1, description="by name")
    times: TransportTimes | None = Field(None, description="time against size, with the peers")

    @property
    def valued(self) -> list[str]:
        """Names of the problems whose value is followed down in lam."""
        return [name for name, entry in self.problems.items() if entry.lams]

    @property
    def pictured(self) -> list[str]:
        """Names of the problems whose plans are drawn."""
        return [name for name, entry in self.problems.items() if entry.pictured]
