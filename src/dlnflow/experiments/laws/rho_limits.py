"""The limit of rho for large Gaussian data, as rows: a curve in s/n for each m/n, up to basis pursuit's threshold."""

from collections.abc import Iterator, Sequence

from dlnflow.files.tables import Row
from dlnflow.problems.ensembles import Signal
from dlnflow.theory.phase_transition import bp_threshold, check_undersampling, rho_limit

POINTS = 100
"""Of a curve. Their s/n are threshold (k / POINTS)^2, for rho of a signed signal grows like the root of s/n at 0."""


def rho_limit_rows(undersampling: Sequence[str], signal: Signal = "signed") -> Iterator[Row]:
    """The rows of `rho_tables.RHO_LIMITS`: the last of each m/n is the threshold, where rho is 1.

    A nonnegative signal has no finite rho where it is the only solution; such s/n are left out.
    """
    for ratio in undersampling:
        delta = check_undersampling(ratio)
        threshold = bp_threshold(delta, signal)
        for k in range(1, POINTS + 1):
            share = (k / POINTS) ** 2
            rho = rho_limit(delta, threshold * share, signal) if k < POINTS else 1.0
            if rho > float("-inf"):
                yield {"signal": signal, "undersampling": delta, "density": threshold * share * delta, "rho": rho}
