"""Asymmetric factorisation with steps eta_t = c (t + 1)^-p: balance and residual against t, as rows."""

from itertools import product
from math import log, log10
from typing import NamedTuple

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock
from dlnflow.experiments.layers.factorisation_tables import FACTORISATIONS, LEAST_TAIL, SETTLED
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.layers.factorisation import Moment, Target, balance, descend, random_target, small_start, tail_rates
from dlnflow.layers.factorisation_flow import balanced_residuals, predicted_drifts, settled_residual, time_to
from dlnflow.results import Status

PER_DECADE = 30
"""Moments in a decade of t."""
LEARNED = 1e-6
"""Of ||M||_F: the residual whose number of steps is predicted."""


class Cell(NamedTuple):
    """One trial with one decay. steps: (T,) their lengths."""

    target: Target
    U: FloatArray
    V: FloatArray
    steps: FloatArray
    key: Row


def step_lengths(constant: float, decay: float, count: int) -> FloatArray:
    """(count,) constant (t + 1)^-decay, t = 0, 1, ...; each is the same however many there are."""
    return np.array([constant * (t + 1.0) ** -decay for t in range(count)])


def moments_until(count: int) -> list[int]:
    """0, `count`, and between them the times 10^(k/PER_DECADE), rounded: those of a longer run are among them."""
    found, k = {0, count}, 0
    while (time := round(10 ** (k / PER_DECADE))) < count:
        found.add(time)
        k += 1
    return sorted(found)


def factorisation_rows(block: FactorisationBlock, seed: int) -> list[tuple[Row, list[Row]]]:
    """(row of FACTORISATIONS, its rows of FACTORISATION_SAMPLES) for each trial and decay."""
    cells = [_cell(block, seed, trial, p) for trial, p in product(range(block.trials), map(float, block.decays))]
    times = moments_until(block.steps)
    U, V, M = (np.stack(parts) for parts in zip(*((c.U, c.V, c.target.matrix) for c in cells), strict=True))
    steps = np.stack([cell.steps for cell in cells], axis=1)
    moments = list(descend(U, V, M, steps, times))
    found: list[tuple[Row, list[Row]]] = []
    for index, cell in enumerate(cells):
        rows, message, _ = attempt(_rows, cell, moments, index)
        found.append(rows or (cell.key | _failed(message), []))
    return found


def _cell(block: FactorisationBlock, seed: int, trial: int, decay: float) -> Cell:
    sizes = block.rows, block.columns
    target = random_target(seed, *sizes, map(float, block.values), trial)
    rank, constant = len(block.values), float(block.constant)
    U, V = small_start(seed, *sizes, rank, float(block.start), trial)
    key = {"rows": block.rows, "columns": block.columns, "rank": rank, "trial": trial}
    steps = step_lengths(constant, decay, block.steps)
    return Cell(target, U, V, steps, key | {"constant": constant, "decay": decay})


def _rows(cell: Cell, moments: list[Moment], index: int) -> tuple[Row, list[Row]]:
    """The two kinds of rows of one of the instances that went down together."""
    moments = [moment for moment in moments if np.isfinite(moment.residual[index])]
    norm = float(np.linalg.norm(cell.target.matrix))
    last, is_whole = moments[-1], moments[-1].time == len(cell.steps)
    paths = np.array([moment.path[index] for moment in moments])
    predicted = balanced_residuals(cell.target, cell.U, cell.V, paths) / norm
    times = [moment.time for moment in moments]
    # where the steps are so large that descent diverges, the flow says nothing of it
    told = predicted_drifts(cell.target.matrix, cell.U, cell.V, cell.steps, times) if is_whole else None
    samples = [
        cell.key
        | {
            "time": moment.time,
            "path": float(paths[i]),
            "residual": float(moment.residual[index]) / norm,
            "predicted_residual": float(predicted[i]),
            "imbalance": float(np.linalg.norm(balance(moment.U[index], moment.V[index]))) / norm,
            "drift": float(np.linalg.norm(moment.drift[index])) / norm,
            "predicted_drift": None if told is None else float(np.linalg.norm(told[i])) / norm,
            "drift_bound": float(moment.bound[index]) / norm,
        }
        for i, moment in enumerate(moments)
    ]
    defects = [np.linalg.norm(m.drift[index] - m.told[index]) / m.size[index] for m in moments]
    summary = {
        "steps": last.time,
        "path": samples[-1]["path"],
        "square_sum": float(last.squares[index]),
        "residual": samples[-1]["residual"],
        "predicted_residual": samples[-1]["predicted_residual"],
        "largest_value": float(cell.target.values[0]),
        "published_rate": float(cell.target.values[-1]),
        "log10_steps": _log10_steps(cell),
        "start_imbalance": samples[0]["imbalance"],
        "largest_imbalance": max(sample["imbalance"] for sample in samples),
        "drift": samples[-1]["drift"],
        "predicted_drift": samples[-1]["predicted_drift"],
        "identity_defect": float(max(defects)),
    }
    return cell.key | summary | _ending(cell, samples, last, index, is_whole), samples


