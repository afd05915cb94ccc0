"""The jobs of a dry run, by way of the plugin."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from dlnflow.assembly.costs import Job, job_of

DRY = ("--dry-run", "--logger=dlnflow", "--logger-dlnflow-jobs")


def start(
    jobs: Path, options: Sequence[str], quiet: bool = False, variables: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """A dry run with Snakemake's options that lists its jobs in a file. A quiet one does not say what is wrong.

    variables: of its environment, besides those that are there.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", *DRY, str(jobs), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else None,
        env=os.environ | (variables or {}),
    )


def read_jobs(file: Path) -> list[Job]:
    """What a dry run would do."""
    return [job_of(json.loads(line)) for line in file.read_text().splitlines()]


def planned_jobs(options: Sequence[str], variables: Mapping[str, str] | None = None) -> list[Job]:
    """The jobs of a dry run as `start` has it; exits with a sentence if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = Path(folder, "jobs")
        if status := start(jobs, options, variables=variables).wait():
            sys.exit(f"snakemake --dry-run ended with status {status}, expected 0")
        return read_jobs(jobs)
