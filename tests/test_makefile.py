"""`make` and the lock that a killed Snakemake leaves behind, with a Snakemake that only notes how it is called."""

import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest
from workflow_tools import ROOT

NOTED = """
import sys, time
if sys.argv[1:] == ["at work"]:
    print("at work", flush=True)
    time.sleep(600)
with open("calls", "a") as calls:
    print(*sys.argv[1:], file=calls)
"""
RUN = "--logger dlnflow --cores all"


@pytest.fixture
def folder(tmp_path):
    """A clone of which Snakemake was killed."""
    if not shutil.which("flock"):
        pytest.skip("without flock make leaves every lock alone")
    folder = tmp_path / "a clone"
    (folder / ".snakemake" / "locks").mkdir(parents=True)
    (folder / ".snakemake" / "locks" / "0.output.lock").touch()
    shutil.copy(ROOT / "Makefile", folder)
    snakemake = folder / "bin" / "snakemake"
    snakemake.parent.mkdir()
    snakemake.write_text(f"#!{sys.executable}\n{NOTED}")
    snakemake.chmod(0o755)
    return folder


@contextmanager
def at_work(folder):
    """A Snakemake that was started without `make`."""
    with subprocess.Popen([folder / "bin" / "snakemake", "at work"], cwd=folder, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"at work\n"
        yield
        process.kill()


def make(folder):
    """The calls of Snakemake."""
    subprocess.run(["make", "BIN=bin", "-o", ".venv/.ready"], cwd=folder, check=True, capture_output=True)
    return (folder / "calls").read_text().splitlines()


def test_make_breaks_the_lock_of_a_snakemake_that_is_gone(folder):
    assert make(folder) == ["--unlock", RUN]


def test_make_leaves_the_lock_of_a_snakemake_at_work(folder):
    with at_work(folder):
        assert make(folder) == [RUN]
    assert make(folder) == [RUN, "--unlock", RUN]


def test_make_does_not_mind_a_snakemake_at_work_elsewhere(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "another")
    with at_work(tmp_path / "another"):
        assert make(folder) == ["--unlock", RUN]
