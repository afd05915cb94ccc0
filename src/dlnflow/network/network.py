"""The diagonal linear network of one depth and scale: the one place that knows depth 2 from the deeper ones.

x = u^L - v^L (or x = u^L) started at u = v = alpha, with scale eps = alpha^L, is a function of the dual unknown
z = A^T nu alone (docs/theory.md, The network and its flow):

    depth 2:   x = 2 eps sinh(z),   z = 4 s real;          nonnegative: x = eps e^z
    depth > 2: x = eps h(z), h(z) = (1-z)^-k - (1+z)^-k, k = L/(L-2), |z| < 1;   nonnegative: x = eps (1-z)^-k, z < 1

On the support |z| tends to a bound (1, or log(1/eps) at depth 2) as eps falls, so what carries the digits there is
the *edge*, bound - |z| (bound - z if nonnegative). Every method takes z and, where it is known better than
bound - |z| in float64, the edge.
"""

from fractions import Fraction
from functools import cached_property
from typing import Any

import flint
import numpy as np
from numpy.typing import ArrayLike

from dlnflow.arithmetic.error_free import FloatArray, two_sum
from dlnflow.arithmetic.exact import parse_number, to_arb, to_text
from dlnflow.network.edge_powers import far_side, log_near_side, log_product, near_side, scaled_power, solve_hyperbolic

SMALLEST_FLOAT64_SCALE = Fraction(1, 10**300)
"""Below it eps and eps * h leave float64's normal range."""


SMALLEST_EDGE = float(np.finfo(np.float64).tiny)
"""Edges below float64's normal range, of x / eps beyond about 1e308, are returned as its least number."""


