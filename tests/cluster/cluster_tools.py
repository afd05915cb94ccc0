"""A Slurm of two nodes on this host, the workflow sent to it, and what became of its jobs."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
from workflow_tools import command, environment, forked

HERE = Path(__file__).parent
PARTS = ("results", "figures")


@dataclass(frozen=True)
class Cluster:
    """A cluster in a folder, as start.sh makes it."""

    folder: Path

    @property
    def environment(self):
        """Where sbatch, srun and squeue find this cluster, not another."""
        path = os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"]])
        return environment() | {"SLURM_CONF": str(self.folder / "slurm.conf"), "PATH": path}

    def control(self, *arguments):
        subprocess.run(["scontrol", *arguments], env=self.environment, check=True)

    def ended(self):
        """The jobs that ended, each by its last words in Slurm's own record: a dict of NodeList, JobState and so on."""
        lines = (self.folder / "jobs.txt").read_text().splitlines()
        return [dict(re.findall(r"(\w+)=(\S*)", line)) for line in lines]

    def processes(self, stage=None, node=None):
        """The processes of jobs, or those that run one stage or run on one node."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                variables = process.environ()
                ours = variables.get("SLURM_CONF") == str(self.folder / "slurm.conf") and "SLURM_JOB_ID" in variables
                there = node is None or variables.get("SLURMD_NODENAME") == node
                runs = stage is None or _stage_of(process.cmdline()) == stage
                if ours and there and runs:
                    found.append(process)
        return found

    def cut_power(self, node):
        """Ends a node's daemon at once, and everything that runs on it: nobody tells the controller."""
        daemon = psutil.Process(int((self.folder / f"slurmd-{node}.pid").read_text()))
        supervisors = [
            process
            for process in psutil.process_iter(["name"])
            if process.info["name"].startswith("slurmstepd") and self._log_open(process, node)
        ]
        for process in [daemon, *supervisors, *self.processes(node=node)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def _log_open(self, process, node):
        with contextlib.suppress(psutil.Error):
            return str(self.folder / f"slurmd-{node}.log") in {file.path for file in process.open_files()}
        return False


def _stage_of(words):
    """Which stage a process runs, if it is python -m run_job --code IDENTITY STAGE."""
    return words[5] if words[1:4] == ["-m", "run_job", "--code"] else None


@contextlib.contextmanager
def running_cluster(folder):
    started = subprocess.run([HERE / "start.sh", folder], capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr
    try:
        yield Cluster(folder)
    finally:
        subprocess.run([HERE / "stop.sh", folder], check=True)


def submitted(cluster, repo, folder, config, *site):
    """The workflow on its way through the profile that users take; `site` is what a site sets."""
    folder.mkdir()
    (folder / "config.yaml").write_text(config)
    profile = ["--profile", repo / "profiles" / "slurm", "--slurm-init-seconds-before-status-checks", "3"]
    snakemake = [sys.executable, "-m", "snakemake", "--snakefile", repo / "Snakefile", "--directory", folder]
    with (folder / "terminal.txt").open("w") as said:
        return subprocess.Popen(
            list(map(str, [*snakemake, *profile, *site])),
            cwd=repo,
            env=cluster.environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@contextlib.contextmanager
def watched(process):
    """Nothing of a workflow outlives the test that started it."""
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run_locally(repo, folder, config, *targets):
    folder.mkdir()
    (folder / "config.yaml").write_text(config)
    result = forked([*command(repo, folder, folder / "config.yaml"), *targets], folder.parent)
    assert result.returncode == 0, result.stderr
