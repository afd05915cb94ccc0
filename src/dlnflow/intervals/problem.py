"""Interval problems: every entry of A and y is known to so many bits only; and what can be proved of such data."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from dlnflow.problems.problem import Problem, ProblemError

if TYPE_CHECKING:  # that module takes an IntervalProblem itself
    from dlnflow.minimisers.basis_pursuit import Minimiser

MOST_BITS = 1000
"""Beyond it the radius leaves float64's range, and with it the inputs of the ball."""


class Resolution(StrEnum):
    """What the bits of an interval problem settle."""

    RESOLVED = "resolved"
    """One answer holds for every input of the ball, and is proved."""
    NOT_RESOLVED = "not_resolved"
    """Two inputs of the ball have minimisers that differ in support or sign, and both are shown."""
    UNDECIDED = "undecided"
    """Neither could be shown."""


class IntervalProblem:
    """All problems (A', y') with |A'_ij - A_ij| <= r and |y'_i - y_i| <= r, r = 2^-bits: a closed ball of inputs.

    centre: the problem (A, y).  bits: an integer, which may be negative.
    Shapes and exact entries are those of `Problem`; an input whose A' loses its rank, or whose y' is 0, is none.

    Raises ProblemError for data that are no problem, or for bits that are no integer from -1000 to 1000.
    """

    def __init__(self, A: Any, y: Any, bits: int, nonnegative: bool = False) -> None:
        self.centre, self.bits = Problem(A, y, nonnegative), _checked_bits(bits)

    @classmethod
    def around(cls, centre: Problem, bits: int) -> "IntervalProblem":
        """The ball around a problem."""
        if not isinstance(centre, Problem):
            raise ProblemError(f"the centre is {centre!r}, expected a Problem")
        interval = cls.__new__(cls)
        interval.centre, interval.bits = centre, _checked_bits(bits)
        return interval

    @cached_property
    def radius(self) -> Fraction:
        """r = 2^-bits."""
        return Fraction(2) ** -self.bits

    @property
    def nonnegative(self) -> bool:
        """Whether x = u^L, so that minimisers have no negative entry."""
        return self.centre.nonnegative

    def contains(self, problem: Problem) -> bool:
        """Whether a problem is an input of the ball, exactly."""
        if problem.A.shape != self.centre.A.shape or problem.nonnegative != self.nonnegative:
            return False
        pairs = zip(_entries(problem), _entries(self.centre), strict=True)
        return all(abs(entry - middle) <= self.radius for entry, middle in pairs)

    def input(self, A_shift: Sequence[Sequence[Any]], y_shift: Sequence[Any]) -> Problem:
        """The problem (A + r A_shift, y + r y_shift), shifts (m, n) and (m,) rational; inside the ball if all |.| <= 1.

        Raises ProblemError if it is no problem.
        """
        rows = zip(self.centre.rational_A, A_shift, strict=True)
        A = [[entry + self.radius * Fraction(s) for entry, s in zip(row, moves, strict=True)] for row, moves in rows]
        y = [entry + self.radius * Fraction(s) for entry, s in zip(self.centre.rational_y, y_shift, strict=True)]
        return Problem(A, y, self.nonnegative)

    def __repr__(self) -> str:
        return f"IntervalProblem({self.centre!r}, bits={self.bits})"


@dataclass(frozen=True, eq=False)
class ResolvedMinimiser:
    """Every input of the ball has a unique minimiser, all with one support and one pattern of signs.

    bits: those of the input.  support, signs: m columns, and the signs of x on them.
    x: (n) balls (flint `arb`) that hold the minimiser of every input; exactly 0 off the support.
    centre: the exact minimiser of the centre.
    """

    bits: int
    support: tuple[int, ...]
    signs: tuple[int, ...]
    x: list[Any]
    centre: "Minimiser"
    resolution: ClassVar = Resolution.RESOLVED


@dataclass(frozen=True, eq=False)
class NotResolved:
    """Two exact inputs of the ball whose minimisers differ in support or sign: no answer is right for both.

    inputs: the two problems.  minimisers: theirs, exact; where one is a face, its support is that of its interior.
    """

    bits: int
    inputs: tuple[Problem, Problem]
    minimisers: "tuple[Minimiser, Minimiser]"
    resolution: ClassVar = Resolution.NOT_RESOLVED

    @property
    def message(self) -> str:
        """The same in words."""
        return f"not resolved at {self.bits} bits"

    @property
    def distance(self) -> float:
        """How far apart the two minimisers are, ||x - x'||_2 in float64."""
        first, second = (minimiser.x for minimiser in self.minimisers)
        largest = max(abs(a - b) for a, b in zip(first, second, strict=True))
        if not largest:
            return 0.0  # not for minimisers of different support or sign
        # relative to the largest: squares of 1e-200 would vanish
        return float(largest) * sqrt(sum(float((a - b) / largest) ** 2 for a, b in zip(first, second, strict=True)))

    def holds_for(self, interval: IntervalProblem) -> bool:
        """Whether both inputs lie in the ball and the minimisers differ, exactly; who found them plays no part."""
        return all(map(interval.contains, self.inputs)) and differ(*self.minimisers)


@dataclass(frozen=True, eq=False)
class Undecided:
    """Neither one answer for the whole ball nor two inputs that differ could be shown; message: why."""

    bits: int
    message: str
    resolution: ClassVar = Resolution.UNDECIDED


def differ(first: "Minimiser", second: "Minimiser") -> bool:
    """Whether two minimisers differ in support or in sign."""
    return (first.support, first.signs) != (second.support, second.signs)


def _entries(problem: Problem) -> list[Fraction]:
    return [*(entry for row in problem.rational_A for entry in row), *problem.rational_y]


def _checked_bits(bits: Any) -> int:
    if isinstance(bits, bool) or not isinstance(bits, int) or abs(bits) > MOST_BITS:
        raise ProblemError(f"bits is {bits!r}, expected an integer from -{MOST_BITS} to {MOST_BITS}")
    return bits
