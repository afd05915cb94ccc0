"""Gaussian data, n -> infinity: where basis pursuit recovers the signal, and depth 2's rate there, in closed form.

undersampling = m/n and sparsity = s/m, so that their product is s/n. phi and Phibar are the standard Gaussian's density
and tail (docs/theory.md, High-dimensional limits).
"""

from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import erfcx, ndtri

from dlnflow.arithmetic.exact import parse_number
from dlnflow.problems.ensembles import Signal


def bp_threshold(undersampling: Any, signal: Signal = "signed") -> float:
    """The s/m below which basis pursuit recovers almost every signal: the weak threshold.

    s/m = 1 - a Phibar(a)/phi(a) at the a > 0 where m/n = c phi/(a + c (phi - a Phibar)), c = 2 if signed, 1 if not.
    Source: Donoho and Tanner (2009); derived here from the state evolution's zero.

    Raises ValueError for an m/n outside (0, 1).
    """
    delta, sides = check_undersampling(undersampling), count_sides(signal)

    def excess(a: float) -> float:
        density = _density(a)
        return sides * density / (a + sides * density * _gap(a)) / delta - 1

    # m/n falls from 1 at a = 0 to below 1e-300 at a = 37
    return float(_gap(float(brentq(excess, 0.0, 37.0, xtol=1e-15))))


def rho_limit(undersampling: Any, sparsity: Any, signal: Signal = "signed") -> float:
    """The limit of rho(A, x0): below basis pursuit's threshold, depth 2's error falls like scale**(1 - rho).

    rho solves m/n = min_t tau (1 + t^2) + (1 - tau) E(|g| - rho t)_+^2, tau = s/n, with g for |g| if nonnegative. It is
    explicit in a = rho t: c Phibar(a) = (m/n - tau)/(1 - tau), rho^2 = tau a / (c (1 - tau) (phi(a) - a Phibar(a))),
    c = 2 if signed, 1 if not (derived). -inf where a nonnegative signal is the only solution (`is_only_solution`).

    Raises ValueError for an m/n outside (0, 1), an s/m outside (0, 1] or above the threshold, where there is no rho.
    """
    delta, fraction, sides = check_undersampling(undersampling), check_sparsity(sparsity), count_sides(signal)
    threshold = bp_threshold(delta, signal)
    if fraction >= threshold:
        raise ValueError(f"s/m is {fraction}, expected a number below basis pursuit's threshold {threshold}")
    if is_only_solution(delta, fraction, signal):
        return -np.inf
    tau, a = fraction * delta, threshold_of_noise(delta, fraction, signal)
    return float(np.sqrt(tau * a / (sides * (1 - tau) * _density(a) * _gap(a))))


def is_only_solution(undersampling: float, sparsity: float, signal: Signal) -> bool:
    """Whether a nonnegative signal is, for large n, the only x >= 0 with A x = y: s/m up to 2 - n/m.

    Source: Donoho and Tanner (2010), the weak threshold of the projected orthant.
    """
    return signal == "nonnegative" and sparsity <= 2 - 1 / undersampling


def threshold_of_noise(undersampling: float, sparsity: float, signal: Signal) -> float:
    """a, with which soft thresholding at a tau_z keeps m - s entries off the support."""
    tau = sparsity * undersampling
    return -float(ndtri((undersampling - tau) / (1 - tau) / count_sides(signal)))


def check_undersampling(value: Any) -> float:
    """m/n as a float; ValueError unless it lies in (0, 1)."""
    number = float(parse_number(value))
    if not 0 < number < 1:
        raise ValueError(f"undersampling is {number}, expected a number above 0 and below 1")
    return number


def check_sparsity(value: Any) -> float:
    """s/m as a float; ValueError unless it lies in (0, 1]."""
    number = float(parse_number(value))
    if not 0 < number <= 1:
        raise ValueError(f"sparsity is {number}, expected a number above 0 and at most 1")
    return number


def count_sides(signal: str) -> int:
    """In how many directions an entry off the support may leave zero; ValueError for an unknown signal."""
    if signal not in ("signed", "nonnegative"):
        raise ValueError(f'signal is {signal!r}, expected "signed" or "nonnegative"')
    return 2 if signal == "signed" else 1


def _density(a: float) -> float:
    return float(np.exp(-a * a / 2) / np.sqrt(2 * np.pi))


def _gap(a: float) -> float:
    """1 - a Phibar(a)/phi(a)."""
    return float(1 - a * np.sqrt(np.pi / 2) * erfcx(a / np.sqrt(2)))
