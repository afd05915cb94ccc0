"""Solvers of basis pursuit, and basis pursuit on intervals, on inputs of which only some bits are read."""

from collections.abc import Hashable, Iterator
from fractions import Fraction
from functools import partial

from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.rows import Method, Reply, exact_content, replies_to, reply_row
from dlnflow.files.tables import Row
from dlnflow.intervals.problem import IntervalProblem, ResolvedMinimiser
from dlnflow.intervals.pursuit import interval_pursuit
from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.problems.kink_families import DOUBLE_BITS
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.solvers.names import INTERVAL, TOLERANCES
from dlnflow.solvers.run import solve

NO_NETWORK = dict.fromkeys(("depth", "exact_depth", "scale", "log10_scale"))


def solver_rows(grid: str, block: HardnessBlock, seed: int, solver: str) -> Iterator[Row]:
    """The rows of HARDNESS of one solver; `exact` and `interval` read every bit, the others doubles."""
    method = METHODS.get(solver) or Method(partial(_in_floats, solver), _float_content, DOUBLE_BITS)
    name = {"method": solver, "tolerance": TOLERANCES.get(solver, 0.0)} | NO_NETWORK
    for asked, replies in replies_to(block, seed, method):
        yield reply_row(grid, block, asked, method, replies[0], name)


def _float_content(reading: Problem, bits: int) -> Hashable:
    return reading.A.tobytes(), reading.y.tobytes()


def _in_floats(solver: str, reading: Problem, bits: int) -> list[Reply]:
    answer = solve(reading, solver)
    x = None if answer.x is None else [Fraction(value) for value in answer.x.tolist()]
    return [Reply(x, solver, answer.status, answer.said, answer.message)]


def _exactly(reading: Problem, bits: int) -> list[Reply]:
    found = basis_pursuit(reading)
    return [Reply(found.x, "rational", Status.CONVERGED, "proved, of the data as read")]


def _on_intervals(reading: Problem, bits: int) -> list[Reply]:
    found = interval_pursuit(IntervalProblem.around(reading, bits))
    if isinstance(found, ResolvedMinimiser):
        said = "proved, of all data within the balls"
        return [Reply(found.centre.x, "rational", Status.CONVERGED, said, resolution=found.resolution)]
    return [Reply(None, "rational", Status.UNRESOLVED, message=found.message, resolution=found.resolution)]


def _with_its_bits(reading: Problem, bits: int) -> Hashable:
    return exact_content(reading, bits), bits


METHODS = {"exact": Method(_exactly, exact_content), INTERVAL: Method(_on_intervals, _with_its_bits)}
"""Those that do not read doubles."""
