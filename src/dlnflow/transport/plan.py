"""Optimal transport as the linear program that the network solves, and its limit by a Newton's method made for it.

For x = u*u with u(0) = exp(-C/(2 lam)) the limit of the flow is the plan P = exp(-C/lam + f_i + g_j) with the two
marginals: Sinkhorn's problem (docs/theory.md, Linear programs). For any g the best f is known, the one that makes the
rows' sums right, so that what is left is to minimise over g

    F(g) = sum_i r_i log sum_j exp(-C_ij/lam + g_j) - s.g,      F' = P^T 1 - s,

whose Hessian is the Laplacian of the weights (P^T diag(1/r) P)_jk on the columns: the Schur complement of the whole
problem's. The larger side is the one that f stands for. lam comes down a fixed ladder, along which g is nearly affine
in 1/lam.
"""

from dataclasses import dataclass
from functools import cached_property
from math import fsum, inf

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.blas import dsyrk

from dlnflow.arithmetic.arrays import ProblemError, read_array
from dlnflow.arithmetic.error_free import UNIT, FloatArray
from dlnflow.problems.standard_form import StandardForm
from dlnflow.results import Status
from dlnflow.transport.laplacian import solve_connected, solve_split

IndexArray = NDArray[np.intp]

RUNG = 2.0
"""Of lam, from one rung of the ladder to the next: of the ratios tried the one with the fewest steps in all."""
TOP = 0.25
"""The first lam, over the range of the costs: the plan is then near the product of its marginals."""
ROUGH = 1e-2
"""The marginals' error at which a rung is left for the next."""
NEAR = 0.5
"""And how far, in g, Newton's next step then is at most: nearly separate parts of a plan show no error of marginals."""
SINGULAR = 1e-12
"""The least pivot of Newton's matrix, over the largest mass of a column: Cholesky leaves four digits of a step."""
ROUNDINGS = 64
"""Of a column's sum: over the least pivot they are the step that is taken for nothing, and below rtol."""
MOST_STEPS = 500
"""In all: ten times what 400 points at lam = 1e-4 of the largest cost need."""
DECREASE = 1e-4
"""Of the decrease that the slope promises, what a step must give (Armijo)."""
LONGEST = 1e300
"""Of the range of C/lam."""
SUM_SLACK = 8.0
"""Roundings of a sum, over the number of its terms, by which the two masses may differ."""


@dataclass(frozen=True, eq=False)
class Transport:
    """minimise <C, P> over P >= 0 with P 1 = r and P^T 1 = s.

    cost: C (n1, n2), any sign.  r: (n1,), s: (n2,): masses above 0, of equal sums up to rounding.
    Raises ProblemError for anything else.
    """

    cost: FloatArray
    r: FloatArray
    s: FloatArray

    def __init__(self, cost: ArrayLike, r: ArrayLike, s: ArrayLike) -> None:
        arrays = {"cost": (cost, 2), "r": (r, 1), "s": (s, 1)}
        for name, (values, ndim) in arrays.items():
            object.__setattr__(self, name, read_array(values, name, ndim=ndim)[0])
        if self.cost.shape != (len(self.r), len(self.s)):
            raise ProblemError(
                f"cost has shape {self.cost.shape}, expected ({len(self.r)}, {len(self.s)}), the lengths of r and s"
            )
        if min(self.cost.shape) < 2:
            raise ProblemError(f"cost has shape {self.cost.shape}, expected at least 2 points on each side")
        for name, masses in (("r", self.r), ("s", self.s)):
            if not (masses > 0).all():
                raise ProblemError(f"{name} holds {masses.min():g}, expected masses above 0: leave empty points out")
        left, right = fsum(self.r), fsum(self.s)
        if abs(left - right) > SUM_SLACK * UNIT * sum(self.cost.shape) * left:
            raise ProblemError(f"r sums to {left:.17g} and s to {right:.17g}, expected equal masses")

    @property
    def mass(self) -> float:
        """The sum of r."""
        return fsum(self.r)

    @property
    def range(self) -> float:
        """The largest cost less the smallest."""
        return float(np.ptp(self.cost))

    @cached_property
    def swapped(self) -> "Transport":
        """The same problem seen from the other side."""
        return Transport(self.cost.T, self.s, self.r)


