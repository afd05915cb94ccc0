"""`make` and the lock that a killed Snakemake leaves behind, with a Snakemake that only notes how it is called."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from places import ROOT

NOTED = """
import sys, time
if "at-work" in sys.argv:
    print("at work", flush=True)
    time.sleep(600)
with open("calls", "a") as calls:
    print(*sys.argv[1:], file=calls)
"""
OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "CONFIG")
"""What the `make test` that runs this would tell the one under test."""
RUN = "--directory=. --logger=dlnflow --cores=all"


@pytest.fixture
def folder(tmp_path):
    """A clone of which Snakemake was killed."""
    folder = tmp_path / "a clone"
    leave_lock(folder)
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "scripts" / "run_workflow.py", folder / "scripts")
    (folder / "fake" / "snakemake").mkdir(parents=True)
    (folder / "fake" / "snakemake" / "__init__.py").touch()
    (folder / "fake" / "snakemake" / "__main__.py").write_text(NOTED)
    return folder


def leave_lock(folder):
    (folder / ".snakemake" / "locks").mkdir(parents=True)
    (folder / ".snakemake" / "locks" / "0.output.lock").touch()


def call_of(folder, *words):
    """`make` with this Python, and the other Snakemake before the real one."""
    return {
        "args": ["make", f"BIN={Path(sys.executable).parent}", "-o", ".venv/.ready", *words],
        "cwd": folder,
        "env": {name: value for name, value in os.environ.items() if name not in OF_MAKE}
        | {"PYTHONPATH": str(folder / "fake")},
        "text": True,
    }


@contextmanager
def at_work(folder, *start):
    """A Snakemake that was started without `make`, or another way, until the end of the block."""
    call = call_of(folder) | {"args": [sys.executable, "-m", "snakemake", "at-work", *start]}
    with subprocess.Popen(**call, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == "at work\n"
            yield process
        finally:
            process.kill()


def make(folder, *words):
    """The calls of Snakemake."""
    subprocess.run(**call_of(folder, *words), check=True, capture_output=True)
    return (folder / "calls").read_text().splitlines()


def test_make_breaks_the_lock_of_a_snakemake_that_is_gone(folder):
    assert make(folder) == [f"{RUN} --unlock", RUN]


def test_make_leaves_the_lock_of_a_snakemake_at_work(folder):
    with at_work(folder):
        assert make(folder) == [RUN]
    assert make(folder) == [RUN, f"{RUN} --unlock", RUN]


def test_make_does_not_mind_a_snakemake_at_work_elsewhere(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "another")
    with at_work(tmp_path / "another"):
        assert make(folder) == [f"{RUN} --unlock", RUN]


def test_make_runs_another_config_in_its_own_folder_with_the_same_care(folder):
    leave_lock(folder / "out" / "mine")
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "mine.yaml").write_text("problems: {kink: {kink: 0.1}}\n")
    run = "--directory=out/mine --logger=dlnflow --cores=all --replace-workflow-config"
    config = "--configfile elsewhere/mine.yaml"
    assert make(folder, "CONFIG=elsewhere/mine.yaml") == [f"{run} {config} --unlock", f"{run} {config}"]
    # of the report another call writes the file
    with_pages = f"{run} report_pages {config}"
    assert make(folder, "CONFIG=elsewhere/mine.yaml", "report")[2:4] == [f"{with_pages} --unlock", with_pages]


def test_a_second_make_says_for_whom_it_waits(folder):
    first = call_of(folder) | {"args": [sys.executable, folder / "scripts" / "run_workflow.py", "at-work"]}
    with subprocess.Popen(**first, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == "at work\n"
            with subprocess.Popen(**call_of(folder), stderr=subprocess.PIPE) as second:
                said = second.stderr.readline()
                expected = rf"waiting for process {process.pid}, begun at [\d:]{{8}}, which runs in .*a clone$"
                assert re.match(expected, said)
                assert second.poll() is None
                process.kill()
                assert second.wait() == 0
        finally:
            process.kill()
    # and while it waited it called nothing
    assert (folder / "calls").read_text().splitlines()[-1] == RUN


def test_a_config_that_is_none_is_refused_in_one_sentence(folder):
    call = call_of(folder, "CONFIG=elsewhere/mine.yaml")
    made = subprocess.run(**call, check=False, capture_output=True)
    assert made.returncode != 0
    sentence = "elsewhere/mine.yaml cannot be read: No such file or directory, expected a YAML file"
    assert made.stderr.splitlines()[0] == sentence
    assert not (folder / "out").exists()
