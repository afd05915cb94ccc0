"""Fit what jobs cost to what they took: every job of some configs whose benchmark and files are there."""

import argparse
import csv
import tempfile
from datetime import date
from pathlib import Path

from dlnflow.assembly.cost_fits import Measured, core_seconds, fit_costs
from dlnflow.assembly.costs import STORED, Job
from dlnflow.provenance import processor
from snakemake_logger_plugin_dlnflow.dry_runs import read_jobs, start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="FOLDER=CONFIG", help="a folder in which snakemake ran, its config")
    parser.add_argument("--output", type=Path, default=STORED, help="the .json to write")
    arguments = parser.parse_args()
    measured = [row for run in arguments.runs for row in measured_in(*run.split("=", 1))]
    about = {"jobs": len(measured), "processor": processor(), "date": f"{date.today():%Y-%m-%d}"}
    arguments.output.write_text(fit_costs(measured, about).to_json())


def measured_in(folder: str, config: str) -> list[Measured]:
    """Every job of a config that has run in a folder."""
    options = ["--directory", folder, "--configfile", config, "--replace-workflow-config", "--forceall"]
    with tempfile.TemporaryDirectory() as temporary:
        listed = Path(temporary, "jobs")
        if start(listed, options).wait():
            raise SystemExit(f"{config} cannot be planned in {folder}: snakemake --dry-run says why")
        return [row for job in read_jobs(listed) if (row := measure(Path(folder), job))]


def measure(folder: Path, job: Job) -> Measured | None:
    """What a job took, if it has run and what it read is there."""
    read, files = ([folder / file for file in part] for part in (job.inputs, job.outputs))
    if not job.benchmark or not all(file.exists() for file in [folder / job.benchmark, *read, *files]):
        return None
    with (folder / job.benchmark).open() as lines:
        row = next(csv.DictReader(lines, delimiter="\t"))
    return Measured(
        job,
        {"start": 1.0, **(job.load or {"megabytes": sum(file.stat().st_size for file in read) / 1e6})},
        core_seconds(float(row["s"]), number(row["cpu_time"])),
        tuple(file.stat().st_size for file in files),
    )


def number(text: str) -> float | None:
    """Snakemake writes NA of a job that was too quick for it."""
    return None if text in ("NA", "-") else float(text)


if __name__ == "__main__":
    main()