@dataclass(frozen=True, eq=False)
class EntropicPlan:
    """argmin <C, P> + lam sum(P log P - P) over the plans P.

    plan: P (n1, n2).  f: (n1,), g: (n2,): log P = -C/lam + f_i + g_j, g 0 at the last point of the smaller side.
    marginal_1, marginal_max: the sum and the largest of |P 1 - r| and |P^T 1 - s|, over the mass.
    radius: estimate of the relative error of every entry of P: Newton's next step, and the rounding of C/lam; inf
    where the entries of P that connect the points underflow.
    iterations: Newton steps, all rungs of the ladder together.  engine, precision: the arithmetic.
    """

    plan: FloatArray
    f: FloatArray
    g: FloatArray
    marginal_1: float
    marginal_max: float
    radius: float
    iterations: int
    status: Status
    engine: str = "float64"
    precision: int = 53

    @property
    def log_plan_shift(self) -> FloatArray:
        """f_i + g_j, (n1, n2)."""
        return self.f[:, None] + self.g


def as_standard_form(cost: ArrayLike, r: ArrayLike, s: ArrayLike) -> StandardForm:
    """The linear program behind `Transport`: x = P row by row, without the last column's equation.

    The others imply it. So masses that differ by rounding make no difference: the last of s is what is left.
    Raises ProblemError as `Transport` does.
    """
    problem = Transport(cost, r, s)
    n1, n2 = problem.cost.shape
    rows = np.kron(np.eye(n1), np.ones(n2))
    columns = np.kron(np.ones(n1), np.eye(n2))[:-1]
    return StandardForm(np.vstack([rows, columns]), np.append(problem.r, problem.s[:-1]), problem.cost.ravel())


def marginal_errors(problem: Transport, plan: FloatArray) -> FloatArray:
    """P 1 - r and after it P^T 1 - s, (n1 + n2,)."""
    return np.append(plan.sum(axis=1) - problem.r, plan.sum(axis=0) - problem.s)


def entropic_plan(problem: Transport, lam: float, tol: float = 1e-10, rtol: float = inf) -> EntropicPlan:
    """The network's limit on a transport problem, which is Sinkhorn's plan, in float64.

    lam: in units of the cost.  tol: of the marginals, as `marginal_1`.  rtol: of every entry of P, as `radius`, besides
    what rounding leaves.
    The status is converged, stalled (above the tolerances after MOST_STEPS), or out_of_float64: what connects the
    points is below 1e-308, or C/lam holds no digit.
    Raises ValueError for lam or a tolerance that is not above 0, and where C/lam overflows.
    """
    for name, value in (("lam", lam), ("tol", tol), ("rtol", rtol)):
        if not value > 0 or (name != "rtol" and value == inf):
            raise ValueError(f"{name} is {value!r}, expected a number above 0")
    if not problem.range < lam * LONGEST:
        raise ValueError(f"lam is {lam!r}, expected more: costs that differ by {problem.range:g} leave float64 over it")
    if problem.cost.shape[0] < problem.cost.shape[1]:
        found = entropic_plan(problem.swapped, lam, tol, rtol)
        return EntropicPlan(
            np.ascontiguousarray(found.plan.T),
            found.g,
            found.f,
            *(found.marginal_1, found.marginal_max, found.radius, found.iterations, found.status),
        )
    with np.errstate(under="ignore", over="ignore"):  # an entry of P may be 0 in float64, and masses are not
        return _Descent(problem, lam).run(tol * problem.mass, rtol)


@dataclass(frozen=True, eq=False)
class _Point:
    """What belongs to one g: P, the column of the heaviest entry of each row, F, and F' = P^T 1 - s."""

    g: FloatArray
    plan: FloatArray
    heaviest: IndexArray
    value: float
    slope: FloatArray