def _ending(cell: Cell, samples: list[Row], last: Moment, index: int, is_whole: bool) -> Row:
    """Status and message, and the rate of the tail if there is one."""
    norm = float(np.linalg.norm(cell.target.matrix))
    high = settled_residual(cell.target, cell.U, cell.V, LEAST_TAIL * norm, SETTLED) / norm
    row: Row = {"tail": high, "rate": None, "other_rate": None, "ratio": None}
    residual = samples[-1]["residual"]
    if not is_whole:
        return row | {"status": Status.FAILED, "message": f"diverged after step {last.time}"}
    if residual > high / 10:
        return row | {
            "status": Status.STALLED,
            "message": f"the residual is {residual:.2g} of ||M|| after {last.time} steps",
        }
    rate, other, fastest = tail_rates(last.U[index], last.V[index])
    row |= {"status": Status.CONVERGED, "rate": rate, "other_rate": other}
    begin = _calm(cell.steps, rate, fastest, SETTLED * high)
    tail = [sample for sample in samples if sample["time"] >= begin and LEAST_TAIL <= sample["residual"] <= high]
    if not tail or tail[-1]["residual"] > tail[0]["residual"] / 10:
        return row | {"message": "no decade of the tail has small steps, or moments to measure it"}
    first, end = tail[0], tail[-1]
    predicted = np.log(np.abs(1 - rate * cell.steps[first["time"] : end["time"]])).sum()
    return row | {"message": "", "ratio": log(end["residual"] / first["residual"]) / float(predicted)}


def _calm(steps: FloatArray, slow: float, fast: float, share: float) -> int:
    """The time from which on the part that the flow loses first, at the rate `fast`, is lost in descent too.

    While eta (fast + slow) > 2 it falls by less than the slow part, or grows, to a size of 1; then it must fall behind
    to a share of that.
    """
    large = np.count_nonzero(steps * (fast + slow) >= 2)  # steps never grow
    with np.errstate(divide="ignore"):  # where eta fast = 1 it is lost at once
        behind = np.cumsum(np.log(np.abs(1 - steps[large:] * fast)) - np.log(np.abs(1 - steps[large:] * slow)))
    return int(large + np.count_nonzero(behind > log(share)))


def _log10_steps(cell: Cell) -> float | None:
    """log10 of the steps whose sum is the time at which the balanced flow's residual is LEARNED of ||M||."""
    wanted = LEARNED * float(np.linalg.norm(cell.target.matrix))
    path, reached = time_to(cell.target, cell.U, cell.V, wanted), np.cumsum(cell.steps)
    if path <= reached[-1]:
        return log10(int(np.searchsorted(reached, path)) + 1)
    # beyond the steps taken, the sum by the midpoint rule: off by a part in T^2
    decay, T = cell.key["decay"], len(cell.steps) + 0.5
    rest = (path - reached[-1]) / cell.key["constant"]
    # eta_t sums to an integral of t^-p: the logarithm at p = 1
    power = 1 - decay
    found = log10(T**power + power * rest) / power if power else log10(T) + rest / log(10)
    return found if found < 300 else None


def _failed(message: str) -> Row:
    known = ("rows", "columns", "rank", "trial", "constant", "decay")
    return {name: None for name in FACTORISATIONS.names if name not in known} | {
        "status": Status.FAILED,
        "message": message,
    }
