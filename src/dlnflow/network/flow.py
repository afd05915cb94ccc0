"""The gradient flow of the network, integrated in the m dual unknowns to stationarity.

With z = A^T nu, the flow of x = u^L - v^L in the time tau = rate * t is nu' = y - A x(z), nu(0) = 0 (theory,
section 1). Each piece of the run works in a `Chart`: coordinates around the point where it starts, in which small
edges keep their digits and the integrator's error is the error of x. SUNDIALS' CVODE (BDF, analytic Jacobian) makes
the steps.
"""

from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import fields
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg.blas import dsymm, dsyrk
from sksundae.cvode import CVODE

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.network.dual_points import LARGEST_RADIUS, evaluate, nothing_known
from dlnflow.network.flow_coordinates import EDGE_FALL, WEIGHT_SPREAD, Chart, Samples, stationary
from dlnflow.network.network import Network
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit, Status, Trajectory

FAR = 1e250
"""A time that no flow in float64's reach needs to become stationary."""


class Piece:
    """The flow in one chart, from its centre at local time 0."""

    def __init__(self, chart: Chart, rtol: float) -> None:
        self.chart = chart
        self.evaluations = 0
        self._e, self._edge = chart.c, chart.point.edge
        self._atol = chart.tolerance(rtol)
        # the quick map is good to rounding of eps + |x|: too little where x stays far below eps
        network = chart.network
        self._primal = network.quick_primal if network.eps <= chart.least_size() else network.primal
        self._solver = CVODE(
            self._velocity,
            method="BDF",
            rtol=0.0,
            atol=self._atol,
            jacfn=self._jacobian,
            linsolver="lapackdense",
            first_step=self._first_step(),
            max_conv_fails=50,  # each cuts the step to a quarter: enough to come back into the domain
        )

    def _first_step(self) -> float:
        """Where an explicit Euler step is off by the tolerance, or has used a tenth of an edge."""
        speed = self.chart.gram @ self.chart.c
        bend = self.chart.slope * float(np.linalg.norm(self.chart.gram @ speed))
        reach = 0.1 * float(np.min(self.chart.room / np.abs(self.chart.B @ speed)))
        return min(float(np.sqrt(2 * self._atol.min() * np.sqrt(len(speed)) / bend)), reach)

    def _velocity(self, _time: float, w: FloatArray, velocity: FloatArray) -> None:
        """w'; not-a-number outside the domain or where x overflows.

        No iteration converges on that, so CVODE retries with a smaller step; an exception would end the run.
        """
        self.evaluations += 1
        z, self._edge = self.chart.dual(w)
        self._e = self.chart.pull(self._primal(z, self._edge))
        velocity[:] = self.chart.gram @ self._e

    def _jacobian(self, _time: float, w: FloatArray, _velocity: FloatArray, jacobian: FloatArray) -> None:
        """-T T^T B^T D B."""
        half = self.chart.B * np.sqrt(self.chart.network.slope(*self.chart.dual(w)))[:, None]
        jacobian[:] = dsymm(-1.0, dsyrk(1.0, half, trans=1), self.chart.gram, side=1)

    def steps(self) -> Iterator[tuple[float, FloatArray]]:
        """(local time, w) after each step, until CVODE gives up."""
        self._solver.init_step(0.0, np.zeros_like(self.chart.c))
        last = 0.0
        while True:
            with redirect_stdout(StringIO()):  # where CVODE prints why it gives up; its status says so
                step = self._solver.step(2 * FAR, "onestep")
            if not step.success:
                return
            if step.t > last:  # after an interpolation CVODE returns its last step again
                last = step.t
                yield step.t, step.y

    def interpolated(self, time: float) -> FloatArray:
        """w at a time within the last step."""
        return self._solver.step(time, "normal").y

    def residual_norm(self) -> float:
        """||y - A x||_2 about where the last step ended."""
        return float(np.linalg.norm(self.chart.residual(self._e)))

    def has_lost_digits(self) -> bool:
        """Whether an edge is much smaller than the one that it is computed from."""
        return not self.chart.network.is_shallow and bool((self.chart.point.edge > EDGE_FALL * self._edge).any())


