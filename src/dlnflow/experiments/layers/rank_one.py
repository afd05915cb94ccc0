"""Rank one with a constant step: the factor near a minimum, steps to a tolerance, and what large steps do, as rows."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.layers.factorisation_block import RankOneBlock
from dlnflow.experiments.layers.factorisation_tables import RANK_ONE, RANK_ONE_KEY
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.layers.factorisation import Moment, Target, descend, random_target, small_start
from dlnflow.layers.factorisation_flow import time_to
from dlnflow.layers.rank_one import (
    LONGEST_CYCLE,
    THRESHOLDS,
    ending,
    escape_time,
    measured_factor,
    next_below,
    predicted_steps,
    tail_factors,
)
from dlnflow.results import Status

ORBIT = 4 * LONGEST_CYCLE
"""How many of the last iterates are looked at."""


class Run(NamedTuple):
    """One trial from one start with one step."""

    target: Target
    u: FloatArray
    v: FloatArray
    key: Row


class Path(NamedTuple):
    """residuals: (T + 1,).  products: (ORBIT,) the last p^T u v^T q.  u, v: at the end."""

    residuals: FloatArray
    products: FloatArray
    u: FloatArray
    v: FloatArray


def rank_one_rows(block: RankOneBlock, seed: int) -> list[tuple[Row, list[Row], list[Row]]]:
    """(row of RANK_ONE, its rows of RANK_ONE_TIMES, of RANK_ONE_ORBITS) for each trial, start and step."""
    runs = [*_small(block, seed), *_unbalanced(block, seed)]
    flows = _flow_times(runs, block.tolerances)
    found = []
    for run, path in zip(runs, _paths(runs, block.iterations), strict=True):
        row, message, _ = attempt(_row, run, path)
        row = row or _failed(message)
        is_small = run.key["kind"] == "small"
        # where the balanced minimum is unstable no tolerance is reached
        is_timed = is_small and run.key["step"] < THRESHOLDS[0]
        flow = flows[run.key["trial"], run.key["start"]] if is_timed else []
        times = [run.key | time for time in _times(run, path, block.tolerances, flow)] if is_timed else []
        orbit = [run.key | point for point in _orbit(path)] if is_small and row["end"] != "diverged" else []
        found.append((run.key | row, times, orbit))
    return found


def _small(block: RankOneBlock, seed: int) -> list[Run]:
    runs = []
    for trial, start, step in product(range(block.trials), block.starts, block.steps):
        target = random_target(seed, block.rows, block.columns, [1.0], trial)
        u, v = small_start(seed, block.rows, block.columns, 1, float(start), trial)
        key = _key(block, trial, step) | {"kind": "small", "start": float(start), "start_ratio": None}
        runs.append(Run(target, u, v, key))
    return runs


def _unbalanced(block: RankOneBlock, seed: int) -> list[Run]:
    """Near the minimum with |u|/|v| = r: u = sqrt(r) p, v = q/sqrt(r), each moved by Gaussian entries."""
    runs = []
    for trial, ratio, step in product(range(block.trials), block.imbalances, block.steps):
        target = random_target(seed, block.rows, block.columns, [1.0], trial)
        u, v = small_start(seed, block.rows, block.columns, 1, float(block.nearness), trial)
        root = np.sqrt(float(ratio))
        key = {"kind": "unbalanced", "start": float(block.nearness), "start_ratio": float(ratio)}
        runs.append(Run(target, u + root * target.left, v + target.right / root, _key(block, trial, step) | key))
    return runs


def _key(block: RankOneBlock, trial: int, step: object) -> Row:
    return {"rows": block.rows, "columns": block.columns, "trial": trial, "step": float(step)}  # type: ignore[arg-type]


def _paths(runs: list[Run], iterations: int) -> list[Path]:
    """All of them at once."""
    U, V, M = (np.stack(parts) for parts in zip(*((run.u, run.v, run.target.matrix) for run in runs), strict=True))
    left, right = (np.stack(parts) for parts in zip(*((r.target.left, r.target.right) for r in runs), strict=True))
    eta = np.array([run.key["step"] for run in runs])
    residuals, products = np.empty((iterations + 1, len(runs))), np.empty((ORBIT, len(runs)))
    moment: Moment
    for moment in descend(U, V, M, (eta for _ in range(iterations)), range(iterations + 1)):
        residuals[moment.time] = moment.residual
        late = moment.time - (iterations + 1 - ORBIT)
        if late >= 0:
            x, y = np.swapaxes(left, 1, 2) @ moment.U, np.swapaxes(right, 1, 2) @ moment.V
            products[late] = (x * y)[:, 0, 0]
    return [Path(residuals[:, i], products[:, i], moment.U[i], moment.V[i]) for i in range(len(runs))]


def _row(run: Run, path: Path) -> Row:
    """The columns of RANK_ONE beside the key."""
    step, end = run.key["step"], ending(path.residuals, path.products)
    ratio = run.key["start_ratio"]
    row = _failed("") | {
        "end": end,
        "start_imbalance": abs(float((run.u**2).sum() - (run.v**2).sum())),
        "start_sharpness": None if ratio is None else step * (ratio + 1 / ratio),
        "stable_below": THRESHOLDS[0] if ratio is None else 2 / (ratio + 1 / ratio),
        "cycle_below": THRESHOLDS[1] if ratio is None else None,
        "bounded_below": THRESHOLDS[2] if ratio is None else None,
    }
    if end == "diverged":
        return row | {"message": f"diverged after step {int(np.isfinite(path.residuals).sum()) - 1}"}
    a, b = float((path.u**2).sum()), float((path.v**2).sum())
    last = path.residuals[-len(path.products) :]
    row |= {
        "status": Status.STALLED,
        "u_square": a,
        "v_square": b,
        "imbalance": abs(a - b),
        "least_residual": float(last.min()),
        "largest_residual": float(last.max()),
    }
    if end != "converged":
        return row
    factors = tail_factors(step, a, b, len(path.u), len(path.v))
    return row | {
        "status": Status.CONVERGED,
        "sharpness": step * (a + b),
        "factor": measured_factor(path.residuals),
        "predicted_factor": factors[0],
        "next_factor": next_below(factors),
    }


def _flow_times(runs: list[Run], tolerances: Iterable[Fraction]) -> dict[tuple[int, float], list[float]]:
    """(trial, start) -> when the balanced flow's residual is each of the tolerances, and the time of its escape.

    No step plays a part, so that runs which differ in it alone share them.
    """
    found: dict[tuple[int, float], list[float]] = {}
    for run in runs:
        name = run.key["trial"], run.key["start"]
        if run.key["kind"] == "small" and name not in found:
            times = [time_to(run.target, run.u, run.v, float(tolerance)) for tolerance in tolerances]
            found[name] = [*times, escape_time(run.target, run.u, run.v)]
    return found


def _times(run: Run, path: Path, tolerances: Iterable[Fraction], flow: list[float]) -> Iterator[Row]:
    """The rows of RANK_ONE_TIMES beside the key."""
    *times, escape = flow
    for tolerance, time in zip(tolerances, times, strict=True):
        reached = path.residuals <= float(tolerance)
        yield {
            "tolerance": float(tolerance),
            "steps": int(np.argmax(reached)) if reached.any() else None,
            "predicted_steps": predicted_steps(time, escape, run.key["step"]),
        }


def _orbit(path: Path) -> list[Row]:
    return [{"index": index, "product": float(value)} for index, value in enumerate(path.products)]


def _failed(message: str) -> Row:
    unknown: Row = dict.fromkeys(name for name in RANK_ONE.names if name not in RANK_ONE_KEY)
    return unknown | {"status": Status.FAILED, "message": message, "end": "diverged"}
