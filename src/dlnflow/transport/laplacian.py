"""Weighted graph Laplacians to their last digits, whatever their condition.

The Laplacian of weights w is L = diag(W 1) - W, W symmetric, zero on its diagonal, never negative. Formed, it loses
the weights that are below rounding of the others, and with them what binds nearly separate parts of the graph.
"""

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs

from dlnflow.arithmetic.error_free import FloatArray


def solve_connected(weights: FloatArray, b: FloatArray, least: float) -> FloatArray | None:
    """z with L z = b, z 0 at the last node, by Cholesky; None where it is too singular for that.

    weights: W (k, k), symmetric, entries of the diagonal are not read.  b: (k,), sum 0 (what it is off falls to the
    last node).  least: of a pivot, in units of the weights: an error of b moves z by that over it.
    """
    L = -weights
    np.fill_diagonal(L, 0.0)
    degrees = -L.sum(axis=1)
    if not degrees.all():
        return None
    scale = 1 / np.sqrt(degrees[:-1])
    scaled = L[:-1, :-1] * scale[:, None] * scale
    np.fill_diagonal(scaled, 1.0)
    factor, info = dpotrf(scaled.T, lower=1, clean=0, overwrite_a=1)
    if info or (factor.diagonal() / scale).min() ** 2 < least:
        return None
    return np.append(scale * dpotrs(factor, scale * b[:-1], lower=1)[0], 0.0)


def solve_split(weights: FloatArray, flows: FloatArray, sources: FloatArray) -> FloatArray | None:
    """The same for a graph in nearly separate parts, b_j = sources_j + sum_k (flows_jk - flows_kj).

    What flows inside a part is no error of the part's balance, however large, and b in this form knows it. None where
    the weights, as float64 has them, do not connect the graph.

    By elimination on weights and flows: weights are sums of positive numbers, and flows stay between nodes. Without a
    node k, its neighbours i, j are bound by w_i w_j / (sum of its weights) more, and what flows from it to i goes on to
    j by j's share of those weights. Source: Grassmann, Taksar and Heyman, Oper. Res. 33 (1985), for the weights of
    Markov chains; the flows are derived here (docs/theory.md, Transport).
    """
    W, B, b = weights.copy(), flows - flows.T, sources.copy()
    last = len(b) - 1
    pivots, rhs = np.empty(last), np.empty(last)
    for k in range(last):
        row = W[k, k + 1 :]
        pivots[k] = row.sum()
        if not pivots[k] > 0:
            return None
        share = row / pivots[k]
        rhs[k] = b[k] + B[k, k + 1 :].sum()
        W[k + 1 :, k + 1 :] += share[:, None] * row
        through = B[k + 1 :, k, None] * share
        B[k + 1 :, k + 1 :] += through - through.T
        b[k + 1 :] += share * b[k]
    z = np.zeros_like(b)
    for k in range(last - 1, -1, -1):
        z[k] = (rhs[k] + W[k, k + 1 :] @ z[k + 1 :]) / pivots[k]
    return z
