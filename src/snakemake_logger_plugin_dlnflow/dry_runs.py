"""The jobs of a dry run, by way of the plugin."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dlnflow.assembly.costs import Job, job_of

DRY = ("--dry-run", "--logger=dlnflow", "--logger-dlnflow-jobs")


def start(jobs: Path, options: Sequence[str], quiet: bool = False) -> "subprocess.Popen[bytes]":
    """A dry run with Snakemake's options that lists its jobs in a file. A quiet one does not say what is wrong."""
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", *DRY, str(jobs), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else None,
    )


def read_jobs(file: Path) -> list[Job]:
    """What a dry run would do."""
    return [job_of(json.loads(line)) for line in file.read_text().splitlines()]


def planned_jobs(options: Sequence[str]) -> list[Job]:
    """The jobs of a dry run with Snakemake's options; exits with a sentence if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = Path(folder, "jobs")
        if status := start(jobs, options).wait():
            sys.exit(f"snakemake --dry-run ended with status {status}, expected 0")
        return read_jobs(jobs)
