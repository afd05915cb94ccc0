"""The workflow as it is typed: what it makes, what it makes anew and what not, and what it survives.

Everything runs on a copy of the workflow in a folder whose name holds a space, on a config of twenty jobs.
"""

import contextlib
import inspect
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
from typing import get_type_hints

import pytest
from places import ROOT
from small_run import SMALL, new_folder
from workflow_tools import command, copy_workflow, environment, first_run, forked, hashes, planned, run

from dlnflow.files.tables import read_table
from dlnflow.kit.stage import Output, read_job, stage_of

pytestmark = pytest.mark.long

# the jobs of SMALL by the first file that each makes
STAGES = {
    "make_problem": ["results/problems/{problem}/{trials}.npz"],
    "find_minimisers": ["results/minimisers/{problem}/{trials}.parquet"],
    "integrate_flow": ["results/flow/sharpness/{problem}/depth-{depth}/{trials}_{band}.parquet"],
    "solve_limits": ["results/limits/sharpness/{problem}/depth-{depth}/{trials}_{band}.parquet"],
    "certify_limits": ["results/certified/sharpness/{problem}/depth-{depth}/{trials}_{band}.parquet"],
    "predict_rates": ["results/rates/sharpness/{problem}/{trials}.parquet"],
    "compare_cells": ["results/tables/sharpness/{problem}.parquet"],
}
CELL = {"trials": "trials-0000-0000", "band": "decades-000-024", "depth": "3"}
EXPLORER = {"figures/sharpness/explorer.html"}
MERGE = {"results/tables/sharpness.parquet", "results/tables/claims.parquet", "results/explorer/sharpness.parquet"}
MERGE |= EXPLORER
METHODS = ("flow", "limit", "certified")
ERRORS = {"figures/sharpness/figure-1-errors.pdf"}
POTENTIALS = {"figures/sharpness/figure-3-potentials.pdf"}
SAMPLES = {"results/trajectories/sharpness/mine/depth-3/trials-0000-0000_decades-000-024.parquet"}
TRAJECTORIES = {"figures/sharpness/trajectories-mine.pdf"}
FIGURES = ERRORS | POTENTIALS | TRAJECTORIES


def files(*rules, problems=("mine", "small"), **changes):
    """The first output of every job of the given rules, for the given problems and cell."""
    return {
        path.format(problem=problem, **CELL | changes)
        for rule in rules
        for problem in problems
        for path in STAGES[rule]
    }


CELLS = ("integrate_flow", "solve_limits", "certify_limits")
RATES = files("predict_rates")
TABLES = files("compare_cells") | MERGE | ERRORS
EVERYTHING = files(*STAGES) | MERGE | SAMPLES | FIGURES


def made(folder):
    return hashes(folder, "results", "figures")


@pytest.fixture(scope="session")
def first(repo, tmp_path_factory):
    """The folder of a first run, not to be changed."""
    folder = new_folder(tmp_path_factory.mktemp("first") / "a run")
    return first_run(repo, folder, SMALL)


@pytest.fixture
def folder(first, tmp_path):
    """A copy of the first run."""
    return shutil.copytree(first, tmp_path / "a run")


@pytest.fixture
def edited(repo, tmp_path):
    """A copy of the workflow that a test may edit."""
    return copy_workflow(repo, tmp_path / "an edited workflow")


# what is made


def test_a_run_makes_every_target_and_leaves_nothing_else(first):
    expected = {path.removesuffix(".pdf") + ending for path in FIGURES for ending in (".pdf", ".svg", ".png")}
    expected |= (EVERYTHING - FIGURES) | {"results/tables/sharpness.csv", "results/tables/claims.csv"}
    assert set(made(first)) == expected


def test_the_default_profile_is_found_beside_the_snakefile_whatever_the_folder(first):
    assert re.search(r"Using workflow specific profile .*profiles/default", (first / "terminal.txt").read_text())


def test_the_tables_hold_every_cell_of_the_grid(first):
    rows = read_table(first / "results/tables/sharpness.parquet").to_pylist()
    cells = {(row["problem"], row["trial"], row["depth"], row["scale"], row["method"]) for row in rows}
    assert cells == {(p, 0, 3.0, s, m) for p in ("mine", "small") for s in ("1", "0.1") for m in METHODS}
    assert {row["status"] for row in rows} == {"converged"}


