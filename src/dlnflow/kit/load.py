"""How much a job of the workflow has to do, by its part of the config: what its time, memory and files grow with.

A cell is one (problem, trial, depth, scale, method). A job's load is counted before it runs, and `assembly.costs` turns
it into seconds and bytes.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from dlnflow.problems.problem import Problem, ProblemError
from dlnflow.problems.standard_form import StandardForm


class Load(NamedTuple):
    """What a job has to do.

    cells: how many results.  unknowns: the entries of x, summed over what it solves.  work: the products of one dense
    step, m^2 n, summed likewise; of iterations whose number is given, the products of all of them.
    """

    cells: int
    unknowns: int
    work: int

    def in_fractions(self, m: int) -> "Load":
        """In exact arithmetic, whose numbers have as many digits as there are measurements."""
        return self._replace(work=self.work * m)

    @property
    def without_cells(self) -> "Load":
        """Of a job that prepares or predicts, and computes none of the cells itself."""
        return self._replace(cells=0)


def size_of(made: Callable[[], Problem | StandardForm]) -> tuple[int, int]:
    """m and n of data, and 0 of those that their own job will refuse, with the reason."""
    try:
        m, n = made().A.shape
    except (ProblemError, OSError):
        return 0, 0
    return m, n


def load(times: int, m: int, n: int) -> Load:
    """Of so many results at one size."""
    return Load(times, times * n, times * m * m * n)


def total(loads: Iterable[Load]) -> Load:
    """Of all of them together."""
    return Load(*map(sum, zip(*loads, strict=True)))


def curve_points(points: int) -> Load:
    """Of so many points of a predicted curve, none of them a cell."""
    return Load(0, points, 0)
