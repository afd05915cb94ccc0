"""Basis pursuit and the network's limit as the package offers them: of exact data, or of an interval problem.

Apart from the modules of either, so that an edit of what answers intervals recomputes no limit of exact data.
"""

from typing import Any, overload

from dlnflow.intervals.limit import ResolvedLimit, interval_limit
from dlnflow.intervals.problem import IntervalProblem, NotResolved, ResolvedMinimiser, Undecided
from dlnflow.intervals.pursuit import interval_pursuit
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.minimisers.basis_pursuit import basis_pursuit as exact_pursuit
from dlnflow.network.certified_limits import CertifiedLimit
from dlnflow.network.certified_limits import certified_limit as exact_limit
from dlnflow.problems.problem import Problem


@overload
def basis_pursuit(problem: Problem) -> Minimiser: ...
@overload
def basis_pursuit(problem: IntervalProblem) -> ResolvedMinimiser | NotResolved | Undecided: ...
def basis_pursuit(problem: Problem | IntervalProblem) -> Minimiser | ResolvedMinimiser | NotResolved | Undecided:
    """The exact minimisers of ||x||_1 subject to A x = y, x >= 0 if the problem is nonnegative.

    Of an interval problem: what holds for every input of its ball, or two inputs that differ, or neither.
    Raises InfeasibleError if a nonnegative problem has no solution.
    """
    return interval_pursuit(problem) if isinstance(problem, IntervalProblem) else exact_pursuit(problem)


@overload
def certified_limit(problem: Problem, depth: Any, scale: Any) -> CertifiedLimit: ...
@overload
def certified_limit(problem: IntervalProblem, depth: Any, scale: Any) -> ResolvedLimit | NotResolved | Undecided: ...
def certified_limit(
    problem: Problem | IntervalProblem, depth: Any, scale: Any
) -> CertifiedLimit | ResolvedLimit | NotResolved | Undecided:
    """The limit x_alpha of the flow from scale = alpha^L, proved; `certified.certified_limit` says more.

    Of an interval problem: balls that hold the limits of all inputs of its ball, or two inputs whose minimisers of the
    l1 norm differ, or neither.

    Raises ValueError for a depth below 2 or a scale outside (0, 1], ArithmeticError if Newton's method fails.
    """
    if isinstance(problem, IntervalProblem):
        return interval_limit(problem, depth, scale)
    return exact_limit(problem, depth, scale)
