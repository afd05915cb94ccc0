"""Snakemake's logger plugin of this workflow: `--logger=dlnflow`.

While jobs run it says how far they are: in a terminal in one line that stays below, in a file in a line every 30 s.
Snakemake's own messages on each job that starts or ends are left to its log in .snakemake/log; all others stand.
With --logger-dlnflow-jobs a dry run writes what it would do, a job a line, as JSON.
"""

import contextlib
import json
import logging
import shutil
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

if TYPE_CHECKING:
    from dlnflow.assembly.progress import Progress

LOAD = ("cells", "unknowns", "work")
LEFT_OUT = {
    LogEvent.JOB_INFO,
    LogEvent.JOB_STARTED,
    LogEvent.JOB_FINISHED,
    LogEvent.GROUP_INFO,
    LogEvent.PROGRESS,
}
NEXT_JOBS = "Select jobs to execute..."
"""A message without an event, once for every few jobs."""
EVERY = {True: 1.0, False: 30.0}
"""Seconds from one line to the next, in a terminal and in a file."""
CLEAR = "\r\x1b[2K"


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """The plugin's options."""

    jobs: Optional[Path] = field(  # noqa: UP045 - Snakemake calls the type, and `|` makes none that can be
        default=None, metadata={"help": "a file into which a dry run writes its jobs, one a line, as JSON"}
    )


class LogHandler(LogHandlerBase):
    """Messages of Snakemake, and how far the run is."""

    settings: LogHandlerSettings

    def __post_init__(self) -> None:
        # which import the interface that this module serves
        from snakemake.logging import ColorizingTextHandler, DefaultFilter
        from snakemake.settings.enums import Quietness

        told = self.common_settings
        # of what is shown: nothing is hidden from what counts
        self.shown = DefaultFilter(told.quiet, told.debug_dag, told.verbose, told.dryrun, told.printshellcmds)
        self.is_quiet = bool({Quietness.ALL, Quietness.PROGRESS} & set(told.quiet or ()))
        self.stream = sys.stdout if told.stdout else sys.stderr
        self.inner = ColorizingTextHandler(nocolor=told.nocolor, stream=self.stream)
        self.is_terminal = self.inner.can_color_tty()
        self.at_once = 1
        self.progress: Progress | None = None
        # whole, for Snakemake changes its folder
        self.jobs = self.settings.jobs.absolute() if self.settings.jobs and told.dryrun else None
        if self.jobs:
            self.jobs.write_text("")
        self.ended = threading.Event()
        self.ticker = threading.Thread(target=self._tick, daemon=True)

    @property
    def writes_to_stream(self) -> bool:
        return True

    @property
    def writes_to_file(self) -> bool:
        return False

    @property
    def has_filter(self) -> bool:
        return True

    @property
    def has_formatter(self) -> bool:
        return False

    @property
    def needs_rulegraph(self) -> bool:
        return False

    def emit(self, record: logging.LogRecord) -> None:
        """A message of Snakemake. Called with the handler's lock held, in a thread that would end with an exception."""
        try:
            self._emit(record)
        except Exception:
            self.handleError(record)

    def _emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "event", None)
        if self.jobs:
            if event == LogEvent.JOB_INFO:
                with self.jobs.open("a") as file:
                    file.write(json.dumps(_told(record)) + "\n")
            elif record.levelno >= logging.WARNING:
                self._say(record)
            return
        self._count(record, event)
        if self.progress is None or (event not in LEFT_OUT and record.getMessage() != NEXT_JOBS):
            self._say(record)

    def close(self) -> None:
        """The last line stays."""
        self.ended.set()
        with self.lock or threading.Lock():
            if self.progress:
                self._show()
                if self.is_terminal:
                    self.stream.write("\n")
            self.progress = None
        super().close()

    def _count(self, record: logging.LogRecord, event: Any) -> None:
        now = time.monotonic()
        if event == LogEvent.RESOURCES_INFO:
            self.at_once = getattr(record, "cores", None) or getattr(record, "nodes", None) or self.at_once
        elif hasattr(record, "planned_jobs"):
            self._begin(record.planned_jobs, now)
        elif self.progress is None:
            return
        elif event == LogEvent.JOB_INFO:  # not JOB_STARTED, which names groups and not what is in them
            self.progress.start([record.jobid], now)  # type: ignore[attr-defined]
        elif event == LogEvent.JOB_ERROR:
            self.progress.fail(record.jobid)  # type: ignore[attr-defined]
        elif event == LogEvent.JOB_FINISHED:
            self.progress.finish(record.job_id, now)  # type: ignore[attr-defined]

    def _begin(self, told: dict[int, dict[str, Any]], now: float) -> None:
        """The jobs of the run, as the Snakefile tells them at its start."""
        # by now the Snakefile has said which dlnflow; every snakemake imports this module, used or not
        from dlnflow.assembly.costs import job_of, read_costs
        from dlnflow.assembly.progress import Planned, Progress

        jobs = [job_of(entry) for entry in told.values()]
        planned = [
            Planned(job.rule, job.cells, estimate.seconds)
            for job, estimate in zip(jobs, read_costs().estimates(jobs), strict=True)
        ]
        self.progress = Progress(dict(zip(told, planned, strict=True)), min(self.at_once, len(jobs)), now)
        self._show()
        self.ticker.start()

    def _say(self, record: logging.LogRecord) -> None:
        """One of Snakemake's messages, above the line of a terminal."""
        if not self.shown.filter(record):
            return
        is_shown = self.is_terminal and self.progress is not None
        if is_shown:
            self.stream.write(CLEAR)
        self.inner.setFormatter(self.formatter)
        self.inner.emit(record)
        if is_shown:
            self._show()

    def _show(self) -> None:
        assert self.progress is not None  # callers see to it
        if self.is_quiet:
            return
        line = f"{datetime.now():%Y-%m-%d %H:%M:%S}  {self.progress.line(time.monotonic())}"
        if self.is_terminal:
            self.stream.write(CLEAR + line[: shutil.get_terminal_size().columns - 1])
        else:
            self.stream.write(line + "\n")
        self.stream.flush()

    def _tick(self) -> None:
        while not self.ended.wait(EVERY[self.is_terminal]):
            # a full disk may have room again
            with self.lock or threading.Lock(), contextlib.suppress(OSError):
                if self.progress:
                    self._show()


def _told(record: logging.LogRecord) -> dict[str, Any]:
    """What a dry run says of a job."""
    told = vars(record)
    resources = {name: value for name, value in told["resources"].items() if name in LOAD}
    return {
        "rule": told["rule_name"],
        "wildcards": dict(told["wildcards"]),
        "load": resources,
        "inputs": [str(file) for file in told["input"]],
        "outputs": [str(file) for file in told["output"]],
        "benchmark": told["benchmark"] and str(told["benchmark"]),
        "command": told["shellcmd"],
    }
