"""What comes back from a computation: a status for every cell, and small frozen records."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Status(StrEnum):
    """How a cell ended. Every result carries one; nothing returns NaN instead."""

    CONVERGED = "converged"
    """The residual, or the step, reached the rounding level that the result's radius states."""
    STALLED = "stalled"
    """The iteration stopped above its tolerance; the values are the best found."""
    OUT_OF_FLOAT64 = "out_of_float64"
    """The cell needs numbers, or an accuracy, that float64 cannot hold."""
    NOT_UNIQUE = "not_unique"
    """The quantity asked for belongs to a unique minimiser, and there are many."""
    UNRESOLVED = "unresolved"
    """The computation is sound, but what it was to show is less than twice its own radius."""
    FAILED = "failed"
    """The computation raised an error; the cell's message says which."""


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Limit:
    """The limit x_alpha of the flow at one depth and scale.

    x: (n,) the limit.  nu: (m,) the dual unknown, z = A^T nu (docs/theory.md, The network and its flow); at depth 2 z
    is 4 s, so that nu / log(1/scale) tends to a dual certificate, at every larger depth nu itself does.
    radius: bound on ||x - x_alpha||_2; proved if the engine is "arb", in float64 an estimate from the last Newton step
    and the rounding errors.  residual: ||A x - y||_2, before x is rounded to float64.
    engine: the arithmetic that ran, float64 or arb (balls).  precision: its bits.
    """

    x: NDArray[np.float64]
    nu: NDArray[np.float64]
    status: Status
    residual: float
    radius: float
    iterations: int
    engine: str = "float64"
    precision: int = 53


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Trajectory:
    """The flow at one depth and scale, sampled at given times and followed to stationarity.

    times: (k,) in the flow's own time t.  rescaled: (k,) the same times divided by `Network.time_unit`.
    x: (k, n).  u, v: (k, n) the layers (v is absent for a nonnegative network).  loss: (k,) 1/2 ||A x - y||^2.
    limit: the end point, where the residual stopped falling; steps, evaluations: the integrator's work.
    """

    times: NDArray[np.float64]
    rescaled: NDArray[np.float64]
    x: NDArray[np.float64]
    u: NDArray[np.float64]
    v: NDArray[np.float64] | None
    loss: NDArray[np.float64]
    limit: Limit
    end_time: float
    steps: int
    evaluations: int
