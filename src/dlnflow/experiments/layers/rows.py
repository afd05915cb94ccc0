"""The rows of one network: its flow at every tolerance, its descent at every step, from every start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number
from dlnflow.experiments.layers.tables import COURSES, DRIFTS, KEY, STARTS
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.layers.architecture import Architecture
from dlnflow.layers.diagonal import factor_errors
from dlnflow.layers.flow import Path, gradient_flow, is_smooth
from dlnflow.layers.gradient import Loss, samples_of
from dlnflow.layers.invariants import identity_error, invariants, squared_norms
from dlnflow.layers.starts import Start, growth_time, weights_of
from dlnflow.results import Status

COURSE = 60
"""At most so many times of a course are kept, of the integrator's own steps."""
ROUNDING = 1e-12
"""Relative drifts below this are rounding of the weights, summed over thousands of steps: no ratio to a prediction."""


@dataclass(frozen=True)
class Grid:
    """What one job is told besides the network: numbers as text. starts: (name, size)."""

    starts: tuple[tuple[Start, str], ...]
    end_time: str
    tolerances: tuple[str, ...]
    steps: tuple[str, ...]
    gate_width: str


Rows = tuple[list[Row], list[Row], list[Row]]


def layer_rows(name: str, network: Architecture, seed: int, trials: int, grid: Grid) -> Iterator[Rows]:
    """(rows of DRIFTS, of COURSES, of STARTS) for each instance and start. A start that fails is rows that say so."""
    for trial in range(trials):
        # one of each, so that every start meets compiled code
        instance, message, _ = attempt(Instance, network, seed, trial, grid)
        for start, size in grid.starts:
            key = _key(name, network, trial, start, size, grid.end_time)
            found = None
            if instance:
                found, message, _ = attempt(instance.rows, start, float(parse_number(size)), key["end_time"])
            drifts, courses, starts = found or _failed(message)
            yield tuple([key | row for row in rows] for rows in (drifts, courses, starts))  # type: ignore[misc]


