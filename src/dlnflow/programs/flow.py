"""The network's flow on a linear program in time, integrated in the m dual unknowns to stationarity.

x = u*u, u(0) = exp(-c/(2 lam)), u' = -2 u * A^T(A x - b): with nu, log x = A^T nu - c/lam, this is nu' = 4 (b - A x),
nu(0) = 0 (docs/theory.md, Linear programs). SUNDIALS' CVODE (BDF, analytic Jacobian -4 A diag(x) A^T) makes the steps;
its error is that of nu, so that x is good to the same relative error however small it is.
"""

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import numpy as np
from sksundae.cvode import CVODE

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.limit import log_start
from dlnflow.results import Status

FAR = 1e250
"""A time that no flow in float64's reach needs."""
LATE = 1e-5, 1e-8
"""Residuals, over ||b||, between which the last rate is read: late enough for the slowest mode's own law, and far above
the integrator's error."""


@dataclass(frozen=True, eq=False)
class EntropicFlow:
    """The flow at one lam, sampled after every step of the integrator.

    times: (k,).  nu: (k, m).  x: (k, n).  residuals: (k,) ||A x - b||_2.
    squares: (n,) the integral over time of (A^T (A x - b))^2, by which descent departs from the flow.
    rate: of the slowest mode's residual between LATE, measured; None if there are no two samples there.
    status: converged: the residual is below rtol ||b||; stalled after max_steps or where CVODE gives up.
    """

    times: FloatArray
    nu: FloatArray
    x: FloatArray
    residuals: FloatArray
    squares: FloatArray
    rate: float | None
    status: Status
    evaluations: int


def entropic_flow(program: StandardForm, lam: Any, *, rtol: float = 1e-11, max_steps: int = 20_000) -> EntropicFlow:
    """The flow of 1/2 ||A (u*u) - b||^2 from u = exp(-c/(2 lam)) until ||A x - b|| <= rtol ||b||.

    lam: > 0, in units of c.  rtol: also the error that a step may add to nu, which is x's relative error.
    Raises as `log_start` does for the program and lam, and ValueError for an rtol outside [1e-13, 1e-3] or max_steps
    below 1.
    """
    start = log_start(program, lam)
    if not 1e-13 <= rtol <= 1e-3:
        raise ValueError(f"rtol is {rtol!r}, expected a number from 1e-13 to 1e-3")
    if max_steps < 1:
        raise ValueError(f"max_steps is {max_steps!r}, expected a number that is at least 1")
    run = _Run(program, -start, rtol)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is retried with a smaller step
        status = run.follow(max_steps)
        states = np.array(run.states)
        nu, squares = states[:, : program.constraints], states[-1, program.constraints :]
        x = np.exp(nu @ program.A - run.offset)
        residuals = np.linalg.norm(x @ program.A.T - program.b, axis=1)
    times = np.array(run.times)
    return EntropicFlow(times, nu, x, residuals, squares, _rate(program, times, x), status, run.evaluations)


def slowest_mode(program: StandardForm, x: FloatArray) -> tuple[float, FloatArray]:
    """(mu, v): the least eigenvalue of A diag(x) A^T and its eigenvector (m,); residuals fall like exp(-4 mu t)."""
    values, vectors = np.linalg.eigh(program.A * x @ program.A.T)
    return float(values[0]), vectors[:, 0]


def _rate(program: StandardForm, times: FloatArray, x: FloatArray) -> float | None:
    """From the residual along the slowest mode: other modes may not have gone yet, but do not show in it."""
    _, direction = slowest_mode(program, x[-1])
    along = np.abs((x @ program.A.T - program.b) @ direction) / np.linalg.norm(program.b)
    late = np.flatnonzero((along < LATE[0]) & (along > LATE[1]))
    if len(late) < 2:
        return None
    first, last = late[0], late[-1]
    return float(np.log(along[first] / along[last]) / (times[last] - times[first]))


class _Run:
    """nu, and after it the integrals `squares`, step by step."""

    def __init__(self, program: StandardForm, offset: FloatArray, rtol: float) -> None:
        self.program, self.offset = program, offset
        self.evaluations = 0
        self._aim = rtol * float(np.linalg.norm(program.b))
        self._m = program.constraints
        self.times, self.states = [0.0], [np.zeros(self._m + program.variables)]
        gradients = program.A.T @ (program.A @ np.exp(-self.offset) - program.b)
        atol = np.append(np.full(self._m, rtol), np.full(program.variables, rtol) * (1 + gradients**2))
        self._solver = CVODE(
            self._velocity,
            method="BDF",
            rtol=rtol,
            atol=atol,
            jacfn=self._jacobian,
            linsolver="lapackdense",
            first_step=self._first_step(rtol),
            max_conv_fails=50,  # each cuts the step to a quarter: enough to come back from an overflow
        )

    def _first_step(self, rtol: float) -> float:
        """Where an explicit Euler step is off by rtol in nu."""
        x, residual = self._residual(self.states[0])
        bend = 16 * float(np.linalg.norm(self.program.A @ (x * (self.program.A.T @ residual))))
        return float(np.sqrt(2 * rtol / bend))

    def follow(self, max_steps: int) -> Status:
        self._solver.init_step(0.0, self.states[0])
        for _ in range(max_steps):
            with redirect_stdout(StringIO()):  # where CVODE prints why it gives up; its status says so
                step = self._solver.step(FAR, "onestep")
            if not step.success:
                return Status.STALLED
            self.times.append(float(step.t))
            self.states.append(np.array(step.y))
            if np.linalg.norm(self._residual(step.y)[1]) <= self._aim:
                return Status.CONVERGED
        return Status.STALLED

    def _residual(self, state: FloatArray) -> tuple[FloatArray, FloatArray]:
        x = np.exp(self.program.A.T @ state[: self._m] - self.offset)
        return x, self.program.A @ x - self.program.b

    def _velocity(self, _time: float, state: FloatArray, velocity: FloatArray) -> None:
        self.evaluations += 1
        _, residual = self._residual(state)
        velocity[: self._m] = -4 * residual
        velocity[self._m :] = (self.program.A.T @ residual) ** 2

    def _jacobian(self, _time: float, state: FloatArray, _velocity: FloatArray, jacobian: FloatArray) -> None:
        A = self.program.A
        x, residual = self._residual(state)
        gram = A * x @ A.T
        jacobian[:] = 0.0
        jacobian[: self._m, : self._m] = -4 * gram
        jacobian[self._m :, : self._m] = 2 * (A.T @ residual)[:, None] * (A.T @ gram)
