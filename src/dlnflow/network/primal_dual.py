"""The limit from a cold start in about ten factorisations: a primal-dual Newton's method in plain float64.

The unknowns are nu and, besides, the sides p, q > 0 of x = p - q (`sides`): at the limit A (p - q) = y, and each side
is the one of its distance to the bound. Newton's method on the dual alone linearises x(z), which spans as many decades
as eps, and needs hundreds of steps from z = 0. With unknowns of their own the sides in the support keep their size
while their distance falls, and the others keep their distance while they fall, as in interior-point methods for basis
pursuit, which this becomes as eps falls. Near the limit it is Newton's method on the dual.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.blas import dsyrk
from scipy.linalg.lapack import dpotrf, dpotrs

from dlnflow.arithmetic.error_free import UNIT, FloatArray
from dlnflow.network.network import Network
from dlnflow.network.plus_minus import Sides
from dlnflow.problems.problem import Problem

MOST_FACTORISATIONS = 100
"""Of 4 000 random signed cells over all sizes, depths 2 to 10 and scales to 1e-8, those that arrive take 46 at most;
nonnegative ones whose solutions are nearly alone (`forced`) take up to 90."""

TO_THE_BOUNDARY = 0.99
"""The part of the way to s = 0, or to p = 0, that a step may go."""

LONGEST_STEP = 30.0
"""Of distances that have no bound (depth 2): e^30 is enough for any start, and e^-(-30) no overflow."""

GAIN = 0.3
"""An old factorisation serves on while a step with it, which costs far less, divides the residual by 1/GAIN."""


@dataclass(frozen=True, eq=False)
class QuickLimit:
    """Where the primal-dual method ended.

    x: (n,) = x(A^T nu).  nu: (m,).  residual: ||A x - y||_2.  radius: an estimate of ||x - x_alpha||_2, from
    Newton's next step and the rounding of z; infinite unless converged.  factorisations: of (m, m) matrices.
    """

    x: FloatArray
    nu: FloatArray
    residual: float
    radius: float
    factorisations: int
    converged: bool


def primal_dual(problem: Problem, network: Network, rtol: float) -> QuickLimit:
    """The limit to ||A x - y|| <= rtol ||y||, from a cold start: a function of the arguments alone.

    Not converged where float64's Cholesky breaks down first, or where the dual has no optimum (`only_solution`).
    """
    with np.errstate(all="ignore"):  # an overflow ends the iteration as not converged
        return _PrimalDual(problem, network).run(rtol)


class _PrimalDual:
    """nu (m,), distances S and sides P (2, n), or (1, n) if nonnegative; S = bound -+ A^T nu throughout."""

    def __init__(self, problem: Problem, network: Network) -> None:
        self.A, self.y = problem.A, problem.y
        self._columns = np.ascontiguousarray(problem.A.T)
        self._signs = np.array([[1.0]]) if problem.nonnegative else np.array([[1.0], [-1.0]])
        self._factorisations = 0
        self._factorise(np.ones(problem.features))
        x = self.A.T @ self._solve(self.y)
        self.P = first_sides(self._signs, x)
        self.nu = np.zeros(problem.measurements)
        self.maps = Sides(network)
        self._log_scale = self.maps.log_scale
        # signed sides start feasible; others seek A p = y first, around the scale at which they are the centre
        self._is_centring = problem.nonnegative
        if self._is_centring:
            self.maps.log_scale = float(np.log(self.P.mean()))
        self.S = np.full_like(self.P, self.maps.bound)

    def run(self, rtol: float) -> QuickLimit:
        aim = rtol * float(np.linalg.norm(self.y))
        before, full = np.inf, False
        while True:
            sides = self.maps.sides(self.S)
            r = self.y - self.A @ self._net(sides)
            residual = float(np.linalg.norm(r))
            if residual <= aim and not self._is_centring:
                return self._ended(sides, r, True)
            if residual <= aim:
                self.P, full = sides, False
                self._leave_centre()
                continue
            if full and residual < GAIN * before:
                self.P, pull = sides, np.zeros_like(sides)  # Newton's method on the dual
            else:
                weights = self.maps.weights(self.P, self.S)
                if self._factorisations > MOST_FACTORISATIONS or not self._factorise(weights.sum(axis=0)):
                    return self._ended(sides, r, False)
                pull = pull_together(self.maps, self.P, self.S, sides, weights, self._net(self.P))
                r = self.y - self.A @ self._net(self.P + pull)
            before, full = residual, self._step(r, pull, weights)

    def _step(self, r: FloatArray, pull: FloatArray, weights: FloatArray) -> bool:
        """Take Newton's step, as much of it as the boundary allows; whether that was all of it."""
        d = self._solve(r)
        dS = -self._signs * (self.A.T @ d)
        dP = pull - weights * dS
        if self.maps.is_bounded:
            a = float(part_inside((dS / self.S).min()))
        else:
            a = min(1.0, LONGEST_STEP / float(np.abs(dS).max()))
        b = float(part_inside((dP / self.P).min()))
        self.nu, self.S, self.P = self.nu + a * d, self.S + a * dS, self.P + b * dP
        if self._is_centring and b == 1:
            self._leave_centre()
            return False
        return a == b == 1

    def _leave_centre(self) -> None:
        """Go on at the network's own scale, with A p = y."""
        self._is_centring, bound = False, self.maps.bound
        self.maps.log_scale = self._log_scale
        self.S = self.S + (self.maps.bound - bound)

    def _ended(self, sides: FloatArray, r: FloatArray, converged: bool) -> QuickLimit:
        """The answer; its radius, infinite where the next step cannot be had, is that of `radius_of`."""
        radius = np.inf
        if converged:
            weights = self.maps.weights(sides, self.S)
            total = weights.sum(axis=0)
            # a matrix of its own: below scale 1e-8 an old one may give a hundredth of the step
            if self._factorise(total):
                step = total * (self.A.T @ self._solve(r))
                slopes = np.abs(self.A.T) @ np.abs(self.nu)
                radius = float(radius_of(self.maps, step, slopes, weights, self.S, sides))
        residual = float(np.linalg.norm(r))
        return QuickLimit(self._net(sides), self.nu, residual, radius, self._factorisations, converged)

    def _net(self, sides: FloatArray) -> FloatArray:
        """x = p - q."""
        return sides[0] - sides[1] if len(sides) == 2 else sides[0]

    def _factorise(self, weights: FloatArray) -> bool:
        """Cholesky of A diag(weights) A^T, if float64 finds one."""
        half = self._columns * np.sqrt(weights)[:, None]
        self._factor, info = dpotrf(dsyrk(1.0, half.T, lower=1), lower=1, clean=0, overwrite_a=1)
        self._factorisations += 1
        return bool(info == 0)

    def _solve(self, r: FloatArray) -> FloatArray:
        return dpotrs(self._factor, r, lower=1)[0]


