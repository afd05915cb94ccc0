"""Faces of minimisers of dimension 2: the polygon exactly, an isometric chart of its plane, and its centre.

With p = x_T in the interior and the kernel's two vectors as columns of N (`basis_pursuit`), the face is the polygon

    {t in R^2 : sigma_i (p_i + N_i.t) >= 0 for i in T},

bounded, for sum sigma_i x_i is the least l1 norm on all of it.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import square_distance
from dlnflow.minimisers.basis_pursuit import Minimiser

Point = tuple[Fraction, ...]
Plane = tuple[Fraction, Fraction]
Side = tuple[Fraction, Plane]
"""(p, a) of the half-plane p + a.t >= 0; p > 0, for t = 0 is inside."""

NEWTON_STEPS = 100
"""Steps of damped Newton's method for the centre: each gains a fixed amount until they converge quadratically."""


def polygon(minimiser: Minimiser) -> list[Point]:
    """The vertices (n,) of a face of dimension 2, exactly, in their order around it.

    Raises ValueError for a face of another dimension.
    """
    if len(minimiser.kernel) != 2:
        raise ValueError(f"the face has dimension {len(minimiser.kernel)}, expected 2")
    corners = {t for pair in combinations(_sides(minimiser), 2) for t in _corner(*pair)}
    inside = [t for t in corners if all(_height(side, t) >= 0 for side in _sides(minimiser))]
    return [_point(minimiser, t) for t in sorted(inside, key=_angle)]


def _sides(minimiser: Minimiser) -> list[Side]:
    first, second = minimiser.kernel
    return [
        (sign * minimiser.x[j], (sign * a, sign * b))
        for j, sign, a, b in zip(minimiser.support, minimiser.signs, first, second, strict=True)
    ]


def _height(side: Side, t: Plane) -> Fraction:
    """sigma_i x_i at t."""
    return side[0] + side[1][0] * t[0] + side[1][1] * t[1]


def _corner(one: Side, other: Side) -> list[Plane]:
    """Where two lines meet, unless they are parallel."""
    (p, (a, b)), (q, (c, d)) = one, other
    determinant = a * d - b * c
    return [((b * q - d * p) / determinant, (c * p - a * q) / determinant)] if determinant else []


def _angle(t: Plane) -> tuple[int, Fraction | float]:
    """Rises with the angle of t != 0 from the first axis: the half-plane, and in it less the cotangent."""
    a, b = t
    return int(b < 0 or (b == 0 and a < 0)), -a / b if b else float("-inf")


def _point(minimiser: Minimiser, t: Plane) -> Point:
    x = list(minimiser.x)
    for j, a, b in zip(minimiser.support, *minimiser.kernel, strict=True):
        x[j] += a * t[0] + b * t[1]
    return tuple(x)


@dataclass(frozen=True, eq=False)
class Chart:
    """The orthogonal projection on a plane of R^n, in an orthonormal frame of it.

    origin: (n,).  axes: (2, n), orthonormal.
    """

    origin: FloatArray
    axes: FloatArray

    def place(self, x: FloatArray) -> FloatArray:
        """(2,) of x (n,)."""
        return self.axes @ (x - self.origin)


def chart(vertices: list[Point]) -> Chart:
    """With a longest edge of the polygon on the first axis, from 0, and the polygon above it."""
    corners = np.array([[float(value) for value in vertex] for vertex in vertices])
    edges = list(pairwise([*range(len(vertices)), 0]))
    start, end = max(edges, key=lambda edge: square_distance(vertices[edge[0]], vertices[edge[1]]))
    along = _unit(corners[end] - corners[start])
    across = corners - corners[start]
    across -= np.outer(across @ along, along)
    farthest = _unit(across[np.argmax(np.linalg.norm(across, axis=1))])
    return Chart(corners[start], np.stack([along, _unit(farthest - (farthest @ along) * along)]))


def _unit(vector: FloatArray) -> FloatArray:
    return vector / np.linalg.norm(vector)


def centre(minimiser: Minimiser, vertices: list[Point]) -> FloatArray:
    """(n,) the point of the face with the greatest product of |x_i| over T: its analytic centre.

    The point of greatest sum |x_i|^(2/L) tends there as L grows, for |x|^(2/L) = 1 + (2/L) log|x| + O(L^-2). The sum of
    logarithms is self-concordant, so that steps d/(1 + lambda), lambda^2 = d.H d, stay inside and converge.
    """
    plane, T = chart(vertices), list(minimiser.support)
    rows = plane.axes[:, T].T * np.array(minimiser.signs, dtype=np.float64)[:, None]
    start = np.mean([[float(value) for value in vertex] for vertex in vertices], axis=0)
    t, size = np.zeros(2), np.abs(start[T])
    for _ in range(NEWTON_STEPS):
        scaled = rows / (size + rows @ t)[:, None]
        slope = scaled.sum(axis=0)
        step = np.linalg.solve(scaled.T @ scaled, slope)
        decrement = float(np.sqrt(max(slope @ step, 0.0)))
        t = t + step / (1 + decrement)
        if decrement < 1e-12:  # the next would be its square
            break
    return start + t @ plane.axes
