"""The one judge of optimality for linear programs, for HiGHS, entropic limits and exact minimisers alike.

x minimises c.x subject to A x = b, x >= 0 exactly when A x = b, x >= 0 and some nu has A^T nu <= c and c.x = b.nu.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.problems.optimality import check_pair, dot, excess, norm
from dlnflow.problems.standard_form import StandardForm


@dataclass(frozen=True)
class ProgramOptimality:
    """How far x, and with it nu, is from optimal. Floats for float64 input, Fractions for exact input.

    value: c.x.  primal_residual: ||A x - b||_2, an exact one rounded up to 64 bits (so 0 only if it is 0).
    negativity: max(0, -min x).  Absent without nu: dual_infeasibility: max(0, max(A^T nu - c)); gap: c.x - b.nu.
    """

    value: Fraction | float
    primal_residual: Fraction | float
    negativity: Fraction | float
    dual_infeasibility: Fraction | float | None = None
    gap: Fraction | float | None = None

    @property
    def is_proved(self) -> bool:
        """Whether x and nu prove each other optimal, to the last digit of what they are."""
        return not any((self.primal_residual, self.negativity, self.dual_infeasibility, self.gap)) and (
            self.gap is not None
        )


def check_program(program: StandardForm, x: Any, nu: Any = None) -> ProgramOptimality:
    """Judge x (n,), and the dual optimum nu (m,) if given.

    In rational arithmetic if every entry is an int or a Fraction, and in float64 as soon as one is a float.

    Raises ValueError for a wrong length.
    """
    sizes = program.variables, program.constraints
    return check_pair(x, nu, sizes, partial(_exactly, program), partial(_in_float64, program))


def _in_float64(program: StandardForm, x: FloatArray, nu: FloatArray | None) -> ProgramOptimality:
    value = float(program.c @ x)
    primal = (value, float(np.linalg.norm(program.A @ x - program.b)), excess(-x))
    if nu is None:
        return ProgramOptimality(*primal)
    return ProgramOptimality(*primal, excess(program.A.T @ nu - program.c), value - float(program.b @ nu))


def _exactly(program: StandardForm, x: list[Fraction], nu: list[Fraction] | None) -> ProgramOptimality:
    A, b, c = program.rational_A, program.rational_b, program.rational_c
    value = dot(c, x)
    residual = norm(dot(row, x) - entry for row, entry in zip(A, b, strict=True))
    primal = (value, residual, max(Fraction(0), -min(x)))
    if nu is None:
        return ProgramOptimality(*primal)
    slopes = (dot(column, nu) for column in zip(*A, strict=True))
    infeasibility = max(slope - cost for slope, cost in zip(slopes, c, strict=True))
    return ProgramOptimality(*primal, max(Fraction(0), infeasibility), value - dot(b, nu))
