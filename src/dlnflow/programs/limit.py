"""The entropic limit of a linear program in float64: argmin { c.x + lam sum (x log x - x) : A x = b }.

It is where the flow of 1/2 ||A (u*u) - b||^2 from u(0) = exp(-c/(2 lam)) ends, x = u*u (docs/theory.md, Linear
programs). With theta = 1/lam and nu the dual unknown log x = A^T nu - theta c, and nu minimises the convex

    sum_j exp(a_j.nu - theta c_j) - b.nu.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from dlnflow.arithmetic.arrays import ProblemError
from dlnflow.arithmetic.error_free import UNIT, FloatArray
from dlnflow.arithmetic.exact import parse_number, to_text
from dlnflow.minimisers.linear_programs import forced_zeros, refuse_dependent
from dlnflow.network.dual_newton import factor
from dlnflow.problems.standard_form import StandardForm
from dlnflow.results import Status

MOST_STEPS = 100
"""Newton steps of one rung; those of random programs take 60 at most, and only the first rung takes so many."""
LARGEST_LOG = 350.0
"""Of x whose square is still a float."""
LARGEST_START = 170.0
"""Of log x(0): the fourth power of x(0), as in the norm of the flow's second derivative, is still a float."""
LONGEST_LOG = 1e15
"""Of log x(0), whichever its sign: float64 then still holds it to a tenth."""
SMALL_MOVE = 1e-6
"""Of each log x in Newton's last step: where the dual has no optimum some of them go on falling, by about 1 a step."""
LONGEST_MOVE = 30.0
"""Of a log x in one step: e^30 more is enough for any, and overflows nothing."""


@dataclass(frozen=True, eq=False)
class EntropicLimit:
    """The entropic limit at one lam in float64.

    x: (n,).  log_x: (n,) its logarithms, also where x underflows; -inf where `forced`.
    nu: (m,) log x = A^T nu - c/lam off `forced`.  residual: ||A x - b||_2.
    radius: an estimate of ||x - x_lam||_2, from Newton's next step and the rounding of log x; infinite unless
    converged.  iterations: Newton steps on all rungs.  forced: the j at which A x = b, x >= 0 allow x_j = 0 alone.
    """

    x: FloatArray
    log_x: FloatArray
    nu: FloatArray
    status: Status
    residual: float
    radius: float
    iterations: int
    forced: tuple[int, ...] = ()
    engine: str = field(default="float64", init=False)
    precision: int = field(default=53, init=False)


def entropic_limit(program: StandardForm, lam: Any) -> EntropicLimit:
    """The limit at lam > 0, a number or exact text such as "1e-2".

    By Newton's method on the dual, down the fixed rungs theta = 1/lam = 0, s, 2s, 4s, ..., s a power of two near
    1/max|c|: nu is nearly affine in theta once lam is small. Where A x = b, x >= 0 forces some x_j to be 0 the dual has
    no optimum; these are found exactly, and the limit is that of the other columns.

    status: stalled where Newton's method stops above rounding, out_of_float64 where its matrix is singular in float64;
    the values are then those of the last rung that was reached, at a larger lam.

    Raises ValueError unless lam > 0, and InfeasibleError if there is no x >= 0 with A x = b.
    """
    return EntropicLadder(program).at(lam)