# what one problem shares with a stack of them (`quick_limits`): the last axes are those of one, (sides, features), with
# x (features,) or (1, features)


def first_sides(signs: FloatArray, x: FloatArray) -> FloatArray:
    """Sides to start from, p - q = x, none of them near 0."""
    return np.maximum(signs * x, 0.0) + 0.3 * np.abs(x).mean(axis=-1, keepdims=True)


def pull_together(
    maps: Sides, P: FloatArray, S: FloatArray, sides: FloatArray, weights: FloatArray, x: FloatArray
) -> FloatArray:
    """What would bring p and s together, as a change of p; sides = p(s), x = p - q.

    By a move of s where p is to stay: in the support, and where p(s) has run away from p, which s cannot mean.
    """
    middle = np.exp(maps.log_scale / 2) * np.sqrt(np.abs(x).max(axis=-1, keepdims=True))
    stays = (middle < P) | (sides > P)
    return np.where(stays, weights * (maps.distances(P) - S), sides - P)


def radius_of(
    maps: Sides, step: FloatArray, slopes: FloatArray, weights: FloatArray, S: FloatArray, sides: FloatArray
) -> FloatArray:
    """An estimate of the distance to the limit: twice Newton's next step (..., n), and rounding.

    Rounded are S (..., sides, n), a sum of steps, as A^T nu (slopes, |A|^T |nu|: (..., n)) and as S itself, and p(S),
    of which log eps is a part.
    """
    sizes = weights * np.abs(S) + (1 + abs(maps.log_scale)) * sides
    rounded = weights.sum(axis=-2) * slopes + sizes.sum(axis=-2)
    return 2 * np.linalg.norm(step, axis=-1) + 4 * UNIT * np.linalg.norm(rounded, axis=-1)


def part_inside(steepest: FloatArray) -> FloatArray:
    """The part of a step, at most 1, that leaves numbers positive whose least relative change is `steepest`."""
    return TO_THE_BOUNDARY / np.fmax(TO_THE_BOUNDARY, -steepest)
