"""Files of another config, of other code or of other inputs are named, and those of a sound run are not."""

import shutil
from dataclasses import replace

import pytest
from copied_runs import FEW, LIMITS, MINIMISERS, OTHER_Y, PROBLEM, RATES, TABLE, results_alone, run_of_few
from workflow_tools import copy_workflow, hashes

from dlnflow.cli import main
from dlnflow.files.tables import read_table, write_table
from dlnflow.reproduction.origins import foreign_files
from snakemake_logger_plugin_dlnflow.dry_runs import planned_jobs

pytestmark = pytest.mark.long


@pytest.fixture(scope="session")
def first(repo, tmp_path_factory):
    return run_of_few(repo, tmp_path_factory)


@pytest.fixture(scope="module")
def jobs(repo, first):
    """All jobs of the run's config, by the first file that each makes."""
    files = [f"--snakefile={repo / 'Snakefile'}", f"--configfile={first / 'small.yaml'}", f"--directory={first}"]
    listed = planned_jobs([*files, "--replace-workflow-config", "--forceall"])
    return {job.outputs[0]: job for job in listed if job.outputs}


@pytest.fixture
def folder(first, tmp_path):
    """A copy of the run."""
    return shutil.copytree(first, tmp_path / "a run")


def named(folder, jobs):
    """File -> what is said of it."""
    found = foreign_files(folder / "results", jobs.values())
    return {path.relative_to(folder).as_posix(): why for path, why in found}


def test_of_a_sound_run_nothing_is_said(first, jobs):
    assert named(first, jobs) == {}


@pytest.mark.parametrize(
    ("file", "word"),
    [(PROBLEM.format("small"), "2307"), (LIMITS.format("small"), "--depth 3"), (LIMITS.format("small"), "1 0.1")],
)
def test_a_file_of_another_config_is_named(first, jobs, file, word):
    command = jobs[file].command
    assert command.count(word) == 1
    other = replace(jobs[file], command=command.replace(word, word + "1"))
    assert named(first, jobs | {file: other}) == {file: "of another config"}


def test_a_file_of_other_code_is_named(first, jobs):
    job = jobs[LIMITS.format("mine")]
    start, code, end = job.command.partition("--code ")
    other = replace(job, command=f"{start}{code}{'0' * 16}{end[16:]}")
    assert named(first, jobs | {job.outputs[0]: other}) == {job.outputs[0]: "of other code"}


def test_a_file_made_from_other_files_is_named(first, jobs):
    job = jobs[TABLE.format("mine")]
    other = replace(job, inputs=job.inputs[1:])
    assert named(first, jobs | {job.outputs[0]: other}) == {job.outputs[0]: "made from other files"}


def test_a_file_that_no_job_makes_is_named(first, jobs):
    name = RATES.format("small")
    others = {file: job for file, job in jobs.items() if file != name}
    assert named(first, others) == {name: "no job of this config makes it"}


def test_a_file_made_from_data_that_have_changed_or_gone_is_named(folder, jobs):
    expected = {PROBLEM.format("mine"): "made from another data/y.csv"}
    (folder / "data" / "y.csv").write_text(OTHER_Y)
    assert named(folder, jobs) == expected
    (folder / "data" / "y.csv").unlink()
    (folder / "data" / "A.csv").touch()
    assert named(folder, jobs) == expected


def test_a_file_of_no_job_is_named_and_what_was_made_from_the_one_before_it(folder, jobs):
    name = MINIMISERS.format("small")
    write_table(folder / name, read_table(folder / name))
    found = named(folder, jobs)
    assert found.pop(name) == "says nothing of the job that made it"
    assert {RATES.format("small"), TABLE.format("small")} <= found.keys()
    assert set(found.values()) == {f"made from another {name}"}


# as a command


def checked(results, configs, snakefile, capfd):
    """Status, lines of the output, last sentence."""
    words = ["check", str(results), "--config", *map(str, configs), *snakefile]
    capfd.readouterr()
    status = main(words)
    said = capfd.readouterr()
    return status, said.out.splitlines(), said.err.splitlines()[-1]


def written(folder, text):
    path = folder / "checked.yaml"
    path.write_text(text)
    return path


def test_the_command_says_nothing_of_a_copy_of_a_sound_run_and_leaves_it_as_it_is(
    repo, first, tmp_path, monkeypatch, capfd
):
    folder = results_alone(first, tmp_path / "a copy")
    config = written(folder, FEW)
    left = folder / "results" / ".half.parquet.abc123.tmp"
    left.write_bytes(b"half")
    parts = ("results", "data", ".snakemake/metadata", ".snakemake/incomplete")
    before = hashes(folder, *parts)
    monkeypatch.chdir(repo)  # whose Snakefile is the default
    nothing = "0 files belong to another config, to other code or to other inputs"
    assert checked(folder / "results", [config], [], capfd) == (0, [], nothing)
    assert hashes(folder, *parts) == before


def test_the_command_names_a_file_of_no_job_in_a_folder_of_another_name(repo, first, tmp_path, capfd):
    folder = results_alone(first, tmp_path / "a copy")
    (folder / "results").rename(folder / "kept")
    name = "kept/tables/claims.parquet"
    write_table(folder / name, read_table(folder / name))
    config = written(folder, FEW)
    status, lines, _ = checked(folder / "kept", [config], ["--snakefile", str(repo / "Snakefile")], capfd)
    assert status == 1
    assert lines == [f"{name}: says nothing of the job that made it"]


def test_the_command_names_files_of_another_config_of_other_code_and_of_other_inputs(repo, folder, tmp_path, capfd):
    (folder / "data" / "y.csv").write_text(OTHER_Y)
    (folder / "seed.yaml").write_text("seed: 1\n")
    edited = copy_workflow(repo, tmp_path / "edited")
    stage = edited / "src" / "dlnflow" / "experiments" / "named_problems" / "stages" / "solve_limits.py"
    stage.write_text(stage.read_text() + "\nSOMETHING_NEW = 1\n")
    configs = [folder / "small.yaml", folder / "seed.yaml"]
    status, lines, sentence = checked(folder / "results", configs, ["--snakefile", str(edited / "Snakefile")], capfd)
    assert status == 1
    assert sentence.startswith("4 files belong to another config, to other code or to other inputs")
    assert dict(line.split(": ") for line in lines) == {
        PROBLEM.format("small"): "of another config",
        LIMITS.format("mine"): "of other code",
        LIMITS.format("small"): "of other code",
        PROBLEM.format("mine"): "made from another data/y.csv",
    }


def test_the_command_says_what_is_wrong_with_a_config(repo, folder, capfd):
    config = written(folder, FEW.replace("depths: [3]", "depths: [1]"))
    words = ["check", str(folder / "results"), "--config", str(config)]
    with pytest.raises(SystemExit):
        main([*words, "--snakefile", str(repo / "Snakefile")])
    assert "checked.yaml: sharpness.depths[0] is 1: expected a number that is at least 2" in capfd.readouterr().err
