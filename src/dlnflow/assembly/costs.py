"""What jobs of the workflow cost, predicted before they run from what was measured of others.

A law is linear and nowhere negative: seconds or bytes of a file are a start-up, plus so much for each cell, entry of x
and product of a dense step (`kit.load`), or for each megabyte that a job reads. `cost_fits` fits the laws, `costs.json`
holds them. A depth multiplies what comes on top of the start-up.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dlnflow.arithmetic.exact import parse_number

STORED = Path(__file__).with_name("costs.json")
FEATURES = ("start", "cells", "unknowns", "work", "megabytes")
"""What a law has a coefficient for: 1, the parts of a `kit.load.Load`, and what a job reads."""
FIGURE = "figure"
"""The law of all of them."""
OTHER = ""
"""The law of rules that were never measured."""


@dataclass(frozen=True)
class Job:
    """A job of the workflow. load: its parts of a `kit.load.Load` by name, of a job that has one. command: what the
    shell is told, where that was asked for."""

    rule: str
    wildcards: Mapping[str, str] = field(default_factory=dict)
    load: Mapping[str, float] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    benchmark: str | None = None
    command: str | None = None

    @property
    def cells(self) -> int:
        """How many results it computes."""
        return int(self.load.get("cells", 0))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names that its law may go by, the closest first: solvers differ."""
        if self.outputs and self.outputs[0].endswith(".pdf"):
            return (FIGURE, OTHER)  # there is a rule for each
        solver = self.wildcards.get("solver")
        return (f"{self.rule} {solver}", self.rule, OTHER) if solver else (self.rule, OTHER)

    @property
    def depth(self) -> float | None:
        """L, of a job at one depth."""
        text = self.wildcards.get("depth")
        return float(parse_number(text.replace("_", "/"))) if text else None

    @property
    def is_target(self) -> bool:
        """Whether it only names files, as `all` does."""
        return not self.outputs


def job_of(told: Mapping[str, Any]) -> Job:
    """A job as a dry run, or the Snakefile, tells it to the logger plugin."""
    return Job(**told | {"inputs": tuple(told["inputs"]), "outputs": tuple(told["outputs"])})  # type: ignore[operator]


@dataclass(frozen=True)
class Law:
    """coefficients: of `FEATURES`, those that are not 0.  depths: L -> factor of all but the start-up."""

    coefficients: Mapping[str, float]
    depths: Mapping[float, float] = field(default_factory=dict)

    def of(self, features: Mapping[str, float], depth: float | None) -> float:
        """The prediction; between the depths that were measured the factor is linear in 1/L."""
        start = self.coefficients.get("start", 0.0)
        rest = sum(factor * features.get(name, 0.0) for name, factor in self.coefficients.items() if name != "start")
        return start + rest * self.depth_factor(depth)

    def depth_factor(self, depth: float | None) -> float:
        """1 where no depth was measured."""
        if depth is None or not self.depths:
            return 1.0
        places, factors = zip(*sorted((1 / each, factor) for each, factor in self.depths.items()), strict=True)
        return float(np.interp(1 / depth, places, factors))


@dataclass(frozen=True)
class Estimate:
    """Of one job. seconds: on a core of its own.  sizes: file -> bytes.  is_beyond: larger than all measured ones."""

    seconds: float
    sizes: Mapping[str, float]
    is_beyond: bool

    @property
    def bytes(self) -> float:
        """Of all its files."""
        return sum(self.sizes.values())


