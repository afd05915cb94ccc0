"""The jobs of a dry run, by way of the plugin."""

import json
import subprocess
import sys
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
