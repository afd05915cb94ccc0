"""The exact optimum of a transport problem, proved from a plan that somebody proposes, at any size.

A plan is optimal if and only if the graph of all arcs (i, j) of cost C_ij and the reversed ones of its support, of cost
-C_ij, has no negative cycle; shortest paths in it are then optimal potentials. All numbers are integers here: costs
and masses are dyadic, and are taken in the largest unit of which they are multiples.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dlnflow.arithmetic.arrays import ProblemError
from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.transport.plan import Transport

Integers = NDArray[np.int64]

MOST_BITS = 62
"""Of any sum of costs along a path, or of masses."""


class NotOptimalError(ValueError):
    """The plan is no optimal plan of the problem, as exact arithmetic shows."""


@dataclass(frozen=True, eq=False)
class OptimalPlan:
    """An optimal plan and potentials that prove it, exactly.

    plan: (n1, n2), in units of mass_unit.  slack: (n1, n2), C_ij - u_i - v_j >= 0, in units of cost_unit, 0 where the
    plan is not; u (n1,) and v (n2,) likewise.  value: <C, P>.
    """

    plan: Integers
    slack: Integers
    u: Integers
    v: Integers
    mass_unit: Fraction
    cost_unit: Fraction
    value: Fraction

    @property
    def support(self) -> NDArray[np.bool_]:
        """(n1, n2), where the plan is not 0."""
        return self.plan > 0

    @property
    def is_tree(self) -> bool:
        """Whether the plan is a nondegenerate vertex: its support is a spanning tree, and the potentials are unique."""
        return int(self.support.sum()) == sum(self.plan.shape) - 1 and _is_connected(self.support)

    @property
    def is_assignment(self) -> bool:
        """Whether the support is a permutation."""
        support = self.support
        return bool((support.sum(axis=0) == 1).all() and (support.sum(axis=1) == 1).all())

    @property
    def plan_float(self) -> FloatArray:
        """The plan in units of the masses, to rounding."""
        return self.plan.astype(np.float64) * float(self.mass_unit)

    @property
    def slack_float(self) -> FloatArray:
        """The slack in units of the cost, to rounding."""
        return self.slack.astype(np.float64) * float(self.cost_unit)


def optimal_plan(problem: Transport, plan: FloatArray) -> OptimalPlan:
    """The proof that a plan (n1, n2) is optimal.

    plan: multiples of the masses' common unit up to rounding, as network simplex leaves them.
    Raises NotOptimalError if it does not have the marginals or is not optimal, ProblemError where costs or masses have
    too many bits for 64-bit sums, or the masses' exact sums differ.
    """
    cost, cost_unit = _integers(problem.cost, "cost")
    masses, mass_unit = _integers(np.append(problem.r, problem.s), "the masses")
    r, s = masses[: len(problem.r)], masses[len(problem.r) :]
    if r.sum() != s.sum():
        raise ProblemError("r and s have sums that differ as exact numbers, expected equal ones")
    whole = np.rint(plan / float(mass_unit)).astype(np.int64)
    if (whole < 0).any() or (whole.sum(axis=1) != r).any() or (whole.sum(axis=0) != s).any():
        raise NotOptimalError("the plan does not have the marginals r and s exactly")
    u, v = _potentials(cost, whole > 0)
    value = sum((int(c) * int(p) for c, p in zip(cost[whole > 0].tolist(), whole[whole > 0].tolist(), strict=True)), 0)
    slack = cost - u[:, None] - v
    return OptimalPlan(whole, slack, u, v, mass_unit, cost_unit, value * cost_unit * mass_unit)


def excess(optimum: OptimalPlan, plan: FloatArray) -> float:
    """<C, P> less the least value, for a plan P with the two marginals; all its digits count, however near it is."""
    return float((optimum.slack_float * plan).sum())


def dual_bound(problem: Transport, g: FloatArray) -> Fraction:
    """A lower bound on the least value, from any g (n2,) in units of the cost: f_i = min_j C_ij - g_j is exact here.

    The exact sums of the masses are those of r; the last of s is what is left.
    """
    cost, unit = _integers(problem.cost, "cost")
    price = np.rint(g / float(unit)).astype(np.int64)
    best = (cost - price).min(axis=1)
    r = [Fraction(mass) for mass in problem.r.tolist()]
    s = [Fraction(mass) for mass in problem.s[:-1].tolist()]
    s.append(sum(r, Fraction(0)) - sum(s, Fraction(0)))
    left = sum((int(f) * mass for f, mass in zip(best.tolist(), r, strict=True)), Fraction(0))
    return (left + sum((int(p) * mass for p, mass in zip(price.tolist(), s, strict=True)), Fraction(0))) * unit


def _potentials(cost: Integers, support: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """u, v with u_i + v_j <= C_ij, equal on the support: Bellman and Ford's sweeps."""
    u = cost.min(axis=1)
    v = (cost - u[:, None]).min(axis=0)
    nothing = np.iinfo(np.int64).min
    for _ in range(sum(cost.shape) + 1):
        raised = np.maximum(u, np.where(support, cost - v, nothing).max(axis=1))
        lowered = np.minimum(v, (cost - raised[:, None]).min(axis=0))
        if (raised == u).all() and (lowered == v).all():
            return u, v
        u, v = raised, lowered
    raise NotOptimalError("the plan is not optimal: it leaves a cycle of negative cost")


def _integers(values: FloatArray, name: str) -> tuple[Integers, Fraction]:
    """(values in units, the unit): the unit a power of two."""
    mantissas, exponents = np.frexp(values)
    scaled = (mantissas * 2.0**53).astype(np.int64)
    trailing = np.array([(m & -m).bit_length() - 1 if m else 10**6 for m in scaled.ravel().tolist()])
    lowest = int((exponents.ravel() - 53 + trailing).min())
    size = np.abs(values).max(initial=0.0)
    # a path has fewer arcs than there are points
    if size and np.log2(size) - lowest + np.log2(values.size) > MOST_BITS:
        raise ProblemError(f"{name} has entries of too many bits for exact sums, expected at most 40 bits each")
    return np.rint(np.ldexp(values, -lowest)).astype(np.int64), Fraction(2) ** lowest


def _is_connected(support: NDArray[np.bool_]) -> bool:
    rows = np.zeros(support.shape[0], dtype=bool)
    rows[0] = True
    while True:
        reached = np.flatnonzero(support[rows].any(axis=0))
        found = np.array(support[:, reached].any(axis=1))
        found[0] = True
        if (found == rows).all():
            return bool(rows.all()) and len(reached) == support.shape[1]
        rows = found