@dataclass(frozen=True)
class Costs:
    """The laws, by `Job.kinds`: of seconds, and of bytes by the place among a job's outputs.

    largest: kind -> the most unknowns, or megabytes read, of a job (per cell, where it has some) that was measured.
    spread: kind -> the standard deviation of log(measured/predicted seconds).
    """

    seconds: Mapping[str, Law]
    bytes: Mapping[str, Sequence[Law]]
    largest: Mapping[str, float]
    spread: Mapping[str, float]
    measured: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """As `read_costs` reads it."""
        laws = {
            "seconds": {kind: _plain(law) for kind, law in self.seconds.items()},
            "bytes": {kind: list(map(_plain, laws)) for kind, laws in self.bytes.items()},
        }
        told = {"measured": self.measured, **laws, "largest": self.largest, "spread": self.spread}
        return json.dumps(told, indent=1, sort_keys=True) + "\n"

    def estimates(self, jobs: Iterable[Job]) -> list[Estimate]:
        """Of each of the jobs; files that none of them makes are as large as they are."""
        return _Estimator(self, tuple(jobs)).all

    def kind_of(self, job: Job) -> str:
        """Under which name a job was measured."""
        return next(kind for kind in job.kinds if kind in self.seconds or kind == OTHER)


def size_of(features: Mapping[str, float]) -> float:
    """How large a job is, beside the number of its cells."""
    return features.get("unknowns", 0.0) / max(1.0, features.get("cells", 0.0)) + features.get("megabytes", 0.0)


def read_costs(path: Path = STORED) -> Costs:
    """The laws of a file, by default those that come with the package."""
    told = json.loads(path.read_text())
    return Costs(
        seconds={kind: _law(law) for kind, law in told["seconds"].items()},
        bytes={kind: tuple(map(_law, laws)) for kind, laws in told["bytes"].items()},
        largest=told["largest"],
        spread=told["spread"],
        measured=told["measured"],
    )


class _Estimator:
    def __init__(self, costs: Costs, jobs: Sequence[Job]) -> None:
        self.costs, self.jobs = costs, jobs
        self._makers = {file: number for number, job in enumerate(jobs) for file in job.outputs}
        self._known: dict[int, Estimate] = {}

    @cached_property
    def all(self) -> list[Estimate]:
        """A job after those that make its inputs."""
        for number in range(len(self.jobs)):
            waiting = [number]
            while waiting:
                missing = [maker for maker in self._makers_behind(waiting[-1]) if maker not in self._known]
                if missing:
                    waiting += missing
                else:
                    last = waiting.pop()
                    self._known[last] = self._estimate(self.jobs[last])
        return [self._known[number] for number in range(len(self.jobs))]

    def _makers_behind(self, number: int) -> list[int]:
        """Of a job whose law asks how much it reads."""
        job = self.jobs[number]
        return [] if job.load else [self._makers[file] for file in job.inputs if file in self._makers]

    def _estimate(self, job: Job) -> Estimate:
        if job.is_target:
            return Estimate(0.0, {}, False)
        features = {"start": 1.0, **job.load} if job.load else {"start": 1.0, "megabytes": self._read_by(job)}
        kind, depth = self.costs.kind_of(job), job.depth
        laws = self.costs.bytes.get(kind) or self.costs.bytes[OTHER]
        last = len(laws) - 1
        return Estimate(
            seconds=self.costs.seconds[kind].of(features, depth),
            sizes={file: laws[min(place, last)].of(features, depth) for place, file in enumerate(job.outputs)},
            is_beyond=size_of(features) > MOST_BEYOND * self.costs.largest.get(kind, 0.0),
        )

    def _read_by(self, job: Job) -> float:
        return sum(map(self._size, job.inputs)) / 1e6

    def _size(self, file: str) -> float:
        if file in self._makers:
            return self._known[self._makers[file]].sizes[file]
        return Path(file).stat().st_size if Path(file).exists() else 0.0


MOST_BEYOND = 1.5
"""A job larger by more than this than the largest that was measured is extrapolated."""


def _plain(law: Law) -> dict[str, Any]:
    found: dict[str, Any] = {name: float(f"{value:.4g}") for name, value in law.coefficients.items() if value}
    if law.depths:
        found["depths"] = {f"{depth:g}": round(factor, 3) for depth, factor in sorted(law.depths.items())}
    return found


def _law(told: Mapping[str, Any]) -> Law:
    depths = {float(depth): factor for depth, factor in told.get("depths", {}).items()}
    return Law({name: told[name] for name in FEATURES if name in told}, depths)