class Network:
    """The maps between x and z at a depth (L >= 2, any real number) and a scale (0 < eps <= 1).

    Arrays of any shape in, arrays of that shape out, float64. Relative errors stay below 4 + |k log(1-|z|)| units in
    the last place (4 + |z| at depth 2), the condition of x as a function of k, wherever the arguments are exact and
    the results are normal numbers. An inverse is as exact as that of an x wrong by so much.

    Raises ValueError for a depth below 2 or a scale outside (0, 1].
    """

    def __init__(self, depth: Any, scale: Any = 1, nonnegative: bool = False) -> None:
        self.depth, self.scale = parse_number(depth), parse_number(scale)
        self.nonnegative = nonnegative
        if self.depth < 2:
            raise ValueError(f"depth is {to_text(self.depth)}, expected a number that is at least 2")
        if not 0 < self.scale <= 1:
            raise ValueError(f"scale is {to_text(self.scale)}, expected a number above 0 and at most 1")

    @property
    def is_shallow(self) -> bool:
        """Whether the depth is 2, where powers become exponentials."""
        return self.depth == 2

    @property
    def in_float64(self) -> bool:
        """Whether eps and eps * h stay in float64's normal range."""
        return self.scale >= SMALLEST_FLOAT64_SCALE

    @cached_property
    def eps(self) -> float:
        """The scale as a float."""
        return float(self.scale)

    @cached_property
    def log_inverse_scale(self) -> tuple[float, float]:
        """log(1/eps) as a pair of floats, good to about 32 digits."""
        with flint.ctx.workprec(256):
            return _pair_of_arb(-to_arb(self.scale).log())

    @cached_property
    def exponent(self) -> tuple[float, float]:
        """k = L/(L-2) as a pair of floats (depth > 2)."""
        return _pair(self.depth / (self.depth - 2))

    @property
    def bound(self) -> tuple[float, float]:
        """What |z| approaches on the support: 1, or log(1/eps) at depth 2, as a pair of floats."""
        return self.log_inverse_scale if self.is_shallow else (1.0, 0.0)

    @cached_property
    def time_unit(self) -> float:
        """The flow's time in which rescaled time advances by one: escape from zero at about 1/||A^T y||_inf.

        log(1/eps)/4 at depth 2 (with 1 in place of a logarithm below 1), alpha^(2-L)/(L(L-2)) beyond
        (docs/theory.md, Time).
        """
        return (max(self.log_inverse_scale[0], 1.0) if self.is_shallow else 1.0) / self.rate

    @cached_property
    def rate(self) -> float:
        """dz/ds for z = rate * s, s = A^T (integral of the residual): 4 at depth 2, L(L-2) alpha^(L-2) beyond."""
        if self.is_shallow:
            return 4.0
        return float(self.depth * (self.depth - 2)) * self._scale_power(1 - 2 / self.depth)

    def edge(self, z: ArrayLike, z_low: ArrayLike = 0.0) -> FloatArray:
        """bound - |z + z_low| (bound - z if nonnegative), correctly rounded up to an ulp; negative only at depth 2."""
        z, z_low = np.asarray(z, dtype=np.float64), np.asarray(z_low, dtype=np.float64)
        sign = 1.0 if self.nonnegative else np.where(z < 0, -1.0, 1.0)
        high, low = self.bound
        total, lost = two_sum(np.float64(high), -sign * z)
        return total + (lost + (low - sign * z_low))

    def primal(self, z: ArrayLike, edge: ArrayLike | None = None) -> FloatArray:
        """x(z)."""
        z, edge = self._arguments(z, edge)
        if self.nonnegative:
            if self.is_shallow:
                return self._near_exponential(z, edge)
            return scaled_power(near_side(z, edge), self.exponent, self.eps)
        size = np.abs(z)
        if self.is_shallow:
            # 1 - e^(-2|z|) keeps its digits at z = 0; the factor e^-edge or eps e^|z| keeps those of the nearer end
            x = -self._near_exponential(size, edge) * np.expm1(-2 * size)
        else:
            near, far = near_side(size, edge), far_side(size, edge)
            ratio = 2 * self.exponent[0] * np.arctanh(np.minimum(size, 0.5))
            small = (ratio < 2) & (size < 0.5)
            # x = far^-k expm1(log of (near/far)^-k) where the two powers nearly cancel
            cancelling = scaled_power(far, self.exponent, self.eps) * np.expm1(np.where(small, ratio, 0.0))
            apart = scaled_power(near, self.exponent, self.eps) - scaled_power(far, self.exponent, self.eps)
            x = np.where(small, cancelling, apart)
        return np.copysign(x, z)

    def quick_primal(self, z: FloatArray, edge: FloatArray) -> FloatArray:
        """x(z) in a third of the time, for integrating: a step's error is far above that of this map.

        Each power is good to 4 + k + 2 log(1/eps) + |log |x|| ulp of |x| + eps. Not-a-number outside the domain.
        """
        if self.is_shallow:
            return self.eps * np.exp(z) if self.nonnegative else 2 * self.eps * np.sinh(z)
        k, shift = self.exponent[0], self.log_inverse_scale[0]
        near = np.exp(-shift - k * np.log(edge))
        return near if self.nonnegative else np.copysign(near - np.exp(-shift - k * np.log(2 - edge)), z)

    def slope(self, z: ArrayLike, edge: ArrayLike | None = None) -> FloatArray:
        """dx/dz, positive."""
        z, edge = self._arguments(z, edge)
        size = np.abs(z)
        if self.is_shallow:
            if self.nonnegative:
                return self._near_exponential(z, edge)
            return self._near_exponential(size, edge) * (1 + np.exp(-2 * size))
        power = _pair(2 * (self.depth - 1) / (self.depth - 2))  # k + 1
        k = self.exponent[0]
        if self.nonnegative:
            return k * scaled_power(near_side(z, edge), power, self.eps)
        near, far = near_side(size, edge), far_side(size, edge)
        return k * (scaled_power(near, power, self.eps) + scaled_power(far, power, self.eps))

    def conjugate(self, z: ArrayLike, edge: ArrayLike | None = None) -> FloatArray:
        """eps q*(z), the integral of x(z) from 0: the dual objective is y.nu - sum of it."""
        z, edge = self._arguments(z, edge)
        if self.is_shallow:
            if self.nonnegative:
                return np.where(z < 1, self.eps * np.expm1(np.minimum(z, 1.0)), self.primal(z, edge) - self.eps)
            size = np.abs(z)
            return self._near_exponential(size, edge) * np.expm1(-size) ** 2
        power = _pair(2 / (self.depth - 2))  # k - 1
        factor = float((self.depth - 2) / 2)  # last, for its product with eps may leave the normal range
        if self.nonnegative:
            exponent = -power[0] * log_near_side(z, edge)
            by_power = scaled_power(near_side(z, edge), power, self.eps) - self.eps
            return factor * np.where(exponent < 2, self.eps * np.expm1(np.minimum(exponent, 2.0)), by_power)
        size = np.abs(z)
        near, far = near_side(size, edge), far_side(size, edge)
        log_near, log_far = log_near_side(size, edge), np.log1p(np.minimum(size, 1.0))
        c = power[0] / 2 * (log_far - log_near)
        # a^-p + b^-p - 2 = 2 (ab)^(-p/2) cosh(c) - 2, split where it cancels so that only positive numbers are added
        small = np.where(c < 2, c, 0.0)
        together = np.expm1(-power[0] / 2 * log_product(size, edge)) * np.cosh(small) + 2 * np.sinh(small / 2) ** 2
        apart = scaled_power(near, power, self.eps) + scaled_power(far, power, self.eps) - 2 * self.eps
        return factor * np.where(c < 2, 2 * self.eps * together, apart)

    def layers(self, z: ArrayLike, edge: ArrayLike | None = None) -> tuple[FloatArray, FloatArray | None]:
        """u and v, the layers with x = u^L - v^L (v is None if nonnegative)."""
        z, edge = self._arguments(z, edge)
        alpha = self._scale_power(1 / self.depth)
        if self.is_shallow:
            return alpha * np.exp(z / 2), None if self.nonnegative else alpha * np.exp(-z / 2)
        power = _pair(1 / (self.depth - 2))
        if self.nonnegative:
            return scaled_power(near_side(z, edge), power, alpha), None
        size = np.abs(z)
        near, far = scaled_power(near_side(size, edge), power, alpha), scaled_power(far_side(size, edge), power, alpha)
        return np.where(z < 0, far, near), np.where(z < 0, near, far)

    def dual(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """(z, edge) with x = x(z): the inverse of `primal`. A nonnegative network has z = -inf at x = 0."""
        x = np.asarray(x, dtype=np.float64)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return self._shallow_dual(x) if self.is_shallow else self._deep_dual(x)

    def _shallow_dual(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        size = np.abs(x)
        logarithm = self._log_ratio(size)
        if self.nonnegative:
            return logarithm, -np.log(size)
        z = np.where(logarithm < 40, np.arcsinh(size / self.eps / 2), logarithm)  # beyond e^40, asinh(r/2) = log r
        edge = np.where(size < self.eps, self.edge(z), -np.log((size + np.hypot(size, 2 * self.eps)) / 2))
        return np.copysign(z, x), edge

    def _deep_dual(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        size = np.abs(x)
        logarithm, k = self._log_ratio(size), self.exponent[0]
        inverse = 1 - 2 / self.depth  # 1/k
        # the edge if x were eps (1-z)^-k alone
        one_sided = scaled_power((size, np.zeros_like(size)), _pair(inverse), self._scale_power(inverse))
        one_sided = np.where(size == 0, np.inf, np.maximum(one_sided, SMALLEST_EDGE))
        if self.nonnegative:
            return np.where(np.abs(logarithm) < 2 * k, -np.expm1(-logarithm / k), 1 - one_sided), one_sided
        b = solve_hyperbolic(logarithm, k)
        z, edge = np.tanh(b), 2 / (1 + np.exp(2 * b))
        slope = self.slope(z, edge)
        step = (size - self.primal(z, edge)) / slope  # one Newton step with the accurate map
        regular = np.isfinite(slope)  # where it overflows, the farther power is lost to rounding
        return np.copysign(np.where(regular, z + step, 1.0), x), np.where(regular, edge - step, one_sided)

    def potential(self, x: ArrayLike) -> FloatArray:
        """eps q(x/eps), q the integral of the inverse of h: what the limit minimises over A x = y.

        Its integral starts where z = 0: at x = 0, or at x = eps if nonnegative.
        """
        x = np.asarray(x, dtype=np.float64)
        inside = np.where(x == 0, self.eps, x) if self.nonnegative else x
        z, edge = self.dual(inside)
        legendre = inside * z - self.conjugate(z, edge)
        if not self.nonnegative:
            return legendre
        # near x = eps: sum over j >= 2 of l^j/j! * (1 - (2/L)^(j-1)), l = log(x/eps); at depth 2 with the factor j-1
        logarithm = self._log_ratio(inside)
        inner = np.clip(logarithm, -1.0, 1.0)
        log_share = np.log1p(-float(1 - 2 / self.depth))  # of 2/L
        series, term = np.zeros_like(inner), inner.copy()
        for j in range(2, 24):  # 1/24! is below float64's resolution of the first term
            term = term * inner / j
            series += term * (j - 1 if self.is_shallow else -np.expm1((j - 1) * log_share))
        at_zero = self.eps * (1.0 if self.is_shallow else float((self.depth - 2) / 2))
        return np.where(x == 0, at_zero, np.where(np.abs(logarithm) < 1, self.eps * series, legendre))

    def _arguments(self, z: ArrayLike, edge: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
        z = np.asarray(z, dtype=np.float64)
        return z, self.edge(z) if edge is None else np.asarray(edge, dtype=np.float64)

    def _log_ratio(self, size: FloatArray) -> FloatArray:
        """log(size/eps), accurate near 1 and without overflow."""
        with np.errstate(over="ignore", divide="ignore"):
            ratio, excess = size / self.eps, (size - self.eps) / self.eps
            far = np.where(np.isfinite(ratio), np.log(ratio), np.log(size) + self.log_inverse_scale[0])
        return np.where(np.abs(excess) < 0.5, np.log1p(np.clip(excess, -0.5, 0.5)), far)

    def _near_exponential(self, z: FloatArray, edge: FloatArray) -> FloatArray:
        """eps e^z at depth 2, from whichever of z and the edge log(1/eps) - z is the smaller."""
        by_edge = np.exp(-edge)
        with np.errstate(over="ignore"):
            by_z = self.eps * np.exp(np.where(np.abs(z) <= np.abs(edge), z, 0.0))
        return np.where(np.abs(z) <= np.abs(edge), by_z, by_edge)

    def _scale_power(self, power: Fraction) -> float:
        """eps^power, rounded once."""
        with flint.ctx.workprec(256):
            return float((to_arb(self.scale) ** to_arb(power)).mid())


def h(z: ArrayLike, depth: Any) -> FloatArray:
    """h_L(z) = x/eps as a function of the dual unknown: 2 sinh(z) at depth 2."""
    return Network(depth).primal(z)


def q(x: ArrayLike, depth: Any) -> FloatArray:
    """q_L(x), the integral of the inverse of h_L from 0: the potential that the network minimises."""
    return Network(depth).potential(x)


def q_star(z: ArrayLike, depth: Any) -> FloatArray:
    """q_L*(z), the convex conjugate of q_L: the integral of h_L from 0."""
    return Network(depth).conjugate(z)


def g(x: ArrayLike, depth: Any) -> FloatArray:
    """What q_L tends to far from zero: |x| - (L/2) |x|^(2/L), at depth 2 |x| log(|x|/e) (Wind et al., figure 3).

    The error is relative to the larger of the two terms, not to their difference.
    """
    depth = parse_number(depth)
    size = np.abs(np.asarray(x, dtype=np.float64))
    if depth == 2:
        return np.where(size == 0, 0.0, size * (np.log(np.where(size == 0, 1.0, size)) - 1))
    return size - float(depth / 2) * size ** float(2 / depth)


def _pair(value: Fraction) -> tuple[float, float]:
    high = float(value)
    return high, float(value - Fraction(high))


def _pair_of_arb(value: flint.arb) -> tuple[float, float]:
    high = float(value.mid())
    return high, float((value - high).mid())