class Instance:
    """One instance of a network: its data, its losses with gates of a width and of none."""

    def __init__(self, network: Architecture, seed: int, trial: int, grid: Grid):
        self.network, self.seed, self.trial, self.grid = network, seed, trial, grid
        self.samples = samples_of(network, seed, trial)
        self.loss = Loss(network, self.samples)
        width = float(parse_number(grid.gate_width))
        self.gated = self.loss if is_smooth(network) else Loss(network, self.samples, width)

    def rows(self, start: Start, size: float, end: float) -> Rows:
        """The columns beside the key."""
        weights = weights_of(self.network, self.seed, self.trial, start, size)
        tolerances = [float(parse_number(tolerance)) for tolerance in self.grid.tolerances]
        finest = min(tolerances)
        # the smaller tiny starts take long: they are followed at the finest tolerance, and descent does not go that way
        is_short = size == max(float(parse_number(other)) for name, other in self.grid.starts if name == start)
        paths = {
            tolerance: gradient_flow(self.gated, weights, end, tolerance, is_short and tolerance == finest)
            for tolerance in (tolerances if is_short else [finest])
        }
        path = paths[finest]
        norm = float(squared_norms(self.network, path.weights).max())
        drifts = [row for tolerance, run in paths.items() for row in self._flow_rows(run, tolerance, norm)]
        if is_short:
            drifts += self._descent_rows(weights, end, path, norm)
        return drifts, self._courses(path, finest), self._starts(weights, path, finest)

    def _flow_rows(self, path: Path, tolerance: float, norm: float) -> Iterator[Row]:
        common = {
            "method": "flow",
            "solver": path.solver,
            "tolerance": tolerance,
            "steps": len(path.times) - 1,
            "evaluations": path.evaluations,
            "status": path.status,
            "loss": self.gated.value(path.weights[-1]),
            "norm": norm,
        }
        for name, pairs in invariants(self.network, path.weights).items():
            for pair, values in enumerate(pairs, start=1):
                drift = float(np.linalg.norm(values - values[0], axis=-1).max())
                yield _blank(DRIFTS) | common | {
                    "invariant": name,
                    "pair": pair,
                    "drift": drift,
                    "relative_drift": drift / norm,
                    "over_tolerance": drift / norm / tolerance,
                }  # fmt: skip

    def _descent_rows(self, weights: FloatArray, end: float, path: Path, norm: float) -> list[Row]:
        found: list[Row] = []
        before = invariants(self.network, weights)
        previous: dict[tuple[str, int], tuple[float, float]] = {}
        for asked in self.grid.steps:
            steps = ceil(end / float(parse_number(asked)) - 1e-9)
            step = end / steps
            after = self.loss.descend(weights, step, steps)
            diverged = not np.isfinite(after).all() or float(np.abs(after).max()) ** 2 > 1e8 * norm
            common = {
                "method": "descent",
                "step": step,
                "steps": steps,
                "evaluations": steps,
                "status": Status.OUT_OF_FLOAT64 if diverged else Status.CONVERGED,
                "message": "gradient descent diverged at this step" if diverged else "",
                "norm": norm,
            }
            now = invariants(self.network, weights if diverged else after)
            for name, pairs in before.items():
                for pair, values in enumerate(pairs, start=1):
                    row = _blank(DRIFTS) | common | {"invariant": name, "pair": pair}
                    if not diverged:
                        change = now[name][pair - 1] - values
                        parts = [part[name][pair - 1] * step for part in (path.integral, path.chatter) if part]
                        row |= _against(change, parts, norm, step, previous.get((name, pair)))
                        energy = (
                            0.0 if path.energies is None else step * float(path.energies[pair - 1 : pair + 1].sum())
                        )
                        row["cancellation"] = row["predicted_drift"] / energy if energy > 0 else None
                        row["loss"] = self.loss.value(after)
                        previous[name, pair] = step, row["drift"]
                    found.append(row)
        return found

    def _courses(self, path: Path, tolerance: float) -> list[Row]:
        kept = np.unique(np.linspace(0, len(path.times) - 1, COURSE).round().astype(int))
        # and as many that are even in time, for steps crowd where the flow is stiff
        even = np.searchsorted(path.times, np.linspace(0, path.times[-1], COURSE))
        kept = np.unique(np.concatenate([kept, np.minimum(even, len(path.times) - 1)]))
        name = "coordinates" if self.network.kind == "diagonal" else "layers"
        weights = path.weights[kept]
        values = np.concatenate(invariants(self.network, weights)[name], axis=-1)  # type: ignore[index]
        norms = squared_norms(self.network, weights)
        return [
            {
                "status": path.status,
                "tolerance": tolerance,
                "time": float(path.times[kept[i]]),
                "loss": self.gated.value(weights[i]),
                "squared_norms": norms[i].tolist(),
                "invariant": name,
                "values": values[i].tolist(),
            }
            for i in range(len(kept))
        ]

    def _starts(self, weights: FloatArray, path: Path, tolerance: float) -> list[Row]:
        first, last = squared_norms(self.network, weights), squared_norms(self.network, path.weights[-1])
        some = path.weights[:: max(1, len(path.weights) // 256)]
        common = {
            "status": path.status,
            "tolerance": tolerance,
            "message": "",
            "first_loss": self.loss.value(weights),
            "loss": self.loss.value(path.weights[-1]),
            "growth": float((last / first).min()),
            "identity_error": identity_error(self.network, some, self.loss.gradients(some)),
        } | self._step_errors(weights)
        return [
            common
            | {
                "pair": h + 1,
                "first_ratio": float(first[h + 1] / first[h]),
                "ratio": float(last[h + 1] / last[h]),
                "predicted_ratio": 1 + float((first[h + 1] - first[h]) / last[h]),
            }
            for h in range(self.network.depth - 1)
        ]

    def _step_errors(self, weights: FloatArray) -> Row:
        if self.network.kind != "diagonal":
            return {"step_error": None, "factor_error": None}
        step = max(float(parse_number(asked)) for asked in self.grid.steps)
        steps = ceil(float(parse_number(self.grid.end_time)) / step)
        found = factor_errors(self.samples, np.array(self.network.split(weights)), step, steps)
        return {"step_error": found.step, "factor_error": found.factor}


def _against(
    change: FloatArray, parts: list[FloatArray], norm: float, step: float, previous: tuple[float, float] | None
) -> Row:
    """A change of an invariant beside the parts of what is predicted of it, and beside that at the step before."""
    drift, predicted = float(np.linalg.norm(change)), sum(parts, np.zeros_like(change))
    expected = float(np.linalg.norm(predicted))
    row: Row = {"drift": drift, "relative_drift": drift / norm, "predicted_drift": expected}
    # asked of the prediction alone: a drift that is missing is off by all of it
    if expected > ROUNDING * norm:
        row["ratio"] = drift / expected
        row["off"] = float(np.linalg.norm(change - predicted)) / expected
        row["chatter"] = float(np.linalg.norm(parts[1])) / expected if len(parts) > 1 else 0.0
        if previous is not None and min(drift, previous[1]) > 0:
            row["slope"] = log(previous[1] / drift) / log(previous[0] / step)
    return row


def _blank(schema: Any) -> Row:
    """Every column beside the key, null; no message."""
    return {name: "" if name in ("message", "solver") else None for name in schema.names if name not in KEY}


def _failed(message: str) -> Rows:
    note = {"status": Status.FAILED, "message": message}
    course = _blank(COURSES) | {"status": Status.FAILED}
    return [_blank(DRIFTS) | note | {"method": "flow"}], [course], [_blank(STARTS) | note]


def _key(name: str, network: Architecture, trial: int, start: str, size: str, end_time: str) -> Row:
    factor = float(parse_number(size))
    return {
        "network": name,
        "kind": network.kind,
        "activation": network.activation,
        "dimension": len(network.image),
        "layers": network.depth,
        "weights": network.size,
        "trial": trial,
        "start": start,
        "start_size": factor,
        "end_time": float(parse_number(end_time)) * growth_time(factor, network.depth),
    }


def grid_of(starts: Sequence[str], tiny: Sequence[str], **more: Any) -> Grid:
    """The starts by name, then the tiny ones by their sizes, largest first."""
    named: list[tuple[Any, str]] = [(start, "1") for start in starts]
    return Grid(tuple(named + [("tiny", size) for size in tiny]), **more)
