"""Gradient descent on a diagonal network step by step: the factor that one step multiplies a_k^2 - a_l^2 by.

With g = dLoss/dx and p = prod_{j != k, l} a_j, the step a_k - eta g p a_l, a_l - eta g p a_k multiplies the difference
by exactly 1 - eta^2 g^2 p^2, whatever the step (docs/theory.md, Layers).
"""

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.layers.starts import Samples


@dataclass(frozen=True)
class FactorErrors:
    """How far float64 is from the exact factor, over steps, pairs of layers and coordinates.

    step: |difference after a step - factor times that before| over the largest square of a coordinate's layers.
    factor: |factor - exact| over max(1, |exact|), the exact one by rational arithmetic on the same floats.
    """

    step: float
    factor: float


def others(layers: FloatArray, k: int, low: int) -> FloatArray:
    """prod_{j != k, low} a_j, (n,); 1 for a network of two layers."""
    kept = [j for j in range(len(layers)) if j not in (k, low)]
    return np.prod(layers[kept], axis=0)


def factors(layers: FloatArray, slope: FloatArray, step: float, k: int, low: int) -> FloatArray:
    """1 - step^2 g^2 prod_{j != k, low} a_j^2, (n,), as (1 - s)(1 + s): no digit is lost where s is near 1."""
    s = step * slope * others(layers, k, low)
    return (1 - s) * (1 + s)


def stepped(layers: FloatArray, slope: FloatArray, step: float) -> FloatArray:
    """One step of gradient descent on layers (L, n), slope g = dLoss/dx (n,)."""
    rest = [np.prod(np.delete(layers, k, axis=0), axis=0) for k in range(len(layers))]
    return layers - step * slope * np.array(rest)


def factor_errors(samples: Samples, layers: FloatArray, step: float, steps: int) -> FactorErrors:
    """`FactorErrors` of gradient descent from layers (L, n), every step in float64 and the first also in rationals.

    If it diverges, of the steps before its numbers are too large.
    """
    worst, exact = 0.0, _against_rationals(samples, layers, step)
    with np.errstate(over="raise", invalid="raise"), suppress(FloatingPointError):
        for _ in range(steps):
            slope = samples.inputs.T @ (samples.inputs @ np.prod(layers, axis=0) - samples.targets)
            after = stepped(layers, slope, step)
            for k, low in combinations(range(len(layers)), 2):
                expected = factors(layers, slope, step, k, low) * _difference(layers, k, low)
                size = np.maximum(np.square(layers).max(axis=0), np.square(after).max(axis=0))
                worst = max(worst, float(np.max(np.abs(_difference(after, k, low) - expected) / size)))
            layers = after
    return FactorErrors(worst, exact)


def exact_step(layers: list[list[Fraction]], slope: list[Fraction], step: Fraction) -> list[list[Fraction]]:
    """`stepped` on rationals."""
    found = []
    for k, layer in enumerate(layers):
        rest = [exact_product(layers, i, {k}) for i in range(len(slope))]
        found.append([a - step * g * p for a, g, p in zip(layer, slope, rest, strict=True)])
    return found


def exact_product(layers: list[list[Fraction]], i: int, without: set[int]) -> Fraction:
    """The product of coordinate i of the layers, but for some of them."""
    product = Fraction(1)
    for j, layer in enumerate(layers):
        if j not in without:
            product *= layer[i]
    return product


def _difference(layers: FloatArray, k: int, low: int) -> FloatArray:
    return (layers[k] - layers[low]) * (layers[k] + layers[low])


def _against_rationals(samples: Samples, layers: FloatArray, step: float) -> float:
    """The largest error of `factors` at the first step: against a_k^2 - a_l^2 after it over that before, exactly."""
    slope = samples.inputs.T @ (samples.inputs @ np.prod(layers, axis=0) - samples.targets)
    exact_layers = [[Fraction(a) for a in layer] for layer in layers.tolist()]
    after = exact_step(exact_layers, [Fraction(g) for g in slope.tolist()], Fraction(step))
    worst = 0.0
    for k, low in combinations(range(len(layers)), 2):
        for i, factor in enumerate(factors(layers, slope, step, k, low).tolist()):
            before = exact_layers[k][i] ** 2 - exact_layers[low][i] ** 2
            if before:
                exact = (after[k][i] ** 2 - after[low][i] ** 2) / before
                worst = max(worst, float(abs(Fraction(factor) - exact) / max(Fraction(1), abs(exact))))
    return worst
