"""What a run of the workflow would take, experiment by experiment: jobs, cells, core hours, bytes, the longest job."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from pathlib import PurePath

from dlnflow.assembly.config import Config
from dlnflow.assembly.costs import Costs, Estimate, Job
from dlnflow.assembly.experiments import EXPERIMENTS
from dlnflow.assembly.progress import duration, grouped

SHARED = "claims"
"""What belongs to no experiment: the verdicts on all of them."""
_KNOWN = {experiment.name for experiment in EXPERIMENTS}
LINES = (*(key for key in Config.model_fields if key in _KNOWN), SHARED)
"""The experiments in the order of the config, then what they share."""
COLUMNS = ("experiment", "jobs", "cells", "core hours", "on disk", "longest job")


@dataclass
class Line:
    """Of one experiment, or of all. to_do, done: job -> estimate."""

    name: str
    to_do: list[tuple[Job, Estimate]] = field(default_factory=list)
    done: list[tuple[Job, Estimate]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Of a core, for what is to do."""
        return sum(estimate.seconds for _, estimate in self.to_do)

    @property
    def bytes(self) -> float:
        """Of the files that are to be made."""
        return sum(estimate.bytes for _, estimate in self.to_do)

    @property
    def cells(self) -> str:
        """To do, of all."""
        return _of([job.cells for job, _ in self.to_do], [job.cells for job, _ in self.done])

    @property
    def jobs(self) -> str:
        """To do, of all."""
        return _of([1] * len(self.to_do), [1] * len(self.done))

    @property
    def longest(self) -> str:
        """Time and rule of the longest job that is to do."""
        if not self.to_do:
            return ""
        job, estimate = max(self.to_do, key=lambda pair: pair[1].seconds)
        named = job.wildcards.get("solver") or job.wildcards.get("depth") or ""
        return f"{duration(estimate.seconds)} ({' '.join(filter(None, [job.rule, named]))})"

    @property
    def columns(self) -> tuple[str, ...]:
        """As `COLUMNS` has them."""
        return self.name, self.jobs, self.cells, f"{self.seconds / 3600:.2f}", size(self.bytes), self.longest


def _of(to_do: Sequence[int], done: Sequence[int]) -> str:
    total = sum(to_do) + sum(done)
    return grouped(total) if not sum(done) else f"{grouped(sum(to_do))} of {grouped(total)}"


def size(count: float) -> str:
    """Of so many bytes: 1.2 MB, 3.4 GB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def plan(jobs: Sequence[Job], to_do: Sequence[Job], costs: Costs) -> str:
    """The table of all jobs of a config, of which some are to do, and what to think of it."""
    wanted = {job.outputs for job in to_do}
    whole = Line("all")
    lines = {name: Line(name) for name in LINES}
    for job, estimate, name in zip(jobs, costs.estimates(jobs), experiments(jobs), strict=True):
        if job.is_target:
            continue
        for line in (lines[name], whole):
            (line.to_do if job.outputs in wanted else line.done).append((job, estimate))
    shown = [line for line in lines.values() if line.to_do or line.done] + [whole]
    return "\n".join([*_table([COLUMNS, *(line.columns for line in shown)]), "", *_notes(whole, costs)])


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ends = (str.ljust, *(str.rjust,) * (len(COLUMNS) - 2), str.ljust)
    lines = [
        "  ".join(end(cell, width) for end, cell, width in zip(ends, row, widths, strict=True)).rstrip() for row in rows
    ]
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]


def _notes(whole: Line, costs: Costs) -> list[str]:
    told = costs.measured
    if not whole.to_do:
        return ["Nothing is to be done."]
    beyond = sum(estimate.seconds for _, estimate in whole.to_do if estimate.is_beyond)
    notes = [
        f"Estimated from {told['jobs']} jobs measured on {told['processor']} ({told['date']}): the total within a "
        f"factor {spread(whole.to_do, costs):.2f}, if the jobs are like those."
    ]
    if beyond > 0:
        notes.append(f"{beyond / whole.seconds:.0%} of the core hours are of jobs larger than any that was measured.")
    if whole.done:
        notes.append("Jobs whose files are there and up to date are not estimated.")
    return notes


def spread(to_do: Sequence[tuple[Job, Estimate]], costs: Costs) -> float:
    """The factor by which the total is off if all jobs are, by a standard deviation of their kind and to one side."""
    seconds: dict[str, float] = {}
    for job, estimate in to_do:
        kind = costs.kind_of(job)
        seconds[kind] = seconds.get(kind, 0.0) + estimate.seconds
    off = sum(time * costs.spread[kind] for kind, time in seconds.items())
    return exp(off / max(sum(seconds.values()), 1e-9))


def experiments(jobs: Sequence[Job]) -> list[str]:
    """Each job's experiment: the first whose figures need it, else that of the jobs that it needs."""
    makers = {file: number for number, job in enumerate(jobs) for file in job.outputs}
    behind = [[makers[file] for file in job.inputs if file in makers] for job in jobs]
    found: dict[int, str] = {}
    for name in LINES:
        waiting = [number for number, job in enumerate(jobs) if _figures_of(job) == name]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found[number] = name
                waiting += behind[number]
    for number, job in enumerate(jobs):
        names = {found[maker] for maker in behind[number] if maker in found}
        if number not in found and len(names) == 1 and not job.is_target:
            found[number] = names.pop()
    return [found.get(number, SHARED) for number in range(len(jobs))]


def _figures_of(job: Job) -> str | None:
    parts = PurePath(job.outputs[0]).parts if job.outputs else ()
    return parts[1] if len(parts) > 2 and parts[0] == "figures" else None