class EntropicLadder:
    """`entropic_limit` for one program at several lam, going down the rungs once; each is a function of lam alone.

    Raises InfeasibleError if a row that depends on others contradicts them.
    """

    def __init__(self, program: StandardForm) -> None:
        refuse_dependent(program)
        self._program = program
        self._rows = list(program.independent_rows)
        self._data = program.A[self._rows], program.b[self._rows]
        self._solved: dict[Fraction, _Solved] = {}
        self._forced: tuple[int, ...] | None = None
        self._others: EntropicLadder | None = None

    def at(self, lam: Any) -> EntropicLimit:
        """The limit at lam. Raises as `entropic_limit` does."""
        found = self._descend(inverse(lam))
        if found.status == Status.CONVERGED:
            return found
        if self._forced is None:
            self._forced = forced_zeros(self._program)
            is_some = 0 < len(self._forced) < self._program.variables
            self._others = EntropicLadder(without(self._program, self._forced)) if is_some else None
        if self._others is not None:
            return _put_back(self._program, self._forced, self._others.at(lam))
        return _zero(self._program) if self._forced else found

    def _descend(self, theta: Fraction) -> EntropicLimit:
        known: list[tuple[float, FloatArray]] = []
        steps, best = 0, None
        for rung in rungs(self._program, theta):
            if rung not in self._solved:
                self._solved[rung] = self._newton(float(rung), known)
            last = self._solved[rung]
            steps += last.steps
            if last.status != Status.CONVERGED:
                break
            best, known = last.point, [*known[-1:], (float(rung), last.point.nu)]
        point = best or last.point
        nu = np.zeros(self._program.constraints)
        nu[self._rows] = point.nu
        residual = float(np.linalg.norm(self._program.A @ point.x - self._program.b))
        return EntropicLimit(point.x, point.log_x, nu, last.status, residual, last.radius, steps)

    def _newton(self, theta: float, known: list[tuple[float, FloatArray]]) -> "_Solved":
        with np.errstate(all="ignore"):  # an overflow ends the iteration as not converged
            start = _extrapolated(known, theta, len(self._rows))
            return _Dual(*self._data, theta * self._program.c).newton(start)


def inverse(lam: Any) -> Fraction:
    """theta = 1/lam, exactly. Raises ValueError unless lam > 0."""
    value = parse_number(lam)
    if value <= 0:
        raise ValueError(f"lam is {to_text(value)}, expected a number above 0")
    return 1 / value


def log_start(program: StandardForm, lam: Any) -> FloatArray:
    """log x(0) = -c/lam (n,), where flow and descent in time start.

    Raises ValueError unless lam > 0, InfeasibleError if a row that depends on others contradicts them, and ProblemError
    if rows depend on others at all, b is zero (residuals are measured by it), or x(0) is beyond float64.
    """
    theta = inverse(lam)
    refuse_dependent(program)
    if program.rank < program.constraints:
        first = min(set(range(program.constraints)) - set(program.independent_rows))
        raise ProblemError(f"row {first + 1} of A depends on those before it, expected independent rows")
    if not program.b.any():
        raise ProblemError("b is zero, expected at least one entry that is not")
    logs = [-theta * cost for cost in program.rational_c]
    if max(logs) > LARGEST_START or min(logs) < -LONGEST_LOG:
        raise ProblemError(
            f"exp(-c/lam) at lam = {to_text(1 / theta)} is beyond float64, expected a larger lam, or reduced costs"
        )
    return np.array([float(value) for value in logs])


def rungs(program: StandardForm, theta: Fraction) -> list[Fraction]:
    """0, s, 2s, 4s, ... and last theta: s <= 1/max|c|, a power of two."""
    largest = max(map(abs, program.rational_c))
    found = [Fraction(0)]
    if largest:
        rung = Fraction(2) ** (largest.denominator.bit_length() - largest.numerator.bit_length() - 1)
        while rung < theta:
            found.append(rung)
            rung *= 2
    return [*found, theta]


def without(program: StandardForm, forced: tuple[int, ...]) -> StandardForm:
    """The program without these columns, of which some are left."""
    kept = sorted(set(range(program.variables)) - set(forced))
    A, c = program.rational_A, program.rational_c
    return StandardForm([[row[j] for j in kept] for row in A], program.rational_b, [c[j] for j in kept])


def _zero(program: StandardForm) -> EntropicLimit:
    """The limit where x = 0 is all that is feasible."""
    n = program.variables
    nu = np.zeros(program.constraints)
    return EntropicLimit(np.zeros(n), np.full(n, -inf), nu, Status.CONVERGED, 0.0, 0.0, 0, tuple(range(n)))


