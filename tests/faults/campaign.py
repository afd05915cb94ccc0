"""Random faults, and what it takes until the results are again those of a run without any.

python tests/faults/campaign.py --faults 100             that many, kills, full disks and damage in turn
python tests/faults/campaign.py --faults 5 --seed 7      others
python tests/faults/campaign.py --only 17 23             the 17th and the 23rd of them alone
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from functools import cached_property
from pathlib import Path
from random import Random

import damages
import disks
import kills
import writers
from recovery import STEPS, Lost, recover
from scene import MAKE, copied, emptied, half_written, made, new_folder, progress, size
from sessions import Hang, end_all, ran
from tables_hold import every_row_is_there_once

KILL, DISK, DAMAGE = "kill", "disk full", "damage"
TURNS = (KILL, DAMAGE, DISK, KILL, DAMAGE)
HALF = 0.5


class Bases:
    """The folders that faults start from: of nothing, of runs that were killed, of one that was not."""

    def __init__(self, place, random):
        self._place, self._random = place, random
        self.complete = new_folder(place / "complete")
        start = time.monotonic()
        session = ran(MAKE, self.complete)
        if session.status != 0:
            raise SystemExit(f"the run without faults fails:\n{session.said}")
        self.seconds = time.monotonic() - start
        self.reference = made(self.complete)
        self.files = progress(self.complete)
        every_row_is_there_once(self.complete)
        self.empty = emptied(copied(self.complete, place / "empty"))

    @cached_property
    def half(self):
        """A run of which all processes were killed at once."""
        folder = copied(self.empty, self._place / "half")
        kill = kills.Kill("SIGKILL to everything", HALF, 0.0)
        kills.run_and_kill(folder, kill, self.files, self._random)
        return folder

    def drawn(self, kind, random):
        """(name, folder) of one that the kind of fault can do something to."""
        share = random.random()
        if kind == DAMAGE and share < 0.7:
            return "complete", self.complete
        if kind != DAMAGE and share < 0.25:
            return "empty", self.empty
        return "killed half-way", self.half


def fault(number, seed, bases, folder, can_mount):
    """Do one fault in a new folder and recover. Returns (kind, what was done, step that it took)."""
    random = Random(f"{seed}-{number}")
    kind = TURNS[(number - 1) % len(TURNS)]
    if kind == DISK and not can_mount:
        kind = KILL
    name, base = bases.drawn(kind, random)
    said = name
    try:
        said += f"; {_suffered(kind, bases, base, folder, random)}"
        if left := len(half_written(folder)):
            said += f"; {left} half-written files left"
        return kind, said, recover(folder, bases.reference)
    except (Lost, Hang) as error:
        return kind, said, f"NOT: {error}"


def _suffered(kind, bases, base, folder, random):
    """Copy the base to the folder and let a fault of the kind befall it. Returns which."""
    if kind == DISK:
        share = disks.drawn(random)
        return f"{share:.0%} of the space: " + disks.suffer(base, folder, share, size(bases.complete))
    copied(base, folder)
    drawn = (kills if kind == KILL else damages).drawn(random)
    done = ", ".join(map(str, drawn))
    if kind == KILL:
        kills.suffer(folder, drawn, bases.files, random)
        return done
    return f"{done} ({', '.join(damages.suffer(folder, drawn, random))})"


def campaign(numbers, seed, place):
    """Do the faults of these numbers. Returns kind -> step -> how many, and the numbers of those that did not heal."""
    print(f"seed {seed}", flush=True)
    found, lost = {}, []
    print(writers.said_of(place / "contended", 10, seed), flush=True)
    bases = Bases(place, Random(seed))
    print(f"the run without faults: {len(bases.reference)} files in {bases.seconds:.0f} s", flush=True)
    if reason := disks.why_not():
        print(f"{reason}: kills instead of full disks", flush=True)
    for number in numbers:
        start = time.monotonic()
        folder = place / f"fault {number}"
        kind, done, step = fault(number, seed, bases, folder, not reason)
        print(f"{number} {kind}: {done}: {step} ({time.monotonic() - start:.0f} s)", flush=True)
        found.setdefault(kind, Counter())[step if step in STEPS else "not"] += 1
        if step not in STEPS:
            lost.append(number)
        clean(folder)
    return found, lost


def clean(folder):
    end_all()
    disks.unmount_all()
    shutil.rmtree(folder, ignore_errors=True)


def summary(found):
    """The table of docs/benchmarks.md."""
    kinds = [kind for kind in (KILL, DISK, DAMAGE) if kind in found]
    steps = [step for step in (*STEPS, "not") if any(found[kind][step] for kind in kinds)]
    rows = [["healed", *kinds], ["---", *("--:" for _ in kinds)]]
    rows += [[step, *(str(found[kind][step]) for kind in kinds)] for step in steps]
    rows.append(["all", *(str(found[kind].total()) for kind in kinds)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=100, help="how many")
    parser.add_argument("--seed", type=int, default=2307, help="of their choice")
    parser.add_argument("--only", type=int, nargs="+", help="the numbers of those to do")
    arguments = parser.parse_args()
    # so that what is started is ended, and what is mounted unmounted, whatever ends this
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    numbers = arguments.only or range(1, arguments.faults + 1)
    start = time.monotonic()
    place = Path(tempfile.mkdtemp(prefix="dlnflow faults "))
    try:
        found, lost = campaign(numbers, arguments.seed, place)
    finally:
        clean(place)
    print(f"{summary(found)}\n{time.monotonic() - start:.0f} s")
    if lost:
        sys.exit(f"these did not heal: {', '.join(map(str, lost))}; --only NUMBERS does them again")


if __name__ == "__main__":
    main()
