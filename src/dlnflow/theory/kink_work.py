"""What an accuracy costs on the kink A = [1, 1 - delta], y = 1: the scale it needs, and the flow's time.

With one measurement and c = 1 - delta the limit x_alpha is a point of the line x_1 + c x_2 = 1, so that its distance to
the minimiser (1, 0) is (1 + c^2)^(1/2) x_2, and the flow is nu' = 1 - x_1 - c x_2 for a single number nu.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, fsum, inf, log, log2, log10
from typing import Any

import flint
import numpy as np

from dlnflow.arithmetic.exact import log10_of, parse_number, to_arb, to_text
from dlnflow.network.certified_limits import CertifiedLimit, Certifier, certified_limit, upper_float
from dlnflow.network.in_balls import BallNetwork
from dlnflow.network.network import Network
from dlnflow.problems.kink_families import LARGEST_ACCURACY, LARGEST_DELTA, LEAST_BITS
from dlnflow.problems.problem import kink
from dlnflow.theory.rates import predicted_rate

MINIMISER = (1, 0)
TOLERANCE = 1e-3
"""Width in log10 of the bracket around the scale needed."""
MOST_ATTEMPTS = 40
DIGIT_BITS = 192
"""Bits beyond those that 1 - z, which may be as small as delta * accuracy, takes from a number around 1."""
NODES = 10
"""Gauss-Legendre nodes a panel, on which the integrand is analytic in an ellipse of parameter 5.8: 5.8^-20 < 1e-15."""


class OutOfReachError(ArithmeticError):
    """The scale needed is below 2^-LEAST_BITS."""


@dataclass(frozen=True, eq=False)
class NeededScale:
    """The largest scale that an accuracy needs, in a bracket that is proved.

    scale: exact text; there the error is proved to be at most the accuracy.  too_large: likewise, above it by at most
    TOLERANCE in log10; there it is proved to be more. The error falls with the scale, so the scale needed is between.
    log10_error: of a bound on the error at `scale`.  limit: the limit there.  attempts: limits computed.
    """

    scale: str
    log10_scale: float
    too_large: str
    log10_error: float
    limit: CertifiedLimit
    attempts: int


@dataclass(frozen=True, eq=False)
class _Attempt:
    """A scale, and log10 of its error over the accuracy; reached: whether the error is proved to be at most it."""

    scale: str
    log10_scale: float
    excess: float
    reached: bool
    limit: CertifiedLimit


def predicted_scale(depth: Any, delta: Any, accuracy: Any) -> float:
    """log10 of the scale at which the leading-order error is the accuracy (docs/theory.md, Rates and The kink).

    The error is C eps^e with C = (1 + c^2)^(1/2) (delta^-k - (2 - delta)^-k), k = L/(L-2), and e = 1 for L > 2, and
    C = (1 + c^2)^(1/2), e = delta at depth 2. So eps is about delta^k, but accuracy^(1/delta) at depth 2.
    """
    delta, accuracy = _checked(delta, accuracy)
    rate = predicted_rate(kink(delta), depth)
    with flint.ctx.workprec(128):
        log10_power = log10_of(to_arb(accuracy) / rate.constant_ball)
    assert log10_power is not None
    return log10_power / float(rate.exponent)


def exact_scale(depth: Any, delta: Any, accuracy: Any) -> float:
    """log10 of the scale at which the error is the accuracy, from one equation in one unknown.

    An error tau means x_2 = tau/(1 + c^2)^(1/2) and x_1 = 1 - c x_2; since x_1 = eps h(z) and x_2 = eps h(c z), z is
    the root of h(c z)/h(z) = x_2/x_1, which falls from c to 0, whatever eps. Then eps = x_2/h(c z). Up to the farther
    powers of h, with q = (x_2/x_1)^(1/k), eps = x_2 (delta/(1 - c q))^k for L > 2: `predicted_scale` has q = 0.
    """
    delta, accuracy = _checked(delta, accuracy)
    maps = BallNetwork(Network(depth, 1))
    # the search may go on to half of 1 - z's digits beyond the root
    with flint.ctx.workprec(2 * _bits(delta, accuracy)):
        c = to_arb(1 - delta)
        off = to_arb(accuracy) / (1 + c * c).sqrt()
        ratio = off / (1 - c * off)

        def sides(bent: Any) -> tuple[Any, Any]:
            z = maps.bend(bent)
            values = maps.values([z, c * z])
            assert values is not None
            return values[0][0], values[0][1]

        def is_beyond(bent: Any) -> bool:
            first, second = sides(bent)
            return bool(second < ratio * first)

        high = flint.arb(1)
        while not is_beyond(high):
            high = 2 * high
        low = flint.arb(0)
        for _ in range(_bits(delta, accuracy)):
            middle = ((low + high) / 2).mid()
            low, high = (low, middle) if is_beyond(middle) else (middle, high)
        found = log10_of(off / sides(high)[1])
    assert found is not None
    return found


def needed_scale(depth: Any, delta: Any, accuracy: Any) -> NeededScale:
    """The largest scale whose limit is within the accuracy of (1, 0), by limits in balls, from the prediction on.

    depth, delta, accuracy: numbers or exact text. Secant steps in log10 of the scale, from `predicted_scale`, each
    moved by a third of the tolerance to the side that is still to be shown.

    Raises ValueError for a depth below 2, delta outside (0, 1/2] or an accuracy outside (0, 1/4], OutOfReachError if
    the scale is below 2^-4096, and ArithmeticError if a limit or the bracket is not found.
    """
    delta, accuracy = _checked(delta, accuracy)
    wanted = exact_scale(depth, delta, accuracy)
    if wanted < -LEAST_BITS * log10(2):
        raise OutOfReachError(f"needs a scale of about 10^{wanted:.6g}, below 2^-{LEAST_BITS}")
    problem = kink(delta)
    certifier = Certifier(problem, depth)
    guess, slope = predicted_scale(depth, delta, accuracy), float(predicted_rate(problem, depth).exponent)
    below: _Attempt | None = None
    above: _Attempt | None = None
    last: _Attempt | None = None
    for attempts in range(1, MOST_ATTEMPTS + 1):
        tried = _attempt(certifier, depth, accuracy, min(guess, 0.0))
        below, above = (tried, above) if tried.reached else (below, tried)
        if below and above and below.log10_scale + TOLERANCE >= above.log10_scale:
            return _needed(below, above, attempts)
        if last and last.log10_scale != tried.log10_scale:
            slope = (last.excess - tried.excess) / (last.log10_scale - tried.log10_scale)
        last = tried
        guess = tried.log10_scale - tried.excess / slope + (TOLERANCE if tried.reached else -TOLERANCE) / 3
        guess = _inside(guess, below, above)
    raise ArithmeticError(f"{MOST_ATTEMPTS} limits do not bracket the scale for {to_text(accuracy)} at depth {depth}")


def _attempt(certifier: Certifier, depth: Any, accuracy: Fraction, log10_scale: float) -> _Attempt:
    scale = _short_text(log10_scale)
    limit = certifier.at(scale)
    with flint.ctx.workprec(128):
        relative = limit.distance(MINIMISER) / to_arb(accuracy)
        excess = log10_of(relative)
    assert excess is not None
    exact_log10 = 0.0 - Network(depth, scale).log_inverse_scale[0] / log(10)
    return _Attempt(scale, exact_log10, excess, bool(relative <= 1), limit)


def _short_text(log10_scale: float) -> str:
    """A scale of six digits, as exact text."""
    decade = floor(log10_scale)
    return to_text(parse_number(f"{10 ** (log10_scale - decade):.5f}e{decade}"))


def _inside(guess: float, below: _Attempt | None, above: _Attempt | None) -> float:
    """The guess, or the middle of the bracket if it is not inside."""
    low, high = below.log10_scale if below else -inf, above.log10_scale if above else inf
    if low < guess < high:
        return guess
    if below is None or above is None:  # a decade beyond the only end that is known
        return high - 1 if below is None else low + 1
    return (low + high) / 2


def _needed(below: _Attempt, above: _Attempt, attempts: int) -> NeededScale:
    error = log10(upper_float(below.limit.distance(MINIMISER)))
    return NeededScale(below.scale, below.log10_scale, above.scale, error, below.limit, attempts)


def predicted_time(depth: Any, log10_scale: float) -> float:
    """log10 of the time of the escape from zero (docs/theory.md, Time), where ||A^T y||_inf = 1 as on the kink.

    alpha^(2-L)/(L(L-2)) for L > 2, log(1/eps)/4 at depth 2: of any scale, also of one that no float holds. At the
    scale needed both are of order 1/delta: x_2^(-1/k)/(L(L-2) delta) to leading order, log(1/x_2)/(4 delta).
    """
    network = Network(depth)
    if network.is_shallow:
        return log10(-log10_scale * log(10) / 4)
    return float(2 / network.depth - 1) * log10_scale - log10(network.depth * (network.depth - 2))


def flow_time(depth: Any, delta: Any, scale: Any, distance: Any, limit: CertifiedLimit | None = None) -> float:
    """The time after which the flow from this scale is within the distance of (1, 0): it comes nearer all the time.

    t = integral of d nu/(1 - x_1 - c x_2) over rate. As functions of nu, x_1 and x_2 have no negative Taylor
    coefficient, so 1 - x_1 - c x_2 vanishes at nu*, the dual of the limit, and nowhere within |nu| < nu*. So panels
    whose distances to nu* double, from that of the flow at the end, give every digit with few nodes at any depth.

    limit: at this scale, to save its work. Raises ValueError for a distance outside (0, 1), 1 being that of the start,
    or not above that of the limit.
    """
    delta, distance = _within("delta", delta, LARGEST_DELTA), _within("distance", distance, Fraction(1))
    network = Network(depth, scale)
    limit = limit or certified_limit(kink(delta), depth, scale)
    if not (distance < 1 and limit.distance(MINIMISER) < to_arb(distance)):
        raise ValueError(f"distance is {to_text(distance)}, expected one between those of the limit and of the start")
    path = _Path(network, delta, limit.nu[0].mid(), _bits(delta, distance))
    nearest, farthest = path.gap_at(float(distance)), float(path.end)
    panels = max(ceil(log2(farthest / nearest)), 1)
    bounds = np.append(nearest * 2.0 ** np.arange(panels), farthest)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(bounds)[:, None] / 2
    gaps = (bounds[:-1, None] + half * (1 + nodes)).ravel().tolist()
    pieces = (half * weights).ravel().tolist()
    return fsum(piece / path.at(gap)[0] for gap, piece in zip(gaps, pieces, strict=True)) / network.rate


class _Path:
    """The flow's points, by the gap nu* - nu that is left to its end."""

    def __init__(self, network: Network, delta: Fraction, end: Any, bits: int) -> None:
        self.end = end
        self._maps, self._delta, self._bits = BallNetwork(network), delta, bits

    def at(self, gap: float) -> tuple[float, float]:
        """(1 - x_1 - c x_2, distance to (1, 0)), with the digits of a float."""
        with flint.ctx.workprec(self._bits):
            c, nu = to_arb(1 - self._delta), self.end - gap
            values = self._maps.values([nu, c * nu])
            assert values is not None
            first, second = values[0]
            return float(1 - first - c * second), float(((1 - first) ** 2 + second * second).sqrt())

    def gap_at(self, distance: float) -> float:
        """The gap at which the flow is at a distance: it grows with the gap."""
        low, high = -float(self._bits), log2(float(self.end))
        while low < (middle := (low + high) / 2) < high:
            low, high = (middle, high) if self.at(2.0**middle)[1] < distance else (low, middle)
        return float(2.0**high)


def _bits(delta: Fraction, accuracy: Fraction) -> int:
    return DIGIT_BITS + ceil(1 / (delta * accuracy)).bit_length()


def _checked(delta: Any, accuracy: Any) -> tuple[Fraction, Fraction]:
    return _within("delta", delta, LARGEST_DELTA), _within("accuracy", accuracy, LARGEST_ACCURACY)


def _within(name: str, value: Any, most: Fraction) -> Fraction:
    number = parse_number(value)
    if not 0 < number <= most:
        raise ValueError(f"{name} is {to_text(number)}, expected a number above 0 and at most {to_text(most)}")
    return number
