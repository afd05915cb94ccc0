"""The 50 % points of recovery: logistic curves fitted to the successes of a grid, beside what theory predicts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq

from dlnflow.arithmetic.exact import parse_number
from dlnflow.experiments.recovery.tables import cell_key
from dlnflow.files.tables import Row
from dlnflow.problems.ensembles import Signal
from dlnflow.theory.logistic import Transition, fit_transition
from dlnflow.theory.phase_transition import bp_threshold
from dlnflow.theory.state_evolution import recovery_boundary, state_evolution

LARGEST = 1 - 1e-6
"""m/n up to which a transition is sought."""

SMALLEST = 1e-300
"""For the logarithm of an error that is 0."""


def fit_rows(cells: Iterable[Row], tolerance: Any, is_density: bool) -> Iterator[Row]:
    """The rows of FITS from those of RECOVERY of one grid, at the tolerance that its successes were judged by.

    is_density: the grid gives s/n, so curves are fitted in m/n at each s/n; else in s/m at each m/n.
    Ratios that round to the same m and s name the same instances, which count once.
    """
    fixed = "entries" if is_density else "measurements"
    heads: dict[tuple[object, ...], Row] = {}
    found: dict[tuple[object, ...], dict[tuple[Any, ...], bool]] = {}
    for row in cells:
        curve = tuple(row[name] for name in ("features", fixed, "method", "exact_depth", "scale"))
        heads.setdefault(curve, row)
        found.setdefault(curve, {})[cell_key(row)] = row["success"]
    for curve, head in heads.items():
        yield _key(head, is_density) | vars(_fit(found[curve], is_density)) | _prediction(head, tolerance, is_density)


def _key(head: Row, is_density: bool) -> Row:
    names = ("grid", "ensemble", "signal", "features", "method", "depth", "exact_depth", "scale", "log10_scale")
    axis = "undersampling" if is_density else "sparsity"
    return {name: head[name] for name in names} | {"axis": axis, "at": float(_ratio(head, is_density))}


def _ratio(row: Row, is_density: bool) -> Fraction:
    """What is fixed along a curve: s/n, or m/n."""
    return Fraction(row["entries" if is_density else "measurements"], row["features"])


def _fit(found: dict[tuple[Any, ...], bool], is_density: bool) -> Transition:
    """The curve through outcomes, by `cell_key`."""
    trials: Counter[float] = Counter()
    successes: Counter[float] = Counter()
    for (n, m, s, _), success in found.items():
        x = m / n if is_density else s / m
        trials[x] += 1
        successes[x] += success
    return fit_transition(list(trials), [successes[x] for x in trials], list(trials.values()), rising=is_density)


def _prediction(head: Row, tolerance: Any, is_density: bool) -> Row:
    predict = predicted_undersampling if is_density else predicted_sparsity
    at = _ratio(head, is_density)
    return {"predicted": predict(head["exact_depth"], head["scale"], at, tolerance, head["signal"])}


@cache
def predicted_sparsity(
    depth: str | None, scale: str | None, undersampling: Fraction, tolerance: Any, signal: Signal
) -> float | None:
    """The s/m where the relative error reaches the tolerance at an m/n, n -> infinity; None if at none in (0, 1).

    For depth None basis pursuit's threshold.
    """
    if depth is None:
        return bp_threshold(undersampling, signal)
    boundary = recovery_boundary(depth, scale, undersampling, tolerance, signal)
    return boundary if 0 < boundary < 1 else None


@cache
def predicted_undersampling(
    depth: str | None, scale: str | None, density: Fraction, tolerance: Any, signal: Signal
) -> float | None:
    """The m/n where the relative error of a signal of this s/n reaches the tolerance, n -> infinity; None if at none.

    The error falls as m/n grows (seen at every depth, scale and s/n tried, not proved), so there is one at most, and
    `recovery_boundary` there is s/m. For depth None it is where basis pursuit's threshold is.
    """
    tau, bound = float(density), float(parse_number(tolerance))

    def excess(undersampling: float) -> float:
        sparsity = tau / undersampling
        if depth is None:
            return sparsity - bp_threshold(undersampling, signal)
        error = state_evolution(depth, scale, undersampling, sparsity, signal).mean_squared_error
        return float(np.log(max(error, SMALLEST) / tau / bound**2))

    if not excess(tau) > 0 > excess(LARGEST):
        return None
    return float(brentq(excess, tau, LARGEST, xtol=1e-8))
