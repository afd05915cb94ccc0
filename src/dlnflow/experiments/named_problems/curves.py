"""Errors against the scale, as claims read them: curves, their local slopes, and whether those have settled."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.kit.claim import ROUNDING, Tables
from dlnflow.results import Status

MIN_SCALES = 4
"""Three local slopes, which is what an estimate of what is left to their limit takes."""

MOST_LEFT = 1e-2
"""A curve whose local slope, or constant, is estimated farther than this from its limit is not asymptotic yet."""


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Curve:
    """Resolved errors of one problem, depth and method, from the largest scale to the smallest; logarithms to base 10.

    noise: what the radii of the last errors leave open of their logarithms.  exponent, constant: predicted, NaN if
    not known; the constant's logarithm.  end: the limit at the smallest scale.
    """

    table: str
    problem: str
    trial: int
    method: str
    depth: float
    exponent: float
    constant: float
    scales: FloatArray
    errors: FloatArray
    noise: float
    end: FloatArray

    @property
    def slopes(self) -> FloatArray:
        """Local exponents, from each scale to the next smaller one."""
        return np.diff(self.errors) / np.diff(self.scales)

    @property
    def ratio(self) -> float:
        """By which the next-order term, scale^((L-2)/L), falls at the last step; 0 at L = 2, where it is a power of
        the problem's own (docs/theory.md, Rates)."""
        return float(10 ** ((self.depth - 2) / self.depth * np.diff(self.scales)[-1])) if self.depth > 2 else 0.0

    def settled_slope(self) -> tuple[float, float] | None:
        """(the last local exponent, tolerance of its distance to the limit); None if not asymptotic yet."""
        noise = 2 * self.noise / float(np.abs(np.diff(self.scales[-MIN_SCALES:])).min())
        return self._settled(self.slopes, noise)

    def settled_constant(self, exponent: float) -> tuple[float, float] | None:
        """(log10 of error / scale^exponent at the last scale, its tolerance); None if not asymptotic yet."""
        return self._settled(self.errors - exponent * self.scales, self.noise)

    def _settled(self, values: FloatArray, noise: float) -> tuple[float, float] | None:
        # twice the estimate: its own relative error is that of the term after the next beside the next, below MOST_LEFT
        left = left_of(values, noise, self.ratio)
        return (float(values[-1]), 2 * left + noise) if left + noise <= MOST_LEFT else None


def curves(tables: Tables) -> Iterator[Curve]:
    """The curves of the tables of errors with at least MIN_SCALES resolved errors."""
    for name in ("sharpness", "asymptotics"):
        if name not in tables:
            continue
        frame = tables[name]
        # the status converged of a cell that was compared says that its error is above twice its radius
        frame = frame[(frame.status == Status.CONVERGED) & frame.log10_error.notna()]
        frame = frame.sort_values("log10_scale", ascending=False, kind="stable")
        for (problem, trial, _, method), rows in frame.groupby(["problem", "trial", "exact_depth", "method"]):
            if len(rows) < MIN_SCALES:
                continue
            last = rows.iloc[-1]
            relative = 10 ** (rows.log10_radius - rows.log10_error).to_numpy()[-MIN_SCALES:]
            yield Curve(
                name, problem, int(trial), method, float(last.depth), float(last.exponent), float(last.log10_constant),
                rows.log10_scale.to_numpy(), rows.log10_error.to_numpy(),
                ROUNDING + float(np.nan_to_num(relative, nan=0.0).max()) / math.log(10),  # no radius: no noise
                np.asarray(last.x, dtype=float),
            )  # fmt: skip


def left_of(values: FloatArray, noise: float, ratio: float) -> float:
    """Estimate of how far the last value of a sequence is from its limit; inf if it does not settle.

    Where the differences fall geometrically, what is left is the rest of their series (Aitken). Their ratio is the
    measured one, but at least the predicted one, so that a sequence that creeps is not taken for one that stands.
    """
    before, after = np.abs(np.diff(values[-3:]))
    if after > noise:
        ratio = max(ratio, after / before) if before > 0 else math.inf
    return float(max(after, noise) * ratio / (1 - ratio)) if ratio < 1 else math.inf
