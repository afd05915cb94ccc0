"""The conventions of the Snakemake workflow catalog, and the workflow as a module of another."""

import re

import pytest
import yaml
from places import ROOT
from workflow_tools import command, forked

CONFIG = """
problems:
  line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}
sharpness: {problems: [line], depths: [3], scales: [1, 0.1], methods: [limit]}
"""
JOBS = {
    "make_problem", "find_minimisers", "solve_limits", "predict_rates", "compare_cells", "merge_table",
    "plot_sharpness_figure_1_errors", "explore_cells", "plot_explorer", "judge_claims",
}  # fmt: skip


def test_the_files_that_the_catalog_asks_for_are_there():
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert usage["software-stack-deployment"]["conda"] is True
    assert usage["report"] is True
    for file in ("README.md", "LICENSE", "config/README.md", "workflow/Snakefile", "workflow/rules/common.smk"):
        assert (ROOT / file).is_file(), file
    readme = (ROOT / "README.md").read_text().lower()
    assert "snakemake" in readme
    assert "workflow" in readme


@pytest.mark.parametrize("way", ["the catalog's Snakefile", "a module"])
def test_the_workflow_is_planned_from_elsewhere(way, repo, tmp_path):
    (tmp_path / "lines.yaml").write_text(CONFIG)
    snakefile = repo / "workflow" / "Snakefile"
    if way == "a module":
        module = f'module lines:\n    snakefile: "{snakefile}"\n    config: config\n\nuse rule * from lines\n'
        snakefile = tmp_path / "Snakefile"
        snakefile.write_text(f'configfile: "lines.yaml"\n\n{module}')
    call = command(repo, tmp_path, tmp_path / "lines.yaml")
    call[call.index("--snakefile") + 1] = str(snakefile)
    result = forked([*call, "--dry-run"], tmp_path)
    assert result.returncode == 0, result.stderr
    started = re.findall(r"^ *(?:local)?rule (\w+):", result.stdout + result.stderr, re.MULTILINE)
    assert set(started) - {"default"} == JOBS
