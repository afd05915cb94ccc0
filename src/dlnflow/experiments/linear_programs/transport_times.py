"""Time of the network's limit on transport, and of its peers, on clouds of random masses."""

from collections.abc import Callable, Iterator
from math import inf
from statistics import median
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.linear_programs.transport import absolute, optimum_of
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.results import Status
from dlnflow.solvers.transport import PeerPlan, highs, network_simplex, pot, sinkhorn
from dlnflow.transport.clouds_and_pictures import clouds
from dlnflow.transport.plan import Transport, entropic_plan, marginal_errors

REGULARISED = ("newton", "sinkhorn-log")


def time_rows(size: int, seed: int, lam: str, tolerance: float, repeats: int, largest_highs: int) -> Iterator[Row]:
    """The rows of TRANSPORT_TIMES of one size.

    newton ends where the sum of the marginals' errors is below the tolerance (over the mass, 1); sinkhorn-log where
    their 2-norm is, on one side, which asks less of it.
    """
    problem = clouds(seed, size, size).transport
    strength = absolute(problem, lam)
    pot()  # imports are not timed
    runs: dict[str, Callable[[], PeerPlan]] = {
        "newton": lambda: _newton(problem, strength, tolerance),
        "sinkhorn-log": lambda: sinkhorn(problem, strength, tolerance),
        "network-simplex": lambda: network_simplex(problem),
    }
    if size <= largest_highs:
        runs["highs-ds"] = lambda: highs(problem)
    optimum = optimum_of(problem)
    references = {True: runs["newton"]().plan, False: optimum.plan_float}
    for method, run in runs.items():
        regularised = method in REGULARISED
        yield {
            "points": size,
            "lam": lam if regularised else "",
            "method": method,
            "optimum": float(optimum.value),
        } | _timed(problem, run, repeats, references[regularised])


def _newton(problem: Transport, strength: float, tolerance: float) -> PeerPlan:
    found = entropic_plan(problem, strength, tolerance)
    return PeerPlan(found.plan, found.iterations, found.status == Status.CONVERGED)


def _timed(problem: Transport, run: Callable[[], PeerPlan], repeats: int, reference: FloatArray) -> Row:
    runs: list[tuple[Any, str, float]] = [attempt(run) for _ in range(repeats)]
    answer, message, _ = runs[-1]
    row: Row = dict.fromkeys(("iterations", "marginal_1", "marginal_max", "value", "distance"))
    row |= {"seconds": median(seconds for _, _, seconds in runs), "status": Status.FAILED, "message": message}
    if answer is None:
        return row
    errors = np.abs(marginal_errors(problem, answer.plan)) / problem.mass
    return row | {
        "status": Status.CONVERGED if answer.converged else Status.STALLED,
        "iterations": answer.iterations,
        "marginal_1": float(errors.sum()),
        "marginal_max": float(errors.max(initial=-inf)),
        "value": float((problem.cost * answer.plan).sum()),
        "distance": float(np.abs(answer.plan - reference).sum()) / problem.mass,
    }
