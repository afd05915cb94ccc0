"""Laws of what jobs cost, fitted to what was measured of some (`costs` holds and applies them)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import lsq_linear

from dlnflow.arithmetic.error_free import FloatArray as Floats
from dlnflow.assembly.costs import FEATURES, Costs, Job, Law, size_of


class Bounds(NamedTuple):
    """What is known of a quantity beside what was measured of it.

    start: a start-up, imports or a table's head. Where one size alone was measured, what is more is its load's; of a
    figure it is half of all, for most of a figure is there whatever it shows.
    work, drawn: the largest coefficients of work, and of megabytes that a figure shows. Jobs of small sizes alone would
    leave them open, and be far off at large ones.
    """

    start: float
    work: float
    drawn: float


SECONDS = Bounds(start=1.0, work=1e-6, drawn=2.0)
"""A product in balls of a thousand bits takes part of a microsecond, a megabyte of points about a second to draw."""
BYTES = Bounds(start=5000.0, work=0.0, drawn=1e6)
"""A figure is not larger than what it shows."""
PRIOR = 0.01
"""How much the prior counts, in jobs."""
SHRINK = 0.2
"""Mean jobs at which a depth's factor is half way from 1 to what was measured."""
ROUNDS = 4
"""Of least squares, each with the weights and depths' factors of the one before."""
QUICK, SAMPLED, RARELY = 0.5, 15.5, 30.0
"""Snakemake samples a job's processor time every half second at first, from about the 31st sample on every 30 s."""


@dataclass(frozen=True)
class Measured:
    """A job that ran. features: of `costs.FEATURES`.  sizes: bytes of its outputs in their order."""

    job: Job
    features: Mapping[str, float]
    seconds: float
    sizes: tuple[int, ...]


def core_seconds(seconds: float, processor: float | None) -> float:
    """The time that a job of one thread takes on a core of its own.

    seconds: by the clock, of a machine that may have been shared.  processor: its time as last sampled, which misses
    the end; None where no sample was taken.
    """
    if not processor:
        return seconds
    if seconds < SAMPLED:
        last = max(QUICK, floor(seconds / QUICK) * QUICK)
    else:
        last = SAMPLED + RARELY * floor((seconds - SAMPLED) / RARELY)
    return min(seconds, processor * max(1.0, seconds / last))


def fit_costs(measured: Sequence[Measured], about: Mapping[str, Any]) -> Costs:
    """The laws behind measured jobs. about: where and when they were."""
    kinds = _by_kind(measured)
    seconds = {kind: fit_law(rows, lambda row: row.seconds, SECONDS) for kind, rows in kinds.items()}
    return Costs(
        seconds=seconds,
        bytes={kind: tuple(_file_laws(rows)) for kind, rows in kinds.items()},
        largest={kind: float(f"{max(size_of(row.features) for row in rows):.4g}") for kind, rows in kinds.items()},
        spread={kind: round(_spread(seconds[kind], rows), 3) for kind, rows in kinds.items()},
        measured=about,
    )


def _by_kind(measured: Iterable[Measured]) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    for row in measured:
        for kind in row.job.kinds:
            found.setdefault(kind, []).append(row)
    return found


def _file_laws(rows: Sequence[Measured]) -> Iterable[Law]:
    """One for each place among the outputs; a job that lists more of them goes on with the last."""
    for place in range(max(len(row.sizes) for row in rows)):
        some = [row for row in rows if len(row.sizes) > place]
        yield fit_law(some, lambda row, place=place: float(row.sizes[place]), BYTES)  # type: ignore[misc]


def fit_law(rows: Sequence[Measured], value: Callable[[Measured], float], bounds: Bounds) -> Law:
    """The law of some positive quantity of jobs of one kind."""
    are_figures = all(file.startswith("figures/") for row in rows for file in row.job.outputs)
    most = {"work": bounds.work, "megabytes": bounds.drawn if are_figures else np.inf}
    names = [name for name in FEATURES if any(row.features.get(name) for row in rows) and most.get(name, np.inf)]
    largest = np.array([most.get(name, np.inf) for name in names])
    columns = np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
    values = np.array([max(value(row), 1e-6) for row in rows])
    expected = _expected(names, values, bounds.start, are_figures)
    has_depths = len({(row.job.rule, row.job.depth) for row in rows}) > 1 and len({row.job.rule for row in rows}) == 1
    law, weights = Law({}), 1 / np.sqrt(values)
    for _ in range(ROUNDS):
        factors = np.array([law.depth_factor(row.job.depth) for row in rows])
        found = _coefficients(names, columns, factors, values, weights, expected, largest)
        law = Law(found, _depth_factors(rows, values, found) if has_depths else {})
        # of the prediction, as the values' own would favour those that came out small
        weights = 1 / np.sqrt([max(law.of(row.features, row.job.depth), 1e-6) for row in rows])
    return law


def _coefficients(
    names: Sequence[str],
    columns: Floats,
    factors: Floats,
    values: Floats,
    weights: Floats,
    expected: Floats,
    largest: Floats,
) -> dict[str, float]:
    """Least squares without negative coefficients, in which totals count as jobs do: residuals over roots of values.

    A prior holds what the jobs leave open: a start-up no longer than the shortest of them, the rest even among the
    parts of the load.
    """
    loads = columns * np.where([name == "start" for name in names], 1.0, factors[:, None])
    scales = loads.mean(axis=0)
    prior = np.sqrt(PRIOR / values.mean())
    matrix = np.vstack([loads / scales * weights[:, None], prior * np.eye(len(names))])
    right = np.concatenate([values * weights, prior * expected])
    solution = lsq_linear(matrix, right, bounds=(0, largest * scales), method="bvls").x
    return dict(zip(names, (solution / scales).tolist(), strict=True))


def _expected(names: Sequence[str], values: Floats, start: float, are_figures: bool) -> Floats:
    """What each part is expected to add to the mean."""
    if len(names) == 1:
        return values.mean(keepdims=True)
    start = float(values.min()) / 2 if are_figures else min(float(values.min()), start)
    share = (values.mean() - start) / (len(names) - 1)
    return np.array([start if name == "start" else share for name in names])


def _depth_factors(rows: Sequence[Measured], values: Floats, coefficients: Mapping[str, float]) -> dict[float, float]:
    """L -> what its jobs take beyond their start-up over what the law has it, drawn to 1 where there is little."""
    start, law = coefficients.get("start", 0.0), Law(coefficients)
    over: dict[float, list[tuple[float, float]]] = {}
    for row, value in zip(rows, values, strict=True):
        if row.job.depth is not None:
            over.setdefault(row.job.depth, []).append((value - start, law.of(row.features, None) - start))
    shrink = SHRINK * float(values.mean())
    totals = {depth: np.sum(pairs, axis=0) for depth, pairs in over.items()}
    return {
        depth: float(max(0.05, (true + shrink) / (predicted + shrink))) for depth, (true, predicted) in totals.items()
    }


def _spread(law: Law, rows: Sequence[Measured]) -> float:
    ratios = [log(max(row.seconds, 1e-3) / max(law.of(row.features, row.job.depth), 1e-3)) for row in rows]
    return float(np.sqrt(np.mean(np.square(ratios))))
