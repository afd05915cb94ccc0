"""Gradient descent of the network on a linear program, step for step as it is run, and what theory says of its end.

u <- u - 2 eta u * A^T(A u^2 - b), so that x <- x (1 - 2 eta A^T rho)^2, rho = A x - b (Wang, Ghosal and Mazumder,
arXiv:2310.02535; docs/theory.md, Linear programs). The logarithm of x is kept, so that nothing underflows.

Near a limit x the residual obeys rho <- (1 - 4 eta M) rho, M = A diag(x) A^T with eigenvalues mu: it contracts by
max |1 - 4 eta mu|, and x can be a limit only while 4 eta mu_max <= 2. The limit itself is that of the flow for the
costs c + 4 eta lam G + O(eta^2), G the integral of (A^T rho)^2 along the flow, so that it departs from the flow's by

    eta dx,     dx = 4 x * (A^T M^-1 A (x * G) - G).
"""

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.flow import EntropicFlow
from dlnflow.programs.limit import log_start
from dlnflow.results import Status

SMALLEST = 1e-12
"""The residual over ||b|| at which descent has converged: a few thousand roundings of A x."""
LARGEST = 1e12
"""The same at which it has left for good."""
WINDOW = 1e-8, 1e-11
"""Residuals over the first one's or ||b||, whichever is larger, between which the factor is measured: what is
nonlinear is below 1e-8 there, and rounding below 1e-4."""


@dataclass(frozen=True, eq=False)
class EntropicDescent:
    """Descent with one step size.

    x: (n,) its end.  residuals: (k + 1,) ||A x - b||_2 before each step and at the end.
    factor: by which the residual changes in a step between WINDOW, measured; None if it is not passed.
    contraction: max |1 - 4 eta mu| at x, predicted.
    sharpness: 4 eta mu_max at x; x is stable where it is below 2.
    largest_turn: max 2 eta |A^T rho| over all steps.  sign_changes: steps in which some u changed its sign.
    status: converged; failed: the residual grew beyond LARGEST; stalled after max_steps.
    """

    x: FloatArray
    residuals: FloatArray
    factor: float | None
    contraction: float
    sharpness: float
    largest_turn: float
    sign_changes: int
    status: Status


def entropic_descent(program: StandardForm, lam: Any, eta: float, max_steps: int = 200_000) -> EntropicDescent:
    """Descent on 1/2 ||A (u*u) - b||^2 from u = exp(-c/(2 lam)) with the step size eta, to ||A x - b|| <= 1e-12 ||b||.

    Raises as `log_start` does for the program and lam, and ValueError for eta not above 0 or max_steps below 1.
    """
    log_x = log_start(program, lam)
    if not 0 < eta < inf:
        raise ValueError(f"eta is {eta!r}, expected a number above 0")
    if max_steps < 1:
        raise ValueError(f"max_steps is {max_steps!r}, expected a number that is at least 1")
    A, b = program.A, program.b
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # beyond the threshold it may leave float64
        kept, status, turn, changes = [], Status.STALLED, 0.0, 0
        size = float(np.linalg.norm(b))
        for step in range(max_steps + 1):
            residual = A @ np.exp(log_x) - b
            norm = float(np.linalg.norm(residual))
            kept.append(norm)
            if norm <= SMALLEST * size:
                status = Status.CONVERGED
                break
            if not norm <= LARGEST * size:
                status = Status.FAILED
                break
            if step == max_steps:
                break
            turns = 2 * eta * (A.T @ residual)
            turn = max(turn, float(np.abs(turns).max()))
            changes += bool((turns > 1).any())
            log_x = log_x + 2 * np.log(np.abs(1 - turns))
        x = np.exp(log_x)
    return _described(program, eta, x, np.array(kept), turn, changes, status)


def stability_threshold(program: StandardForm, x: FloatArray) -> float:
    """The step size at which x ceases to be stable: 4 eta mu_max(A diag(x) A^T) = 2."""
    return 1 / (2 * float(np.linalg.eigvalsh(program.A * x @ program.A.T)[-1]))


def departure(program: StandardForm, run: EntropicFlow) -> FloatArray:
    """dx (n,): descent with a small step eta ends at x_lam + eta dx + O(eta^2).  run: the flow at that lam."""
    A, x, G = program.A, run.x[-1], run.squares
    return 4 * x * (A.T @ np.linalg.solve(A * x @ A.T, A @ (x * G)) - G)


def _described(
    program: StandardForm,
    eta: float,
    x: FloatArray,
    norms: FloatArray,
    turn: float,
    changes: int,
    status: Status,
) -> EntropicDescent:
    contraction = sharpness = inf
    factor = None
    if status is not Status.FAILED:
        mu = np.linalg.eigvalsh(program.A * x @ program.A.T)
        factors = np.abs(1 - 4 * eta * mu)
        contraction, sharpness = float(factors.max()), float(4 * eta * mu[-1])
        factor = _factor(norms / max(float(np.linalg.norm(program.b)), float(norms[0])))
    return EntropicDescent(x, norms, factor, contraction, sharpness, turn, changes, status)


def _factor(sizes: FloatArray) -> float | None:
    """The mean factor of a step from the last size above WINDOW's first to the last one above its second."""
    above, below = (np.flatnonzero(sizes > bound) for bound in WINDOW)
    if not len(above) or not len(below) or below[-1] - above[-1] < 2 or below[-1] == len(sizes) - 1:
        return None
    first, last = int(above[-1]), int(below[-1])
    return float((sizes[last] / sizes[first]) ** (1 / (last - first)))
