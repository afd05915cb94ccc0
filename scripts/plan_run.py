"""Print what a run would take: jobs, cells, core hours, bytes, before it starts; options are Snakemake's own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dlnflow.costs import Job, job_of, read_costs
from dlnflow.plans import plan

DRY = ("--dry-run", "--logger", "dlnflow", "--logger-dlnflow-jobs")


def main() -> None:
    options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        lists = Path(folder, "all"), Path(folder, "to-do")
        # at the same time, for a dry run takes a while
        runs = [start(lists[0], [*options, "--forceall"]), start(lists[1], options)]
        codes = [run.wait() for run in runs]
        if any(codes):
            sys.exit(max(codes))
        jobs, to_do = map(read_jobs, lists)
    print(plan(jobs, to_do, read_costs()))


def start(jobs: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    """A dry run that lists its jobs."""
    quiet = subprocess.DEVNULL if "--forceall" in options else None  # both would say what is wrong
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", *DRY, str(jobs), *options], stdout=subprocess.DEVNULL, stderr=quiet
    )


def read_jobs(file: Path) -> list[Job]:
    """What a dry run would do."""
    return [job_of(json.loads(line)) for line in file.read_text().splitlines()]


if __name__ == "__main__":
    main()
