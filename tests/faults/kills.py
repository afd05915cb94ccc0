"""Kills: signals to the workflow, to its jobs or to both, at random moments, once or several times in a row."""

import signal
import time
from dataclasses import dataclass

from scene import MAKE, progress
from sessions import Session, send

WHOM = {
    "SIGKILL to Snakemake alone": 3,
    "SIGKILL to everything": 3,
    "SIGKILL to a job": 3,
    "Ctrl-C": 2,
    "SIGTERM to Snakemake": 1,
    "SIGTERM to everything": 1,
}


@dataclass(frozen=True)
class Kill:
    """A run of `make` and its end: once a share of what is missing is made, and some seconds later."""

    whom: str
    share: float
    delay: float

    def __str__(self):
        return f"{self.whom} at {self.share:.0%} + {self.delay:.1f} s"


def drawn(random):
    """One kill, or up to three in a row."""
    return [
        Kill(random.choices(list(WHOM), WHOM.values())[0], random.random() ** 2, random.uniform(0, 2.5))
        for _ in range(random.choices([1, 2, 3], [5, 3, 2])[0])
    ]


def suffer(folder, kills, files, random):
    """Run and kill, as often as the kills say; `files` are made when all is done."""
    for kill in kills:
        run_and_kill(folder, kill, files, random)


def run_and_kill(folder, kill, files, random):
    """One run and its kill. Snakemake's orphans may live on, as they would for a user who types `make` again."""
    start = progress(folder)
    session = Session(MAKE, folder)
    session.wait_until(lambda: progress(folder) >= start + kill.share * (files - start))
    time.sleep(kill.delay)
    _strike(session, kill.whom, random)
    session.wait()


def _strike(session, whom, random):
    if whom == "SIGKILL to Snakemake alone":
        send(signal.SIGKILL, session.snakemake())
    elif whom == "SIGKILL to a job":
        _kill_a_job(session, random)
    elif whom == "SIGTERM to Snakemake":
        send(signal.SIGTERM, session.snakemake())
    elif whom == "SIGKILL to everything":
        session.end()
    else:  # as a terminal does, or a machine that goes down
        number = signal.SIGINT if whom == "Ctrl-C" else signal.SIGTERM
        send(number, session.members())


def _kill_a_job(session, random):
    """Wait for one, for between two jobs there may be none."""
    session.wait_until(session.jobs)
    if jobs := session.jobs():
        send(signal.SIGKILL, [random.choice(jobs)])
