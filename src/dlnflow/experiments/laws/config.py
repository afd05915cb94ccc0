"""The laws experiment's part of the config: random instances by ensemble and size, and what is measured of them."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from dlnflow.arithmetic.exact import to_text
from dlnflow.config.types import Count, Depths, GridName, Model, Number, Scale, Scales, Trials, examples, refuse_large
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.kit.blocks import trial_blocks, trials_in
from dlnflow.problems.ensembles import Ensemble, PredictedSignal, Signal, parameter_of

LEAST_SMALLEST, LARGEST_SMALLEST = Fraction(1, 10**256), Fraction(1, 100)
"""Between them `smallest` leaves two rungs of the ladder at least, and numbers that a figure's axes hold."""


def _size(size: list[int]) -> tuple[int, int, int]:
    m, n, s = size
    if not s <= m < n:
        raise ValueError(f"{size} is no size, expected [m, n, s] with s <= m < n")
    refuse_large(m, n, "a matrix of")
    return m, n, s


Size = Annotated[list[Count], Field(min_length=3, max_length=3), AfterValidator(_size)]
Sizes = Annotated[list[Size], Field(min_length=1), AfterValidator(lambda sizes: tuple(dict.fromkeys(sizes)))]


class EnsembleGrid(Model):
    """Random instances of one ensemble."""

    ensemble: Ensemble = Field("gaussian", description="the distribution of A")
    parameter: Number | None = Field(None, description="of the ensemble: ar1's correlation, bernoulli's density")
    signal: Signal = Field("signed", description="what the entries of x0 are")

    def block(self, size: tuple[int, int, int], trials: Iterable[int]) -> LawBlock:
        """What one job is told of the instances."""
        parameter = parameter_of(self.ensemble, self.parameter)
        return LawBlock(self.ensemble, self.signal, *size, tuple(trials), parameter)

    @model_validator(mode="after")
    def _has_its_parameter(self) -> Self:
        parameter_of(self.ensemble, self.parameter)
        return self


class LawGrid(EnsembleGrid):
    """Instances whose exponents and constants are measured."""

    model_config = examples(
        {"ensemble": "bernoulli", "parameter": 0.4, "sizes": [[10, 20, 3]], "trials": 50, "trials_in_job": 10}
    )

    sizes: Sizes = Field(description="[m, n, s]: measurements, features, entries of the signal")
    trials: Trials = Field(description="instances of each size")
    trials_in_job: Count = Field(64, description="instances in a job, at absolute places")

    @cached_property
    def blocks(self) -> dict[str, LawBlock]:
        """Name -> the instances of one job, at any depth."""
        return {
            f"m-{m}_n-{n}_s-{s}_{trials}": self.block((m, n, s), trials_in(trials, self.trials))
            for m, n, s in self.sizes
            for trials in trial_blocks(self.trials, self.trials_in_job)
        }


class RhoGrid(Model):
    """Gaussian instances whose rho is computed, for theory speaks of those."""

    model_config = examples({"signal": "nonnegative", "sizes": [[10, 20, 1], [10, 20, 2]], "trials": 4})

    signal: PredictedSignal = Field("signed", description="nonnegative: x = u^L in place of x = u^L - v^L")
    sizes: Sizes = Field(description="[m, n, s]: measurements, features, entries of the signal")
    trials: Trials = Field(description="instances of each size")

    @cached_property
    def blocks(self) -> dict[str, list[LawBlock]]:
        """Name -> the instances of one job: all s of one m x n."""
        found: dict[str, list[LawBlock]] = {}
        for m, n, s in self.sizes:
            block = LawBlock("gaussian", self.signal, m, n, s, tuple(range(self.trials)))
            found.setdefault(f"m-{m}_n-{n}", []).append(block)
        return found

    @property
    def undersampling(self) -> list[Fraction]:
        """m/n, each once."""
        return sorted({Fraction(m, n) for m, n, _ in self.sizes})


class FaceGrid(EnsembleGrid):
    """Instances with many minimisers, over whose face the selected one moves with the depth."""

    model_config = examples(
        {
            "ensemble": "lattice",
            "size": [4, 10, 4],
            "trials": 100,
            "drawn": 1,
            "depths": [2, 3, 10],
            "followed": [2, 3],
            "scales": [1e-1, 1e-2],
        }
    )

    size: Size = Field(description="[m, n, s]")
    trials: Trials = Field(200, description="instances that are looked through for faces of dimension 2")
    drawn: Count = Field(3, description="how many such faces are drawn, the first ones")
    depths: Depths = Field(description="depths of the selected minimisers")
    followed: Depths = Field(description="depths whose limits are followed down in scale")
    scales: Scales = Field(description="scales eps = alpha^L of those limits")


class Laws(Model):
    """Sharpness as a law: over random ensembles, the measured exponents and constants beside the predicted ones."""

    model_config = examples(
        {
            "depths": [2, 3],
            "least": 1e-16,
            "smallest": 1e-32,
            "ensembles": {"gaussian": {"sizes": [[5, 10, 2]], "trials": 4}},
        }
    )

    depths: Depths = Field(description="depths L >= 2, any real numbers")
    least: Scale = Field(Fraction(1, 10**16), description="down to which scale every instance goes")
    smallest: Scale = Field(Fraction(1, 10**256), description="below which none goes")
    ensembles: dict[GridName, LawGrid] = Field(min_length=1, description="instances, by name")
    rho: dict[GridName, RhoGrid] = Field({}, description="the distribution of rho, beside its limit as n grows")
    faces: FaceGrid | None = Field(None, description="which minimiser is selected, as the depth moves")

    @model_validator(mode="after")
    def _scales_are_in_order(self) -> Self:
        if not LEAST_SMALLEST <= self.smallest <= min(self.least, LARGEST_SMALLEST):
            raise ValueError(
                f"smallest is {to_text(self.smallest)}, expected at least 1e-256, and at most least, "
                f"{to_text(self.least)}, and 1e-2"
            )
        return self

    @model_validator(mode="after")
    def _rhos_have_one_limit(self) -> Self:
        if len({grid.signal for grid in self.rho.values()}) > 1:
            raise ValueError("the grids of rho have two signals, expected one, for one figure has one limit")
        return self