class _Descent:
    """Newton's method on F down the ladder. Rows are the larger side."""

    def __init__(self, problem: Transport, lam: float) -> None:
        self.problem, self.theta = problem, 1 / lam
        self.cost = problem.cost - problem.cost.min()
        self.steps, self.left = 0, inf
        self._roots, self._places = 1 / np.sqrt(problem.r), np.arange(len(problem.r))
        self._is_split = False

    def run(self, tol: float, rtol: float) -> EntropicPlan:
        ladder = self._ladder()
        g = np.zeros_like(self.problem.s)
        before: tuple[float, FloatArray] | None = None
        for theta, above in zip(ladder, [*ladder[1:], inf], strict=True):
            last = above == inf
            point, status = self._minimise(theta, g, *((tol, rtol) if last else (ROUGH * self.problem.mass, NEAR)))
            if not last:
                # g is nearly affine in theta, and before there are two points nearly proportional to it
                old, at = before or (0.0, np.zeros_like(g))
                before = theta, point.g
                g = point.g + (point.g - at) * ((above - theta) / (theta - old))
        return self._ended(point, status)

    def _ladder(self) -> list[float]:
        first = 1 / (TOP * self.problem.range) if self.problem.range else self.theta
        thetas = []
        while first < self.theta / 1.01:
            thetas.append(first)
            first *= RUNG
        return [*thetas, self.theta]

    def _minimise(self, theta: float, g: FloatArray, tol: float, rtol: float) -> tuple[_Point, Status]:
        """The minimiser of F at one theta, from g."""
        kernel = self.cost * -theta
        point = self._at(kernel, g)
        while True:
            step = self._newton(point, max(SINGULAR, ROUNDINGS * UNIT / rtol) * self.problem.s.max())
            self.left = inf if step is None else float(np.ptp(step))
            if np.abs(point.slope).sum() <= tol and (self.left <= rtol or step is None):
                return point, Status.CONVERGED if self.left <= rtol else Status.OUT_OF_FLOAT64
            if self.steps >= MOST_STEPS:
                return point, Status.OUT_OF_FLOAT64 if step is None else Status.STALLED
            point = self._swept(kernel, point) if step is None else self._moved(kernel, point, step)

    def _at(self, kernel: FloatArray, g: FloatArray) -> _Point:
        P = kernel + g
        heaviest = P.argmax(axis=1)
        top = P[self._places, heaviest]
        P -= top[:, None]
        np.exp(P, out=P)
        sums = P.sum(axis=1)
        value = float(self.problem.r @ (top + np.log(sums)) - self.problem.s @ g)
        P *= (self.problem.r / sums)[:, None]
        if not self._is_split:
            return _Point(g, P, heaviest, value, P.sum(axis=0) - self.problem.s)
        flows, sources = self._balance(P, heaviest)
        return _Point(g, P, heaviest, value, flows.sum(axis=0) - flows.sum(axis=1) - sources)

    def _balance(self, P: FloatArray, heaviest: IndexArray) -> tuple[FloatArray, FloatArray]:
        """Flows (n2, n2) and sources (n2,) of F' = flows^T 1 - flows 1 - sources, to their last digits.

        In each row the heaviest entry is r_i less the others. flows_jk: what rows whose heaviest entry is in column j
        have in column k.  sources: s less the masses of the rows at home in a column, subtracted exactly.
        """
        flows = np.zeros((P.shape[1], P.shape[1]))
        np.add.at(flows, heaviest, P)
        np.fill_diagonal(flows, 0.0)
        gathered: list[list[float]] = [[mass] for mass in self.problem.s.tolist()]
        for column, mass in zip(heaviest.tolist(), self.problem.r.tolist(), strict=True):
            gathered[column].append(-mass)
        return flows, np.array([fsum(masses) for masses in gathered])

    def _newton(self, point: _Point, least: float) -> FloatArray | None:
        half = point.plan * self._roots[:, None]
        weights = dsyrk(1.0, half.T)
        weights = np.triu(weights, 1)
        weights += weights.T
        step = solve_connected(weights, -point.slope, least)
        self._is_split = step is None
        return solve_split(weights, *self._balance(point.plan, point.heaviest)) if step is None else step

    def _moved(self, kernel: FloatArray, point: _Point, step: FloatArray) -> _Point:
        """As much of Newton's step as decreases F."""
        self.steps += 1
        slope = float(point.slope @ step)
        # F''' is at most |range of the direction| F'': steps of this length always decrease F
        safe = float(np.log1p(self.left) / self.left) if self.left else 1.0
        rounding = UNIT * len(kernel) * (abs(point.value) + 1)
        length = 1.0
        while True:
            found = self._at(kernel, point.g + length * step)
            decreases = found.value <= point.value + DECREASE * length * slope + rounding
            if length <= safe or (decreases and found.slope @ step <= -slope / 2):
                return found
            length = max(length / 2, safe)

    def _swept(self, kernel: FloatArray, point: _Point) -> _Point:
        """One sweep of Sinkhorn's in logarithms: where the weights leave float64 there is no Newton step."""
        self.steps += 1
        M = kernel + self._rows(kernel, point.g)[:, None]
        top = M.max(axis=0)
        return self._at(kernel, np.log(self.problem.s) - top - np.log(np.exp(M - top).sum(axis=0)))

    def _rows(self, kernel: FloatArray, g: FloatArray) -> FloatArray:
        """f: what makes the rows' sums right."""
        M = kernel + g
        top = M.max(axis=1)
        return np.log(self.problem.r) - top - np.log(np.exp(M - top[:, None]).sum(axis=1))

    def _ended(self, point: _Point, status: Status) -> EntropicPlan:
        P, g = point.plan, point.g - point.g[-1]
        f = self._rows(self.cost * -self.theta, g) + self.problem.cost.min() * self.theta
        errors = np.abs(marginal_errors(self.problem, P)) / self.problem.mass
        rounding = 4 * UNIT * self.problem.range * self.theta
        radius = self.left + rounding
        if status is Status.CONVERGED and rounding > 1:
            status = Status.OUT_OF_FLOAT64
        return EntropicPlan(P, f, g, float(errors.sum()), float(errors.max()), radius, self.steps, status)
