"""The error of the network's limit on Gaussian data as n -> infinity, m/n and s/m fixed: state evolution.

With A Gaussian and y = A x0, each coordinate of the limit x_alpha behaves as prox(X0 + tau_z Z; theta), Z ~ N(0,1),
where prox(w; theta) is the x with x + theta z(x) = w, z(x) the network's dual variable. The two numbers solve

    E prox'(X0 + tau_z Z; theta) = m/n,    E (prox(X0 + tau_z Z; theta) - X0)^2 = m/n tau_z^2

(docs/theory.md, High-dimensional limits). They are the saddle point of a function convex in tau_z and concave in 1/a,
a = theta/tau_z. So at each a the second equation has at most one root tau_z, and along these roots the first changes
its sign once: two nested bracketed searches cannot miss the solution. Newton's method gives it its digits.

undersampling = m/n in (0, 1) and sparsity = s/m in (0, 1]: for a problem of given sizes these ratios themselves, as
numbers, Fractions or text. signal "signed": N(0,1) on the support; "nonnegative": |N(0,1)|, and the network x = u^L.
The variance of A's entries does not matter, for y has no noise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number, to_text
from dlnflow.network.network import Network
from dlnflow.problems.ensembles import Signal
from dlnflow.theory.gaussian_integrals import TAIL, NetworkGraph, SoftGraph, averages
from dlnflow.theory.phase_transition import (
    bp_threshold,
    check_sparsity,
    check_undersampling,
    count_sides,
    is_only_solution,
    rho_limit,
    threshold_of_noise,
)

SMALLEST_SCALE = Fraction(1, 10**150)
"""Below it the mean squared error, about eps^2 where the signal is recovered, leaves float64's normal range."""

LEAST_NOISE, LARGEST_NOISE = -60.0, 12.0
"""How far below log eps, and how high, log tau_z is sought: delta tau_z^2 is no larger than the signal and eps^2."""

DIFFERENCE = 1e-6
"""In log tau_z and log a, for the quotients of Newton's method; the averages are good to 1e-14."""

Point = tuple[float, float]
"""log tau_z and log a, with a = theta/tau_z in the unit of the graph."""


@dataclass(frozen=True)
class StateEvolution:
    """What becomes of the limit x_alpha as n -> infinity.

    mean_squared_error: of ||x_alpha - x0||^2 / n.  effective_noise: tau_z, on each entry before prox.  prox: theta, in
    the units of `Network.dual`: above depth 2 it is the soft threshold that prox tends to as eps -> 0; at depth 2,
    where |z| tends to log(1/eps), that threshold is theta log(1/eps).

    All are 0 where the signal is recovered exactly: basis pursuit below its threshold, and at any scale a nonnegative
    signal that is the only nonnegative solution (`is_only_solution`).
    """

    mean_squared_error: float
    effective_noise: float
    prox: float


RECOVERED = StateEvolution(0.0, 0.0, 0.0)


def state_evolution(
    depth: Any, scale: Any, undersampling: Any, sparsity: Any, signal: Signal = "signed"
) -> StateEvolution:
    """The limit x_alpha at a depth and scale on Gaussian data, n -> infinity.

    To 1e-10, relative, or to 1e-13/|s/m - s*| if that is more: at basis pursuit's threshold s*, if the scale is small,
    and for nonnegative signals at s* = 2 - n/m the solution is ill-conditioned. Source: Thrampoulidis, Abbasi and
    Hassibi (2018) for convex penalties at large; for the network's, derived.

    Raises ValueError for a depth below 2, a scale outside [1e-150, 1], an m/n outside (0, 1), an s/m outside (0, 1].
    """
    column = _Column(depth, scale, check_undersampling(undersampling), signal)
    return column.at(check_sparsity(sparsity))


def basis_pursuit_evolution(undersampling: Any, sparsity: Any, signal: Signal = "signed") -> StateEvolution:
    """The limit of `state_evolution` as eps -> 0, that of basis pursuit: prox is soft thresholding at theta.

    All zeros up to the threshold `bp_threshold`. Source: Donoho, Maleki and Montanari (2009).

    Raises ValueError for an m/n outside (0, 1), an s/m outside (0, 1].
    """
    delta, fraction = check_undersampling(undersampling), check_sparsity(sparsity)
    if fraction <= bp_threshold(delta, signal):
        return RECOVERED
    equations = _Equations(SoftGraph(signal == "nonnegative"), delta, fraction)
    log_noise, log_a = _solve(equations, (0.0, 0.0))
    noise = float(np.exp(log_noise))
    return StateEvolution(delta * noise**2, noise, float(np.exp(log_noise + log_a)))


