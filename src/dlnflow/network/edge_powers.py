"""The powers (1-z)^-p and (1+z)^-p behind the deeper networks, to their last digits on the whole of |z| < 1.

A base is a pair of floats (high, low), taken from z where z is small and from the edge 1 - |z| where that is.
"""

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray, two_sum


def near_side(z: FloatArray, edge: FloatArray) -> tuple[FloatArray, FloatArray]:
    """1 - z as a pair, from z below 1/2 and from the edge above (depth > 2)."""
    high, low = two_sum(np.float64(1.0), -z)
    return np.where(z < 0.5, high, edge), np.where(z < 0.5, low, 0.0)


def far_side(size: FloatArray, edge: FloatArray) -> tuple[FloatArray, FloatArray]:
    """1 + |z| as a pair, likewise."""
    inner = size < 0.5
    return two_sum(np.where(inner, 1.0, 2.0), np.where(inner, size, -edge))


def log_near_side(z: FloatArray, edge: FloatArray) -> FloatArray:
    """log(1 - z), likewise."""
    return np.where(z < 0.5, np.log1p(-np.minimum(z, 0.5)), np.log(edge))


def log_product(size: FloatArray, edge: FloatArray) -> FloatArray:
    """log(1 - z^2), likewise."""
    return np.where(size < 0.5, np.log1p(-(np.minimum(size, 0.5) ** 2)), np.log(edge * (2 - edge)))


def scaled_power(base: tuple[FloatArray, FloatArray], power: tuple[float, float], factor: float) -> FloatArray:
    """factor * base^-power for pairs, by two factors base^(-power/2), so that only the result can overflow."""
    high, low = base
    root = high ** (-power[0] / 2) * np.exp(-(power[0] * low / high + power[1] * np.log(high)) / 2)
    return (factor * root) * root


def solve_hyperbolic(log_value: FloatArray, k: float) -> FloatArray:
    """b >= 0 with 2 cosh(b)^k sinh(k b) = e^log_value; that is h(tanh b).

    Newton's method on the logarithm of both sides in the variable log b, a convex increasing function, from above:
    monotone, and quadratic at the end.
    """
    finite = np.isfinite(log_value)  # log 0: b = 0
    target = np.where(finite, log_value, 0.0)
    log_b = np.minimum(target - np.log(2 * k), np.log(np.maximum((target + k * np.log(2) + 0.15) / (2 * k), 1 / k)))
    for _ in range(60):
        b = np.exp(log_b)
        t = k * b
        # log of 2 sinh t, with and without the cancellation at t = 0
        log_sinh = t + np.log(-np.expm1(-2 * t))
        # log cosh b: 2 sinh(b/2)^2 keeps the digits that k, huge near depth 2, would magnify the loss of
        log_cosh = np.where(
            b < 1, np.log1p(2 * np.sinh(np.minimum(b, 1) / 2) ** 2), b + np.log1p(np.exp(-2 * b)) - np.log(2)
        )
        value = k * log_cosh + log_sinh
        step = (value - target) / (t * (np.tanh(b) + 1 / np.tanh(t)))
        log_b = log_b - step
        if np.all(np.abs(step) < 1e-9):  # the next step, squared, is below rounding
            break
    return np.where(finite, np.exp(log_b), 0.0)
