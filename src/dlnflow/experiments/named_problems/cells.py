"""The rows of a job's table, one a cell. A cell that fails is a row that says so, not the end of its block."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dlnflow.files.instance_files import Block
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import log10_or_none, network_columns
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit, Status, Trajectory

NO_SAMPLE = dict.fromkeys(("time", "rescaled_time", "loss", "x", "u", "v"))
Solver = Callable[[Problem, Any, Sequence[str]], Iterator[Any]]
"""(problem, depth, scales) -> the limit at each of the scales, in their order."""


def limit_columns(limit: Limit) -> Row:
    """The columns of a limit in float64."""
    return common_columns(limit) | {
        "log10_radius": log10_or_none(limit.radius),
        "x": limit.x,
        "nu": limit.nu,
        "nu_midpoint": None,
        "nu_radius": None,
    }


def common_columns(limit: Any) -> Row:
    """The columns that limits of every engine have under the same names."""
    return {
        "engine": limit.engine,
        "status": limit.status,
        "message": "",
        "residual": limit.residual,
        "iterations": limit.iterations,
        "precision_bits": limit.precision,
    }


def solve_cells(
    block: Block,
    depth: str,
    scales: Sequence[str],
    method: str,
    solve: Solver,
    columns: Callable[[Any], Row] = limit_columns,
) -> Iterator[Row]:
    """The rows of `tables.CELLS` for every instance of a block at one depth and the given scales.

    columns: those of what `solve` gives; here for a `Limit`.
    """
    for trial, problem in block.instances():
        for scale, limit, message in _solve_each(problem, depth, scales, solve):
            answer = _no_answer(message) if limit is None else columns(limit)
            yield _key(block.name, trial, depth, scale) | {"method": method} | answer


def _no_answer(message: str) -> Row:
    row: Row = dict.fromkeys(("residual", "log10_radius", "x", "nu", "nu_midpoint", "nu_radius"))
    return row | {
        "engine": "none",
        "status": Status.FAILED,
        "message": message,
        "iterations": 0,
        "precision_bits": 0,
    }


def _solve_each(problem: Problem, depth: str, scales: Sequence[str], solve: Solver) -> Iterator[tuple[str, Any, str]]:
    results = solve(problem, depth, scales)
    for index, scale in enumerate(scales):
        try:
            yield scale, next(results), ""
        except Exception as error:  # whatever it is, the other cells are sound and are wanted
            yield scale, None, f"{type(error).__name__}: {error}"
            results = solve(problem, depth, scales[index + 1 :])


def trajectory_rows(
    block: Block, depth: str, scales: Sequence[str], integrate: Callable[[Problem, Any, Any], Trajectory]
) -> Iterator[Row]:
    """The rows of `tables.TRAJECTORIES`: each instance and scale, at the integrator's own times.

    A trajectory without any samples is one row with its status and nulls.
    """
    for trial, problem in block.instances():
        for scale in scales:
            key = _key(block.name, trial, depth, scale)
            try:
                run = integrate(problem, depth, scale)
            except Exception:  # whatever it is, the other trajectories are sound and are wanted
                yield key | {"status": Status.FAILED} | NO_SAMPLE
                continue
            key["status"] = run.limit.status
            if not len(run.times):
                yield key | NO_SAMPLE
            for i, time in enumerate(run.times):
                yield key | {
                    "time": time,
                    "rescaled_time": run.rescaled[i],
                    "loss": run.loss[i],
                    "x": run.x[i],
                    "u": run.u[i],
                    "v": None if run.v is None else run.v[i],
                }


def _key(name: str, trial: int, depth: str, scale: str) -> Row:
    return {
        "problem": name,
        "trial": trial,
    } | network_columns(depth, scale)
