"""The exact minimiser under the solvers' interface: the referee as one of the players."""

from time import perf_counter

from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.answer import Answer


def exact(problem: Problem) -> Answer:
    """`dlnflow.basis_pursuit`, rounded to float64; it iterates by exact pivots, beyond the basis that HiGHS proposes.

    Of many minimisers it returns one in the relative interior of their face. The first call on a problem also pays for
    the rationals of A and y, which the problem keeps.
    """
    from dlnflow.minimisers.basis_pursuit import InfeasibleError, basis_pursuit

    start = perf_counter()
    try:
        found = basis_pursuit(problem)
    except InfeasibleError as error:
        return Answer(None, None, Status.FAILED, "infeasible", None, 0, perf_counter() - start, str(error))
    seconds = perf_counter() - start
    return Answer(found.x_float, found.nu_float, Status.CONVERGED, "proved", 0.0, found.pivots, seconds)
