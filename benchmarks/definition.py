"""The definition itself: gradient flow in the layers u and v, with none of the package's mathematics.

For tests and benchmarks only. Integrator, tolerance and end time are those of the papers' code (Wind, Antun and
Hansen, arXiv:2307.07410): scipy's Radau, rtol 2.5e-14, until 1e9 alpha^(2-L).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Definition:
    """x (k, n) at the times asked for, and its end: x (n,) at the end time, with the integrator's work."""

    x: FloatArray
    limit: FloatArray
    evaluations: int
    message: str


def integrate(
    A: FloatArray,
    y: FloatArray,
    depth: float,
    scale: float,
    *,
    nonnegative: bool = False,
    times: ArrayLike = (),
    rtol: float = 2.5e-14,
    end: float = 1e9,
) -> Definition:
    """u' = L u^(L-1) A^T r, v' = -L v^(L-1) A^T r, r = y - A (u^L - v^L), from u = v = scale**(1/L).

    end: the end time in units of alpha^(2-L). Nonnegative: without v.
    """
    n = A.shape[1]
    L, alpha = float(depth), float(scale) ** (1 / float(depth))
    sign = np.ones(n) if nonnegative else np.repeat([1.0, -1.0], n)
    K = A if nonnegative else np.hstack([A, A])  # the same flow for every layer, up to the sign of its gradient
    K = K * sign

    def velocity(_t: float, w: FloatArray) -> FloatArray:
        with np.errstate(invalid="ignore", over="ignore"):  # Radau rejects a step that is not finite
            return L * w ** (L - 1) * (K.T @ (y - K @ w**L))

    def jacobian(_t: float, w: FloatArray) -> FloatArray:
        weighted = K * (L * w ** (L - 1))
        matrix = -(weighted.T @ weighted)
        matrix[np.diag_indices_from(matrix)] += L * (L - 1) * w ** (L - 2) * (K.T @ (y - K @ w**L))
        return matrix

    times = np.asarray(times, dtype=np.float64)
    last = end * alpha ** (2 - L)
    solution = solve_ivp(
        velocity,
        (0.0, last),
        np.full(len(sign), alpha),
        method="Radau",
        jac=jacobian,
        rtol=rtol,
        atol=1e-6 * rtol * alpha,  # a layer may fall far below alpha and grow again
        t_eval=np.append(times, last),
    )
    x = (solution.y.T**L * sign).reshape(len(solution.t), -1, n).sum(axis=1)
    return Definition(x[:-1], x[-1], int(solution.nfev), solution.message)
