"""The recovery experiment's part of the config: grids of random instances, and the blocks that they are computed in."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from dlnflow.arithmetic.exact import path_token
from dlnflow.config.errors import ConfigError
from dlnflow.config.types import (
    Count,
    Counts,
    Depths,
    GridName,
    Model,
    Ratio,
    Ratios,
    Scales,
    Trials,
    examples,
    no_name_twice,
    refuse_large,
)
from dlnflow.experiments.recovery.block import RecoveryBlock, entries_of, measurements_of
from dlnflow.kit.blocks import trial_blocks, trials_in
from dlnflow.problems.ensembles import PredictedEnsemble, PredictedSignal
from dlnflow.solvers.names import check_solvers


class TileSizes(Model):
    """What one job computes: a tile of the grid, some decades of scales and some trials, all at absolute places."""

    model_config = examples({"undersampling": 1, "sparsity": 0.1, "decades": 5, "trials": 10})

    undersampling: Ratio = Field(default=Fraction(1), description="width of a tile in m/n")
    sparsity: Ratio = Field(
        default=Fraction(1, 20), description="width of a tile in s/m, or in s/n where that is given"
    )
    decades: Count = Field(default=25, description="decades of scales in a job")
    trials: Trials = Field(default=10, description="instances of each cell in a job")


class RecoveryGrid(Model):
    """Random instances over m/n and s/m, and what is tried on each: the network at depths and scales, and solvers."""

    model_config = examples(
        {
            "ensemble": "dct",
            "features": 30,
            "undersampling": [0.3, 0.5],
            "sparsity": {"from": 0.1, "to": 0.9, "by": 0.2},
            "trials": 4,
            "depths": [2, 3],
            "scales": [1e-6],
            "solvers": ["highs-ds"],
        },
        {
            "features": [20, 40],
            "undersampling": [0.5],
            "density": [0.1],
            "trials": 4,
            "depths": [3],
            "scales": [1e-6],
        },
    )

    ensemble: PredictedEnsemble = Field("gaussian", description="the distribution of A")
    signal: PredictedSignal = Field("signed", description="nonnegative: x = u^L in place of x = u^L - v^L")
    features: Counts = Field(description="n, or several")
    undersampling: Ratios = Field(description="m/n, a list or a range {from, to, by}; m is rounded")
    sparsity: Ratios | None = Field(None, description="s/m, likewise; s is rounded, and at least 1")
    density: Ratios | None = Field(None, description="s/n in place of s/m: the same signals for every m")
    trials: Trials = Field(description="instances of each cell")
    depths: Depths = Field(description="depths L >= 2, any real numbers")
    scales: Scales = Field(description="scales eps = alpha^L, a list or a range")
    solvers: Annotated[list[str], AfterValidator(no_name_twice)] = Field([], description="baselines, by name")
    blocks: TileSizes = Field(default_factory=TileSizes, description="what one job computes")

    @model_validator(mode="after")
    def _cells_are_sound(self) -> Self:
        if (self.sparsity is None) == (self.density is None):
            raise ValueError("one of sparsity and density is expected, and not both")
        check_solvers(self.solvers)
        for n in self.features:
            for ratio in self.undersampling:
                if not 0 < measurements_of(ratio, n) < n:
                    raise ValueError(
                        f"m/n {float(ratio):g} of {n} features makes {measurements_of(ratio, n)} measurements, "
                        "expected at least 1 and fewer than features"
                    )
            refuse_large(measurements_of(self.undersampling[-1], n), n, "a matrix of")
        if not self.cells:
            raise ValueError("no cell has as many measurements as entries in its signal, expected some")
        return self

    @cached_property
    def cells(self) -> tuple[tuple[int, Fraction, Fraction], ...]:
        """(n, m/n, s/m or s/n) wherever the signal has no more entries than there are measurements."""
        return tuple(
            (n, undersampling, sparsity)
            for n in self.features
            for undersampling in self.undersampling
            for sparsity in self.sparsity or self.density or ()
            if entries_of(undersampling, sparsity, n, self.density is not None) <= measurements_of(undersampling, n)
        )

    @cached_property
    def tiles(self) -> dict[str, RecoveryBlock]:
        """Name -> the cells and trials that one job computes, for any method."""
        tiles: dict[str, list[tuple[Fraction, Fraction]]] = {}
        sizes: dict[str, int] = {}
        for n, undersampling, sparsity in self.cells:
            tile = "_".join(
                [
                    f"n-{n}",
                    _band("density" if self.density else "sparsity", sparsity, self.blocks.sparsity),
                    _band("undersampling", undersampling, self.blocks.undersampling),
                ]
            )
            tiles.setdefault(tile, []).append((undersampling, sparsity))
            sizes[tile] = n
        return {
            f"{tile}_{trials}": RecoveryBlock(
                ensemble=self.ensemble,
                signal=self.signal,
                features=sizes[tile],
                cells=tuple(cells),
                is_density=self.density is not None,
                trials=tuple(trials_in(trials, self.trials)),
                keep_x="exact" in self.solvers,
            )
            for tile, cells in tiles.items()
            for trials in trial_blocks(self.trials, self.blocks.trials)
        }


def _band(name: str, ratio: Fraction, width: Fraction) -> str:
    """The band [k w, (k + 1) w) that holds a ratio; a ratio of 1 in a band of width 1 is in the first."""
    k = min(ratio // width, -(-1 // width) - 1)
    return f"{name}-{path_token(k * width)}-{path_token(min((k + 1) * width, Fraction(1)))}"


class Recovery(Model):
    """Where the network, and basis pursuit, find a planted sparse signal, beside the theory that predicts it."""

    model_config = examples(
        {
            "tolerance": 1e-2,
            "diagrams": {
                "small": {
                    "features": 30,
                    "undersampling": [0.3, 0.5],
                    "sparsity": [0.1],
                    "trials": 4,
                    "depths": [2],
                    "scales": [1e-6],
                }
            },
        }
    )

    tolerance: Ratio = Field(Fraction(1, 1000), description="success is ||x - x0|| <= tolerance * ||x0||")
    diagrams: dict[GridName, RecoveryGrid] = Field({}, description="success over m/n and s/m, a figure each")
    errors: RecoveryGrid | None = Field(None, description="mean squared error against s/m")
    transitions: RecoveryGrid | None = Field(None, description="success against m for fixed n and s")
    times: RecoveryGrid | None = Field(None, description="time to solution against accuracy")

    @model_validator(mode="after")
    def _names_do_not_collide(self) -> Self:
        for name in self.diagrams:
            if name in ("errors", "transitions", "times"):
                raise ConfigError(f"recovery.diagrams has the name {name!r}, expected one that is no key of recovery")
        for key, grid in self._grids():
            place = f"diagrams.{key}" if key in self.diagrams else key
            if key == "transitions" and grid.density is None:
                raise ConfigError(f"recovery.{place} has the key sparsity, expected density")
            if key != "transitions" and grid.sparsity is None:
                raise ConfigError(f"recovery.{place} has the key density, expected sparsity")
        return self

    @cached_property
    def grids(self) -> dict[str, RecoveryGrid]:
        """Every grid by its name, which is its folder's."""
        return dict(self._grids())

    def _grids(self) -> Iterator[tuple[str, RecoveryGrid]]:
        yield from self.diagrams.items()
        for name in ("errors", "transitions", "times"):
            if grid := getattr(self, name):
                yield name, grid
