"""The two sides of the network, p = u^L and q = v^L with x = p - q, each as a function of its distance to the bound.

A side's distance is s = bound - z for p and bound + z for q (`Network.bound`); a nonnegative network has p alone:

    depth 2:   p = e^-s,       s real;    depth > 2:   p = eps s^-k,  k = L/(L-2),  s > 0.
"""

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.network.network import Network


class Sides:
    """The maps between sides and distances, float64, arrays of any shape.

    Plain, and to a few digits fewer than `Network`'s own: for finding the limit, not for its last digits.
    log_scale: log eps, which a method may move; distances at depth 2 contain it, their maps do not.
    """

    def __init__(self, network: Network) -> None:
        self.is_bounded = not network.is_shallow  # distances are positive
        self.log_scale = -network.log_inverse_scale[0]
        self._k = 1.0 if network.is_shallow else network.exponent[0]

    @property
    def bound(self) -> float:
        """The distance at z = 0."""
        return 1.0 if self.is_bounded else -self.log_scale

    def sides(self, distances: FloatArray) -> FloatArray:
        """p(s)."""
        return np.exp(self.log_scale - self._k * np.log(distances)) if self.is_bounded else np.exp(-distances)

    def distances(self, sides: FloatArray) -> FloatArray:
        """s(p), p > 0."""
        return np.exp((self.log_scale - np.log(sides)) / self._k) if self.is_bounded else -np.log(sides)

    def weights(self, sides: FloatArray, distances: FloatArray) -> FloatArray:
        """-dp/ds where p and s belong together, and a mean of both views where they do not yet."""
        return self._k * sides / distances if self.is_bounded else sides
