"""Commands in sessions of their own, so that whatever becomes of them, all their processes are found and ended."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from scene import surroundings

# seconds, far beyond any run, even on a loaded machine: what takes longer hangs
LIMIT = 900
PAUSE = 0.03

started = []


class Hang(Exception):
    """A command did not end within LIMIT."""


class Session:
    """A command as typed in a folder, its output in a file beside the folder.

    Its process is not waited for until the end: dead, it keeps its number, which is that of the session, from others.
    """

    def __init__(self, call, folder):
        self._call, self._said_in = call, folder.with_name(f"{folder.name}.said")
        with self._said_in.open("wb") as said:
            self._process = subprocess.Popen(
                call,
                cwd=folder,
                env=surroundings(folder),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(self)

    @property
    def said(self):
        return self._said_in.read_text(errors="replace")

    @property
    def status(self):
        """The exit status of the command, negative if a signal ended it; None while it runs."""
        end = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return end and (end.si_status if end.si_code == os.CLD_EXITED else -end.si_status)

    def wait(self):
        """Until the command has ended; its orphans may live on. Returns its status."""
        self.wait_until(lambda: False)
        return self.status

    def wait_until(self, ready):
        """Until that is true, or the command has ended."""
        for _ in range(int(LIMIT / PAUSE)):
            if ready() or self.status is not None:
                return
            time.sleep(PAUSE)
        raise Hang(f"{' '.join(self._call)} neither ended nor got so far within {LIMIT} s")

    def members(self):
        """Process -> its command line, of all that the command started and that still run."""
        found = {}
        for entry in Path("/proc").iterdir():
            # a process may end while it is looked at
            with contextlib.suppress(OSError, ValueError):
                if os.getsid(int(entry.name)) == self._process.pid:
                    words = (entry / "cmdline").read_text().split("\0")
                    if words[0]:  # else dead and not waited for
                        found[int(entry.name)] = words
        return found

    def snakemake(self):
        """The process of Snakemake itself, if it runs."""
        return [pid for pid, words in self.members().items() if words[1:] and Path(words[1]).name == "snakemake"]

    def jobs(self):
        """The processes of Python that run scripts of the workflow."""
        return [pid for pid, words in self.members().items() if words[1:2] == ["-m"]]

    def end(self):
        """Kill all that is left."""
        while left := self.members():
            send(signal.SIGKILL, left)
            time.sleep(PAUSE)

    def reap(self):
        """Wait for the command, which has ended, so that its number may be another's."""
        self._process.wait()


def send(number, processes):
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def ran(call, folder):
    """A command that has ended."""
    session = Session(call, folder)
    session.wait()
    return session


def wait_for_orphans():
    """Until nothing runs of all that was started."""
    for _ in range(int(LIMIT / PAUSE)):
        if not any(session.members() for session in started):
            return
        time.sleep(PAUSE)
    raise Hang(f"processes outlived their command by more than {LIMIT} s")


def end_all():
    """Kill all that was ever started, and let their numbers go."""
    while started:
        session = started.pop()
        session.end()
        session.reap()
