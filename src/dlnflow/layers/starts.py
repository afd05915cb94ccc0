"""The made data of a layered network and its starts: each a function of (seed, architecture, trial)."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.layers.architecture import Architecture
from dlnflow.problems.ensembles import planted

Start = Literal["balanced", "unbalanced", "tiny"]

FACTORS = 1.5, 0.6
"""Of the layers of an unbalanced start, in turn."""
TEACHER = 1.5
"""Of the weights behind the targets: they are none of the starts'."""
ROUNDS = 500
"""Of the balancing of channels, which halves its logarithm each time (and stops when it is balanced)."""


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Samples:
    """inputs: (samples, ...), of a diagonal network A (m, n).  targets: (samples, outputs), of that network y (m,)."""

    inputs: FloatArray
    targets: FloatArray


def stream(network: Architecture, seed: int, trial: int, use: int) -> np.random.Generator:
    """The random numbers of an instance; use: 0 inputs, 1 teacher, 2 weights.

    The activation and the number of samples change no number: networks that differ in these are compared on one draw.
    """
    sizes = [*network.widths, *network.image, network.kernel]
    tag = int.from_bytes(hashlib.sha256(f"{network.kind}{sizes}".encode()).digest()[:8])
    return np.random.default_rng(np.random.SeedSequence([seed, tag, trial, use]))


def inputs_of(network: Architecture, seed: int, trial: int) -> FloatArray:
    """Independent N(0, 1), (samples, inputs) or (samples, channels, *image)."""
    rng = stream(network, seed, trial, 0)
    return rng.standard_normal((network.samples, network.widths[0], *network.image))


def regression(network: Architecture, seed: int, trial: int) -> Samples:
    """A x0 = y for a diagonal network, x0 >= 0 with half as many entries as there are measurements."""
    measurements, features = network.samples, network.widths[0]
    entries = max(1, measurements // 2)
    problem = planted("gaussian", seed, measurements, features, entries, trial, "nonnegative")
    return Samples(problem.A, problem.y)


def teachers(network: Architecture, seed: int, trial: int) -> Iterator[FloatArray]:
    """Weights whose network, with outputs scaled to mean square 1, may make the targets: the first that is not dead."""
    rng = stream(network, seed, trial, 1)
    while True:
        yield TEACHER * _gaussian(network, rng)


def growth_time(size: float, depth: int) -> float:
    """The time, in units in which a layer of size w grows like w' = w^(L-1), from `size` to 1; plus 1."""
    return 1 + (log(1 / size) if depth == 2 else (size ** (2 - depth) - 1) / (depth - 2))


def weights_of(network: Architecture, seed: int, trial: int, start: Start, size: float = 1.0) -> FloatArray:
    """(size,) the weights at t = 0.

    unbalanced: Gaussian, mean square 1/inputs of a unit, times FACTORS in turn.  tiny: `size` times the unbalanced.
    balanced: every invariant is 0 to rounding; dense W_h = Q_h S Q_{h-1}^T with orthonormal columns Q_h and one
    diagonal S, so that W_{h+1}^T W_{h+1} = W_h W_h^T; of a convolution Gaussian, then channel by channel scaled until
    what comes in is as large as what goes out; of a diagonal network one positive vector in each layer.
    """
    rng = stream(network, seed, trial, 2)
    if start != "balanced":
        layers = network.split(_gaussian(network, rng))
        factor = size if start == "tiny" else 1.0
        return network.join([factor * FACTORS[h % 2] * layer for h, layer in enumerate(layers)])
    if network.kind == "diagonal":
        return np.tile(np.exp(rng.standard_normal(network.widths[0]) / 4), network.depth)
    if network.kind == "dense":
        rank = min(network.widths)
        bases = [np.linalg.qr(rng.standard_normal((width, rank)))[0] for width in network.widths]
        spectrum = 0.5 + rng.random(rank)
        return network.join([(after * spectrum) @ before.T for before, after in itertools.pairwise(bases)])
    return _balanced_channels(network, _gaussian(network, rng))


def _gaussian(network: Architecture, rng: np.random.Generator) -> FloatArray:
    if network.kind == "diagonal":  # positive, for the planted vector is
        return np.exp(rng.standard_normal(network.size) / 4)
    layers = [rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:])) for shape in network.shapes]
    return network.join(layers)


def _balanced_channels(network: Architecture, weights: FloatArray) -> FloatArray:
    layers = network.split(weights.copy())
    for _ in range(ROUNDS):
        before = network.join(layers)
        for here, after in itertools.pairwise(layers):
            into = np.square(here).reshape(len(here), -1).sum(axis=1)
            out = np.square(after).sum(axis=tuple(k for k in range(after.ndim) if k != 1))
            scales = (out / into) ** 0.25
            here *= scales.reshape(-1, *[1] * (here.ndim - 1))
            after /= scales.reshape(-1, *[1] * (after.ndim - 2))
        if np.abs(network.join(layers) - before).max() < 1e-15:
            break
    return network.join(layers)
