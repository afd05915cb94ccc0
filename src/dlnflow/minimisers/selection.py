"""Which minimiser the network selects as its scale goes to 0 (docs/theory.md, Basis pursuit).

On the face of minimisers ||x||_1 is constant, and the next term of the network's potential decides:

    L = 2:  least sum |x_i| log|x_i|;      L > 2:  greatest sum |x_i|^(2/L).

A nonnegative network minimises sum x log(x/(e eps)), or sum x - (L/2) eps^(1-2/L) x^(2/L): the same choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import flint
import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number, to_arb, to_fmpq
from dlnflow.balls.enclosure import enclosed_minimiser
from dlnflow.balls.row_basis import IntegerMatrix
from dlnflow.balls.separable import Separable, Solution, solve
from dlnflow.minimisers.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.problems.problem import Problem

_FLOAT_BITS = 80
"""Bits, relative to each coordinate, that round to float64."""


@dataclass(frozen=True)
class _FaceMaps:
    """The derivatives of w log w (power 1) or -w^power (power < 1), up to a factor and a constant in the first.

    sum w is constant on the face, so that a constant changes nothing there. Of w^-q the logarithm falls by at most
    q |d|/w from w to w + d, so that the reach is w/q.
    """

    power: Fraction

    def values(self, w: Sequence[Any]) -> tuple[list[Any], list[Any]] | None:
        if not all(value > 0 for value in w):
            return None
        if self.power == 1:
            return [value.log() for value in w], [1 / value for value in w]
        slope, curvature = to_arb(self.power - 1), to_arb(1 - self.power)
        first = [-(value**slope) for value in w]
        return first, [-curvature * x / value for x, value in zip(first, w, strict=True)]

    def reach(self, w: Sequence[Any]) -> list[Any]:
        rate = to_arb(2 - self.power)
        return [value / rate for value in w]


@dataclass(frozen=True, eq=False)
class SelectedMinimiser:
    """The minimiser that a depth selects: exact if it is the only one, else algebraic, in balls of any precision."""

    minimiser: Minimiser
    depth: Fraction

    @cached_property
    def x_float(self) -> FloatArray:
        """(n,) each coordinate rounded to float64, to about an ulp."""
        if self.minimiser.unique:
            return self.minimiser.x_float
        return np.array([float(ball) for ball in self.balls(_FLOAT_BITS)])

    def balls(self, bits: int) -> list[Any]:
        """(n) balls that hold it, each known to so many bits or more relative to its size.

        Raises ArithmeticError if Newton's method fails.
        """
        with flint.ctx.workprec(bits + 8):
            if self.minimiser.unique:
                return [to_arb(value) for value in self.minimiser.x]
        weights = self._proved(bits)
        x = [flint.arb(0)] * len(self.minimiser.x)
        with flint.ctx.workprec(bits + 8):
            for sign, j, weight in zip(self.minimiser.signs, self.minimiser.support, weights, strict=True):
                x[j] = sign * weight
        return x

    def _proved(self, bits: int) -> list[Any]:
        """|x_T|."""
        enclosure = enclosed_minimiser(self._on_the_face, self._start.point.t, bits + 8)
        if enclosure is None:
            raise ArithmeticError("Newton's method does not reach the minimiser that the depth selects")
        return enclosure.w

    @cached_property
    def _on_the_face(self) -> Separable:
        """|x_T| = p + N t over t, p the exact point in the face's interior."""
        minimiser, columns = self.minimiser, []
        for vector in minimiser.kernel:
            scale = lcm(*(entry.denominator for entry in vector))
            columns.append([int(sign * scale * entry) for sign, entry in zip(minimiser.signs, vector, strict=True)])
        start = [[to_fmpq(sign * minimiser.x[j])] for sign, j in zip(minimiser.signs, minimiser.support, strict=True)]
        matrix = IntegerMatrix(flint.fmpz_mat(columns).transpose())
        return Separable(matrix, _FaceMaps(2 / self.depth), lambda: flint.arb_mat(flint.fmpq_mat(start)))

    @cached_property
    def _start(self) -> Solution:
        """A few digits, from which any number of them is near."""
        return solve(self._on_the_face, flint.arb_mat(len(self.minimiser.kernel), 1))


def selected_minimiser(minimiser: Minimiser | Problem, depth: Any) -> SelectedMinimiser:
    """The limit of the network of this depth as its scale goes to 0.

    minimiser: from `basis_pursuit`, or the problem itself.  depth: L >= 2, a number or a text such as "2.05".

    Raises ValueError for a depth below 2.
    """
    exact_depth = parse_number(depth)
    if exact_depth < 2:
        raise ValueError(f"depth is {depth}, expected at least 2")
    if isinstance(minimiser, Problem):
        minimiser = basis_pursuit(minimiser)
    return SelectedMinimiser(minimiser, exact_depth)
