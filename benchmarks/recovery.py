"""Recovery: the limit beside the baselines, and its work"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.linalg.blas import dsyrk
from scipy.linalg.lapack import dpotrf
from scipy.optimize import linprog
from timing import table, timed

from dlnflow.network.limit import limit
from dlnflow.network.network import Network
from dlnflow.network.primal_dual import primal_dual
from dlnflow.network.scale_ladder import QUICK_RESIDUAL
from dlnflow.problems.ensembles import gaussian, planted
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.names import PACKAGES
from dlnflow.solvers.run import solve

DEPTHS = (2, 3, 4)
SCALE = "1e-4"
SPARSITIES = (Fraction(1, 20), Fraction(1, 5), Fraction(3, 10), Fraction(1, 2))
SIZES = [(n // ratio, n) for n in (200, 400, 1000) for ratio in (4, 2)]
TRIALS = 5


def main(full: bool = False) -> str:
    parts = [
        "One limit (eps = 1e-4, ||A x - y|| <= 1e-10 ||y||) beside HiGHS's dual simplex, as scipy has it and as tuned "
        "here, and LARS, milliseconds:",
        table(["m x n", "s", *(f"L = {depth}" for depth in DEPTHS), *(f"{peer} / limit" for peer in PEERS)], _peers()),
        "Time of one factorisation's share of a limit over dsyrk + dpotrf alone:",
        table(["m x n", *(f"L = {depth}" for depth in DEPTHS), "factorisations"], _steps()),
        "Every baseline over the limit (L = 3), at m = 100, n = 200:",
        table(["solver", *(f"s = {int(100 * ratio)}" for ratio in SPARSITIES)], _baselines()),
        f"Random cells across the diagram, n = 200, eps = 1e-1 ... 1e-8: {_failures(10_000 if full else 1_000)}",
    ]
    return "\n\n".join(parts)


def _instances(m: int, n: int, s: int) -> list[Problem]:
    return [gaussian(2307, m, n, s, trial) for trial in range(TRIALS if n < 1000 else 2)]


def _median(run: Any, problems: Sequence[Problem], *arguments: Any) -> float:
    """The median over instances of the median of three runs."""
    repeats = 3 if problems[0].features < 1000 else 1
    return float(np.median([timed(run, problem, *arguments, repeats=repeats)[0] for problem in problems]))


def _peers() -> Iterator[list[str]]:
    for m, n in SIZES:
        for sparsity in SPARSITIES:
            problems = _instances(m, n, round(sparsity * m))
            own = [_median(limit, problems, depth, SCALE, True) for depth in DEPTHS]
            peers = [_median(peer, problems) for peer in PEERS.values()]
            # the slowest depth's ratio, so that the others are better
            ratios = [f"{min(peer / time for time in own):.1f}x" for peer in peers]
            yield [f"{m} x {n}", str(round(sparsity * m)), *(f"{1e3 * time:.2f}" for time in own), *ratios]


def _steps() -> Iterator[list[str]]:
    for m, n in SIZES:
        problems = _instances(m, n, m // 5)
        floor = timed(_factorise, np.asfortranarray(problems[0].A), repeats=21)[0]
        shares, counts = [], []
        for depth in DEPTHS:
            network = Network(depth, SCALE)
            work = [timed(primal_dual, problem, network, QUICK_RESIDUAL, repeats=5) for problem in problems]
            shares.append(float(np.median([time / found.factorisations / floor for time, found in work])))
            counts.append(f"{np.mean([found.factorisations for _, found in work]):.0f}")
        yield [f"{m} x {n}", *(f"{share:.1f}x" for share in shares), ", ".join(counts)]


def _linprog(problem: Problem) -> None:
    """What one types without a second thought: HiGHS through scipy, with its default presolve and tolerances."""
    columns = np.hstack([problem.A, -problem.A])
    linprog(np.ones(columns.shape[1]), A_eq=columns, b_eq=problem.y, method="highs-ds")


PEERS = {
    "linprog": _linprog,
    "highs-ds": lambda problem: solve(problem, "highs-ds"),
    "lars": lambda problem: solve(problem, "lars"),
}


def _factorise(A: Any) -> None:
    dpotrf(dsyrk(1.0, A, lower=1), lower=1, clean=0, overwrite_a=1)


def _baselines() -> Iterator[list[str]]:
    problems = [_instances(100, 200, round(100 * sparsity))[:3] for sparsity in SPARSITIES]
    own = [_median(limit, group, 3, SCALE, True) for group in problems]
    for name in PACKAGES:
        times = [timed(solve, group[0], name, repeats=1)[0] for group in problems]
        yield [name, *(f"{time / mine:.0f}x" for time, mine in zip(times, own, strict=True))]


def _failures(count: int) -> str:
    rng = np.random.default_rng(2307)
    engines = {"float64": 0, "arb": 0}
    failed = []
    for trial in range(count):
        m = int(rng.integers(2, 200))
        s = int(rng.integers(1, m + 1))
        depth, scale = str(rng.choice(["2", "2.5", "3", "4"])), f"1e-{rng.integers(1, 9)}"
        signal: Any = "nonnegative" if rng.random() < 0.25 else "signed"
        found = limit(planted("gaussian", 1, m, 200, s, trial, signal), depth, scale, quick=True)
        engines[found.engine] += 1
        if found.status != Status.CONVERGED:
            failed.append((m, s, trial, depth, scale, signal, str(found.status)))
    return f"{len(failed)} failures of {count}, {engines['arb']} in balls {failed or ''}"
