"""Error-free sums and products, for the few places where rounding at float64's own level is too coarse.

A pair (high, low) stands for the unevaluated sum high + low. Source: Ogita, Rump and Oishi, Accurate sum and
dot product, SIAM J. Sci. Comput. 26 (2005), algorithms TwoSum, TwoProduct and Dot2.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

UNIT = 2.0**-53
"""The relative error of one rounding."""


def two_sum(a: FloatArray | np.float64, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(s, e) with s = fl(a + b) and s + e = a + b exactly."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def _split(a: FloatArray) -> tuple[FloatArray, FloatArray]:
    c = 134217729.0 * a  # 2**27 + 1: the two halves have at most 26 bits each
    high = c - (c - a)
    return high, a - high


def two_product(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(p, e) with p = fl(a b) and p + e = a b exactly, while nothing over- or underflows."""
    p = a * b
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    return p, a_low * b_low - (((p - a_high * b_high) - a_low * b_high) - a_high * b_low)


def dot(M: FloatArray, high: FloatArray, low: FloatArray) -> tuple[FloatArray, FloatArray]:
    """M (high + low) as a pair, for M (p, q) and vectors (q,): as if computed in twice the working precision."""
    terms, errors = two_product(M, high)
    error = errors.sum(axis=1) + M @ low
    while terms.shape[1] > 1:
        half = terms.shape[1] // 2
        sums, lost = two_sum(terms[:, :half], terms[:, half : 2 * half])
        error = error + lost.sum(axis=1)
        terms = np.concatenate([sums, terms[:, 2 * half :]], axis=1)
    return two_sum(terms[:, 0], error)
