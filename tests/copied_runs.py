"""A run of few jobs, copies of what it made, and what of it is made again, for tests of what results say themselves."""

import os
import shutil

from small_run import SMALL, new_folder
from workflow_tools import first_run

FEW = SMALL.replace("[flow, limit, certified]", "[limit]").replace(
    "  trajectories: {problems: [mine], depths: [3], scales: [0.1]}\n", ""
)
OTHER_Y = "3\n4\n"

TRIAL = "trials-0000-0000"
PROBLEM = "results/problems/{0}/" + TRIAL + ".npz"
MINIMISERS = "results/minimisers/{0}/" + TRIAL + ".parquet"
LIMITS = "results/limits/sharpness/{0}/depth-3/" + TRIAL + "_decades-000-024.parquet"
RATES = "results/rates/sharpness/{0}/" + TRIAL + ".parquet"
TABLE = "results/tables/sharpness/{0}.parquet"
EXPLORED = "results/explorer/sharpness.parquet"
ERRORS = "figures/sharpness/figure-1-errors.pdf"
POTENTIALS = "figures/sharpness/figure-3-potentials.pdf"
MERGED = {"results/tables/sharpness.parquet", "results/tables/claims.parquet"}
PAGE = "figures/sharpness/explorer.html"
MADE_AGAIN = MERGED | {ERRORS, POTENTIALS, PAGE}
"""The first outputs of the jobs that make what has no record of its own: exports, pictures and pages."""


def chain(problem):
    """The first outputs of all jobs of a problem."""
    return {name.format(problem) for name in (PROBLEM, MINIMISERS, LIMITS, RATES, TABLE)}


_runs = {}


def run_of_few(repo, tmp_path_factory):
    """The folder of one run, the same for all modules that ask for it; not to be changed."""
    if repo not in _runs:
        _runs[repo] = first_run(repo, new_folder(tmp_path_factory.mktemp("few") / "a run"), FEW)
    return _runs[repo]


def results_alone(source, target):
    """The results of a run in a new folder, with their times, without figures and Snakemake's records."""
    new_folder(target)
    shutil.copytree(source / "results", target / "results")
    return target


def dated_backwards(folder):
    """Each result older than what was made of it: as after a copy that keeps no times."""
    files = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_mtime)
    for age, path in enumerate(files):
        os.utime(path, (1.7e9 - age,) * 2)
