"""How the tests run the workflow: on a copy, in a folder of its own, as from a shell.

A shell would start Python and import Snakemake anew for every run, which is half of the time of a dry run. `run` forks
a process that has imported it, and nothing of the package: that comes from the copy of the workflow. `first_run` is
typed in full, so that what users type is run as well.
"""

import hashlib
import importlib
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PARTS = ("Snakefile", "config.yaml", "environment.yml", "profiles", "workflow", "scripts", "src")


FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["snakemake.cli", "snakemake.storage", "smart_open", "flint", "pydantic", "yaml"])


def run(repo, folder, *arguments, config=None, cores=2):
    """Snakemake in a folder, as from a shell."""
    path = folder / "small.yaml"
    if config is not None:
        path.write_text(config)
    return forked([*command(repo, folder, path, cores), *arguments], folder.parent)


def forked(call, folder, **set_here):
    """A `command` in a process forked from one that has imported Snakemake, with some variables of its own."""
    with tempfile.TemporaryDirectory() as said:
        output, errors = Path(said, "output"), Path(said, "errors")
        process = FORKS.Process(target=_snakemake, args=(call[3:], folder, environment() | set_here, output, errors))
        process.start()
        process.join()
        return subprocess.CompletedProcess(call, process.exitcode, output.read_text(), errors.read_text())


def _snakemake(arguments, folder, environment, output, errors):
    """What `python -m snakemake` does, without what the tests have on their path."""
    for path, descriptor in ((output, 1), (errors, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = [place for place in sys.path if Path(place).name not in ("tests", "benchmarks", "src")]
    sys.argv = ["snakemake", *arguments]
    main = importlib.import_module("snakemake.cli").main
    assert "dlnflow" not in sys.modules
    main()


def typed(call, folder):
    """A `command` as a shell runs it."""
    return subprocess.run(call, cwd=folder, env=environment(), capture_output=True, text=True, check=False)


def first_run(repo, folder, config):
    """A folder of a first run, not to be changed: dry runs alone follow."""
    folder.mkdir(exist_ok=True)
    (folder / "small.yaml").write_text(config)
    result = typed(command(repo, folder, folder / "small.yaml"), folder.parent)
    assert result.returncode == 0, result.stderr
    (folder / "terminal.txt").write_text(result.stdout + result.stderr)
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
    outputs = re.findall(r"^ +output: ([^,\n]+)", result.stdout + result.stderr, re.MULTILINE)  # deeper in a group
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
