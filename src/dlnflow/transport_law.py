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

from dlnflow.compensated import FloatArray
from dlnflow.transport_exact import Integers, OptimalPlan


@dataclass(frozen=True, eq=False)
class ValueLaw:
    """<C, P> - optimum ~ sum_k factors_k exp(-exponents_k / lam).

    kind: tree, where all terms that are of first order in any P_ij stand here; assignment, with one term, the leading.
    exponents: (k,) in units of the cost, rising.  factors: (k,) in units of cost times mass.
    least_mass: of the optimal plan's entries that are not 0.
    """

    kind: str
    exponents: FloatArray
    factors: FloatArray
    least_mass: float

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
        """What a tree's law leaves out, relative: the mass that it predicts off the tree over the least mass on it.

        Of an assignment's, what its own cycle leaves out; other cycles may leave out more.
        """
        masses = np.log(self.factors / self.exponents) - self.exponents / lam
        return float(np.exp(np.logaddexp.reduce(masses)) / self.least_mass)


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
    length = _critical_length(arcs, mean)
    if length is None:
        return None
    mass = _least_mass(optimum)
    mu = float(mean * optimum.cost_unit)
    return ValueLaw("assignment", np.array([mu]), np.array([mass * length * mu]), mass)


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


def _critical_length(arcs: Integers, mean: Fraction) -> int | None:
    """The number of arcs of the one cycle of that mean; None if there are several."""
    n = len(arcs)
    reduced = arcs.astype(object) * mean.denominator - mean.numerator
    np.fill_diagonal(reduced, reduced.max())
    distance = np.zeros(n, dtype=object)
    for _ in range(n):
        distance = np.minimum(distance, (distance[:, None] + reduced).min(axis=0))
    tight: NDArray[np.bool_] = np.equal(distance[:, None] + reduced - distance, 0).astype(bool)
    np.fill_diagonal(tight, False)
    while True:  # what has no arc in or none out is on no cycle
        on: NDArray[np.bool_] = np.logical_and(tight.any(axis=0), tight.any(axis=1))
        if on[tight.any(axis=1)].all() and on[tight.any(axis=0)].all():
            break
        tight = np.where(np.outer(on, on), tight, False)
    if (tight.sum(axis=0) > 1).any() or (tight.sum(axis=1) > 1).any() or not tight.any():
        return None
    start = point = int(np.flatnonzero(on)[0])
    for length in range(1, n + 1):
        point = int(tight[point].argmax())
        if point == start:
            return length if length == int(on.sum()) else None
    return None
