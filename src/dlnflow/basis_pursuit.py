"""Exact basis pursuit: all minimisers of ||x||_1 subject to A x = y (or of sum x, x >= 0), proved in rationals.

HiGHS proposes a basis in float64; `exact_simplex` takes it from there, so nothing that comes back rests on a float.
The minimisers form a face, and x, T and nu below are a strictly complementary pair for it (Goldman and Tucker):

    T = {j : |a_j.nu| = 1} = union of the supports of the minimisers,     sigma_T = A_T^T nu,
    {minimisers} = {x : x_T = p + N t, sigma_T x_T >= 0, x = 0 off T},     N a basis of ker A_T.

The minimiser is unique exactly when N is empty. Nonnegative problems read a_j.nu = 1 in place of |a_j.nu| = 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import highspy
import numpy as np
from numpy.typing import NDArray

from dlnflow.compensated import FloatArray
from dlnflow.exact_simplex import Basis, Program, Vertex, complete_basis, kernel, minimise, slopes
from dlnflow.problems import Problem


class InfeasibleError(ValueError):
    """y = A x has no solution x >= 0; `certificate` is a nu (m) with A^T nu <= 0 < y.nu, which proves it."""

    def __init__(self, certificate: tuple[Fraction, ...]) -> None:
        super().__init__("y = A x has no solution x >= 0, expected one for a nonnegative problem")
        self.certificate = certificate


@dataclass(frozen=True)
class Minimiser:
    """The minimisers of basis pursuit, exactly.

    x: (n,) the minimiser if there is one alone, else a point in the relative interior of their face.
    support: T, where x is not 0; the union of the supports of all minimisers.  signs: sigma_T, those of x on T.
    nu: (m,) a dual certificate: A_T^T nu = sigma_T, and |a_j.nu| < 1 (nonnegative: a_j.nu < 1) for each j off T.
    kernel: a basis of ker A_T, each vector (|T|,); every minimiser is x_T + a combination of them, signs kept.
    l1_norm: ||x||_1 = y.nu.  pivots: exact pivots made beyond the float basis; 0 if it was right.
    """

    x: tuple[Fraction, ...]
    support: tuple[int, ...]
    signs: tuple[int, ...]
    nu: tuple[Fraction, ...]
    kernel: tuple[tuple[Fraction, ...], ...]
    l1_norm: Fraction
    pivots: int

    @property
    def unique(self) -> bool:
        """Whether x is the only minimiser."""
        return not self.kernel

    @property
    def x_float(self) -> NDArray[np.float64]:
        """x rounded to float64."""
        return np.array([float(value) for value in self.x])

    @property
    def nu_float(self) -> NDArray[np.float64]:
        """nu rounded to float64."""
        return np.array([float(value) for value in self.nu])


def basis_pursuit(problem: Problem) -> Minimiser:
    """The exact minimisers of ||x||_1 subject to A x = y, x >= 0 if the problem is nonnegative.

    Raises InfeasibleError if a nonnegative problem has no solution.
    """
    A, A_scale = problem.exact_A.numer_denom()
    y, y_scale = problem.exact_y.numer_denom()
    vertex, pivots = _vertex(A, y, problem)
    mu, direction, face_pivots = _face_directions(A, vertex, problem.nonnegative)
    step = _step_inside(_room_of_the_dual(vertex.slopes, slopes(A, mu), problem.nonnegative))
    nu = vertex.nu + step * mu
    step = _step_inside(-x / d for x, d in zip(vertex.x, direction, strict=True) if x * d < 0)
    x = [value + step * d for value, d in zip(vertex.x, direction, strict=True)]
    support = tuple(j for j, value in enumerate(x) if value != 0)
    # the vertex's own columns are independent: only a direction of the face makes A_T lose its rank
    face = kernel(_columns(A, support)) if any(direction) else []
    x = [value * A_scale / y_scale for value in x]
    return Minimiser(
        x=_fractions(x),
        support=support,
        signs=tuple(1 if x[j] > 0 else -1 for j in support),
        nu=_fractions(A_scale * entry for entry in nu.entries()),
        kernel=tuple(_fractions(vector) for vector in face),
        l1_norm=_fraction(sum((abs(value) for value in x), flint.fmpq(0))),
        pivots=pivots + face_pivots,
    )


def _vertex(A: Any, y: Any, problem: Problem) -> tuple[Vertex, int]:
    """An optimal vertex, and the exact pivots behind it."""
    n = problem.features
    proposal = dict(_float_basis(problem))
    basis = [(j, proposal.get(j, 1)) for j in complete_basis(A, list(proposal))]
    if not problem.nonnegative:
        vertex = minimise(Program(A, y, [1] * n, [1] * n), basis)
        return vertex, vertex.pivots
    feasible = minimise(Program(A, y, [0] * n, [1] * n), basis)
    if feasible.value > 0:
        raise InfeasibleError(_fractions(feasible.nu.entries()))
    # value 0 leaves no x_j < 0, and a column at 0 may stand on the side whose price stays finite
    vertex = minimise(Program(A, y, [1] * n, [None] * n), [(j, 1) for j, _ in feasible.basis])
    return vertex, feasible.pivots + vertex.pivots


def _face_directions(A: Any, vertex: Vertex, nonnegative: bool) -> tuple[Any, list[Any], int]:
    """Where to move nu (m, 1) and x (n) from a vertex so that the pair becomes strictly complementary.

    With E = {j : |a_j.nu| = 1}, S the support of x, and M = A_E with signs that make x >= 0, each column in E \\ S is
    either in T, or has m_j.mu < 0 for a mu with M_S^T mu = 0 and M^T mu <= 0. Asking for a d with M d = 0 and d >= 1 on
    R = E \\ S ends with such a d, or with a mu that takes columns out of R; ask again until R = T \\ S.
    """
    tight = [j for j, slope in enumerate(vertex.slopes) if slope == 1 or (slope == -1 and not nonnegative)]
    place = {j: k for k, j in enumerate(tight)}
    M = _columns(A, tight, [vertex.slopes[j].numerator for j in tight])
    down = [int(vertex.x[j] == 0) for j in tight]
    rest = [k for k, price in enumerate(down) if price]
    basis: Basis = [(place[j], 1) for j, _ in vertex.basis]
    mu, direction, pivots = flint.fmpq_mat(A.nrows(), 1), [flint.fmpq(0)] * A.ncols(), 0
    while rest:
        ones = flint.fmpz_mat([[int(k in rest)] for k in range(len(tight))])
        answer = minimise(Program(M, -(M * ones), [0] * len(tight), down), basis)
        basis, pivots = answer.basis, pivots + answer.pivots
        if answer.value == 0:
            for k, j in enumerate(tight):
                direction[j] = vertex.slopes[j] * (answer.x[k] + int(k in rest))
            break
        mu += answer.nu
        rest = [k for k in rest if answer.slopes[k] == 0]
    return mu, direction, pivots


def _room_of_the_dual(slopes: list[Any], changes: list[Any], nonnegative: bool) -> Iterable[Any]:
    """How far each slope may move before it reaches 1, or -1 unless nonnegative."""
    for slope, change in zip(slopes, changes, strict=True):
        if change > 0:
            yield (1 - slope) / change
        elif change < 0 and not nonnegative:
            yield (1 + slope) / -change


def _step_inside(bounds: Iterable[Any]) -> Any:
    """A step inside all bounds: about half of the least one, a power of two to keep numbers short; 1 without bounds."""
    least = min(bounds, default=flint.fmpq(2))
    exponent = int(least.numerator).bit_length() - int(least.denominator).bit_length() - 2
    return flint.fmpq(2) ** exponent


def _float_basis(problem: Problem) -> list[tuple[int, int]]:
    """The columns, with their signs, of the basis at which HiGHS ends: a proposal, whatever its status.

    With fewer nonzeros than measurements that basis keeps rows in it; a slight move of y takes them out and leaves
    the support in, for the simplex continues from where it stands.
    """
    rows = np.abs(problem.A).max(axis=1)
    with np.errstate(all="ignore"):
        A = problem.A / rows[:, None]
        y = problem.y / np.abs(problem.y).max() / rows
        y /= np.abs(y).max()
    if not (np.isfinite(A).all() and np.isfinite(y).all()):
        return []
    n = problem.features
    solver = _linear_program(A if problem.nonnegative else np.hstack([A, -A]), y)
    solver.run()
    basic = _basic_columns(solver)
    if len(basic) < len(y):
        moved = y + 1e-5 * np.random.default_rng(0).uniform(-1, 1, len(y))
        solver.changeRowsBounds(len(y), np.arange(len(y), dtype=np.int32), moved, moved)
        solver.run()
        basic = max(basic, _basic_columns(solver), key=len)
    return [(k % n, 1 if k < n else -1) for k in basic]


def _linear_program(A: FloatArray, y: FloatArray) -> Any:
    """min sum x subject to A x = y, x >= 0, in HiGHS."""
    m, n = A.shape
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    settings: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "presolve": "off",
        "solver": "simplex",
        "primal_feasibility_tolerance": 1e-10,
        "dual_feasibility_tolerance": 1e-10,
    }
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    none = np.zeros(0, dtype=np.int32)
    solver.addRows(m, y, y, 0, none, none, np.zeros(0))
    starts = np.arange(n, dtype=np.int32) * m
    indices = np.tile(np.arange(m, dtype=np.int32), n)
    solver.addCols(n, np.ones(n), np.zeros(n), np.full(n, highspy.kHighsInf), m * n, starts, indices, A.T.ravel())
    return solver


def _basic_columns(solver: Any) -> list[int]:
    status = solver.getBasis().col_status
    return [j for j, state in enumerate(status) if state == highspy.HighsBasisStatus.kBasic]


def _columns(A: Any, indices: Iterable[int], signs: Iterable[Any] | None = None) -> Any:
    """A_T, each column times its sign."""
    columns = A.transpose().tolist()
    chosen = [columns[j] for j in indices]
    if signs is not None:
        chosen = [[sign * entry for entry in column] for sign, column in zip(signs, chosen, strict=True)]
    return flint.fmpz_mat(chosen).transpose()


def _fractions(values: Iterable[Any]) -> tuple[Fraction, ...]:
    return tuple(_fraction(value) for value in values)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.numerator), int(value.denominator))
