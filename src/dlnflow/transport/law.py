"""How fast the network's plan approaches the optimal one as lam falls: exponent and constant, from the exact optimum.

S = C - u - v, the slacks of optimal potentials, P the plan at lam: <C, P> - optimum = <S, P> (docs/theory.md,
Transport).

A tree: the support of the optimal plan X is a spanning tree and the optimum is unique. Then
P_ij ~ exp(-S_ij/lam + phi_i + psi_j) with phi_i + psi_j = log X_ij on the tree.

An assignment: all masses are equal to p, the optimum is a permutation, degenerate, and the potentials are not unique.
Mass leaves the permutation along the cycle whose slack is least on average, mu: p exp(-mu/lam) along each of its l
arcs, so that the excess is p l mu exp(-mu/lam).
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.transport.exact_optimum import Integers, OptimalPlan

ObjectArray = NDArray[np.object_]

MEAN_BITS = 40
"""Of costs whose second least mean is asked, rounded down: their sums then are 64-bit integers."""


@dataclass(frozen=True, eq=False)
class ValueLaw:
    """<C, P> - optimum ~ sum_k factors_k exp(-exponents_k / lam).

    kind: tree, where all terms that are of first order in any P_ij stand here; assignment, with one term, the leading.
    exponents: (k,) in units of the cost, rising.  factors: (k,) in units of cost times mass.
    least_mass: of the optimal plan's entries that are not 0.  next_exponent: q, in units of the cost: an assignment's
    other cycles are e^(-q/lam) of its own; None of a tree, whose terms all stand here.
    """

    kind: str
    exponents: FloatArray
    factors: FloatArray
    least_mass: float
    next_exponent: float | None = None

    @property
    def exponent(self) -> float:
        """The least one."""
        return float(self.exponents[0])

    @property
    def constant(self) -> float:
        """The sum of the factors that belong to it."""
        return float(self.factors[self.exponents == self.exponents[0]].sum())

    def log_excess(self, lam: float) -> float:
        """The logarithm of the sum."""
        return float(np.logaddexp.reduce(np.log(self.factors) - self.exponents / lam))

    def next_term(self, lam: float) -> float:
        """What the law leaves out, relative: the mass that it predicts off the support over the least mass on it.

        Of an assignment e^(-q/lam), where that is more.
        """
        masses = np.log(self.factors / self.exponents) - self.exponents / lam
        own = float(np.exp(np.logaddexp.reduce(masses)) / self.least_mass)
        return own if self.next_exponent is None else max(own, float(np.exp(-self.next_exponent / lam)))


def value_law(optimum: OptimalPlan) -> ValueLaw | None:
    """The law of a nondegenerate unique vertex, or of a unique assignment of equal masses; None for others."""
    if optimum.is_tree:
        return _tree_law(optimum)
    if optimum.is_assignment and len(set(optimum.plan[optimum.support].tolist())) == 1:
        return _assignment_law(optimum)
    return None


def _tree_law(optimum: OptimalPlan) -> ValueLaw | None:
    off = ~optimum.support
    if (optimum.slack[off] == 0).any():
        return None
    phi, psi = _tree_potentials(optimum)
    slack = optimum.slack_float[off]
    factors = slack * np.exp(phi[:, None] + psi)[off]
    order = np.argsort(slack, kind="stable")
    return ValueLaw("tree", slack[order], factors[order], _least_mass(optimum))


def _least_mass(optimum: OptimalPlan) -> float:
    return float(int(optimum.plan[optimum.support].min()) * optimum.mass_unit)


def _tree_potentials(optimum: OptimalPlan) -> tuple[FloatArray, FloatArray]:
    """phi, psi with phi_i + psi_j = log X_ij on the tree."""
    support = optimum.support
    logs = np.log(np.maximum(optimum.plan, 1) * float(optimum.mass_unit))
    phi, psi = np.full(support.shape[0], np.nan), np.full(support.shape[1], np.nan)
    phi[0] = 0.0
    waiting = [(0, True)]
    while waiting:
        point, is_row = waiting.pop()
        if is_row:
            new = support[point] & np.isnan(psi)
            psi[new] = logs[point, new] - phi[point]
        else:
            new = support[:, point] & np.isnan(phi)
            phi[new] = logs[new, point] - psi[point]
        waiting += [(int(other), not is_row) for other in np.flatnonzero(new)]
    return phi, psi


def _assignment_law(optimum: OptimalPlan) -> ValueLaw | None:
    """None where the optimum, or the cycle of least mean, is not unique."""
    partner = optimum.plan.argmax(axis=1)
    arcs = optimum.slack[:, partner]  # from i to the point whose partner i would take
    mean = least_cycle_mean(arcs)
    if mean <= 0:
        return None
    above = _above_mean(arcs, mean)
    cycle = _critical_cycle(above)
    if cycle is None:
        return None
    mass = _least_mass(optimum)
    mu = float(mean * optimum.cost_unit)
    following = float(_second_mean(above, cycle) / mean.denominator * optimum.cost_unit)
    return ValueLaw("assignment", np.array([mu]), np.array([mass * len(cycle) * mu]), mass, following)


def least_cycle_mean(arcs: Integers) -> Fraction:
    """The least mean of the arcs' costs over the cycles of a complete digraph (n, n) without loops.

    Source: R. M. Karp, A characterization of the minimum cycle mean in a digraph, Discrete Math. 23 (1978).
    """
    n = len(arcs)
    far = np.iinfo(np.int64).max // 2
    costs = arcs.copy()
    np.fill_diagonal(costs, far)
    walks = np.zeros((n + 1, n), dtype=np.int64)  # from anywhere: a start joined to all by arcs of cost 0
    for k in range(n):
        walks[k + 1] = np.minimum((walks[k][:, None] + costs).min(axis=0), far)
    means = [
        max(Fraction(int(walks[n, j] - walks[k, j]), n - k) for k in range(n)) for j in range(n) if walks[n, j] < far
    ]
    return min(means)


def _above_mean(arcs: Integers, mean: Fraction) -> ObjectArray:
    """(n, n) costs less the mean, times its denominator, with potentials that leave none negative.

    They are 0 on the cycles of least mean.
    """
    n = len(arcs)
    reduced = arcs.astype(object) * mean.denominator - mean.numerator
    np.fill_diagonal(reduced, reduced.max())
    distance = np.zeros(n, dtype=object)
    for _ in range(n):
        distance = np.minimum(distance, (distance[:, None] + reduced).min(axis=0))
    above: ObjectArray = distance[:, None] + reduced - distance
    return above


def _critical_cycle(above: ObjectArray) -> list[int] | None:
    """The points of the one cycle of the least mean, in order; None if there are several."""
    tight: NDArray[np.bool_] = np.equal(above, 0).astype(bool)
    np.fill_diagonal(tight, False)
    while True:  # what has no arc in or none out is on no cycle
        on: NDArray[np.bool_] = np.logical_and(tight.any(axis=0), tight.any(axis=1))
        if on[tight.any(axis=1)].all() and on[tight.any(axis=0)].all():
            break
        tight = np.where(np.outer(on, on), tight, False)
    if (tight.sum(axis=0) > 1).any() or (tight.sum(axis=1) > 1).any() or not tight.any():
        return None
    cycle = [int(np.flatnonzero(on)[0])]
    while (point := int(tight[cycle[-1]].argmax())) != cycle[0]:
        cycle.append(point)
    return cycle if len(cycle) == int(on.sum()) else None


def _second_mean(above: ObjectArray, cycle: list[int]) -> Fraction:
    """The least mean of the cycles that are left where the critical one is drawn together to a point; its chords are
    loops of that point.
    """
    others = [i for i in range(len(above)) if i not in cycle]
    chords = [
        above[i, j] for i, after in zip(cycle, cycle[1:] + cycle[:1], strict=True) for j in cycle if j not in (i, after)
    ]
    means = [Fraction(min(chords))] if chords else []
    if others:
        drawn = np.zeros((len(others) + 1,) * 2, dtype=object)
        drawn[1:, 1:] = above[np.ix_(others, others)]
        drawn[0, 1:], drawn[1:, 0] = above[np.ix_(cycle, others)].min(axis=0), above[np.ix_(others, cycle)].min(axis=1)
        unit = 1 << max(0, int(drawn.max()).bit_length() - MEAN_BITS)
        means.append(least_cycle_mean((drawn // unit).astype(np.int64)) * unit)
    return min(means)
