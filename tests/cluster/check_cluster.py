"""The workflow on a real Slurm gives the bits of a local run: `make test-cluster-short`.

Not collected by `make test`: it needs Slurm's daemons.
"""

from cluster_tools import PARTS, run_locally, submitted, watched
from workflow_tools import hashes

# Two experiments, so that both nodes have jobs at the same time, and two jobs for each of their bundles. Tables alone:
# a plot is a job like any other.
CONFIG = """
problems:
  line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}
hardness:
  work: {depths: [2, 3], exponents: [2, 8], accuracies: [1e-1, 1e-3]}
linear_programs:
  inverse_lams: [8, 64]
  programs:
    vertex: {family: vertex, size: [3, 8]}
    face:   {family: face, size: [3, 8]}
"""
TABLES = ["results/tables/hardness-work.parquet", "results/tables/program-cells.parquet"]


def test_a_run_on_the_cluster_gives_the_bits_of_a_local_one(cluster, repo, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    with watched(submitted(cluster, repo, there, CONFIG, *TABLES)) as run:
        run_locally(repo, here, CONFIG, *TABLES)
        assert run.wait(timeout=600) == 0, (there / "terminal.txt").read_text()
    assert hashes(there, *PARTS) == hashes(here, *PARTS)

    ended = cluster.ended()
    assert {job["JobState"] for job in ended} == {"COMPLETED"}
    assert {job["NodeList"] for job in ended} == {"n1", "n2"}
    # six jobs were sent as four, each on one core
    assert len(list((there / "logs").rglob("*.log"))) == 6
    assert len(ended) == 4
    assert {job["ProcCnt"] for job in ended} == {"1"}
    # what is left of the logs in their one place is that of jobs that failed: none
    assert not list((there / "logs" / "slurm").rglob("*.log"))
    assert not (there / ".snakemake" / "slurm_logs").exists()
