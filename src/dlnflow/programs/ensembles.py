"""Random linear programs with planted exact minimisers: each a function of its arguments alone.

Columns T, a point x >= 0 on them, prices nu and reduced costs r = 0 on T, r > 0 off T are drawn, and A x = b and
c = A^T nu + r then hold exactly: every number is a multiple of 1/GRID that float64 holds with its products.
"""

from typing import Literal, get_args

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.problems.ensembles import GRID, planted
from dlnflow.problems.problem import ProblemError
from dlnflow.problems.standard_form import StandardForm
from dlnflow.transport.clouds_and_pictures import clouds
from dlnflow.transport.plan import as_standard_form

Family = Literal["vertex", "face", "balanced", "degenerate", "pursuit", "transport"]
FACE_DIMENSION = 2
"""Of the planted faces of minimisers."""
LEAST, SPREAD = 0.25, 1.0
"""Entries of x on T, and reduced costs off T, are uniform between LEAST and LEAST + SPREAD."""


def planted_program(family: Family, seed: int, constraints: int, variables: int, trial: int = 0) -> StandardForm:
    """An instance of a family; A is Gaussian with entries N(0, 1/m), c has negative entries.

    vertex: |T| = m, one minimiser, nondegenerate.  degenerate: |T| = m - 1, one minimiser, a degenerate vertex.
    face: |T| = m + 2, a face of minimisers of dimension 2.  balanced: the same with a row of ones in A, so that sum x
    is the same for every feasible x.
    pursuit: basis pursuit as a linear program, [B, -B] and c = 1 of an m x n/2 `ensembles.planted` with about m/3
    entries.  transport: of p random masses to q others at squared distances, m = p + q - 1 and n = p q.

    Raises ProblemError for sizes that hold no such program.
    """
    m, n = constraints, variables
    _check(family, m, n)
    if family == "pursuit":
        pursuit = planted("gaussian", seed, m, n // 2, max(1, m // 3), trial)
        return StandardForm(np.hstack([pursuit.A, -pursuit.A]), pursuit.y, np.ones(n))
    if family == "transport":
        problem = clouds(seed, *_points(m, n), trial=trial).transport
        return as_standard_form(problem.cost, problem.r, problem.s)
    tag = int.from_bytes(family.encode())
    rng = np.random.default_rng(np.random.SeedSequence([seed, tag, m, n, trial]))
    A = np.rint(rng.standard_normal((m, n)) * (GRID / np.sqrt(m)))
    if family == "balanced":
        A[0] = GRID
    x, r = np.zeros(n), _levels(rng, n)
    on = rng.choice(n, size=_support(family, m), replace=False)
    x[on] = _levels(rng, len(on))
    r[on] = 0
    nu = np.rint(rng.standard_normal(m) * GRID)
    b = A.astype(np.int64) @ x.astype(np.int64)
    c = A.T.astype(np.int64) @ nu.astype(np.int64) + (r * GRID).astype(np.int64)
    if max(np.abs(b).max(), np.abs(c).max()) >= 2**53:
        raise ProblemError(f"a program of {m} x {n} needs more than float64's 53 bits, expected a smaller one")
    return StandardForm(A / GRID, b / GRID**2, c / GRID**2)


def _support(family: str, m: int) -> int:
    return m + {"vertex": 0, "degenerate": -1, "face": FACE_DIMENSION, "balanced": FACE_DIMENSION}[family]


def _check(family: str, m: int, n: int) -> None:
    if family not in get_args(Family):
        raise ProblemError(f"family is {family!r}, expected one of {', '.join(get_args(Family))}")
    if family == "pursuit":
        if n % 2 or not 0 < m < n // 2:
            raise ProblemError(f"a pursuit of {m} x {n} was asked for, expected an even n above 2 m")
    elif family == "transport":
        _points(m, n)
    elif not 0 < _support(family, m) < n:
        raise ProblemError(f"a {family} of {m} x {n} plants {_support(family, m)} columns, expected 1 to {n - 1}")


def _points(m: int, n: int) -> tuple[int, int]:
    """p <= q with p + q - 1 = m and p q = n. Raises ProblemError if there are none."""
    for p in range(2, (m + 1) // 2 + 1):
        if p * (m + 1 - p) == n:
            return p, m + 1 - p
    raise ProblemError(f"a transport of {m} x {n} was asked for, expected (p + q - 1) x (p q) with p, q >= 2")


def _levels(rng: np.random.Generator, size: int) -> FloatArray:
    """In units of 1/GRID."""
    return np.rint((LEAST + SPREAD * rng.random(size)) * GRID)