class Integration:
    """The flow from its start to its end, piece by piece, and what it leaves behind."""

    def __init__(self, start: Chart, asked: FloatArray | None, rtol: float, max_steps: int) -> None:
        self.chart, self._rtol, self._max_steps = start, rtol, max_steps
        self.tau, self.steps, self.evaluations = 0.0, 0, 0
        self._every_step = asked is None
        self._waiting = [0.0] if asked is None else asked.tolist()
        self._next_check = 0.0
        self.samples = [start.sample(np.empty(0), np.empty((0, len(start.c))))]
        self._sample_centre([self._waiting.pop(0)] if self._waiting[:1] == [0.0] else [])

    def follow(self) -> Status:
        """Integrate until the flow is stationary, or the steps or float64's digits are used up."""
        status = None
        while status is None:
            status = self._follow_piece()
        if status is Status.CONVERGED:
            self._sample_centre(self._waiting)
        return status

    def _follow_piece(self) -> Status | None:
        """One piece; the status if it is the last."""
        piece = Piece(self.chart, self._rtol)
        w = self._advance(piece)
        self.evaluations += piece.evaluations
        chart = None if w is None or self.tau > FAR else self.chart.moved(w)
        if chart is None:
            return Status.OUT_OF_FLOAT64
        self.chart = chart
        if self.steps >= self._max_steps:
            return Status.STALLED
        end = stationary(chart, self._rtol)
        if end is None:
            return None
        self.chart = end
        return Status.CONVERGED

    def _advance(self, piece: Piece) -> FloatArray | None:
        """Step until a new chart is due; w there, None if no step was possible."""
        start, w = self.tau, None
        kept: list[tuple[float, FloatArray]] = []
        for time, w in piece.steps():
            self.tau, self.steps = start + time, self.steps + 1
            if self._every_step:
                kept.append((self.tau, w))
            while self._waiting and self._waiting[0] <= self.tau:
                tau = self._waiting.pop(0)
                kept.append((tau, piece.interpolated(min(tau - start, time))))
            if self.steps >= self._max_steps or self.tau > FAR or piece.has_lost_digits() or self._is_due(piece, w):
                break
        if kept:
            self.samples.append(self.chart.sample(np.array([tau for tau, _ in kept]), np.array([w for _, w in kept])))
        return w

    def _is_due(self, piece: Piece, w: FloatArray) -> bool:
        """Whether the flow looks stationary, or its fast directions have settled; asked each time that tau doubles."""
        if self.tau < self._next_check or piece.residual_norm() > 1e-2 * np.linalg.norm(self.chart.problem.y):
            return False
        self._next_check = 2 * self.tau
        chart = self.chart.moved(w)
        if chart is None or chart.correction <= self._rtol * chart.size:
            return True
        change = chart.weights / self.chart.weights  # up to a factor
        return bool(change.max() > WEIGHT_SPREAD * change.min())

    def _sample_centre(self, tau: list[float]) -> None:
        self.samples.append(self.chart.sample(np.array(tau), np.zeros((len(tau), len(self.chart.c)))))


def flow(
    problem: Problem,
    depth: Any,
    scale: Any,
    *,
    times: ArrayLike | None = None,
    rtol: float = 1e-9,
    max_steps: int = 20_000,
) -> Trajectory:
    """The gradient flow of 1/2 ||A x - y||^2 in the layers, from u = v = scale**(1/depth) to its limit.

    times: (k,) increasing times >= 0 of the flow at which to sample it; without them, after every step of the
    integrator. rtol: the error of x, relative to its size, that a step may add. The run ends where the flow is
    stationary and not at a time: once x is within rtol of its limit, backward Euler steps of infinite length take it
    there to rounding level. Times beyond that sample the limit. Source: docs/theory.md, The network and its flow.

    The limit's status is converged, stalled (after max_steps) or out_of_float64; in the latter two the times that
    the run did not reach are left out.

    Raises ValueError for a depth below 2, a scale outside (0, 1], times that do not increase from 0 or above, an
    rtol outside [1e-13, 1e-2] or max_steps below 1.
    """
    network = Network(depth, scale, problem.nonnegative)
    asked = None if times is None else _checked_times(times)
    if not 1e-13 <= rtol <= 1e-2:
        raise ValueError(f"rtol is {rtol!r}, expected a number from 1e-13 to 1e-2")
    if max_steps < 1:
        raise ValueError(f"max_steps is {max_steps!r}, expected a number that is at least 1")
    if not network.in_float64:
        return _out_of_float64(problem)
    with np.errstate(all="ignore"):  # what leaves float64 ends the run, with a status
        origin = np.zeros(problem.measurements)
        start = Chart(problem, network, evaluate(problem, network, origin, origin))
        run = Integration(start, None if asked is None else asked * network.rate, rtol, max_steps)
        return _trajectory(network, run, run.follow(), asked)


def _checked_times(times: ArrayLike) -> FloatArray:
    asked = np.array(times, dtype=np.float64)
    if asked.ndim != 1 or not np.isfinite(asked).all() or (asked < 0).any() or (np.diff(asked) <= 0).any():
        raise ValueError(f"times are {times!r}, expected a list of increasing finite numbers, none below 0")
    return asked


def _trajectory(network: Network, run: Integration, status: Status, asked: FloatArray | None) -> Trajectory:
    s = Samples(*(np.concatenate([getattr(part, f.name) for part in run.samples]) for f in fields(Samples)))
    times = s.tau / network.rate if asked is None else asked[: len(s.tau)]
    u, v = network.layers(s.z, s.edge)
    chart = run.chart
    if not chart.radius <= LARGEST_RADIUS * chart.size and status is not Status.STALLED:
        status = Status.OUT_OF_FLOAT64
    residual = float(np.linalg.norm(chart.point.residual))
    limit = Limit(chart.point.x, chart.point.high, status, residual, chart.radius, run.steps)
    end = run.tau / network.rate
    return Trajectory(times, times / network.time_unit, s.x, u, v, s.loss, limit, end, run.steps, run.evaluations)


def _out_of_float64(problem: Problem) -> Trajectory:
    """What is known where the scale itself leaves float64: nothing."""
    none, nothing = np.empty(0), np.empty((0, problem.features))
    v = None if problem.nonnegative else nothing
    return Trajectory(none, none, nothing, nothing, v, none, nothing_known(problem), 0.0, 0, 0)
