"""Claims that errors against the scale settle: convergence, rates, the kink, which minimiser is selected."""

import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby, pairwise

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.named_problems.curves import Curve, curves
from dlnflow.kit.claim import MATT, WIND, Claim, Judgement, Tables, judgement_of

FACES = ("line", "plane")
"""The named problems with many minimisers (docs/theory.md); a table of errors does not say which have."""


def _falls(tables: Tables) -> Judgement:
    # The distance to a minimiser bounds the gap in the l1 norm (by sqrt(n) times), so that one number serves both. An
    # error that tends to 0 ends at its least, by more than the radii leave open.
    ends = [(curve.errors[-1] - curve.errors[:-1].min(), -curve.noise) for curve in curves(tables)]
    return judgement_of(*_columns(ends))


def _exponents(
    chosen: Callable[[Curve], bool], deviation: Callable[[float, Curve], float], tables: Tables
) -> Judgement:
    found = [
        (deviation(at[0], curve), at[1])
        for curve in filter(chosen, curves(tables))
        if (at := curve.settled_slope()) is not None
    ]
    return judgement_of(*_columns(found))


def _constants(chosen: Callable[[Curve], bool], tables: Tables) -> Judgement:
    found = [
        (abs(10 ** (at[0] - curve.constant) - 1), 10 ** at[1] - 1)
        for curve in filter(chosen, curves(tables))
        if (at := curve.settled_constant(curve.exponent)) is not None
    ]
    return judgement_of(*_columns(found))


def _deep(curve: Curve) -> bool:
    # where the constant is 0 (or not known), the error is smaller still and no exponent of it is claimed
    return curve.depth > 2 and not math.isnan(curve.constant)


def _predicted(curve: Curve) -> bool:
    return not math.isnan(curve.exponent + curve.constant)


def _shallow_face(curve: Curve) -> bool:
    return curve.depth == 2 and curve.problem in FACES and _predicted(curve)


def _shallow_unique(curve: Curve) -> bool:
    # 1 - rho is at most 1: above it the minimiser is not unique
    return curve.depth == 2 and curve.problem not in FACES and _predicted(curve) and curve.exponent <= 1


def _kink(tables: Tables) -> Judgement:
    def family(curve: Curve) -> tuple[str, str, float]:
        return curve.table, curve.method, curve.depth

    found = []
    kinks = [curve for curve in curves(tables) if _gap(curve) and _deep(curve)]
    for (_, _, depth), group in groupby(sorted(kinks, key=family), family):
        power = depth / (depth - 2)
        settling = [(_gap(curve), curve.settled_constant(1.0)) for curve in group]
        known = sorted((gap, *at) for gap, at in settling if at is not None)
        for (small, low, low_left), (large, high, high_left) in pairwise(known):
            decades = math.log10(large / small)
            found.append(
                (
                    abs((high - low) / decades + power),
                    _kink_curvature(large, power) + (low_left + high_left) / decades,
                )
            )
    return judgement_of(*_columns(found))


def _gap(curve: Curve) -> float:
    """delta > 0 of a problem named kink-<delta>, else 0."""
    named = re.fullmatch(r"kink-(\d*\.?\d+(?:e-?\d+)?)", curve.problem)
    return float(named[1]) if named else 0.0


def _kink_curvature(gap: float, power: float) -> float:
    """How far the local slope of the constant in delta may be from -k, at most, up to this delta.

    The constant is sqrt(1 + (1 - d)^2) (d^-k - (2 - d)^-k) (docs/theory.md, The kink). The root's logarithmic slope is
    within d/2 of 0, that of 1 - r^k, r = d/(2 - d), is -2 k r^k / ((2 - d)(1 - r^k)); both bounds grow with d.
    """
    small = (gap / (2 - gap)) ** power
    return gap / 2 + 2 * power * small / ((2 - gap) * (1 - small))


