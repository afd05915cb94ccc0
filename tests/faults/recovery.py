"""What a user does after a fault: `make`, then what the error message says, then `dlnflow check`, then the tables and
figures anew; and whether the results are then those of a run without faults."""

import re
import shutil

from scene import MAKE, dlnflow, half_written, made, snakemake
from sessions import ran, wait_for_orphans

AT_ONCE = "by `make`"
AGAIN = "by a second `make`"
NAMED = "by deleting the file that `make` refused by name"
CHECKED = "by `dlnflow check` and the command that it gives"
ANEW = "whole by `make`, and intermediate results by `rm -r results/tables figures` and `make`"
STEPS = (AT_ONCE, AGAIN, NAMED, CHECKED, ANEW)

MADE_FOR = re.compile(r"results/tables/[^/]+|figures/.+")
"""What a run is made for: all else is intermediate."""

REFUSED = re.compile(
    r"(?:DamagedFileError: |files, such as )(\S+?),? "
    r"(?:is damaged, .*; delete it and run the workflow again|say nothing of .*: delete them, or copy .*)$",
    re.MULTILINE,
)


class Lost(Exception):
    """The results are not, or not all, those of a run without faults; the message says which."""


def recover(folder, reference):
    """The last step that it took until every file was that of `reference` (file -> hash) and all seals held."""
    step = _make(folder)
    wait_for_orphans()
    if damaged := _damaged(folder):
        _succeed(snakemake("--force", *damaged), folder)
        step = max(step, CHECKED, _make(folder), key=STEPS.index)
        if left := _damaged(folder):
            raise Lost(f"still damaged: {', '.join(left)}")
    now = made(folder)
    if now != reference:
        # what is made is whole; Snakemake does not miss an intermediate result that nothing needs any more
        lost = {name for name in reference.keys() - now.keys() if MADE_FOR.fullmatch(name)}
        if wrong := lost | {name for name in now if now[name] != reference.get(name)}:
            raise Lost(f"lost or different after `make`: {', '.join(sorted(wrong))}")
        step = ANEW
        for part in ("results/tables", "figures"):
            shutil.rmtree(folder / part, ignore_errors=True)
        _make(folder)
    _compare(folder, reference)
    return step


def _damaged(folder):
    """The files that `dlnflow check` names; its last line counts them."""
    return ran(dlnflow("check", "results"), folder).said.splitlines()[:-1]


def _make(folder):
    """Run `make` until it succeeds, and do what it says before each run but the first."""
    step, said = AT_ONCE, ""
    for _ in range(10):
        session = ran(MAKE, folder)
        if session.status == 0:
            return step
        if names := set(REFUSED.findall(session.said)):
            step = NAMED
            for name in names:
                (folder / name).unlink(missing_ok=True)
        elif "Traceback" in session.said and "Error in rule" not in session.said:
            raise Lost(f"Snakemake itself stops: {session.said[-2000:]}")
        elif session.said == said:
            raise Lost(f"`make` fails twice alike: {said[-2000:]}")
        else:
            step = max(step, AGAIN, key=STEPS.index)
        said = session.said
    raise Lost(f"`make` failed ten times: {said[-2000:]}")


def _succeed(call, folder):
    session = ran(call, folder)
    if session.status != 0:
        raise Lost(f"{' '.join(call[1:])} fails: {session.said[-2000:]}")


def _compare(folder, reference):
    now = made(folder)
    for verdict, names in {
        "lost": reference.keys() - now.keys(),
        "of no run without faults": now.keys() - reference.keys(),
        "different": {name for name in reference.keys() & now.keys() if reference[name] != now[name]},
        "half-written": {str(path) for path in half_written(folder)},
    }.items():
        if names:
            raise Lost(f"{verdict}: {', '.join(sorted(names))}")
    again = ran(snakemake("--dry-run"), folder)
    if "Nothing to be done" not in again.said:
        raise Lost(f"a further run would do something: {again.said[-2000:]}")
