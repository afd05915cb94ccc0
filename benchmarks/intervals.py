"""Interval data"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from timing import table

from dlnflow.arithmetic.exact import to_arb
from dlnflow.intervals.dispatch import basis_pursuit, certified_limit
from dlnflow.intervals.limit import ResolvedLimit
from dlnflow.intervals.problem import IntervalProblem, NotResolved, Resolution, ResolvedMinimiser
from dlnflow.intervals.vertex import Vertex
from dlnflow.minimisers.basis_pursuit import InfeasibleError
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import Problem, ProblemError

BITS = (2, 60)
INPUTS = {True: 21_000, False: 2_100}
LIMITS = {True: 2_100, False: 210}
DEPTHS, SCALES = ("2", "2.5", "3", "4"), ("1e-1", "1e-3", "1e-6", "1e-20")


def main(full: bool) -> str:
    return "\n\n".join([_minimisers(INPUTS[full]), _limits(LIMITS[full])])


@dataclass
class Tally:
    """Of one family: how many ended how, wrong proofs and exhibits, and seconds."""

    ends: Counter[str] = field(default_factory=Counter)
    checked: int = 0
    wrong: int = 0
    seconds: list[float] = field(default_factory=list)

    def row(self, name: str) -> list[Any]:
        count = sum(self.ends.values())
        ends = [self.ends[end] for end in Resolution]
        share = f"{100 * self.ends[Resolution.UNDECIDED] / count:.2f} %"
        times = f"{1e3 * np.mean(self.seconds):.1f} ms, {1e3 * max(self.seconds):.0f} ms"
        return [name, count, *ends, share, self.checked, self.wrong, times]

    def __iadd__(self, other: "Tally") -> "Tally":
        self.ends += other.ends
        self.checked, self.wrong = self.checked + other.checked, self.wrong + other.wrong
        self.seconds += other.seconds
        return self


def _minimisers(count: int) -> str:
    """Basis pursuit: every proof is asked of exact inputs of its ball, every pair of inputs is solved again."""
    rows, total = [], Tally()
    for name, family in FAMILIES.items():
        tally = Tally()
        for interval, rng in _intervals(name, family, count // len(FAMILIES)):
            start = time.perf_counter()
            found = basis_pursuit(interval)
            tally.seconds.append(time.perf_counter() - start)
            tally.ends[found.resolution] += 1
            if isinstance(found, ResolvedMinimiser):
                answers = [_agrees(found, problem) for problem in _inputs(interval, rng, found)]
                tally.checked, tally.wrong = tally.checked + len(answers), tally.wrong + answers.count(False)
            elif isinstance(found, NotResolved):
                again = [basis_pursuit(problem) for problem in found.inputs]
                patterns = {(minimiser.support, minimiser.signs) for minimiser in again}
                inside = all(interval.contains(problem) for problem in found.inputs)
                tally.checked, tally.wrong = tally.checked + 2, tally.wrong + (len(patterns) < 2 or not inside)
        rows.append(tally.row(name))
        total += tally
    return table(
        [f"basis pursuit, b = {BITS[0]} ... {BITS[1]} (target undecided: 1 %)", *HEADER], [*rows, total.row("all")]
    )


def _limits(count: int) -> str:
    """The network's limits: every proof is asked of two exact inputs of its ball."""
    rows, total = [], Tally()
    for name, family in FAMILIES.items():
        tally = Tally()
        for trial, (interval, rng) in enumerate(_intervals(name, family, count // len(FAMILIES))):
            depth, scale = DEPTHS[trial % 4], SCALES[trial // 4 % 4]
            start = time.perf_counter()
            found = certified_limit(interval, depth, scale)
            tally.seconds.append(time.perf_counter() - start)
            tally.ends[found.resolution] += 1
            if isinstance(found, ResolvedLimit):
                answers = [_holds(found, problem, depth, scale) for problem in list(_corners(interval, rng))[:2]]
                tally.checked, tally.wrong = tally.checked + len(answers), tally.wrong + answers.count(False)
        rows.append(tally.row(name))
        total += tally
    return table(["limits, L = 2, 2.5, 3, 4, eps = 1e-1 ... 1e-20", *HEADER], [*rows, total.row("all")])


HEADER = ["inputs", "resolved", "not resolved", "undecided", "share", "inputs checked", "wrong (target 0)"]
HEADER.append("time an input: mean, longest")


def _agrees(found: ResolvedMinimiser, problem: Problem) -> bool:
    minimiser = basis_pursuit(problem)
    same = minimiser.unique and (minimiser.support, minimiser.signs) == (found.support, found.signs)
    with flint.ctx.workprec(1024):  # an extreme input ends at the ball's edge: rounding x may not reach beyond
        return same and all(ball.contains(to_arb(x)) for ball, x in zip(found.x, minimiser.x, strict=True))


def _holds(found: ResolvedLimit, problem: Problem, depth: str, scale: str) -> bool:
    limit = certified_limit(problem, depth, scale)
    return all(ball.overlaps(x) for ball, x in zip(found.x, limit.x, strict=True))


def _inputs(interval: IntervalProblem, rng: np.random.Generator, found: ResolvedMinimiser) -> Iterator[Problem]:
    """Two random corners, a point within, and the corner that comes closest to another support or sign."""
    yield from _corners(interval, rng)
    vertex = Vertex(interval.centre, found.centre, interval.radius)
    extremes = [extreme for extreme in (*vertex.primal(), *vertex.dual()) if extreme.corners]
    yield interval.input(*max(extremes, key=lambda extreme: extreme.ratio).corners[0]())


def _corners(interval: IntervalProblem, rng: np.random.Generator) -> Iterator[Problem]:
    m, n = interval.centre.A.shape
    for draw in (rng.integers(0, 2, (m, n + 1)) * 2 - 1, rng.integers(0, 2, (m, n + 1)) * 2 - 1):
        yield interval.input(draw[:, :n].tolist(), draw[:, n].tolist())
    draw = rng.uniform(-1, 1, (m, n + 1))
    yield interval.input(draw[:, :n].tolist(), draw[:, n].tolist())


Family = Callable[[np.random.Generator, int], Problem]


def _intervals(name: str, family: Family, count: int) -> Iterator[tuple[IntervalProblem, np.random.Generator]]:
    """Half the inputs have bits from 2 to 60, half as many as leave some answers open: 2 to 14."""
    for trial in range(count):
        rng = np.random.default_rng(np.random.SeedSequence([2307, *name.encode(), trial]))
        bits = int(rng.integers(BITS[0], BITS[1] + 1 if trial % 2 else 15))
        yield IntervalProblem.around(_problem(family, rng, bits), bits), rng


def _problem(family: Family, rng: np.random.Generator, bits: int) -> Problem:
    while True:  # integers may lack rank, or have y = 0
        try:
            problem = family(rng, bits)
            basis_pursuit(problem)
        except (ProblemError, InfeasibleError):
            continue
        return problem


def _size(rng: np.random.Generator) -> tuple[int, int]:
    m = int(rng.integers(1, 11))
    return m, int(rng.integers(m + 1, 2 * m + 1))


def _kinks(rng: np.random.Generator, bits: int, copies: int) -> Problem:
    """Diagonal copies of the kink, delta from a quarter of the radius to sixteen times it, mixed by a rotation."""
    A = np.zeros((copies, 2 * copies), dtype=object)
    for i in range(copies):
        delta = Fraction(int(rng.integers(1, 65)), 4) / 2**bits
        A[i, 2 * i : 2 * i + 2] = Fraction(1), 1 - delta * (-1) ** int(rng.integers(2))
    y = np.array([Fraction(int(v), 16) for v in rng.integers(8, 33, copies)], dtype=object)
    for i in range(copies - 1):
        p, q = (int(v) for v in rng.integers(1, 9, 2))
        c, s = Fraction(p * p - q * q, p * p + q * q), Fraction(2 * p * q, p * p + q * q)
        for rows in (A, y):
            rows[i], rows[i + 1] = c * rows[i] - s * rows[i + 1], s * rows[i] + c * rows[i + 1]
    return Problem(A.tolist(), y.tolist())


def _dense(rng: np.random.Generator, bits: int) -> Problem:
    m, n = _size(rng)
    return Problem(rng.standard_normal((m, n)), rng.standard_normal(m))


def _sparse(rng: np.random.Generator, bits: int) -> Problem:
    m = int(rng.integers(2, 11))
    return gaussian(int(rng.integers(2**31)), m, 2 * m, int(rng.integers(1, m)))


def _integers(rng: np.random.Generator, bits: int) -> Problem:
    """Small integers: many minimisers more often than not, and many slopes at their bounds or at 0."""
    m, n = _size(rng)
    return Problem(rng.integers(-3, 4, (m, n)), rng.integers(-3, 4, m))


def _halves(rng: np.random.Generator, bits: int) -> Problem:
    """Multiples of 1/8 near the identity: unique minimisers with zeros in nu, and ties now and then."""
    m, n = _size(rng)
    A = np.hstack([np.eye(m) * 8, rng.integers(-6, 7, (m, n - m))])
    return Problem(A / 8, rng.integers(-16, 17, m) / 8)


def _nonnegative(rng: np.random.Generator, bits: int) -> Problem:
    m, n = _size(rng)
    A = rng.standard_normal((m, n))
    return Problem(A, A @ np.abs(rng.standard_normal(n)), nonnegative=True)


FAMILIES: dict[str, Family] = {
    "kink, delta near the radius": lambda rng, bits: _kinks(rng, bits, 1),
    "2 to 10 kinks, mixed": lambda rng, bits: _kinks(rng, bits, int(rng.integers(2, 11))),
    "Gaussian, dense y": _dense,
    "Gaussian, sparse x": _sparse,
    "small integers": _integers,
    "eighths": _halves,
    "Gaussian, nonnegative": _nonnegative,
}
