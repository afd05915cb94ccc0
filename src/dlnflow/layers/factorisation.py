"""Gradient descent on 1/2 ||U V^T - M||_F^2, for many starts and step lengths at once (Du, Hu and Lee 2018, section 3).

Shapes: U (k, rows, r), V (k, columns, r) and M (k, rows, columns) are k instances; balance is U^T U - V^T V.
The arithmetic of one instance is the same whatever others stand beside it: products go matrix by matrix.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray

LARGEST = 1e30
"""The square of a step's length over ||M||_F beyond which an instance has diverged: the next is as its cube."""


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Target:
    """M = left diag(values) right^T.

    left: (rows, r) and right: (columns, r), orthonormal columns.  values: (r,) falling, positive.
    """

    left: FloatArray
    right: FloatArray
    values: FloatArray

    @property
    def matrix(self) -> FloatArray:
        """(rows, columns) M."""
        return (self.left * self.values) @ self.right.T


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Moment:
    """k instances after `time` steps.

    path: (k,) sum of the steps so far.  squares: (k,) sum of their squares.  residual: (k,) ||U V^T - M||_F.
    drift: (k, r, r) the balance less that at the start.  told: (k, r, r) the same by the identity of one step, summed.
    bound: (k,) sum of eta^2 (||E V||_F^2 + ||E^T U||_F^2), which ||told||_F does not exceed.
    size: (k,) ||U||_F^2 + ||V||_F^2.  U, V: the factors.  An instance that has diverged holds no numbers.
    """

    time: int
    path: FloatArray
    squares: FloatArray
    residual: FloatArray
    drift: FloatArray
    told: FloatArray
    bound: FloatArray
    size: FloatArray
    U: FloatArray
    V: FloatArray


def random_target(seed: int, rows: int, columns: int, values: Iterable[float], trial: int = 0) -> Target:
    """Singular vectors uniform among all, the given singular values; a function of the arguments alone."""
    values = np.sort(np.array(list(values), dtype=float))[::-1]
    rng = _generator(seed, b"target", rows, columns, len(values), trial)
    left, right = (np.linalg.qr(rng.standard_normal((size, len(values))))[0] for size in (rows, columns))
    return Target(left, right, values)


def small_start(seed: int, rows: int, columns: int, rank: int, start: float, trial: int = 0) -> tuple[FloatArray, ...]:
    """(U, V) with entries start * N(0, 1): the same random numbers at every `start`."""
    rng = _generator(seed, b"start", rows, columns, rank, trial)
    return start * rng.standard_normal((rows, rank)), start * rng.standard_normal((columns, rank))


def _generator(seed: int, tag: bytes, *sizes: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([seed, int.from_bytes(tag), *sizes]))


def balance(U: FloatArray, V: FloatArray) -> FloatArray:
    """(..., r, r) U^T U - V^T V."""
    return _transposed(U) @ U - _transposed(V) @ V


def gradients(U: FloatArray, V: FloatArray, M: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(E, E V, E^T U), E = U V^T - M: the residual and the gradients with respect to U and V."""
    E = U @ _transposed(V) - M
    return E, E @ V, _transposed(E) @ U


def descend(
    U: FloatArray, V: FloatArray, M: FloatArray, steps: Iterable[FloatArray], times: Iterable[int]
) -> Iterator[Moment]:
    """U <- U - eta E V, V <- V - eta E^T U, from the given U and V: the moments at the given times.

    steps: the (k,) step lengths of each time in turn.  times: rising; where the steps end, the moments end.
    One step changes the balance by exactly eta^2 (V^T E^T E V - U^T E E^T U), for the terms in eta cancel.
    """
    steps, U, V = iter(steps), U.copy(), V.copy()
    start, told = balance(U, V), np.zeros((len(U), U.shape[2], U.shape[2]))
    path, squares, bound = (np.zeros(len(U)) for _ in range(3))
    largest = LARGEST * np.linalg.norm(M, axis=(1, 2))
    time = 0
    for wanted in times:
        for eta in _first(steps, wanted - time):
            _, by_U, by_V = gradients(U, V, M)
            by_U *= eta[:, None, None]
            by_V *= eta[:, None, None]
            left, right = _transposed(by_U) @ by_U, _transposed(by_V) @ by_V
            moved = np.einsum("kii->k", left + right)
            told += left - right
            bound += moved
            U -= by_U
            V -= by_V
            path, squares, time = path + eta, squares + eta * eta, time + 1
            if np.any(moved > largest):
                # NaN before it overflows: NaN stays without a warning, and harms no other
                U[moved > largest] = V[moved > largest] = np.nan
        if time < wanted:
            return
        residual = np.linalg.norm(U @ _transposed(V) - M, axis=(1, 2))
        size = (U * U).sum(axis=(1, 2)) + (V * V).sum(axis=(1, 2))
        drift = balance(U, V) - start
        yield Moment(time, path, squares, residual, drift, told.copy(), bound.copy(), size, U.copy(), V.copy())


def _first(steps: Iterator[FloatArray], count: int) -> Iterator[FloatArray]:
    for _, eta in zip(range(count), steps, strict=False):
        yield eta


def _transposed(stack: FloatArray) -> FloatArray:
    return np.swapaxes(stack, -1, -2)


def tail_rates(U: FloatArray, V: FloatArray) -> tuple[float, float, float]:
    """(slowest, other, fastest) of the rates a_i + b_j at which the flow's residual falls near the minimum U V^T.

    a, b: the eigenvalues of U U^T and V V^T, zeros included; E' = -(E V V^T + U U^T E) to first order. Where both are
    zero E has no first order: U V^T keeps rank r. other: with zeros on both sides, the slowest of the side that is
    faster; else the slowest once more. U: (rows, r).  V: (columns, r).
    """
    a, b = np.linalg.svd(U, compute_uv=False) ** 2, np.linalg.svd(V, compute_uv=False) ** 2
    sides = [a.min()] if len(V) > len(b) else []
    sides += [b.min()] if len(U) > len(a) else []
    sides = sides or [a.min() + b.min()]
    return float(min(sides)), float(max(sides)), float(a.max() + b.max())
