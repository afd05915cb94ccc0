"""Ensembles: how many small random instances a second"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from timing import table, timed

from dlnflow.network.certified_limits import certified_limit
from dlnflow.network.limit import limit
from dlnflow.network.stacked_limits import quick_limits
from dlnflow.problems.ensembles import gaussian
from dlnflow.results import Status
from dlnflow.solvers.run import solve

DEPTH, SCALE = 3, "1e-4"
SIZES = ((10, 20), (20, 40), (50, 100), (100, 200))
REPEATS = 3
TOGETHER = 500  # problems given to quick_limits

LIMITS: dict[str, Callable[..., Any]] = {
    "quick": partial(limit, depth=DEPTH, scale=SCALE, quick=True),
    "full": partial(limit, depth=DEPTH, scale=SCALE),
    "certified": partial(certified_limit, depth=DEPTH, scale=SCALE),
}
SOLVERS = {name: partial(solve, name=name) for name in ("highs-ds", "highs-ipm", "lars")}
RUNS = LIMITS | SOLVERS | {"exact": partial(solve, name="exact")}


def main(full: bool = False) -> str:
    trials = 100 if full else 20
    head = (
        f"Limits a second (Gaussian A, L = {DEPTH}, eps = {SCALE}) in float64 to ||A x - y|| <= 1e-10 ||y|| (quick), "
        "in float64 to rounding (full) and in proved balls, and solutions of basis pursuit of the same instances: "
        f"1 / the mean over {trials} instances of the median of {REPEATS} runs; together: quick limits of {TOGETHER} "
        "instances by one call of quick_limits:"
    )
    ratios = ["together / quick", "together / fastest solver", "exact / certified"]
    return f"{head}\n\n{table(['m x n', 's', 'together', *RUNS, *ratios], _rates(trials))}"


def _rates(trials: int) -> Iterator[list[str]]:
    for m, n in SIZES:
        seconds = np.mean([_seconds((m, n, m // 10), trial) for trial in range(trials)], axis=0)
        rates = {"together": _together(m, n, m // 10)} | dict(zip(RUNS, 1 / seconds, strict=True))
        fastest = max(SOLVERS, key=rates.__getitem__)
        yield [
            f"{m} x {n}",
            str(m // 10),
            *(f"{rate:.0f}" if rate >= 100 else f"{rate:.2g}" for rate in rates.values()),
            f"{rates['together'] / rates['quick']:.1f}x",
            f"{rates['together'] / rates[fastest]:.1f}x ({fastest})",
            f"{rates['exact'] / rates['certified']:.1f}x",
        ]


def _together(*sizes: int) -> float:
    """Limits a second of many instances."""
    problems = [gaussian(2307, *sizes, trial) for trial in range(TOGETHER)]
    seconds, answers = timed(quick_limits, problems, DEPTH, SCALE, repeats=REPEATS)
    assert all(answer.status == Status.CONVERGED for answer in answers)
    return TOGETHER / seconds


def _seconds(sizes: tuple[int, int, int], trial: int) -> list[float]:
    """The time of each of RUNS on one instance; in turn, so that what else the machine does slows all alike."""
    return [_median(run, sizes, trial) for run in RUNS.values()]


def _median(run: Callable[..., Any], sizes: tuple[int, int, int], trial: int) -> float:
    # a copy for each run, for some of an instance's data are made once
    copies = iter([gaussian(2307, *sizes, trial) for _ in range(REPEATS)])
    seconds, answer = timed(lambda: run(next(copies)), repeats=REPEATS)
    assert answer.status == Status.CONVERGED
    return seconds