def _put_back(program: StandardForm, forced: tuple[int, ...], found: EntropicLimit) -> EntropicLimit:
    kept = sorted(set(range(program.variables)) - set(forced))
    x, log_x = np.zeros(program.variables), np.full(program.variables, -inf)
    x[kept], log_x[kept] = found.x, found.log_x
    return EntropicLimit(x, log_x, found.nu, found.status, found.residual, found.radius, found.iterations, forced)


@dataclass(eq=False)
class _Point:
    """log x = A^T nu - theta c, and what follows."""

    nu: FloatArray
    log_x: FloatArray
    x: FloatArray
    residual: FloatArray


@dataclass(frozen=True, eq=False)
class _Solved:
    """Where Newton's method ended at one theta."""

    point: _Point
    status: Status
    radius: float
    steps: int


class _Dual:
    """The dual at one theta, on independent rows of A."""

    def __init__(self, A: FloatArray, b: FloatArray, shift: FloatArray) -> None:
        self.A, self.b, self.shift = A, b, shift

    def at(self, nu: FloatArray) -> _Point:
        log_x = self.A.T @ nu - self.shift
        x = np.exp(log_x)
        return _Point(nu, log_x, x, self.b - self.A @ x)

    def newton(self, nu: FloatArray) -> _Solved:
        """Newton's method from a start."""
        point, step = self.at(nu), inf
        for count in range(1, MOST_STEPS + 1):
            try:
                d = factor(self.A, point.x).solve(point.residual)
            except (np.linalg.LinAlgError, ValueError):  # singular, or not finite
                return _Solved(point, Status.OUT_OF_FLOAT64, inf, count)
            moves = self.A.T @ d
            if not np.isfinite(moves).all():
                return _Solved(point, Status.OUT_OF_FLOAT64, inf, count)
            rounding = self._rounding(point)
            previous, step = step, float(np.linalg.norm(point.x * moves))
            # a short step that no longer halves is made of rounding
            is_rounding = step <= rounding or (previous <= 2 * step and step <= 100 * rounding)
            if is_rounding and np.abs(moves).max() <= SMALL_MOVE:
                return _Solved(point, Status.CONVERGED, 2 * step + rounding, count)
            next_point = self._search(point, d, float(np.abs(moves).max()))
            if next_point is None:
                break
            point = next_point
        status = Status.OUT_OF_FLOAT64 if point.log_x.max() > LARGEST_LOG else Status.STALLED
        return _Solved(point, status, inf, count)

    def _search(self, point: _Point, d: FloatArray, longest: float) -> _Point | None:
        """The point after as much of the step as leaves the slope along it at half of what it was, or less."""
        gain = float(point.residual @ d)
        noise = UNIT * float(np.linalg.norm(self.b) * np.linalg.norm(d))
        length = min(1.0, LONGEST_MOVE / longest)
        for _ in range(60):
            candidate = self.at(point.nu + length * d)
            if float(candidate.residual @ d) >= -0.5 * gain - noise:
                return candidate
            length /= 2
        return None

    def _rounding(self, point: _Point) -> float:
        """What the rounding of log x does to x, to first order.

        With errors e of log x the limit is that of other costs, and ||D^(1/2) dx/x|| <= ||D^(1/2) e||, D = diag x.
        """
        errors = len(point.nu) * UNIT * (np.abs(self.A.T) @ np.abs(point.nu)) + 2 * UNIT * np.abs(self.shift)
        return float(np.sqrt(point.x.max()) * np.linalg.norm(np.sqrt(point.x) * errors))


def _extrapolated(known: list[tuple[float, FloatArray]], theta: float, rows: int) -> FloatArray:
    """nu at theta, affine through the last two rungs."""
    if not known:
        return np.zeros(rows)
    if len(known) == 1:
        return known[0][1]
    (first, before), (last, now) = known
    return now + (now - before) * ((theta - last) / (last - first))
