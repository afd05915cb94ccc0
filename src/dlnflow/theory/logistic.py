"""Where success turns into failure: a logistic curve through counts of successes, and how far they pin it down."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, log_expit, logit, ndtri

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.results import Status

DEVIANCE = float(ndtri(0.975)) ** 2
"""The 95 % quantile of chi^2 with one degree of freedom: of twice the log-likelihood ratio that an interval admits."""

NEGLIGIBLE = 1e-3
"""Of the log-likelihood: what a width that no data tell from 0 may lose against 0."""


@dataclass(frozen=True)
class Transition:
    """p(x) = 1/(1 + exp(+-(x - midpoint)/width)), in the units of x.

    [low, high] and [width_low, width_high] are 95 % profile-likelihood intervals; the first may reach beyond the data.
    width_low is 0 where a sudden change is the most likely curve; width is then the largest that the counts do not
    tell from 0. trials: how many there are in all.  status: converged, or unresolved, with None for every number.
    """

    status: Status
    trials: int
    midpoint: float | None = None
    low: float | None = None
    high: float | None = None
    width: float | None = None
    width_low: float | None = None
    width_high: float | None = None


def fit_transition(x: Any, successes: Any, trials: Any, rising: bool) -> Transition:
    """The most likely p(x), rising or falling, behind successes in so many trials at abscissae x, all (k,).

    Unresolved where the counts do not reject a constant p at the 95 % level, which is where the midpoint's interval
    would be unbounded, and where the midpoint lies outside [min x, max x].

    In steepness b = 1/width and intercept a the log-likelihood is concave. So its profiles have one maximum, its level
    sets give intervals, and nested bracketed searches find all of them. Where successes and failures share no range,
    or one abscissa alone, the likelihood grows up to b = infinity: then width = d/(2 log(1000 N)), d the gap between
    them or the distance from that abscissa to the next, N all trials. With its midpoint half-way such a curve loses at
    most N exp(-d/(2 width)) = 1/1000 of log-likelihood against a sudden one.

    Raises ValueError for arrays of different lengths, or counts that are not 0 <= successes <= trials.
    """
    places, hits, misses = _counts(np.asarray(x, float), np.asarray(successes, float), np.asarray(trials, float))
    total = round(float(hits.sum() + misses.sum()))
    if len(places) < 2 or not hits.any() or not misses.any():
        return Transition(Status.UNRESOLVED, total)
    turned = 1.0 if rising else -1.0
    origin, unit, is_sudden = _scaling(turned * places, hits, misses)
    curve = _Curve((turned * places - origin) / unit, hits, misses, is_sudden)
    if not curve.is_resolved:
        return Transition(Status.UNRESOLVED, total)
    midpoint, *ends = (turned * (origin + unit * place) for place in (curve.midpoint, *curve.midpoint_interval()))
    widths = (unit * width for width in (1 / curve.steepness, *curve.width_interval()))
    return Transition(Status.CONVERGED, total, midpoint, *sorted(ends), *widths)


def _counts(x: FloatArray, successes: FloatArray, trials: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Abscissae without repetition or empty places; successes and failures there."""
    if not x.shape == successes.shape == trials.shape == (x.size,):
        raise ValueError(
            f"x, successes and trials have the shapes {x.shape}, {successes.shape}, {trials.shape}, expected (k,)"
        )
    if not ((successes >= 0) & (successes <= trials)).all():
        raise ValueError("successes are not all within 0 and trials, expected counts of some of the trials")
    used = trials > 0
    places, index = np.unique(x[used], return_inverse=True)
    hits, misses = np.zeros_like(places), np.zeros_like(places)
    np.add.at(hits, index, successes[used])
    np.add.at(misses, index, (trials - successes)[used])
    return places, hits, misses


def _scaling(places: FloatArray, hits: FloatArray, misses: FloatArray) -> tuple[float, float, bool]:
    """An origin and a length for a curve that rises at places (k,), and whether a sudden one is the most likely."""
    first_hit, last_miss = float(places[hits > 0].min()), float(places[misses > 0].max())
    if first_hit != last_miss:
        return first_hit, abs(first_hit - last_miss), first_hit > last_miss
    others = places[places != first_hit]
    return first_hit, float(np.abs(others - first_hit).min()), True


