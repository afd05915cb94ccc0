"""How the tests run the workflow: on a copy, in a folder of its own, as from a shell."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("Snakefile", "config.yaml", "environment.yml", "profiles", "workflow", "scripts", "src")


def run(repo, folder, *arguments, config=None, cores=2):
    """Snakemake in a folder, as from a shell."""
    path = folder / "small.yaml"
    if config is not None:
        path.write_text(config)
    return subprocess.run(
        [*command(repo, folder, path, cores), *arguments],
        cwd=folder.parent,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def first_run(repo, folder, config):
    """A folder of a first run, not to be changed: dry runs alone follow."""
    folder.mkdir()
    result = run(repo, folder, config=config)
    assert result.returncode == 0, result.stderr
    return folder


def command(repo, folder, config, cores=2):
    snakemake = [sys.executable, "-m", "snakemake", "--snakefile", repo / "Snakefile", "--directory", folder]
    return list(map(str, [*snakemake, "--configfile", config, "--replace-workflow-config", "--cores", cores]))


def environment():
    """The Snakefile itself sees to it that its package is found."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SNAKEMAKE_PROFILE")}


def planned(repo, folder, config):
    """The first output of every job that a dry run announces."""
    result = run(repo, folder, "--dry-run", config=config)
    assert result.returncode == 0, result.stderr
    outputs = re.findall(r"^ {4}output: ([^,\n]+)", result.stdout + result.stderr, re.MULTILINE)
    assert len(outputs) == len(set(outputs))
    return set(outputs)


def hashes(folder, *parts):
    """Path -> hash of every file in the given parts of a folder, but for the recorded times."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in parts
        for path in sorted((folder / part).rglob("*"))
        if path.is_file() and "timings" not in path.parts
    }


def copy_workflow(source, target):
    target.mkdir()
    for part in PARTS:
        path = source / part
        if path.is_dir():
            shutil.copytree(path, target / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy2(path, target / part)
    return target