def recovery_boundary(depth: Any, scale: Any, undersampling: Any, tolerance: Any, signal: Signal = "signed") -> float:
    """The largest s/m at which the predicted ||x_alpha - x0|| / ||x0|| is at most the tolerance, to 1e-8.

    1.0 if it is at s/m = 1. Signed, this error grows with s/m, from a positive limit at 0: 0.0 if it is above the
    tolerance at a millionth of basis pursuit's threshold. Nonnegative, it is 0 up to s/m = 2 - n/m if that is above 0;
    if not, it is large for signals so sparse that eps outweighs them, and falls before it grows: max(2 - n/m, 0) if
    the tolerance is met nowhere beyond that.

    Raises ValueError for arguments as in `state_evolution`, or a tolerance that is not above 0.
    """
    column = _Column(depth, scale, check_undersampling(undersampling), signal)
    bound = float(parse_number(tolerance))
    if not bound > 0:
        raise ValueError(f"tolerance is {bound}, expected a number above 0")
    certain = max(2 - 1 / column.undersampling, 0.0) if signal == "nonnegative" else 0.0
    width = column.threshold - certain
    points = [certain + width * 2.0**-halvings for halvings in range(21)]

    @cache
    def excess(sparsity: float) -> float:
        return float(np.log(column.at(sparsity).effective_noise / np.sqrt(sparsity) / bound))

    crossing = column.crossing(bound)
    if signal == "signed" and crossing is not None:  # the only one
        return min(crossing, 1.0) if crossing > points[-1] else 0.0
    if signal == "signed" and excess(points[-1]) > 0:
        return 0.0
    if crossing is not None and crossing < 1:
        beyond = [min(1.001 * crossing, 1.0), *(point for point in points if point > crossing)]
        if all(excess(point) > 0 for point in beyond):
            return crossing
    if excess(1.0) <= 0:
        return 1.0
    return _largest_root(excess, [1.0, *points]) or certain


def _largest_root(function: Callable[[float], float], points: list[float]) -> float | None:
    """The largest root of a function above 0 at the first of falling points, where the points or a least value show it.

    A least value is looked for where the function begins to rise again.
    """
    rising = False
    for place in range(1, len(points)):
        low, high, above = points[place], points[place - 1], points[max(place - 2, 0)]
        was_rising, rising = rising, function(low) > function(high)
        if function(low) > 0 and rising and not was_rising:
            tolerance = 1e-3 * (above - low)
            found = minimize_scalar(function, bounds=(low, above), method="bounded", options={"xatol": tolerance})
            low, high = float(found.x), above
        if function(low) <= 0:
            return float(brentq(function, low, high, xtol=1e-9 * high))
    return None


class _Column:
    """State evolution at one depth, scale and m/n, each search starting from the last solution."""

    def __init__(self, depth: Any, scale: Any, undersampling: float, signal: Signal) -> None:
        network = Network(depth, scale, count_sides(signal) == 1)
        if network.scale < SMALLEST_SCALE:
            raise ValueError(f"scale is {to_text(network.scale)}, expected a number that is at least 1e-150")
        self.undersampling, self.signal = undersampling, signal
        self.threshold = bp_threshold(undersampling, signal)
        self._graph, self._is_shallow = NetworkGraph(network), network.is_shallow
        self._last: Point | None = None

    def at(self, sparsity: float) -> StateEvolution:
        """State evolution at an s/m."""
        if is_only_solution(self.undersampling, sparsity, self.signal):
            return RECOVERED
        equations = _Equations(self._graph, self.undersampling, sparsity)
        guess = self._guess(sparsity)
        solution = _polish(equations, self._last) if self._last else None
        solution = solution or _polish(equations, guess) or _solve(equations, (self._graph.log_scale, guess[1]))
        self._last = solution
        noise, pull = np.exp(solution).tolist()
        unit = 1.0 if self._is_shallow else self._graph.exponent
        return StateEvolution(self.undersampling * noise**2, noise, unit * noise * pull)

    def crossing(self, bound: float) -> float | None:
        """An s/m at which the relative error, tau_z / sqrt(s/m), is the bound; None if Newton's method finds none.

        Both equations again, with tau_z given and s/m unknown, from where they hold for basis pursuit.
        """
        log_bound = float(np.log(bound))

        def equations(log_sparsity: float, log_a: float) -> FloatArray:
            at_sparsity = _Equations(self._graph, self.undersampling, float(np.exp(log_sparsity)))
            return at_sparsity(log_bound + log_sparsity / 2, log_a)

        log_threshold = float(np.log(self.threshold))
        found = _newton(equations, (log_threshold, self._log_a(self.threshold, log_bound + log_threshold / 2)))
        if found is None:
            return None
        self._last = log_bound + found[0] / 2, found[1]
        return float(np.exp(found[0]))

    def _guess(self, sparsity: float) -> Point:
        """tau_z of least squares above basis pursuit's threshold, below it eps to the power that the error has."""
        if sparsity >= self.threshold:
            log_noise = float(np.log(sparsity * (1 - self.undersampling))) / 2
        else:
            rho = rho_limit(self.undersampling, sparsity, self.signal) if self._is_shallow else 0.0
            log_noise = (1 - rho) * self._graph.log_scale
        return log_noise, self._log_a(sparsity, log_noise)

    def _log_a(self, sparsity: float, log_noise: float) -> float:
        """With which entries off the support exceed a tau_z as often as under soft thresholding."""
        exceeded = threshold_of_noise(self.undersampling, min(sparsity, self.threshold), self.signal)
        x = TAIL * float(np.exp(max(log_noise, self._graph.log_scale)))
        return float(np.log(max(exceeded, 0.05) / self._graph.dual_at(x)))


