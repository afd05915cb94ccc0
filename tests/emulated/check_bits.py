"""Some jobs of the preset of the CI once more under an emulated processor, one without AVX-512: the same bits.

`make test-emulated`. The emulator is Debian's qemu-user, in which a job takes ten to fifty times as long. Clarabel and
SCS crash in it, and are left out.
"""

import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1]))
from places import ROOT
from workflow_tools import command, environment, typed

from dlnflow.files.digests import picture_digest
from dlnflow.kernels import PINNED, SWITCH, can_be_pinned
from dlnflow.reproduction.run_comparison import Verdict, compare_files
from snakemake_logger_plugin_dlnflow.dry_runs import read_jobs

EMULATOR = ["qemu-x86_64", "-cpu", "Haswell-noTSX"]
PRESET = ROOT / "workflow" / "presets" / "ci.yaml"
BAND, TRIALS = "decades-000-024", "trials-0000-0063"
JOBS = {
    "BLAS and CVODE": f"results/flow/sharpness/small/depth-2/{TRIALS}_{BAND}.parquet",
    "Newton in float64": f"results/limits/sharpness/small/depth-3/{TRIALS}_{BAND}.parquet",
    "Newton in balls": f"results/certified/asymptotics/small/depth-2/{TRIALS}_decades-000-124.parquet",
    "stacks of problems": "results/recovery/limits/small/depth-2/"
    f"n-30_sparsity-0-1_undersampling-0-1_trials-0000-0009_{BAND}.parquet",
    "LARS": "results/recovery/baselines/transitions/lars/n-20_density-0-1_undersampling-0-1_trials-0000-0009.parquet",
    "state evolution": "results/predictions/errors/errors/depth-3.parquet",
    "JAX": "results/layers/networks/drifts/diagonal.parquet",
    "descent on matrices": "results/layers/factorisation/factorisations/constant-0.5.parquet",
    "transport, and POT": "results/linear_programs/transport/clouds.parquet",
    "descent on programs": "results/linear_programs/descents/vertex.parquet",
    "Matplotlib": "figures/sharpness/figure-1-errors.png",
}


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """The folder of a run on this processor, and a copy of it with the jobs done again on the other."""
    place = tmp_path_factory.mktemp("emulated")
    here, there = place / "here", place / "there"
    call = [*command(ROOT, here, PRESET), "--logger=dlnflow"]
    listed = typed([*call, "--dry-run", "--logger-dlnflow-jobs", place / "jobs", *JOBS.values()], ROOT)
    assert listed.returncode == 0, listed.stderr
    made = typed([*call, *JOBS.values()], ROOT)
    assert made.returncode == 0, made.stderr
    shutil.copytree(here, there)
    jobs = [job for job in read_jobs(place / "jobs") if set(job.outputs) & set(JOBS.values())]
    assert len(jobs) == len(JOBS)
    for output in (output for job in jobs for output in job.outputs):
        (there / output).unlink()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda job: emulate(job.command, there), jobs))
    return here, there


def emulate(told, folder):
    """A job's command with its Python in the emulator."""
    assert told.startswith("python -m ")
    python = shlex.join([*EMULATOR, sys.executable])
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "scripts")])
    subprocess.run(
        ["bash", "-c", python + told.removeprefix("python")],
        cwd=folder,
        env=environment() | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        check=True,
    )


@pytest.mark.skipif(not can_be_pinned(), reason="this processor has not the kernels of x86-64-v3")
@pytest.mark.parametrize("name", JOBS)
def test_the_bits_are_those_of_the_emulated_processor(folders, name):
    assert os.environ[SWITCH] == PINNED
    first, second = (folder / JOBS[name] for folder in folders)
    if first.suffix == ".png":
        assert picture_digest(first) == picture_digest(second)
        return
    found = compare_files(name, first, second)
    assert found.verdict is Verdict.SAME, found.differences
