"""Gradient flow on 1/2 ||U V^T - M||_F^2: what descent tends to as its steps become small.

From a balanced start, U^T U = V^T V, it is known in closed form. W = (U; V) obeys W' = H W - W W^T W / 2 with
H = ((0, M), (M^T, 0)), Oja's flow, for W^T W = 2 V^T V, and so with Y = e^(H s) W(0)

    W W^T = Y (I + integral over (0, s) of W(0)^T e^(2 H r) W(0) dr)^-1 Y^T.

The eigenvalues of H are +-sigma_k and zeros. A start of size delta that is not balanced changes this by O(delta^2).
"""

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.layers.factorisation import Target, gradients

TOLERANCE = 1e-10
"""Of the integrator, far below the O(step) that separates descent from the flow."""
NEAR = 1e-8
"""Of ||M||_F: a residual below which the flow's share of the drift, in its square, is not worth following."""
CHUNK = 8192


def balanced_residuals(target: Target, U: FloatArray, V: FloatArray, paths: FloatArray) -> FloatArray:
    """(k,) ||U V^T - M||_F of the flow from a balanced start after times `paths`: nothing cancels as it falls to 0.

    U: (rows, r), V: (columns, r), r the rank of M. Raises numpy's LinAlgError if no direction of the start grows.
    """
    left, right = (np.linalg.svd(side)[0][:, side.shape[1] :] for side in (target.left, target.right))
    # the start in the eigenbasis of H: coordinates of +sigma, of -sigma, and those of the zeros of U and of V
    start_up = (target.left.T @ U + target.right.T @ V) / np.sqrt(2)
    start_down = (target.left.T @ U - target.right.T @ V) / np.sqrt(2)
    start_zero = np.vstack([left.T @ U, right.T @ V])
    inverse = np.linalg.inv(start_up)
    down, zero = start_down @ inverse, start_zero @ inverse
    return np.array([_residual(target, s, inverse, down, zero, len(left.T)) for s in paths])


def time_to(target: Target, U: FloatArray, V: FloatArray, residual: float) -> float:
    """The time after which the flow from a balanced start has that residual, less than ||M||_F and than the start's."""

    def excess(time: float) -> float:
        return float(np.log(balanced_residuals(target, U, V, np.array([time]))[0] / residual))

    above = 1 / float(target.values[0])
    while excess(above) > 0:
        above *= 2
    return float(brentq(excess, 0.0, above)) if excess(0.0) > 0 else 0.0


def settled_residual(target: Target, U: FloatArray, V: FloatArray, least: float, share: float) -> float:
    """The residual of the flow from a balanced start below which its rate is within `share` of its limit, sigma_r.

    At least `least`: the rate is looked at from there upwards, in steps of half a unit of the fastest part's time.
    """
    slowest, step = float(target.values[-1]), 0.5 / float(target.values[0])
    time = time_to(target, U, V, least)
    residual, found = least, least
    while time > step:
        time -= step
        above = float(balanced_residuals(target, U, V, np.array([time]))[0])
        if abs(np.log(above / residual) / (step * slowest) - 1) > share:
            break
        residual, found = above, residual
    return found


def _residual(target: Target, s: float, inverse: FloatArray, down: FloatArray, zero: FloatArray, rows: int) -> float:
    """In the gauge where the start's coordinates of +sigma are the identity, and those divided by their growth.

    W W^T has the block (S + N)^-1 there, S = diag(1/(2 sigma)), N small; its limit is 2 sigma, and the difference is
    -(S + N)^-1 N 2 sigma.
    """
    values, r = target.values, len(target.values)
    decay = np.exp(-values * s)
    gained = -np.expm1(-2 * values * s) / (2 * values)  # the integral of e^(-2 sigma r)
    small = decay[:, None] * (inverse.T @ inverse + (down.T * gained) @ down + s * zero.T @ zero) * decay
    small -= np.diag(decay**2 / (2 * values))
    block = np.linalg.inv(np.diag(1 / (2 * values)) + small)
    up_up = -block @ small * (2 * values)
    others = np.vstack([down * decay[:, None], zero]) * decay  # what multiplies block on its left
    up_down, down_down = block @ others.T, others @ block @ others.T
    top, left, right = slice(0, r), slice(r, r + rows), slice(r + rows, None)
    # U V^T - M in the bases (left singular vectors, the rest) and (right singular vectors, the rest)
    corner = (up_up - up_down[:, top] + up_down[:, top].T - down_down[top, top]) / 2
    above = (up_down[:, right] + down_down[top, right]) / np.sqrt(2)
    below = (up_down[:, left].T - down_down[left, top]) / np.sqrt(2)
    return float(np.sqrt(sum((part**2).sum() for part in (corner, above, below, down_down[left, right]))))


def predicted_drifts(M: FloatArray, U: FloatArray, V: FloatArray, steps: FloatArray, times: list[int]) -> FloatArray:
    """(k, r, r) what the balance changes by until each of the times, to first order in the steps.

    One step changes it by exactly eta^2 (V^T E^T E V - U^T E E^T U); here U and V are the flow's after the same sum of
    steps, by an integrator.  steps: (T,) all of them.  times: rising, at most T.
    """
    shape, rank = U.shape, U.shape[1]
    size = U.size

    def slope(t: float, point: FloatArray) -> FloatArray:
        _, by_U, by_V = gradients(point[:size].reshape(shape), point[size:].reshape(V.shape), M)
        return -np.concatenate([by_U.ravel(), by_V.ravel()])

    def has_arrived(t: float, point: FloatArray) -> float:
        residual, _, _ = gradients(point[:size].reshape(shape), point[size:].reshape(V.shape), M)
        return float(np.linalg.norm(residual) - NEAR * np.linalg.norm(M))

    has_arrived.terminal = True  # type: ignore[attr-defined]  # as solve_ivp wants it said
    paths = np.concatenate([[0.0], np.cumsum(steps)])
    start = np.concatenate([U.ravel(), V.ravel()])
    accuracy = {"rtol": TOLERANCE, "atol": TOLERANCE**1.5}
    run = solve_ivp(slope, (0.0, paths[-1]), start, "DOP853", events=has_arrived, dense_output=True, **accuracy)
    if not run.success:
        raise ArithmeticError(f"the flow's integrator stopped: {run.message}")
    last = int(np.searchsorted(paths, run.t[-1], side="right"))
    drifts, begin = np.zeros((len(times), rank, rank)), 0
    total: FloatArray = np.zeros((rank, rank))
    for index, time in enumerate(times):
        while begin < min(time, last):
            end = min(time, begin + CHUNK, last)
            points = run.sol(paths[begin:end]).T
            flows = points[:, :size].reshape(-1, *shape), points[:, size:].reshape(-1, *V.shape)
            _, by_U, by_V = gradients(*flows, M)
            change = np.swapaxes(by_U, 1, 2) @ by_U - np.swapaxes(by_V, 1, 2) @ by_V
            total = total + (steps[begin:end, None, None] ** 2 * change).sum(axis=0)
            begin = end
        drifts[index] = total
    return drifts
