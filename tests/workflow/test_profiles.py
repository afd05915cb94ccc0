"""The profile for Slurm: options that exist, bundles that hold every rule, and the same jobs as without it."""

import re
import subprocess
import sys

import pytest
import yaml
from places import ROOT
from workflow_tools import command, forked

PROFILES = sorted((ROOT / "profiles").glob("*/config.yaml"))
SLURM = yaml.safe_load((ROOT / "profiles" / "slurm" / "config.yaml").read_text())
RULE_FILES = [ROOT / "Snakefile", *sorted((ROOT / "workflow" / "rules").glob("*.smk"))]
RULES = {
    name: body
    for path in RULE_FILES
    for name, body in re.findall(r"^rule (\w+):\n((?:[ \t].*\n|\n)*)", path.read_text(), re.MULTILINE)
    if "shell:" in body  # the others only name targets
}
BUNDLES = dict(entry.split("=") for entry in SLURM["groups"])


@pytest.mark.parametrize("path", PROFILES, ids=[path.parent.name for path in PROFILES])
def test_every_key_of_a_profile_is_an_option_of_snakemake(path):
    # in a process of its own: with Snakemake imported, OSQP crashes in tests that follow
    call = [sys.executable, "-m", "snakemake", "--help"]
    said = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--([a-z][a-z-]+)", said))
    assert set(yaml.safe_load(path.read_text())) <= options


def test_every_rule_but_the_last_belongs_to_a_bundle():
    # the claims wait for the tables of all experiments: in their bundle they would make a single one of them all
    assert set(BUNDLES) == set(RULES) - {"judge_claims"}
    assert {entry.split("=")[0] for entry in SLURM["group-components"]} <= set(BUNDLES.values())


def test_every_job_has_one_lane_of_its_bundle():
    assert SLURM["resources"] == ["lanes=1"]
    assert SLURM["set-resource-scopes"] == ["lanes=local"]
    assert "lanes=1" in SLURM["default-resources"]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_needs_and_nothing_of_one_engine(rule):
    resources = re.search(r"    resources:\n((?:        .*\n)*)", RULES[rule])[1]
    # both grow, or a retry would end as the first attempt did
    assert {"mem_mb", "runtime"} <= set(re.findall(r"(\w+)=grows\(\d+\)", resources))
    assert "threads: 1" in RULES[rule]
    assert "conda:" in RULES[rule]
    assert not re.search("slurm|sbatch|srun", RULES[rule], re.IGNORECASE)


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
