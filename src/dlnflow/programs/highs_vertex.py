"""HiGHS on a linear program in standard form, and whether the vertex where it ends is one, exactly."""

from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from dlnflow.minimisers.linear_programs import LinearMinimiser
from dlnflow.problems.program_optimality import check_program
from dlnflow.problems.standard_form import StandardForm
from dlnflow.simplex.highs_model import linear_program


@dataclass(frozen=True)
class Refereed:
    """What HiGHS, with its defaults, claims of a program, beside what is so.

    status: its own word.  gap: c.x - the least value, in units of 1 + |value|.  residual: ||A x - b||_2.
    negativity: max(0, -min x).  is_vertex_optimal: whether the basis that it ends with, solved in rationals, is an
    optimal one; None if its columns depend on each other.
    """

    status: str
    gap: float
    residual: float
    negativity: float
    is_vertex_optimal: bool | None


def referee(program: StandardForm, minimiser: LinearMinimiser) -> Refereed:
    """HiGHS's answer, judged by the exact minimiser."""
    import highspy

    solver = linear_program(program.c, program.A, (0.0, np.inf), (program.b, program.b), {})
    solver.run()
    judged = check_program(program, np.array(solver.getSolution().col_value))
    value = float(minimiser.value)
    basic = highspy.HighsBasisStatus.kBasic
    columns = [j for j, state in enumerate(solver.getBasis().col_status) if state == basic]
    return Refereed(
        status=solver.getModelStatus().name,
        gap=(float(judged.value) - value) / (1 + abs(value)),
        residual=float(judged.primal_residual),
        negativity=float(judged.negativity),
        is_vertex_optimal=_is_optimal(program, columns, minimiser.value),
    )


def _is_optimal(program: StandardForm, columns: list[int], value: Fraction) -> bool | None:
    """Whether A x = b, x 0 off these columns, has a solution with x >= 0 and the least value; None if they depend.

    They are fewer than the rows where a vertex is degenerate: the slacks of rows, which must be 0, fill the basis.
    """
    A, b, c = program.exact_A, program.exact_b, program.exact_c
    both = flint.fmpq_mat([[*(A[row, j] for j in columns), b[row, 0]] for row in range(program.constraints)])
    reduced, rank = both.rref()
    count = len(columns)
    if count > program.constraints or any(reduced[k, k] != 1 for k in range(count)):
        return None
    x = [reduced[k, count] for k in range(count)]
    total = sum((c[j, 0] * level for j, level in zip(columns, x, strict=True)), flint.fmpq(0))
    has_solution = rank == count
    return has_solution and all(level >= 0 for level in x) and total == flint.fmpq(value.numerator, value.denominator)
