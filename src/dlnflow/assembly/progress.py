"""How far a run of the workflow is, and how long the rest may take: what `costs` predicts, scaled by what was measured.

Jobs are told by any keys; times are seconds of any clock.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil

TRUST = 60.0
"""Predicted seconds of finished jobs at which the run's own pace counts as much as the prediction."""
OVERDUE = 0.3
"""Of the time that a job has run: what one that should have ended is given yet."""


@dataclass(frozen=True)
class Planned:
    """A job that is to be done. seconds: predicted."""

    rule: str
    cells: int
    seconds: float


@dataclass
class Progress:
    """A run: its jobs, how many go at once, and when it began."""

    jobs: Mapping[Hashable, Planned]
    at_once: int
    began: float
    _started: dict[Hashable, float] = field(default_factory=dict)
    _took: dict[Hashable, float] = field(default_factory=dict)

    def start(self, keys: Iterable[Hashable], now: float) -> None:
        """Jobs that run from now on; a job that is tried again starts again."""
        self._started |= {key: now for key in keys if key in self.jobs and key not in self._took}

    def fail(self, key: Hashable) -> None:
        """A job that has ended and is not done."""
        self._started.pop(key, None)

    def finish(self, key: Hashable, now: float) -> None:
        """A job that is done."""
        if key in self.jobs:
            self._took[key] = now - self._started.pop(key, now)

    @property
    def done(self) -> int:
        """How many jobs."""
        return len(self._took)

    @property
    def cells(self) -> int:
        """Computed so far."""
        return sum(self.jobs[key].cells for key in self._took)

    @property
    def all_cells(self) -> int:
        """Of the whole run."""
        return sum(job.cells for job in self.jobs.values())

    def seconds_left(self, now: float) -> float:
        """By the clock: what is left over what goes at once, but no less than the longest job of it."""
        pace = self._pace()
        left = [self._left(key, job.seconds * pace, now) for key, job in self.jobs.items() if key not in self._took]
        return max(sum(left) / self.at_once, max(left, default=0.0))

    def _left(self, key: Hashable, expected: float, now: float) -> float:
        if key not in self._started:
            return expected
        ran = now - self._started[key]
        return max(expected - ran, OVERDUE * ran)

    def _pace(self) -> float:
        """Measured over predicted seconds of the jobs that are done, drawn to 1 while they are few."""
        predicted = sum(self.jobs[key].seconds for key in self._took)
        return (sum(self._took.values()) + TRUST) / (predicted + TRUST)

    def line(self, now: float) -> str:
        """`143/560 jobs  20 312/186 000 cells  35 cells/s  about 14 min left`."""
        seconds = max(now - self.began, 1e-9)
        parts = [
            f"{grouped(self.done)}/{grouped(len(self.jobs))} jobs",
            f"{grouped(self.cells)}/{grouped(self.all_cells)} cells",
            f"{rounded(self.cells / seconds)} cells/s",
            f"about {duration(self.seconds_left(now))} left" if self.done < len(self.jobs) else duration(seconds),
        ]
        return "  ".join(parts)


def grouped(number: float) -> str:
    """Thousands apart: 186 000."""
    return f"{number:,.0f}".replace(",", " ")


def rounded(number: float) -> str:
    """Two digits of a small number: 0.35, 3.5, 35, 1 234."""
    return grouped(number) if number >= 10 else f"{number:.2g}"


def duration(seconds: float) -> str:
    """In a unit that leaves one to three digits: 40 s, 14 min, 5.2 h, 3.1 days."""
    if seconds < 100:
        return f"{ceil(seconds)} s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 100 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.1f} days"
