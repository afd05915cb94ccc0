"""Transport problems made here: random points in the unit square, and pictures drawn by formula.

All costs are squared distances and all masses multiples of a power of two, so that sums of them are exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from dlnflow.arithmetic.arrays import ProblemError
from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.transport.plan import Transport

Masses = Literal["random", "equal"]
"""random: from 1 to 2^10 before they are brought to sum 1; equal: 1/n each, with as many points on either side."""
Shape = Literal["disc", "ring", "cross", "square"]

GRID = 2.0**10
"""Coordinates of points are multiples of 1/GRID."""
MASS_BITS = 20
"""Masses are multiples of 2^-20 and sum to 1."""
LIGHTEST = 2.0**-10
"""Of a picture's floor, over its brightest: Sinkhorn's logarithms want masses above 0."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A transport problem and where its masses are.

    sources: (n1, 2), targets: (n2, 2), the places; the cost is their squared distance, in some unit.
    """

    transport: Transport
    sources: FloatArray
    targets: FloatArray


def clouds(seed: int, sources: int, targets: int, masses: Masses = "random", trial: int = 0) -> Placed:
    """Two clouds of points, uniform in the unit square, on a grid of 1/1024.

    Raises ProblemError for fewer than 2 points, unknown masses, and equal masses of clouds of two sizes.
    """
    if masses not in get_args(Masses):
        raise ProblemError(f"masses are {masses!r}, expected one of {', '.join(get_args(Masses))}")
    if min(sources, targets) < 2:
        raise ProblemError(f"clouds of {sources} and {targets} points, expected at least 2 each")
    if masses == "equal" and sources != targets:
        raise ProblemError(f"clouds of {sources} and {targets} points of equal masses, expected as many in each")
    tag = int.from_bytes(b"clouds")
    rng = np.random.default_rng(np.random.SeedSequence([seed, tag, sources, targets, trial]))
    x, y = (rng.integers(0, int(GRID), (size, 2)) / GRID for size in (sources, targets))
    weights = [rng.integers(1, 2**10 + 1, size).astype(np.float64) for size in (sources, targets)]
    if masses == "equal":
        r = s = np.full(sources, 1 / sources)
    else:
        r, s = (dyadic_masses(weight) for weight in weights)
    return Placed(Transport(_square_distances(x, y), r, s), x, y)


def pictures(side: int, source: Shape, target: Shape) -> Placed:
    """Two pictures of side x side pixels as masses at the pixels' centres.

    Places are in units of a side, distances in units of the power of two at or above it.

    A floor of LIGHTEST of the brightest pixel is added, so that no mass is 0.
    Raises ProblemError for fewer than 4 pixels a side and for unknown shapes.
    """
    if side < 4:
        raise ProblemError(f"pictures of {side} x {side} pixels, expected a side of at least 4")
    for shape in (source, target):
        if shape not in _SHAPES:
            raise ProblemError(f"a picture of {shape!r}, expected one of {', '.join(_SHAPES)}")
    row, column = np.divmod(np.arange(side * side), side)
    pixels = np.stack([column, row], axis=1).astype(np.float64)
    places = (pixels + 0.5) / side
    r, s = (dyadic_masses(_SHAPES[shape](*(2 * places.T - 1)) + LIGHTEST) for shape in (source, target))
    unit = 2.0 ** np.ceil(np.log2(side))  # of pixels, so that the costs are exact whatever the side
    return Placed(Transport(_square_distances(pixels / unit, pixels / unit), r, s), places, places)


def dyadic_masses(weights: FloatArray) -> FloatArray:
    """Multiples of 2^-MASS_BITS, at least one each, of sum 1 and otherwise nearly in the weights' proportion."""
    total = 2**MASS_BITS
    units = np.maximum(np.floor(weights * (total / weights.sum())), 1)
    rest = total - int(units.sum())
    order = np.argsort(-weights, kind="stable")[: abs(rest)]
    units[order] += np.sign(rest)
    return units / total


def _square_distances(x: FloatArray, y: FloatArray) -> FloatArray:
    return ((x[:, None] - y[None]) ** 2).sum(axis=-1)


_SHAPES: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {  # brightness over [-1, 1]^2
    "disc": lambda x, y: (np.hypot(x, y) < 0.55).astype(np.float64),
    "ring": lambda x, y: ((np.hypot(x, y) > 0.55) & (np.hypot(x, y) < 0.9)).astype(np.float64),
    "cross": lambda x, y: ((np.minimum(np.abs(x), np.abs(y)) < 0.2) & (np.maximum(np.abs(x), np.abs(y)) < 0.8)).astype(
        np.float64
    ),
    "square": lambda x, y: (np.maximum(np.abs(x), np.abs(y)) < 0.5).astype(np.float64),
}
assert set(_SHAPES) == set(get_args(Shape))
