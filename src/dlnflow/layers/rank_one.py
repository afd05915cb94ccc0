"""Gradient descent with a constant step on 1/2 ||u v^T - sigma p q^T||_F^2, |p| = |q| = 1, and what is known of it.

Everything depends on eta sigma alone: here sigma = 1, and a step is eta sigma. Write x = p.u, y = q.v, a = |u|^2 and
b = |v|^2. Near a minimum, where a b = 1, one step multiplies what u has beside p by 1 - eta b, what v has beside q by
1 - eta a, and x y - 1 by 1 - eta (a + b). A minimum is stable while eta (a + b) < 2: the balanced one, which is the
flattest, while eta < 1.

With u = x p, v = y q one step multiplies x^2 - y^2 by exactly 1 - eta^2 (x y - 1)^2. Balanced, x = y and
x <- x (1 + eta - eta x^2). Its cycle of two, x y = 1/eta and x^2 + y^2 = 1 + 1/eta (in pairs of iterates), has the
multiplier 9 - 2 (1 + eta)^2 and is stable for 1 < eta < sqrt(5) - 1; from eta = 2 on no x stays bounded but those of
measure 0. These three are `THRESHOLDS`.
"""

from math import log, sqrt

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.layers.factorisation import Target

THRESHOLDS = (1.0, sqrt(5) - 1, 2.0)
"""Of eta sigma: the balanced minimum is stable below the first, a cycle of two to the second."""
RADIAL = 2 / 3
"""Of eta sigma: |1 - eta| and |1 - 2 eta| are equal there, and a balanced minimum is reached fastest."""
SETTLED = 1e-10
"""Of sigma: the residual below which a run counts as converged; rounding leaves 1e-16."""
ALIKE = 1e-3
"""Factors that differ by less cannot be told apart in the few decades over which they are measured."""
SAME = 1e-6
"""By how much iterates of one phase of a cycle may differ: those on their way to it still do."""
LONGEST_CYCLE = 16
WINDOW = (1e-12, 1e-8)
"""Of sigma, the residuals between which the factor is measured: the first order is alone there, and rounding far."""


def tail_factors(step: float, a: float, b: float, rows: int, columns: int) -> list[float]:
    """The factors, falling, by which a step multiplies the parts of the residual near |u|^2 = a, |v|^2 = b."""
    factors = [1 - step * (a + b)]
    factors += [1 - step * b] if rows > 1 else []
    factors += [1 - step * a] if columns > 1 else []
    return sorted(map(abs, factors), reverse=True)


def measured_factor(residuals: FloatArray) -> float | None:
    """The mean factor of a step over the residuals in WINDOW; None without two steps of them. residuals: (T,)."""
    low, high = WINDOW
    begin = int(np.argmax(residuals < high)) if (residuals < high).any() else len(residuals)
    end = int(np.argmax(residuals < low)) - 1 if (residuals < low).any() else len(residuals) - 1
    if end < begin + 2:
        return None
    return float((residuals[end] / residuals[begin]) ** (1 / (end - begin)))


def escape_time(target: Target, u: FloatArray, v: FloatArray) -> float:
    """The flow's time at which what grows of a small start would reach the minimum if it always grew as near 0.

    u: (rows, 1).  v: (columns, 1).
    """
    up = abs(float((target.left.T @ u + target.right.T @ v)[0, 0])) / sqrt(2)
    return log(sqrt(2) / up)


def predicted_steps(time: float, escape: float, step: float) -> float | None:
    """The balanced flow's time counted in steps, for a small start in two dimensions or more.

    Until `escape` the growing part gains log(1 + eta) a step, where the flow gains eta; then the residual loses
    -log(1 - eta), where the flow loses eta. From eta = RADIAL on, None: the largest factor is the radial one, and the
    flow does not tell how large that part is.
    """
    if step >= RADIAL:
        return None
    return min(time, escape) / log(1 + step) - max(time - escape, 0) / log(1 - step)


def ending(residuals: FloatArray, products: FloatArray) -> str:
    """What became of a run: converged, slow, period-2, period-4, ..., aperiodic or diverged.

    residuals: (T,) ||u v^T - M||.  products: (k,) x y of the last iterates, at least four times LONGEST_CYCLE.
    """
    last = residuals[-len(products) :]
    if not np.isfinite(last).all():
        return "diverged"
    if last[-1] < SETTLED:
        return "converged"
    period = 2
    # before "slow", for a run also falls towards a cycle; one that creeps to a limit moves by less than this in all
    while period <= LONGEST_CYCLE and np.ptp(products) > len(products) * SAME:
        if np.abs(products[period:] - products[:-period]).max() < SAME:
            return f"period-{period}"
        period *= 2
    return "slow" if np.all(last[2:] < last[:-2]) else "aperiodic"


def next_below(values: list[float]) -> float | None:
    """The largest of falling values that is below the first by more than ALIKE; None if there is none."""
    return next((value for value in values if value < values[0] - ALIKE), None)
