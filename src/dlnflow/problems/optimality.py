"""The one judge of optimality, for baselines, limits and the exact solver alike.

x minimises ||x||_1 subject to A x = y exactly when A x = y and some nu has |A^T nu| <= 1 and x_i a_i.nu = |x_i|
for all i (docs/theory.md, The network and its flow); sum x over x >= 0 likewise with A^T nu <= 1.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import isqrt
from numbers import Rational
from typing import Any, TypeVar

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number
from dlnflow.problems.problem import Problem

Checked = TypeVar("Checked")


@dataclass(frozen=True)
class Optimality:
    """How far x, and with it nu, is from optimal. Floats for float64 input, Fractions for exact input.

    l1_norm: ||x||_1.  primal_residual: ||A x - y||_2, an exact one rounded up to 64 bits (so 0 only if it is 0).
    relative_residual: the same divided by ||y||_2.  negativity: max(0, -min x) if nonnegative, else 0.
    Absent without nu: dual_infeasibility: max(0, |A^T nu|_inf - 1), or max(0, max A^T nu - 1) if nonnegative;
    complementarity: sum_i |x_i| - x_i a_i.nu;  gap: ||x||_1 - y.nu.
    """

    l1_norm: Fraction | float
    primal_residual: Fraction | float
    relative_residual: Fraction | float
    negativity: Fraction | float
    dual_infeasibility: Fraction | float | None = None
    complementarity: Fraction | float | None = None
    gap: Fraction | float | None = None

    def is_feasible(self, tolerance: float) -> bool:
        """Whether A x = y relative to ||y||_2, and x >= 0 (if asked) relative to ||x||_1; 0 asks for it exactly."""
        return self.relative_residual <= tolerance and self.negativity <= tolerance * self.l1_norm

    def is_optimal(self, tolerance: float) -> bool:
        """Whether x and nu prove each other optimal; complementarity and gap are relative to ||x||_1.

        Raises ValueError if there was no nu to prove it with.
        """
        if self.dual_infeasibility is None or self.complementarity is None or self.gap is None:
            raise ValueError("x was checked without a dual certificate nu, which optimality needs")
        allowed = tolerance * self.l1_norm
        return (
            self.is_feasible(tolerance)
            and self.dual_infeasibility <= tolerance
            and -allowed <= self.complementarity <= allowed
            and -allowed <= self.gap <= allowed
        )


def check_optimality(problem: Problem, x: Any, nu: Any = None) -> Optimality:
    """Judge x (n,), and the dual certificate nu (m,) if given.

    In rational arithmetic if every entry is an int or a Fraction, and in float64 as soon as one is a float.

    Raises ValueError for a wrong length.
    """
    sizes = problem.features, problem.measurements
    return check_pair(x, nu, sizes, partial(_check_exactly, problem), partial(_check_in_float64, problem))


def check_pair(
    x: Any,
    nu: Any,
    sizes: tuple[int, int],
    exactly: Callable[[list[Fraction], list[Fraction] | None], Checked],
    in_float64: Callable[[FloatArray, FloatArray | None], Checked],
) -> Checked:
    """The verdict on x and nu (or None) of these sizes: exact if every entry is an int or a Fraction, else in float64.

    Raises ValueError for a wrong length.
    """
    x, nu = list(x), None if nu is None else list(nu)
    for name, vector, size in zip(("x", "nu"), (x, nu), sizes, strict=True):
        if vector is not None and len(vector) != size:
            raise ValueError(f"{name} has {len(vector)} entries, expected {size}")
    if all(isinstance(value, Rational) for value in x + (nu or [])):
        return exactly(_rational(x), None if nu is None else _rational(nu))
    with np.errstate(all="ignore"):  # what a solver that diverged left behind is judged too
        return in_float64(np.array(x, dtype=float), None if nu is None else np.array(nu, dtype=float))


def _check_in_float64(problem: Problem, x: FloatArray, nu: FloatArray | None) -> Optimality:
    l1_norm = float(np.abs(x).sum())
    residual = float(np.linalg.norm(problem.A @ x - problem.y))
    negativity = excess(-x) if problem.nonnegative else 0.0
    primal = (l1_norm, residual, residual / float(np.linalg.norm(problem.y)), negativity)
    if nu is None:
        return Optimality(*primal)
    slopes = problem.A.T @ nu
    infeasibility = excess((slopes if problem.nonnegative else np.abs(slopes)) - 1)
    complementarity = float(np.sum(np.abs(x) - x * slopes))
    return Optimality(*primal, infeasibility, complementarity, l1_norm - float(problem.y @ nu))


def _check_exactly(problem: Problem, x: list[Fraction], nu: list[Fraction] | None) -> Optimality:
    A, y = problem.rational_A, problem.rational_y
    l1_norm = sum(map(abs, x), Fraction(0))
    residual = norm(dot(row, x) - value for row, value in zip(A, y, strict=True))
    negativity = max(Fraction(0), -min(x)) if problem.nonnegative else Fraction(0)
    primal = (l1_norm, residual, residual / norm(y), negativity)
    if nu is None:
        return Optimality(*primal)
    slopes = [dot(column, nu) for column in zip(*A, strict=True)]
    steepest = max(slopes if problem.nonnegative else map(abs, slopes))
    return Optimality(*primal, max(Fraction(0), steepest - 1), l1_norm - dot(x, slopes), l1_norm - dot(y, nu))


def excess(values: FloatArray) -> float:
    """max(0, max values), nan where one is nan."""
    return float(np.maximum(0.0, values.max()))


def _rational(values: list[Any]) -> list[Fraction]:
    return [parse_number(value) for value in values]


def dot(left: Iterable[Fraction], right: Iterable[Fraction]) -> Fraction:
    """left.right, exactly."""
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))


def norm(values: Iterable[Fraction]) -> Fraction:
    """The Euclidean norm, rounded up to 64 bits or more."""
    square = sum((value * value for value in values), Fraction(0))
    if square == 0:
        return square
    # square * 4**shift has at least 128 bits before the point, so its integer root has 64
    shift = max(0, 64 + (square.denominator.bit_length() - square.numerator.bit_length() + 1) // 2)
    scaled = square * 4**shift
    floor = isqrt(scaled.numerator // scaled.denominator)
    return Fraction(floor if floor * floor == scaled else floor + 1, 2**shift)
