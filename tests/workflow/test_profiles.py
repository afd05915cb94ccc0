"""The profile for Slurm: options that exist, bundles that hold every rule, and the same jobs as without it."""

import re
import subprocess
import sys

import pytest
import yaml
from places import ROOT
from workflow_rules import rules_of
from workflow_tools import command, forked

PROFILES = sorted((ROOT / "profiles").glob("*/config.yaml"))
SLURM = yaml.safe_load((ROOT / "profiles" / "slurm" / "config.yaml").read_text())


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    """The rules that have jobs; the others only name targets."""
    rules = rules_of(tmp_path_factory.mktemp("rules"))
    return {name: rule for name, rule in rules.items() if rule["shell"]}


@pytest.mark.parametrize("path", PROFILES, ids=[path.parent.name for path in PROFILES])
def test_every_key_of_a_profile_is_an_option_of_snakemake(path):
    # in a process of its own: with Snakemake imported, OSQP crashes in tests that follow
    call = [sys.executable, "-m", "snakemake", "--help"]
    said = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--([a-z][a-z-]+)", said))
    assert set(yaml.safe_load(path.read_text())) <= options


def test_every_rule_belongs_to_a_bundle(jobs):
    bundles = {rule["group"] for rule in jobs.values()}
    assert None not in bundles
    assert {entry.split("=")[0] for entry in SLURM["group-components"]} == bundles - {"tables", "claims"}
    # the claims wait for the tables of all experiments: in their bundle they would make a single one of them all
    assert [name for name, rule in jobs.items() if rule["group"] == "claims"] == ["judge_claims"]


def test_every_job_has_one_lane_of_its_bundle():
    assert SLURM["resources"] == ["lanes=1"]
    assert SLURM["set-resource-scopes"] == ["lanes=local"]
    assert "lanes=1" in SLURM["default-resources"]


def test_a_rule_says_what_it_needs_and_nothing_of_one_engine(jobs):
    for name, rule in jobs.items():
        # both grow, or a retry would end as the first attempt did
        assert {"mem_mb", "runtime"} <= set(rule["computed"]), name
        assert rule["threads"] == 1, name
        assert rule["conda"], name
        assert not re.search("slurm|sbatch|srun", rule["shell"], re.IGNORECASE), name


def test_every_rule_has_a_log_and_a_benchmark_of_its_own(jobs):
    for part in ("log", "benchmark"):
        names = [str(rule[part]) for rule in jobs.values()]
        assert len(set(names)) == len(names)
        assert all(name in str(rule[part]) for name, rule in jobs.items())


def test_the_plan_is_the_same_with_the_profile(repo, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    call = [*command(repo, folder, repo / "workflow" / "presets" / "ci.yaml"), "--dry-run"]
    plans = []
    for profile in ([], ["--profile", str(repo / "profiles" / "slurm")]):
        result = forked([*call, *profile], tmp_path)
        assert result.returncode == 0, result.stderr
        said = result.stdout + result.stderr
        plans.append(sorted(re.findall(r"^ +output: (.+)$", said, re.MULTILINE)))
    assert len(plans[0]) > 100
    assert plans[0] == plans[1]
    # and most of it is sent in bundles
    assert 0 < said.count("Group job") < len(plans[1]) / 3
