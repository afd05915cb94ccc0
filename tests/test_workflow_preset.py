"""The preset of the CI: every rule of the workflow, and the report. A file of its own: it keeps two cores busy."""

import re
import zipfile

from workflow_tools import command, forked

from dlnflow.tables import read_table


def test_the_preset_of_the_ci_runs_every_rule_and_reports_it(repo, tmp_path):
    config = repo / "workflow" / "presets" / "ci.yaml"
    call = command(repo, tmp_path / "ci", config)
    result = forked(call, tmp_path)
    assert result.returncode == 0, result.stderr
    started = set(re.findall(r"^(?:local)?rule (\w+):", result.stdout + result.stderr, re.MULTILINE))
    written = {
        name for path in repo.rglob("*.smk") for name in re.findall(r"^rule (\w+):", path.read_text(), re.MULTILINE)
    }
    experiments = {"sharpness", "asymptotics", "recovery", "hardness", "laws", "linear_programs", "layers"}
    assert started - {"all"} == written - experiments
    # every cell of these easy problems converges
    rows = read_table(tmp_path / "ci/results/tables/sharpness.parquet").to_pylist()
    assert {row["status"] for row in rows} <= {"converged", "unresolved"}
    # line: depths 2, 3 once; two instances of small: the same; the kink: depth 3; five scales and two methods each
    assert len(rows) == (2 + 2 * 2 + 1) * 5 * 2

    result = forked([*call, "--report", "report.zip"], tmp_path)
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(tmp_path / "ci" / "report.zip") as archive:
        figures = [name for name in archive.namelist() if name.endswith((".pdf", ".svg", ".png"))]
    assert len(figures) >= 3 * 17