@dataclass(frozen=True, eq=False)
class _Curve:
    """A rising curve expit(a + b u) through counts at places u (k,)."""

    places: FloatArray
    hits: FloatArray
    misses: FloatArray
    is_sudden: bool

    @cached_property
    def trials(self) -> FloatArray:
        return self.hits + self.misses

    @cached_property
    def is_resolved(self) -> bool:
        """Whether a constant is rejected, in favour of a midpoint within the places."""
        return (
            self._steepness_score(0.0) > 0
            and self._steepness_excess(0.0) > 0
            and float(self.places.min()) <= self.midpoint <= float(self.places.max())
        )

    @cached_property
    def steepness(self) -> float:
        """The most likely b, or the least that is as likely as infinity."""
        if self.is_sudden:
            return float(2 * np.log(self.trials.sum() / NEGLIGIBLE))
        return _root(self._steepness_score, 0.0, _first(lambda b: self._steepness_score(b) <= 0, 1.0))

    @cached_property
    def midpoint(self) -> float:
        """The most likely -a/b."""
        return -self._intercept(self.steepness) / self.steepness

    def width_interval(self) -> tuple[float, float]:
        """The widths whose likelihood, at their best midpoint, is not too small."""
        wide = 1 / _root(self._steepness_excess, 0.0, self.steepness)
        if self.is_sudden:
            return 0.0, wide
        beyond = _first(lambda b: self._steepness_excess(b) > 0, 2 * self.steepness)
        return 1 / _root(self._steepness_excess, self.steepness, beyond), wide

    def midpoint_interval(self) -> tuple[float, float]:
        """The midpoints whose likelihood, at their best width, is not too small."""
        return self._end(-1.0), self._end(1.0)

    def _end(self, side: float) -> float:
        # there is one, for a constant, b = 0, is rejected
        step = _first(lambda step: self._midpoint_excess(self.midpoint + side * step) > 0, 1.0)
        return self.midpoint + side * _root(
            lambda step: self._midpoint_excess(self.midpoint + side * step), 0.0, step, 1e-7
        )

    @cached_property
    def _greatest(self) -> float:
        return self._log_likelihood(self._intercept(self.steepness), self.steepness)

    def _log_likelihood(self, intercept: float, steepness: float) -> float:
        exponent = intercept + steepness * self.places
        return float(self.hits @ log_expit(exponent) + self.misses @ log_expit(-exponent))

    def _intercept(self, steepness: float) -> float:
        """The most likely a at a b: the number of successes is the one expected."""
        hits = float(self.hits.sum())
        flat = float(logit(hits / self.trials.sum()))
        # between the values that give every place the p of the last and of the first; 1 for rounding
        low, high = flat - steepness * self.places.max() - 1, flat - steepness * self.places.min() + 1
        return _root(lambda a: hits - float(self.trials @ expit(a + steepness * self.places)), low, high)

    def _steepness_score(self, steepness: float) -> float:
        """The log-likelihood's derivative along the best a: it falls with b."""
        p = expit(self._intercept(steepness) + steepness * self.places)
        spread = self.trials * p * (1 - p)
        # from this centre an error in a has no effect to first order
        centre = (spread @ self.places) / spread.sum()
        return float((self.places - centre) @ (self.hits - self.trials * p))

    def _steepness_excess(self, steepness: float) -> float:
        """Deviance at a b beyond what its interval admits."""
        return 2 * (self._greatest - self._log_likelihood(self._intercept(steepness), steepness)) - DEVIANCE

    def _midpoint_excess(self, midpoint: float) -> float:
        """Deviance at a midpoint beyond what its interval admits."""
        steepness = self._steepness_about(midpoint)
        if steepness == np.inf:  # the sudden curve, 1/2 at the midpoint itself
            likelihood = -float(np.log(2) * self.trials[self.places == midpoint].sum())
        else:
            likelihood = self._log_likelihood(-steepness * midpoint, steepness)
        return 2 * (self._greatest - likelihood) - DEVIANCE

    def _steepness_about(self, midpoint: float) -> float:
        """The most likely b >= 0 at a midpoint, infinity where it splits successes from failures.

        The score is sum n t/(1 + exp(b t)) - D, t = |u - midpoint|, D the sum of t over outcomes on the wrong side. It
        is convex in b, so Newton's first step from 0 is below its root; and n t/(1 + exp(b t)) < n/(e b), so n/(e D)
        is above.
        """
        away = self.places - midpoint
        wrong = float(np.abs(away) @ np.where(away > 0, self.misses, self.hits))
        if wrong == 0:
            return np.inf
        first = 4 * float(away @ (self.hits - self.trials / 2)) / float(self.trials @ away**2)
        if first <= 0:
            return 0.0
        last = float(self.trials.sum()) / (np.e * wrong)

        def score(log_b: float) -> float:
            return float(away @ (self.hits - self.trials * expit(np.exp(log_b) * away)))

        # in log b, for b is as large as 1/t at the least t
        return float(np.exp(_root(score, float(np.log(first)), float(np.log(last)), 1e-7)))


def _first(holds: Callable[[float], bool], value: float) -> float:
    """The first of value, 2 value, 4 value, ... for which something holds."""
    while not holds(value):
        value *= 2
    return value


def _root(function: Callable[[float], float], low: float, high: float, tolerance: float = 1e-12) -> float:
    """The root in a bracket, whose ends may be roots but for rounding."""
    at_low, at_high = function(low), function(high)
    if at_low * at_high >= 0:
        return low if abs(at_low) < abs(at_high) else high
    return float(brentq(function, low, high, xtol=tolerance, rtol=1e-12))
