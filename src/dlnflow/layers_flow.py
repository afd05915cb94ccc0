"""Gradient flow of a layered network, W' = -dLoss/dW, by an ODE solver at a tolerance.

Smooth activations: SciPy's DOP853. ReLU and leaky ReLU: SUNDIALS' CVODE (BDF, Jacobian by JAX) on the flow with gates
of a small width (`layers_gradient.activation_of`), for the plain right side jumps wherever an activation changes its
side, the flow soon slides along such places, and an explicit method then goes by steps of the tolerance itself
(docs/benchmarks.md, Layers: how they were chosen).
"""

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import numpy as np
from scipy.integrate import DOP853
from sksundae.cvode import CVODE

from dlnflow.compensated import FloatArray
from dlnflow.layers_architecture import Architecture
from dlnflow.layers_gradient import Loss
from dlnflow.layers_invariants import Forms, invariants
from dlnflow.results import Status

MOST_STEPS = 200_000
"""Of an integrator."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(4)


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Path:
    """The flow at an integrator's own steps.

    times: (k,).  weights: (k, size).  status: converged, or stalled before the end time.  solver: which one.
    evaluations: of the gradient.  integral: of D(dLoss/dW) over time, which the step size of descent multiplies in
    the change of its invariants; None unless asked for.  chatter: what is to be added where the flow slides along a
    kink, for there descent goes to and fro and D is a square; None for smooth networks.
    """

    times: FloatArray
    weights: FloatArray
    status: Status
    solver: str
    evaluations: int
    integral: Forms | None = None
    chatter: Forms | None = None


def is_smooth(network: Architecture) -> bool:
    """Whether the gradient has no jumps."""
    return network.kind == "diagonal" or network.activation in ("linear", "tanh")


def gradient_flow(
    loss: Loss, start: FloatArray, end_time: float, tolerance: float, with_integral: bool = False
) -> Path:
    """The flow from `start` (size,) to the end time.

    tolerance: of a step's estimated local error in the 2-norm, relative to that of the weights. The integrators
    measure root mean squares, so theirs is tolerance/2 relative to each weight and as much of their root mean square
    at the start.
    """
    relative = tolerance / 2
    absolute = relative * float(np.linalg.norm(start)) / np.sqrt(start.size)
    follow = _explicit if is_smooth(loss.network) else _implicit
    return follow(loss, start, end_time, relative, absolute, with_integral)


def _explicit(loss: Loss, start: FloatArray, end: float, relative: float, absolute: float, with_integral: bool) -> Path:
    solver = DOP853(lambda _, weights: -loss.gradient(weights), 0.0, start, end, rtol=relative, atol=absolute)
    times, weights, nodes, lengths = [0.0], [start], [], []
    while solver.status == "running" and len(times) <= MOST_STEPS:
        solver.step()
        if solver.status == "failed":
            break
        times.append(solver.t)
        weights.append(solver.y.copy())
        if with_integral:
            half = (times[-1] - times[-2]) / 2
            nodes.append(solver.dense_output()(times[-2] + half * (1 + _NODES)).T)
            lengths.append(half * _WEIGHTS)
    status = Status.CONVERGED if solver.status == "finished" else Status.STALLED
    integral = _sums(loss, np.concatenate(nodes), np.concatenate(lengths)) if nodes else None
    return Path(np.array(times), np.array(weights), status, "DOP853", solver.nfev, integral)


def _implicit(loss: Loss, start: FloatArray, end: float, relative: float, absolute: float, with_integral: bool) -> Path:
    def slope(_: float, weights: FloatArray, derivative: FloatArray) -> None:
        derivative[:] = -loss.gradient(weights)

    def jacobian(_: float, weights: FloatArray, derivative: FloatArray, into: FloatArray) -> None:
        into[:] = -loss.jacobian(weights)

    options: dict[str, Any] = {"rtol": relative, "atol": absolute, "max_num_steps": MOST_STEPS}
    solver = CVODE(slope, method="BDF", jacfn=jacobian, **options)
    with redirect_stdout(StringIO()):  # where CVODE prints why it gives up; its status says so
        run = solver.solve(np.array([0.0, end]), start)
    times, weights = np.asarray(run.t), np.asarray(run.y)
    status = Status.CONVERGED if run.success and times[-1] >= end * (1 - 1e-12) else Status.STALLED
    integral = chatter = None
    if with_integral:
        gaps = np.diff(times) / 2  # the trapezoidal rule: BDF's steps are short
        lengths = np.append(gaps, 0.0) + np.append(0.0, gaps)
        integral, chatter = _sums(loss, weights, lengths), _chatter(loss, weights, lengths)
    return Path(times, weights, status, "CVODE BDF", int(run.nfev), integral, chatter)


def _sums(loss: Loss, points: FloatArray, lengths: FloatArray) -> Forms:
    """The integral of D(dLoss/dW) by a rule with these points and weights."""
    found = invariants(loss.network, loss.gradients(points))
    return {name: [lengths @ values for values in pairs] for name, pairs in found.items()}


def _chatter(loss: Loss, points: FloatArray, lengths: FloatArray) -> Forms:
    """The integral of what D(dLoss/dW) has on average beyond that of the mean, where steps go to and fro over kinks."""
    at, variances, changes = loss.open_gates(points)
    found = invariants(loss.network, changes)
    return {name: [(lengths[at] * variances) @ values for values in pairs] for name, pairs in found.items()}
