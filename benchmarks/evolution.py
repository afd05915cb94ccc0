"""State evolution beside simulation"""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from timing import table

from dlnflow.network.limit import limit
from dlnflow.problems.ensembles import gaussian
from dlnflow.theory.logistic import fit_transition
from dlnflow.theory.state_evolution import recovery_boundary, state_evolution

DEPTHS = ("2", "2.5", "3", "4")
POINTS = (("0.25", "0.1"), ("0.5", "0.1"), ("0.5", "0.6"), ("0.75", "0.3"), ("0.75", "0.8"))
"""m/n and s/m, off the transition (basis pursuit's thresholds are 0.267, 0.386 and 0.534)."""
LARGE, SMALL = ("1e-1", "1e-2", "1e-3"), ("1e-4", "1e-5", "1e-6")
FEATURES, TRIALS = 1000, 20
BOUNDARY_TRIALS = 40


def main(full: bool = False) -> str:
    scales = LARGE + SMALL if full else LARGE
    rows = list(_rows(scales))
    worst = max(abs(row[-1]) for row in rows if row[3] in LARGE)
    header = ["m/n", "s/m", "L", "eps", "theory", "mean", "standard error", "median", "quartiles", "deviation"]
    text = [[*row[:4], *(f"{value:.3e}" for value in row[4:8]), row[8], f"{row[9]:+.1f}"] for row in rows]
    start = perf_counter()
    for k in range(1, 20):
        recovery_boundary(3, "1e-6", k / 20, "1e-3")
    seconds = perf_counter() - start
    return "\n\n".join(
        [
            f"Mean squared error at n = {FEATURES}, {TRIALS} trials; deviation in standard errors of the mean.",
            table(header, text),
            f"Largest deviation at eps >= 1e-3: {worst:.1f} standard errors.",
            *([_boundaries()] if full else []),
            f"A boundary of 19 columns (L = 3, eps = 1e-6): {seconds:.1f} s.",
        ]
    )


def _rows(scales: tuple[str, ...]) -> Iterator[list]:
    for undersampling, sparsity in POINTS:
        m = round(float(undersampling) * FEATURES)
        problems = [gaussian(2307, m, FEATURES, round(float(sparsity) * m), trial) for trial in range(TRIALS)]
        for depth in DEPTHS:
            for scale in scales:
                theory = state_evolution(depth, scale, undersampling, sparsity).mean_squared_error
                errors = [
                    float(np.mean((limit(problem, depth, scale, quick=True).x - problem.x0) ** 2))
                    for problem in problems
                ]
                mean, standard_error = np.mean(errors), np.std(errors, ddof=1) / np.sqrt(TRIALS)
                low, median, high = np.quantile(errors, [0.25, 0.5, 0.75])
                quartiles = f"{low:.1e} to {high:.1e}"
                deviation = (mean - theory) / standard_error
                yield [
                    undersampling,
                    sparsity,
                    depth,
                    scale,
                    theory,
                    mean,
                    standard_error,
                    median,
                    quartiles,
                    deviation,
                ]


def _boundaries() -> str:
    """The measured 50 % points at n = 400 beside the predicted ones."""
    worst: list[tuple[float, float, str]] = []
    for undersampling in (0.1, 0.25, 0.4, 0.55, 0.7, 0.85):
        m = round(undersampling * 400)
        for depth in ("2", "3", "4"):
            for scale in ("1e-4", "1e-6", "1e-8"):
                predicted = recovery_boundary(depth, scale, m / 400, "1e-3")
                around = predicted + np.linspace(-0.09, 0.09, 7)
                entries = np.unique(np.round(around[(around > 0) & (around <= 1)] * m).astype(int))
                entries = entries[entries > 0]
                found = [_successes(m, s, depth, scale) for s in entries]
                fit = fit_transition(entries / m, found, [BOUNDARY_TRIALS] * len(entries), rising=False)
                if fit.midpoint is not None:
                    offset = fit.midpoint - predicted
                    worst.append(
                        (abs(offset), (fit.high - fit.low) / 2, f"m/n = {undersampling}, L = {depth}, {scale}")
                    )
    worst.sort(reverse=True)
    offsets = [offset for offset, *_ in worst]
    return (
        f"50 % points at n = 400, {BOUNDARY_TRIALS} trials a cell: {len(worst)} transitions resolved, distance in s/m "
        f"to the predicted one: median {np.median(offsets):.4f}, largest {worst[0][0]:.4f} (half its 95 % interval "
        f"{worst[0][1]:.4f}; {worst[0][2]}); {sum(offset > 0.02 for offset in offsets)} above 0.02."
    )


def _successes(m: int, s: int, depth: str, scale: str) -> int:
    count = 0
    for trial in range(BOUNDARY_TRIALS):
        problem = gaussian(2307, m, 400, int(s), trial)
        error = np.linalg.norm(limit(problem, depth, scale, quick=True).x - problem.x0)
        count += bool(error <= 1e-3 * np.linalg.norm(problem.x0))
    return count