@dataclass(frozen=True)
class _Equations:
    """Both equations at (log tau_z, log a): the logs of E prox' and of E (prox - X0)^2 / tau_z^2, over m/n."""

    graph: NetworkGraph | SoftGraph
    undersampling: float
    sparsity: float

    def __call__(self, log_noise: float, log_a: float) -> FloatArray:
        found = averages(self.graph(log_noise, log_a), float(np.exp(log_noise)), self.graph.nonnegative)
        on = self.undersampling * self.sparsity
        slope = (1 - on) * found.off_slope + on * found.on_slope
        error = (1 - on) * found.off_error + on * found.on_error
        return np.log(np.array([slope, error]) / self.undersampling)


def _solve(equations: _Equations, start: Point) -> Point:
    """The solution: roughly by nested searches, then by Newton's method, or by finer searches where that fails."""
    return _polish(equations, _search(equations, start, 0.1)) or _search(equations, start, 1e-12)


def _polish(equations: _Equations, start: Point) -> Point | None:
    """The solution by Newton's method, or None: at m/n = 1/2 nonnegative equations come close to 0 as tau_z grows."""
    found = _newton(equations, start)
    return found if found and found[0] < LARGEST_NOISE else None


def _search(equations: _Equations, start: Point, tolerance: float) -> Point:
    """(log tau_z, log a): at each a the root of the second equation, which falls with tau_z, and there the first's."""
    log_noise, within = start[0], (start[0] + LEAST_NOISE, LARGEST_NOISE)

    def follow(log_a: float) -> float:
        nonlocal log_noise
        log_noise = _falling_root(lambda t: float(equations(t, log_a)[1]), log_noise, 1.0, tolerance, within)
        return log_noise

    # cached, for a search within a tolerance depends on where it starts
    slope = cache(lambda log_a: float(equations(follow(log_a), log_a)[0]))
    log_a = _falling_root(slope, start[1], 0.25, tolerance, (-np.inf, np.inf))
    return follow(log_a), log_a


def _falling_root(
    function: Callable[[float], float], start: float, step: float, tolerance: float, within: tuple[float, float]
) -> float:
    """Where a function falls through zero, which it does at most once, or the end of the range nearest to that."""
    upwards, last = function(start) > 0, start
    while (trial := float(np.clip(last + (step if upwards else -step), *within))) != last:
        if (function(trial) > 0) != upwards:
            return float(brentq(function, min(last, trial), max(last, trial), xtol=tolerance))
        last, step = trial, 2 * step
    return last


def _newton(equations: Callable[[float, float], FloatArray], start: Point) -> Point | None:
    """A root in two logarithms, by Newton's method with difference quotients; None where it does not converge."""
    point = np.array(start)
    with np.errstate(all="ignore"):  # a step may leave the domain: the next is not finite
        for _ in range(12):
            value = equations(*point)
            columns = [(equations(*(point + shift)) - value) / DIFFERENCE for shift in DIFFERENCE * np.eye(2)]
            try:
                step = -np.linalg.solve(np.array(columns).T, value)
            except np.linalg.LinAlgError:
                return None
            length = float(np.abs(step).max())
            if not np.isfinite(length):
                return None
            point = point + step / max(length, 1.0)
            if length < 1e-8:  # the next is shorter by the quotients' relative error, about 1e-6
                return float(point[0]), float(point[1])
    return None
