"""The folder of a fault: a copy of the workflow with a small config, how it is run there, and what it has made."""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from places import ROOT
from workflow_tools import copy_workflow, environment, hashes

from dlnflow.files.sealed import TEMPORARY

# float64, balls, time integration, recovery and claims: cheap cells, and two files of some kinds, to be mistaken
CONFIG = """
problems:
  mine: {A: data/A.csv, y: data/y.csv}
sharpness:
  problems: [mine]
  depths: [2, 3]
  scales: [0.5, 0.1]
  methods: [flow, limit, certified]
  blocks: {decades: 25, trials: 1}
recovery:
  tolerance: 1e-2
  diagrams:
    small:
      features: 20
      undersampling: [0.4, 0.6]
      sparsity: [0.2]
      trials: 2
      depths: [3]
      scales: [1e-4]
      solvers: [highs-ds]
      blocks: {trials: 2, sparsity: 0.1}
"""
DATA = {"A.csv": "1,1,1\n3,0,1\n", "y.csv": "3\n3\n"}
MADE = ("results", "figures")
STATE = (*MADE, "logs", ".snakemake")

# the programs of the environment that runs this; `-o` keeps make from asking whether they are installed
PROGRAMS = Path(sys.executable).parent
MAKE = ["make", f"BIN={PROGRAMS}", "-o", ".venv/.ready", "figures"]


def snakemake(*arguments):
    return [str(PROGRAMS / "snakemake"), "--cores", "all", *arguments]


def dlnflow(*arguments):
    """The command `dlnflow`, of the folder's own package."""
    return [sys.executable, "-c", "import sys; from dlnflow.cli import main; sys.exit(main())", *arguments]


def surroundings(folder):
    """The environment of a shell in the folder. Its modules are compiled once, which halves the time of a job."""
    set_here = {"PYTHONPATH": str(folder / "src"), "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}
    return environment() | set_here


def new_folder(path):
    """A clone as it is before its first `make`, but for its small config."""
    copy_workflow(ROOT, path)
    shutil.copy2(ROOT / "Makefile", path)
    (path / "config.yaml").write_text(CONFIG)
    (path / "data").mkdir()
    for name, text in DATA.items():
        (path / "data" / name).write_text(text)
    return path


def copied(source, target):
    """A copy of a folder with its times; into what is there, if it is there."""
    return Path(shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True))


def emptied(folder):
    """The same folder without anything that a run made."""
    for part in STATE:
        shutil.rmtree(folder / part, ignore_errors=True)
    return folder


def made(folder):
    """File -> hash of everything that a run made, but for times and what is half-written."""
    return {name: digest for name, digest in hashes(folder, *MADE).items() if not Path(name).match(TEMPORARY)}


def half_written(folder):
    return [path for part in MADE for path in (folder / part).rglob(TEMPORARY)]


def progress(folder):
    """How many files a run has made."""
    return sum(
        path.is_file() and "timings" not in path.parts for part in MADE for path in (folder / part).rglob("[!.]*.*")
    )


def size(folder):
    """Bytes that a folder takes in pages."""
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(-(-path.stat().st_size // page) * page for path in folder.rglob("*") if path.is_file())
