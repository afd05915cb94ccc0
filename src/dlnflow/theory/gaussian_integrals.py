"""Averages of a proximal map over Gaussian noise, by Gauss-Legendre panels along its graph.

prox(w) is the x with x + theta z(x) = w, for a network's dual z or, as eps -> 0, for soft thresholding. At small eps
it has scales from eps to 1 in one integral, as a function of w; along its graph, parametrised so that log x and z are
smooth (docs/theory.md, High-dimensional limits), every integrand varies on the scale of a panel, and the rule
converges to rounding. All is in units of the noise tau: x/tau, and the **pull** theta z/tau, whose sum is w/tau.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import erfcx, ndtr

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.network.edge_powers import solve_hyperbolic
from dlnflow.network.network import Network

TAIL = 13.0
"""Standard deviations kept: what lies beyond is below 1e-37."""

PANEL = 2.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
"""Over a panel log x and the Gaussian variables grow by about 2; its twenty nodes then leave errors of 1e-14."""

NEGLIGIBLE = 45.0
"""x below e^-45 of the noise, or of the signal, adds nothing to an average over it."""

LARGEST_EXPONENT = 1e300
"""In place of k = L/(L-2) at depth 2: in float64, the limit L -> 2 itself."""

Graph = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
"""At the nodes in order: x/tau, the pull, and their derivatives times the quadrature's weights."""


@dataclass(frozen=True)
class Averages:
    """E prox'(W) and E (prox(W) - X0)^2 / tau^2 for W = X0 + tau Z, off the support (X0 = 0) and on it."""

    off_slope: float
    off_error: float
    on_slope: float
    on_error: float


def averages(graph: Graph, noise: float, nonnegative: bool) -> Averages:
    """Both averages over Z ~ N(0,1) and, on the support, X0 ~ N(0,1), or |N(0,1)| if nonnegative.

    A signed map's graph is its half w > 0. On the support prox - X0 = tau Z - theta z, which keeps its digits however
    small tau is, and Z given W has a closed form: with v^2 = 1 + tau^2 it is N(tau W/v^2, 1/v^2), signed; nonnegative,
    it is truncated to X0 > 0, and W skew-normal.
    """
    x, pull, dx, dpull = graph
    spread = np.hypot(1.0, noise)
    in_noise = np.clip(x + pull, -3 * TAIL, 3 * TAIL)
    in_signal = np.clip(noise * (x + pull) / spread, -3 * TAIL, 3 * TAIL)
    off, on = _density(in_noise), _density(in_signal) * noise / spread
    bias = noise * in_signal / spread - pull
    variance: FloatArray | float = 1 / spread**2
    if nonnegative:
        bound = in_noise / spread  # X0 > 0 says how far Z may go, in its own standard deviations
        hazard = np.sqrt(2 / np.pi) / erfcx(-bound / np.sqrt(2))
        on = 2 * on * ndtr(bound)
        bias = bias - hazard / spread
        variance = (1 - hazard * (hazard + bound)) / spread**2
    else:
        off, on = 2 * off, 2 * on
    return Averages(
        off_slope=float(off @ dx),
        off_error=float((off * np.minimum(x, 3 * TAIL) ** 2) @ (dx + dpull)),
        on_slope=float(on @ dx),
        on_error=float((on * (bias**2 + variance)) @ (dx + dpull)),
    )