def _selection(tables: Tables) -> Judgement:
    def instance(curve: Curve) -> tuple[str, str, int]:
        return curve.table, curve.problem, curve.trial

    found = []
    faces = sorted((curve for curve in curves(tables) if curve.problem in FACES), key=instance)
    for _, group in groupby(faces, instance):
        members = list(group)
        ends: dict[float, Curve] = {}
        for curve in sorted(members, key=lambda curve: curve.errors[-1], reverse=True):
            ends[curve.depth] = curve  # the nearest to its minimiser stays
        for curve in members:
            others = [other.end for depth, other in ends.items() if depth != curve.depth]
            if not others:
                continue
            apart = min(float(np.linalg.norm(ends[curve.depth].end - other)) for other in others)
            distance = 10 ** curve.errors[-1] / apart if apart > 0 else math.inf
            # below 1/2 the limit is nearer to its own minimiser than to where any other depth ends; an error that is
            # larger, but still falls at half its predicted exponent or faster, has not decided yet
            if distance <= 0.5 or not curve.slopes[-1] >= 0.5 * curve.exponent:
                found.append((distance, 0.5))
    return judgement_of(*_columns(found))


def _columns(pairs: Iterable[tuple[float, float]]) -> FloatArray:
    """(2, instances) deviations and tolerances."""
    return np.array(list(pairs), dtype=float).reshape(-1, 2).T


CLAIMS = (
    Claim(
        "limit-minimises",
        WIND,
        "As the scale falls, the flow's limit tends to a minimiser of the l1 norm, and not its norm alone.",
        "sharpness and asymptotics, every curve of errors",
        "log10 of the error at the smallest scale over the least error before (below 0)",
        _falls,
    ),
    Claim(
        "deep-rate",
        f"{WIND}; {MATT}",
        "At depth L > 2 the error falls like eps: exponent 1 for every problem and depth (unless its constant is 0).",
        "sharpness and asymptotics, depths above 2 where the slope has settled",
        "|local exponent at the smallest scales - 1|",
        partial(_exponents, _deep, lambda slope, curve: abs(slope - 1)),
    ),
    Claim(
        "shallow-rate",
        MATT,
        "At depth 2 with a unique minimiser the error is O(eps^(1 - rho)), rho a null space constant of the data.",
        "sharpness and asymptotics, depth 2, unique minimisers where the slope has settled",
        "1 - rho less the local exponent at the smallest scales",
        partial(_exponents, _shallow_unique, lambda slope, curve: curve.exponent - slope),
    ),
    Claim(
        "shallow-sharp",
        MATT,
        "At depth 2 with a unique minimiser the error is no smaller than of the order eps^(1 - rho).",
        "sharpness and asymptotics, depth 2, unique minimisers where the slope has settled",
        "the local exponent at the smallest scales less 1 - rho",
        partial(_exponents, _shallow_unique, lambda slope, curve: slope - curve.exponent),
    ),
    Claim(
        "constants",
        f"derived here, after {WIND}",
        "The error is C eps^e (1 + o(1)), with the exponent and the constant that docs/theory.md predicts.",
        "sharpness and asymptotics, every depth and problem where error/eps^e has settled",
        "|error/eps^e at the smallest scale over C - 1|",
        partial(_constants, _predicted),
    ),
    Claim(
        "face-rates",
        f"derived here, after {WIND}",
        "At depth 2 with many minimisers the error falls like eps^(1 - rho_T), or eps^2 (plane eps^(1/2), line eps^2).",
        "sharpness and asymptotics, line and plane at depth 2 where the slope has settled",
        "|local exponent at the smallest scales - predicted|",
        partial(_exponents, _shallow_face, lambda slope, curve: abs(slope - curve.exponent)),
    ),
    Claim(
        "kink-constant",
        WIND,
        "No rate holds for all data alike: near a jump of the minimiser the constant of O(eps) grows without bound "
        "(theirs), on [1, 1 - delta] like delta^-k, k = L/(L - 2) (ours).",
        "sharpness and asymptotics, kinks, from each delta to the next where error/eps has settled",
        "|local exponent of the constant in delta + k|",
        _kink,
    ),
    Claim(
        "selection",
        WIND,
        "Of many minimisers the limit is a particular one that depends on the depth: at depth 2 that of least "
        "sum |x_i| log|x_i|, beyond that of greatest sum |x_i|^(2/L).",
        "sharpness and asymptotics, line and plane, the smallest scale of every depth",
        "distance to the selected minimiser over that to where another depth ends",
        _selection,
    ),
)
"""In the order of their table."""
