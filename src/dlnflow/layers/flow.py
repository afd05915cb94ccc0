"""Gradient flow of a layered network, W' = -dLoss/dW, by an ODE solver at a tolerance.

Smooth activations: SciPy's DOP853, but for the long times of very tiny starts. ReLU and leaky ReLU: SUNDIALS' CVODE
(BDF, Jacobian by JAX) on the flow with gates of a small width (`gradient.activation_of`), for the plain right
side jumps wherever an activation changes its side, the flow soon slides along such places, and an explicit method then
goes by steps of the tolerance itself (docs/benchmarks.md, Layers: how they were chosen).
"""

from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

import numpy as np
from scipy.integrate import DOP853
from sksundae.cvode import CVODE

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.layers.architecture import Architecture
from dlnflow.layers.gradient import Loss
from dlnflow.layers.invariants import Forms, invariants, squared_norms
from dlnflow.results import Status

MOST_STEPS = 200_000
"""Of an integrator."""
SAFETY = 10
"""Of the implicit one, whose steps are thousands and their errors add up: without it drifts of 41 times the tolerance
were measured."""
LONG = 1e4
"""Of times: an explicit method's steps are bounded by its stability long after the flow has settled."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(4)


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Path:
    """The flow at an integrator's own steps.

    times: (k,).  weights: (k, size).  status: converged, or stalled before the end time.  solver: which one.
    evaluations: of the gradient.  integral: of D(dLoss/dW) over time, which the step size of descent multiplies in
    the change of its invariants; None unless asked for.  chatter: what is to be added where the flow slides along a
    kink, for there descent goes to and fro and D is a square; None for smooth networks.
    energies: (L,) the integral of ||dLoss/dW_h||^2, chatter included, whose differences those of the layers are.
    """

    times: FloatArray
    weights: FloatArray
    status: Status
    solver: str
    evaluations: int
    integral: Forms | None = None
    chatter: Forms | None = None
    energies: FloatArray | None = None


def is_smooth(network: Architecture) -> bool:
    """Whether the gradient has no jumps."""
    return network.kind == "diagonal" or network.activation in ("linear", "tanh")


def gradient_flow(
    loss: Loss, start: FloatArray, end_time: float, tolerance: float, with_integral: bool = False
) -> Path:
    """The flow from `start` (size,) to the end time.

    tolerance: of a step's estimated local error in the 2-norm, relative to that of the weights. The integrators
    measure root mean squares, so theirs is tolerance/2 relative to each weight and as much of their root mean square
    at the start; the implicit one is told SAFETY times less.
    """
    explicit = is_smooth(loss.network) and end_time < LONG
    relative = tolerance / 2 / (1 if explicit else SAFETY)
    absolute = relative * float(np.linalg.norm(start)) / np.sqrt(start.size)
    follow = _explicit if explicit else _implicit
    return follow(loss, start, end_time, relative, absolute, with_integral)


def _explicit(loss: Loss, start: FloatArray, end: float, relative: float, absolute: float, with_integral: bool) -> Path:
    solver = DOP853(lambda _, weights: -loss.gradient(weights), 0.0, start, end, rtol=relative, atol=absolute)
    times, weights, nodes, lengths = [0.0], [start], [], []
    while solver.status == "running" and len(times) <= MOST_STEPS:
        with np.errstate(over="ignore", invalid="ignore"):  # of a step that is then found too long
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
    path = Path(np.array(times), np.array(weights), status, "DOP853", solver.nfev)
    return replace(path, **_integrals(loss, np.concatenate(nodes), np.concatenate(lengths))) if nodes else path


def _implicit(loss: Loss, start: FloatArray, end: float, relative: float, absolute: float, with_integral: bool) -> Path:
    evaluations = 0

    def slope(_: float, weights: FloatArray, derivative: FloatArray) -> None:
        nonlocal evaluations
        evaluations += 1
        # CVODE counts no steps when it reports each; no iteration converges on nan, and it gives up
        derivative[:] = -loss.gradient(weights) if evaluations <= 3 * MOST_STEPS else np.nan

    def jacobian(_: float, weights: FloatArray, derivative: FloatArray, into: FloatArray) -> None:
        into[:] = -loss.jacobian(weights)

    solver = CVODE(slope, method="BDF", jacfn=jacobian, rtol=relative, atol=absolute)
    with redirect_stdout(StringIO()):  # where CVODE prints why it gives up; its status says so
        run = solver.solve(np.array([0.0, end]), start)
    times, weights = np.asarray(run.t), np.asarray(run.y)
    status = Status.CONVERGED if run.success and times[-1] >= end * (1 - 1e-12) else Status.STALLED
    path = Path(times, weights, status, "CVODE BDF", int(run.nfev))
    if not with_integral:
        return path
    gaps = np.diff(times) / 2  # the trapezoidal rule: BDF's steps are short
    return replace(path, **_integrals(loss, weights, np.append(gaps, 0.0) + np.append(0.0, gaps)))


def _integrals(loss: Loss, points: FloatArray, lengths: FloatArray) -> dict[str, Any]:
    """`Path`'s integral, chatter and energies by a rule with these points and weights.

    Where steps go to and fro over a kink a gate is a random number, and the mean of a square is that of its mean and
    the variance besides.
    """
    network, gradients = loss.network, loss.gradients(points)
    found: dict[str, Any] = {
        "integral": _sums(network, gradients, lengths),
        "energies": lengths @ squared_norms(network, gradients),
    }
    if not is_smooth(network):
        at, variances, changes = loss.open_gates(points)
        found["chatter"] = _sums(network, changes, lengths[at] * variances)
        found["energies"] = found["energies"] + (lengths[at] * variances) @ squared_norms(network, changes)
    return found


def _sums(network: Architecture, gradients: FloatArray, lengths: FloatArray) -> Forms:
    return {name: [lengths @ values for values in pairs] for name, pairs in invariants(network, gradients).items()}