def test_a_second_run_does_nothing(repo, folder):
    before = hashes(folder, "results", "figures", "logs")
    result = run(repo, folder, config=SMALL)
    assert result.returncode == 0
    assert "Nothing to be done" in result.stdout + result.stderr
    assert hashes(folder, "results", "figures", "logs") == before


def test_the_default_config_stays_within_its_number_of_jobs(repo, tmp_path):
    call = [*command(repo, tmp_path / "out", repo / "config.yaml"), "--dry-run"]
    result = forked(call, tmp_path)
    assert result.returncode == 0, result.stderr
    total = re.search(r"^total +(\d+)", result.stdout + result.stderr, re.MULTILINE)
    assert 50 < int(total[1]) < 650


SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
STAGE_FILES = sorted((ROOT / "src" / "dlnflow").rglob("stages/[a-z]*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=[path.stem for path in SCRIPTS])
def test_every_script_says_what_it_does(script, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", [script.name, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(script), run_name="__main__")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: {script.name}")
    assert re.search("output|writes", said)


@pytest.mark.parametrize("path", STAGE_FILES, ids=[path.stem for path in STAGE_FILES])
def test_every_stage_says_what_it_does(path, capsys):
    with pytest.raises(SystemExit) as ended:
        read_job(path.stem, ["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: run_job {path.stem} ")
    stage = stage_of(path.stem)
    assert " ".join(inspect.getdoc(stage).split()) in " ".join(said.split())
    outputs = [name for name, hint in get_type_hints(stage).items() if hint is Output]
    assert outputs
    assert all(re.search(rf"^  --{name.replace('_', '-')} [A-Z_]+", said, re.MULTILINE) for name in outputs)


# what is made anew: a change of the config

CHANGES = {
    "one scale more in the same band": (
        {"scales: [1, 0.1]\n  met": "scales: [1, 0.1, 0.05]\n  met"},
        files(*CELLS) | TABLES,
    ),
    "one scale more in another band": (
        {"scales: [1, 0.1]\n  met": "scales: [1, 0.1, 1e-30]\n  met"},
        files(*CELLS, band="decades-025-049") | TABLES,
    ),
    "one depth more": (
        {"depths: [3]\n  scales": "depths: [3, 7/3]\n  scales"},
        files(*CELLS, depth="7_3") | RATES | TABLES,
    ),
    "one problem more": (
        {"problems:\n  mine": "problems:\n  kink: {kink: 0.1}\n  mine", "[mine, small]": "[mine, small, kink]"},
        files(*STAGES, problems=["kink"]) | MERGE | ERRORS,
    ),
    "one problem more that no experiment uses": (
        {"problems:\n  mine": "problems:\n  kink: {kink: 0.1}\n  mine"},
        set(),
    ),
    "one block of trials more": (
        {"trials: 1}\nsharp": "trials: 2}\nsharp"},
        files("make_problem", "find_minimisers", *CELLS, "predict_rates", problems=["small"], trials="trials-0001-0001")
        | files("compare_cells", problems=["small"])
        | MERGE
        | ERRORS,
    ),
    "another seed": (
        {"problems:\n  mine": "seed: 1\nproblems:\n  mine"},
        files(*STAGES, problems=["small"]) | MERGE | ERRORS,
    ),
    "one method fewer": (
        {"methods: [flow, limit, certified]": "methods: [limit, certified]"},
        TABLES,
    ),
    "one scale more of the trajectories": (
        {"scales: [0.1]}": "scales: [0.1, 0.05]}"},
        SAMPLES | TRAJECTORIES,
    ),
    "one depth more of the potentials": (
        {"depths: [2, 3]": "depths: [2, 3, 4]"},
        POTENTIALS,
    ),
    "another way to write the same": (
        {
            "depths: [3]\n  scales": "depths: ['6/2', 3.0]\n  scales",
            "scales: [1, 0.1]\n  met": "scales: {to: 1e-1, from: 1}\n  met",
            "{A: data/A.csv, y: data/y.csv}": "{y: data/y.csv, nonnegative: false, A: data/A.csv}",
            "problems:\n  mine": "seed: 2307\nproblems:\n  mine",
        },
        set(),
    ),
}


@pytest.mark.parametrize(("edits", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_the_config_makes_just_what_it_changes(repo, folder, edits, expected):
    config = SMALL
    for old, new in edits.items():
        assert config.count(old) == 1, old
        config = config.replace(old, new)
    assert planned(repo, folder, config) == expected


def test_a_longer_grid_leaves_the_old_files_as_they_are(repo, folder):
    before = made(folder)
    config = SMALL.replace("scales: [1, 0.1]\n  met", "scales: [1, 0.1, 1e-30]\n  met").replace("2, 3]", "2]")
    config = config.replace("[mine, small]", "[small]")
    assert run(repo, folder, "results/tables/sharpness.parquet", config=config).returncode == 0
    after = made(folder)
    assert {path for path in before if "/depth-3/" in path or "problems" in path} <= set(after)
    for path in before:
        if "tables" not in path:
            assert after[path] == before[path]


# what is made anew: a change of the code or the data


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def append(path, text):
    path.write_text(path.read_text() + text)


NEW_CODE = "\n\nSOMETHING_NEW = 1\n"

EXPERIMENT = "src/dlnflow/experiments/named_problems"
EDITS = {
    "src/dlnflow/network/limit.py": files("solve_limits") | TABLES,
    "src/dlnflow/network/certified_limits.py": files("solve_limits", "certify_limits") | TABLES,
    "src/dlnflow/theory/rates.py": RATES | TABLES,
    "src/dlnflow/network/flow.py": files("integrate_flow") | TABLES | SAMPLES | TRAJECTORIES,
    "src/dlnflow/minimisers/basis_pursuit.py": files("find_minimisers") | RATES | TABLES,
    # what draws figures reads tables, and so draws anew the one without
    "src/dlnflow/files/tables.py": EVERYTHING - files("make_problem"),
    f"{EXPERIMENT}/tables.py": files("find_minimisers", *CELLS) | RATES | TABLES | SAMPLES | TRAJECTORIES,
    "src/dlnflow/kit/style.py": FIGURES | EXPLORER,
    f"{EXPERIMENT}/figures/errors.py": ERRORS,
    f"{EXPERIMENT}/stages/sample_trajectories.py": SAMPLES | TRAJECTORIES,
    "src/dlnflow/kit/stages/merge_tables.py": {"results/tables/sharpness.parquet", "results/tables/claims.parquet"},
    "src/dlnflow/kit/stage.py": EVERYTHING,
    "scripts/run_job.py": EVERYTHING - POTENTIALS,  # which have no inputs
    "scripts/draw_figure.py": FIGURES,
}


@pytest.mark.parametrize(("module", "expected"), EDITS.items(), ids=EDITS.keys())
def test_an_edited_module_makes_anew_what_depends_on_it(edited, folder, module, expected):
    append(edited / module, NEW_CODE)
    assert planned(edited, folder, SMALL) == expected


CLAIMS = {"results/tables/claims.parquet"}  # judged by the claims of all experiments, which read their columns
WORDS = {
    "the meaning of a column of another experiment": (
        "src/dlnflow/experiments/recovery/tables.py", "m/n as typed", "m over n as typed", CLAIMS,
    ),
    "the name of a column of another experiment": (
        "src/dlnflow/experiments/laws/tables.py", "next_term=", "next_order=", CLAIMS,
    ),
    "the meaning of a column": (
        f"{EXPERIMENT}/tables.py",
        "e as a ratio",
        "e, a ratio",
        files("find_minimisers", *CELLS) | RATES | TABLES | SAMPLES | TRAJECTORIES,
    ),
    "a message": ("src/dlnflow/problems/problem.py", "y is zero, expected", "y vanishes, expected", set()),
    "a docstring": ("src/dlnflow/network/limit.py", '"""', '"""In other words. ', set()),
    "a caption": ("workflow/report/sharpness-figure-1-errors.rst", "", "In other words. ", set()),
    "a legend": (f"{EXPERIMENT}/figures/errors.py", "limit (Newton on the dual)", "limit, by Newton", ERRORS),
    "what a figure is called in the report": (f"{EXPERIMENT}/experiment.py", "1: error", "1: the error", set()),
    "what a job is told": (f"{EXPERIMENT}/jobs.py", "depths = len(", "count = depths = len(", set()),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), WORDS.values(), ids=WORDS.keys())
def test_an_edited_word_makes_anew_what_it_is_part_of(edited, folder, file, old, new, expected):
    edit(edited / file, old, new)
    assert planned(edited, folder, SMALL) == expected


def test_comments_docstrings_and_a_touch_make_nothing_anew(edited, folder):
    for path in [*(edited / "src").rglob("*.py"), *(edited / "scripts").glob("*.py")]:
        text = path.read_text()
        path.write_text("# a comment\n" + text.replace('"""', '"""Otherwise said. ', 1) + "\n# the end\n")
    for path in [*edited.rglob("*"), *(folder / "data").iterdir(), *(folder / "results").rglob("*")]:
        path.touch()
    assert planned(edited, folder, SMALL) == set()


def test_a_change_of_style_of_the_rules_makes_nothing_anew(edited, folder):
    for path in (edited / "workflow" / "rules").glob("*.smk"):
        text, rules = re.subn("^( *)((?:use )?rule.*:)$", r"\1# a comment\n\1\2", path.read_text(), flags=re.MULTILINE)
        assert rules or path.name == "common.smk"
        path.write_text(text)
    assert planned(edited, folder, SMALL) == set()


def test_changed_data_make_anew_their_own_problem(repo, folder):
    (folder / "data" / "y.csv").write_text("3\n4\n")
    expected = files(*STAGES, problems=["mine"]) | MERGE | ERRORS | SAMPLES | TRAJECTORIES
    assert planned(repo, folder, SMALL) == expected


# what is refused

BAD = {
    "unknown key": ({"depths: [3]\n": "depth: [3]\n"}, "the key 'depth' is not known here"),
    "depth below 2": (
        {"depths: [3]\n": "depths: [1.5]\n"},
        "sharpness.depths[0] is 1.5: expected a number that is at least 2",
    ),
    "misread number": ({"depths: [3]\n": "depths: [010]\n"}, "line 7: 010 would be read as 8"),
    "missing file": ({"data/A.csv": "data/B.csv"}, "problems.mine: data/B.csv does not exist"),
    "unknown problem": ({"[mine, small]": "[mine, large]"}, "sharpness.problems[1] is 'large', expected one of"),
    "rank": (
        {"{A: data/A.csv, y: data/y.csv}": "{A: [[1, 1, 1], [2, 2, 2]], y: [1, 1]}"},
        "A has rank 1, expected full row rank 2",
    ),
}


@pytest.mark.parametrize(("edits", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_config_is_refused_in_one_sentence_and_nothing_is_touched(repo, folder, edits, said):
    config = SMALL
    for old, new in edits.items():
        assert old in config
        config = config.replace(old, new, 1)
    before = hashes(folder, "results", "figures", "logs", "data", ".snakemake/metadata")
    result = run(repo, folder, config=config)
    assert result.returncode != 0
    # Snakemake names the profile that it uses, then comes the sentence
    lines = [line for line in result.stderr.splitlines() if line and not line.startswith("Using ")]
    assert len(lines) == 1
    assert lines[0].startswith("small.yaml")
    assert said in lines[0]
    assert "Traceback" not in result.stdout + result.stderr
    assert hashes(folder, "results", "figures", "logs", "data", ".snakemake/metadata") == before


def test_the_data_of_a_config_in_another_folder_are_beside_it(repo, tmp_path):
    there = new_folder(tmp_path / "there")
    (there / "mine.yaml").write_text(SMALL)
    call = [*command(repo, tmp_path / "out" / "mine", there / "mine.yaml"), "--dry-run"]
    result = forked(call, tmp_path)
    assert result.returncode == 0, result.stderr
    assert "input: ../../there/data/A.csv, ../../there/data/y.csv" in result.stdout + result.stderr
    # as a job on a cluster reads it
    told = forked([word for word in call if word != "--replace-workflow-config"], tmp_path)
    assert told.returncode == 0, told.stderr
    assert "input: ../../there/data/A.csv" in told.stdout + told.stderr


# what is survived


def killed(repo, folder, whole_group, cores):
    """Start the workflow and kill it once some results are there; not yet reaped, it keeps the number of its group."""
    (folder / "small.yaml").write_text(SMALL)
    process = subprocess.Popen(
        command(repo, folder, folder / "small.yaml", cores),
        cwd=folder.parent,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # no test of time: a machine that is slower than this is not one that runs the tests
    for _ in range(6000):
        if len(list((folder / "results").rglob("*.npz"))) == 2:
            break
        time.sleep(0.01)
    kill = os.killpg if whole_group else os.kill
    kill(process.pid, signal.SIGKILL)
    return process


@pytest.mark.parametrize(
    ("whole_group", "cores"),
    [(True, 1), (False, 2)],
    ids=["with its jobs, on one core before and after", "alone, its jobs living on, on two"],
)
def test_a_killed_workflow_goes_on_to_the_bits_of_another_run_on_one_core_and_on_two(
    repo, first, tmp_path, whole_group, cores
):
    folder = new_folder(tmp_path / "a killed run")
    process = killed(repo, folder, whole_group, cores)
    try:
        assert len(made(folder)) < len(made(first))
        assert run(repo, folder, "--unlock").returncode == 0
        result = run(repo, folder, cores=cores)
        assert result.returncode == 0, result.stderr
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    after = {path: digest for path, digest in made(folder).items() if not path.endswith(".tmp")}
    assert after == made(first)


def test_what_a_killed_job_left_is_no_result(repo, folder, first):
    stale = [folder / path.replace(name := path.rsplit("/", 1)[1], f".{name}.abc123.tmp") for path in TABLES | SAMPLES]
    for path in stale:
        path.write_bytes(b"half of a tab")
    assert planned(repo, folder, SMALL) == set()
    (folder / "results/tables/sharpness.parquet").unlink()
    assert run(repo, folder).returncode == 0
    assert {path: digest for path, digest in made(folder).items() if not path.endswith(".tmp")} == made(first)


def damage(path):
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


def test_a_file_damaged_in_silence_stops_what_reads_it_and_is_named(repo, folder, first):
    (name,) = files("solve_limits", problems=["mine"])
    damaged = folder / name
    times = damaged.stat()
    damage(damaged)
    os.utime(damaged, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a failing disk does
    before = made(folder)

    result = run(repo, folder, "--forcerun", "compare_cells")
    assert result.returncode != 0
    log = (folder / "logs/compare_cells/sharpness/mine.log").read_text()
    assert f"{name} is damaged" in log
    # the table that could not be made is gone; all else is as it was
    after = made(folder)
    assert before.keys() - after.keys() == {"results/tables/sharpness/mine.parquet"}
    assert all(before[path] == after[path] for path in after)

    # without it, and without the table that it belongs in, both are made again
    damaged.unlink()
    (folder / "results/tables/sharpness.parquet").unlink()
    result = run(repo, folder)
    assert result.returncode == 0, result.stderr
    assert made(folder) == made(first)


def test_a_file_damaged_since_it_was_made_is_made_again(repo, folder, first):
    (name,) = files("solve_limits", problems=["mine"])
    damage(folder / name)
    result = run(repo, folder)
    assert result.returncode == 0, result.stderr
    assert made(folder) == made(first)


def test_a_step_that_failed_between_two_runs_is_not_forgotten(repo, folder):
    (folder / "data" / "y.csv").write_text("3\n4\n")
    cells = files(*CELLS, "find_minimisers", problems=["mine"])
    assert run(repo, folder, *sorted(cells)).returncode == 0
    # as if comparing the new cells had failed: its old table is gone, and what follows from it is still the old
    (folder / "results/tables/sharpness/mine.parquet").unlink()
    expected = files("predict_rates", "compare_cells", problems=["mine"]) | MERGE | ERRORS | SAMPLES | TRAJECTORIES
    assert planned(repo, folder, SMALL) == expected