class NetworkGraph:
    """The graph of a network's proximal map by t: with k = L/(L-2), and z standing for k z at depths above 2,

    signed:       x = 2 eps sinh(t) cosh(t/k)^k,  z = k tanh(t/k),  t > 0;
    nonnegative:  x = eps e^t,  z = k (1 - e^(-t/k)).

    At depth 2, k is infinite and z = t. log x and z are smooth in t at every eps and depth, with singularities no
    nearer than a distance of order 1.
    """

    def __init__(self, network: Network) -> None:
        self.nonnegative = network.nonnegative
        self.log_scale = -network.log_inverse_scale[0]
        self.exponent = LARGEST_EXPONENT
        if not network.is_shallow:
            exponent = network.depth / (network.depth - 2)
            self.exponent = float(exponent) if exponent < LARGEST_EXPONENT else LARGEST_EXPONENT

    def __call__(self, log_noise: float, log_pull: float) -> Graph:
        """The graph at log tau and log(theta/tau)."""
        noise, pull = float(np.exp(log_noise)), float(np.exp(log_pull))
        t, weight = _nodes(_edges(lambda t: self._measure(t, log_noise, pull), *self._range(log_noise, noise, pull)))
        log_x, growth, z, slope = self._curve(t)
        x = np.exp(log_x - log_noise)
        return x, pull * z, weight * x * growth, weight * pull * slope

    def dual_at(self, x: float) -> float:
        """z about where x is."""
        return float(self._curve(np.array([self._solve(x)]))[2][0])

    def _curve(self, t: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """log x, its derivative by t, z and its derivative."""
        k = self.exponent
        if self.nonnegative:
            return self.log_scale + t, np.ones_like(t), -k * np.expm1(-t / k), np.exp(-t / k)
        # cosh(t/k)^k through 2 sinh^2, for k may be huge
        log_x = self.log_scale + k * np.log1p(2 * np.sinh(t / k / 2) ** 2) + t + np.log(-np.expm1(-2 * t))
        tangent = np.tanh(t / k)
        return log_x, tangent + 1 / np.tanh(t), k * tangent, 1 - tangent**2

    def _solve(self, x: float) -> float:
        """A t with x(t) = x, or a little above x."""
        log_ratio = float(np.log(x)) - self.log_scale
        if self.nonnegative:
            return log_ratio
        if self.exponent > 1e5:  # log cosh(t/k)^k is below t^2 / (2 k) < 1
            return float(np.arcsinh(np.exp(log_ratio) / 2))
        return self.exponent * float(solve_hyperbolic(np.array([log_ratio]), self.exponent)[0])

    def _range(self, log_noise: float, noise: float, pull: float) -> tuple[float, float]:
        high = self._solve(TAIL * np.hypot(1.0, noise))
        if not self.nonnegative:
            return 1e-300, high
        # where x < eps, w < eps + pull z: this z leaves w below -TAIL tau
        low_pull = TAIL + np.exp(self.log_scale - log_noise)
        return -self.exponent * float(np.log1p(low_pull / (pull * self.exponent))), high

    def _measure(self, t: FloatArray, log_noise: float, pull: float) -> FloatArray:
        """What may grow by PANEL over a panel: log x wherever it counts, t/k, and w in units of both Gaussians."""
        log_x, _, z, _ = self._curve(t)
        noise = np.exp(log_noise)
        w = np.exp(log_x - log_noise) + pull * z
        # a signed x is linear in t below eps, and smooth there
        log_size = log_x if self.nonnegative else np.logaddexp(log_x, self.log_scale)
        return (
            np.clip(log_size - log_noise, -NEGLIGIBLE, 4)
            + np.clip(log_size, -NEGLIGIBLE, 4)
            + np.minimum(t / self.exponent, 20)  # beyond, 1 - |z| < e^-40
            + np.clip(w, -TAIL, TAIL)
            + np.clip(noise * w / np.hypot(1.0, noise), -TAIL, TAIL)
        )


class SoftGraph:
    """The graph of soft thresholding at theta, the limit eps -> 0, by w/tau; z is 1 beyond the threshold."""

    def __init__(self, nonnegative: bool) -> None:
        self.nonnegative = nonnegative

    def __call__(self, log_noise: float, log_pull: float) -> Graph:
        """The graph at log tau and log(theta/tau)."""
        threshold = float(np.exp(log_pull))
        spread = float(np.hypot(1.0, np.exp(-log_noise)))  # of W, in units of tau
        corners = [-TAIL if self.nonnegative else 0.0, threshold, threshold + TAIL]
        if corners[-1] < TAIL * spread:
            corners.append(TAIL * spread)
        widths = [PANEL, PANEL, PANEL * spread]
        pieces = [
            np.linspace(start, end, int(np.ceil((end - start) / width)) + 1)
            for start, end, width in zip(corners[:-1], corners[1:], widths, strict=False)
        ]
        w, weight = _nodes(np.unique(np.concatenate(pieces)))
        above = w > threshold
        return np.maximum(w - threshold, 0.0), np.minimum(w, threshold), weight * above, weight * ~above


def _edges(measure: Callable[[FloatArray], FloatArray], low: float, high: float) -> FloatArray:
    """Edges of panels over which `measure`, an increasing function, grows by about PANEL: equal shares, refined."""
    edges = np.linspace(low, high, 100)
    for _ in range(60):  # each pass divides the widest panel by tens
        grown = measure(edges)
        shares = np.linspace(grown[0], grown[-1], int(np.ceil((grown[-1] - grown[0]) / PANEL)) + 1)
        edges = np.interp(shares, grown, edges)
        if np.diff(grown).max() <= 1.5 * PANEL:
            break
    return edges


def _nodes(edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + NODES)).ravel(), (half * WEIGHTS).ravel()


def _density(x: FloatArray) -> FloatArray:
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
