"""The network's maps in balls: what `network` computes in floats, here as enclosures at flint's present precision."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flint

from dlnflow.arithmetic.exact import to_arb, to_fmpq
from dlnflow.network.network import Network

LARGEST_ROOT = 64
"""Powers a/b with b up to this are taken by roots, which are faster than logarithms."""


@dataclass(frozen=True)
class BallNetwork:
    """x(z) and its slope dx/dz for lists of balls z, as `separable` wants them.

    The slope may not fall faster than a known rate: slope(z + d) >= slope(z) exp(-|d| / reach(z)) wherever both
    exist, with reach = (1 - |z|)/(k + 1) (1 - z if nonnegative), and 1 at depth 2 (docs/theory.md, Proofs in balls).
    """

    network: Network

    @cached_property
    def exponent(self) -> Any:
        """k = L/(L-2), exact (depth > 2)."""
        depth = self.network.depth
        return to_fmpq(depth / (depth - 2))

    def values(self, z: Sequence[Any]) -> tuple[list[Any], list[Any]] | None:
        """(x, slope), or None where a z is not proved to lie inside the domain."""
        eps = to_arb(self.network.scale)
        one_sided = self.network.nonnegative
        if self.network.is_shallow:
            near = [eps * value.exp() for value in z]
            if one_sided:
                return near, near
            square = eps * eps
            far = [square / value for value in near]
            return _differences(near, far), _sums(near, far)
        k = flint.arb(self.exponent)
        edges = [1 - value for value in z]
        if not all(edge > 0 for edge in edges):
            return None
        near = self._powers(eps, edges)
        slopes = [k * power / edge for power, edge in zip(near, edges, strict=True)]
        if one_sided:
            return near, slopes
        edges = [1 + value for value in z]
        if not all(edge > 0 for edge in edges):
            return None
        far = self._powers(eps, edges)
        return _differences(near, far), _sums(slopes, [k * p / edge for p, edge in zip(far, edges, strict=True)])

    def reach(self, z: Sequence[Any]) -> list[Any]:
        """The lengths over which the slopes fall by at most a factor e."""
        if self.network.is_shallow:
            return [flint.arb(1)] * len(z)
        rate = flint.arb(self.exponent + 1)
        if self.network.nonnegative:
            return [(1 - value) / rate for value in z]
        return [(1 - abs(value)) / rate for value in z]

    def smallest_effect(self, x: Sequence[Any]) -> Any:
        """The least that can part a limit x from a minimiser, up to a constant.

        It is the farther of the two powers on the support: eps^2/|x| at depth 2 and eps 2^-k beyond. A nonnegative
        network has one power alone, and differs from a minimiser by its own least coordinate.
        """
        eps = to_arb(self.network.scale)
        if self.network.nonnegative:
            return min(value.mid() for value in x)
        if self.network.is_shallow:
            return eps * eps / max(abs(value).mid() for value in x)
        return eps / flint.arb(2) ** flint.arb(self.exponent)

    def straighten(self, z: Any) -> Any:
        """z in a coordinate that is nearly linear in log(1/eps) along the path of limits.

        z itself at depth 2; atanh z, or -log(1 - z) if nonnegative, beyond.
        """
        if self.network.is_shallow:
            return z
        return -(1 - z).log() if self.network.nonnegative else z.atanh()

    def bend(self, b: Any) -> Any:
        """The inverse of `straighten`."""
        if self.network.is_shallow:
            return b
        return -(-b).expm1() if self.network.nonnegative else b.tanh()

    def _powers(self, eps: Any, bases: Sequence[Any]) -> list[Any]:
        """eps * base^-k."""
        numerator, denominator = int(self.exponent.numerator), int(self.exponent.denominator)
        if denominator > LARGEST_ROOT:
            k = flint.arb(self.exponent)
            return [eps * (-k * base.log()).exp() for base in bases]
        if denominator == 1:
            return [eps / base**numerator for base in bases]
        return [eps / base.root(denominator) ** numerator for base in bases]


def _differences(left: Sequence[Any], right: Sequence[Any]) -> list[Any]:
    return [a - b for a, b in zip(left, right, strict=True)]


def _sums(left: Sequence[Any], right: Sequence[Any]) -> list[Any]:
    return [a + b for a, b in zip(left, right, strict=True)]
