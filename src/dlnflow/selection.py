"""Which minimiser the network selects as its scale goes to 0 (theory, section 3).

On the face of minimisers ||x||_1 is constant, and the next term of the network's potential decides:

    L = 2:  least sum |x_i| log|x_i|;      L > 2:  greatest sum |x_i|^(2/L).

A nonnegative network minimises sum x log(x/(e eps)), or sum x - (L/2) eps^(1-2/L) x^(2/L): the same choice.
"""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from dlnflow.basis_pursuit import Minimiser
from dlnflow.compensated import FloatArray
from dlnflow.exact import parse_number, to_arb

# Bits: 200 is plenty but for coordinates below 1e-40; the last resolves those down to about 1e-3800.
_PRECISIONS = (200, 800, 3200, 12800)
# Newton's relative step that ends it: the next one would be about its square, far below float64
_SMALL = flint.arb(2) ** -60
# A step that moves no coordinate by more than a quarter of itself leaves the second derivative below 16/9 < 2 times
# its value, so that the objective falls.
_QUARTER = flint.arb(1) / 4


def selected_minimiser(minimiser: Minimiser, depth: Any) -> FloatArray:
    """The limit (n,) of the network of this depth as its scale goes to 0, each coordinate rounded to float64.

    minimiser: from `basis_pursuit`.  depth: L >= 2, a number or a text such as "2.05".

    Raises ValueError for a depth below 2, ArithmeticError if a coordinate is beyond all precisions (1e-3800).
    """
    exact_depth = parse_number(depth)
    if exact_depth < 2:
        raise ValueError(f"depth is {depth}, expected at least 2")
    if minimiser.unique:
        return minimiser.x_float
    x = np.zeros(len(minimiser.x))
    x[list(minimiser.support)] = minimiser.signs * _point_on_the_face(minimiser, 2 / exact_depth)
    return x


def _point_on_the_face(minimiser: Minimiser, power: Fraction) -> FloatArray:
    """|x_T| selected, at the first precision that resolves it."""
    for precision in _PRECISIONS:
        with flint.ctx.workprec(precision), suppress(ArithmeticError):
            return _newton(minimiser, power)
    raise ArithmeticError(f"the selected minimiser has coordinates too small for {_PRECISIONS[-1]} bits")


def _newton(minimiser: Minimiser, power: Fraction) -> FloatArray:
    """Damped Newton on w = |x_T| = p + N t over t, from the exact point p in the face's interior.

    Raises ArithmeticError where the rounding errors, which the balls carry, hide a step that would matter.
    """
    start = _column(sign * minimiser.x[j] for sign, j in zip(minimiser.signs, minimiser.support, strict=True))
    directions = flint.arb_mat(
        [[sign * to_arb(vector[i]) for vector in minimiser.kernel] for i, sign in enumerate(minimiser.signs)]
    )
    rows = directions.tolist()
    first, second = _derivatives(power)
    t = flint.arb_mat(directions.ncols(), 1)
    while True:
        w = start + directions * t
        curvatures = [second(value) for value in w.entries()]
        weighted = flint.arb_mat([[c * entry for entry in row] for c, row in zip(curvatures, rows, strict=True)])
        gradient = directions.transpose() * flint.arb_mat([[first(value)] for value in w.entries()])
        step = (directions.transpose() * weighted).solve(-gradient)
        moves = directions * step
        pairs = list(zip(w.entries(), moves.entries(), strict=True))
        if not all((value.rad() + move.rad()) / value < _SMALL for value, move in pairs):
            raise ArithmeticError
        largest = max((abs(move) / value).upper() for value, move in pairs)
        if largest < 2 * _SMALL:
            return np.array([float(value.mid()) for value in (w + moves).entries()])
        damping = min(flint.arb(1), _QUARTER / largest)
        t = (t + damping * step).mid()


def _derivatives(power: Fraction) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """First and second derivative, up to a common factor, of w log w (power 1) or of -w^power (power < 1).

    A constant in the first one is left out: sum w does not change along the face.
    """
    if power == 1:
        return lambda w: w.log(), lambda w: 1 / w
    slope, curvature = to_arb(power - 1), to_arb(1 - power)
    return lambda w: -(w**slope), lambda w: curvature * w ** (slope - 1)


def _column(values: Any) -> Any:
    return flint.arb_mat([[to_arb(value)] for value in values])
