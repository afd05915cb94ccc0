"""What goes wrong on a cluster, in one run: a node dies, a job lacks memory, a job hangs. `make test-cluster`."""

import re
import time

import pytest
from cluster_tools import PARTS, run_locally, submitted, watched
from workflow_tools import copy_workflow, hashes

from dlnflow.files.tables import read_table

# each fault has a stage of its own to happen in: the node dies under the cells, measure_work lacks memory, and
# follow_program hangs
CONFIG = """
problems:
  line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}
sharpness:
  problems: [line]
  depths: [2, 3]
  scales: [1, 0.1]
  methods: [limit]
hardness:
  work: {depths: [3], exponents: [2, 8], accuracies: [1e-1, 1e-3]}
linear_programs:
  inverse_lams: [8, 64]
  programs:
    vertex: {family: vertex, size: [3, 8]}
"""
TABLES = [f"results/tables/{name}.parquet" for name in ("sharpness", "hardness-work", "program-cells")]
OTHER = {"n1": "n2", "n2": "n1"}


@pytest.fixture(scope="module")
def hungry(repo, tmp_path_factory):
    """The workflow with a minute for follow_program and too little memory for measure_work, at first: in a bundle of
    its own, for a bundle has the memory of the largest in it."""
    copy = copy_workflow(repo, tmp_path_factory.mktemp("hungry") / "the workflow")
    rules = copy / "workflow" / "rules"
    alone = '    group:\n        "work"\n    resources:\n        **needs(150,'
    edit(rules / "hardness.smk", "measure_work", r"    resources:\n        \*\*needs\(\d+,", alone)
    edit(rules / "linear_programs.smk", "follow_program", r"needs\((\d+), \d+,", r"needs(\1, 1,")
    return copy


def edit(path, rule, old, new):
    """Replaces what a rule says in one place."""
    rules = re.split(r"^(?=use rule )", path.read_text(), flags=re.MULTILINE)
    [place] = [place for place, text in enumerate(rules) if text.startswith(f"use rule job as {rule} with:\n")]
    rules[place], count = re.subn(old, new, rules[place])
    assert count == 1
    path.write_text("".join(rules))


def first_process(cluster, run, stage, **where):
    """The first process that runs a job of a stage."""
    while run.poll() is None:
        if found := cluster.processes(stage, **where):
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"the run ended before it ran {stage}")


def test_a_run_survives_a_dead_node_a_job_without_memory_and_a_job_that_hangs(cluster, repo, hungry, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    with watched(submitted(cluster, hungry, there, CONFIG, *TABLES)) as run:
        hung = first_process(cluster, run, "follow_program")
        hung.suspend()
        # what follows goes to the other node, so that this one hangs on to its end
        node = hung.environ()["SLURMD_NODENAME"]
        cluster.control("update", f"nodename={node}", "state=drain", "reason=test")
        first_process(cluster, run, "solve_limits", node=OTHER[node])
        cluster.cut_power(OTHER[node])
        cluster.control("update", f"nodename={node}", "state=resume")
        run_locally(repo, here, CONFIG, *TABLES)
        assert run.wait(timeout=1500) == 0, (there / "terminal.txt").read_text()

    # the faults really happened
    ended = {(job["JobState"], job["NodeList"]) for job in cluster.ended()}
    assert {("TIMEOUT", node), ("NODE_FAIL", OTHER[node])} <= ended
    logs = {path: path.read_text() for path in (there / "logs" / "slurm").rglob("*.log")}
    assert any("measure_work" in path.parent.name and "exceeded memory limit" in text for path, text in logs.items())

    # and every cell is there, once, with the bits of a run without faults
    assert hashes(there, *PARTS) == hashes(here, *PARTS)
    cells = [(row["depth"], row["scale"]) for row in read_table(there / TABLES[0]).to_pylist()]
    assert sorted(cells) == [(2.0, "0.1"), (2.0, "1"), (3.0, "0.1"), (3.0, "1")]
