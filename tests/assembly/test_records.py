"""Results tell Snakemake themselves what they were made from, wherever they are copied to."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from copied_runs import (
    ERRORS,
    EXPLORED,
    FEW,
    LIMITS,
    MADE_AGAIN,
    MERGED,
    MINIMISERS,
    OTHER_Y,
    PAGE,
    POTENTIALS,
    PROBLEM,
    RATES,
    TABLE,
    chain,
    dated_backwards,
    results_alone,
    run_of_few,
)
from places import ROOT
from small_run import new_folder
from workflow_tools import copy_workflow, hashes, planned, run

from dlnflow.assembly.killed_runs import record_name
from dlnflow.assembly.records import restore_records
from dlnflow.files.job_record import begin_job, end_job, read_record
from dlnflow.files.sealed import SEALED, write_atomically
from dlnflow.files.tables import TEXT, read_table, schema_of, write_rows, write_table

pytestmark = pytest.mark.long

STORE = Path(".snakemake")
FOLDERS = [Path("results"), Path("figures")]
SEEDED = "seed: 1\n" + FEW
AFTER_A_TABLE = MERGED | {EXPLORED, ERRORS, PAGE}


@pytest.fixture(scope="session")
def first(repo, tmp_path_factory):
    return run_of_few(repo, tmp_path_factory)


@pytest.fixture
def folder(first, tmp_path):
    """A copy of the run, with all that it left."""
    return shutil.copytree(first, tmp_path / "a run")


@pytest.fixture
def alone(first, tmp_path):
    """Its results in a new folder."""
    return results_alone(first, tmp_path / "a copy")


@pytest.fixture(scope="module")
def other(repo, first, tmp_path_factory):
    """Files of the same names by another run: of another seed, of other data, and a picture of other depths."""
    folder = new_folder(tmp_path_factory.mktemp("other") / "a run")
    (folder / "data" / "y.csv").write_text(OTHER_Y)
    config = SEEDED.replace("potentials: {depths: [2, 3]}", "potentials: {depths: [2, 4]}")
    names = [name.format(problem) for name in (MINIMISERS, RATES) for problem in ("mine", "small")] + [POTENTIALS]
    result = run(repo, folder, *names, config=config)
    assert result.returncode == 0, result.stderr
    assert all((folder / name).read_bytes() != (first / name).read_bytes() for name in names)
    return folder


def sealed_files(folder):
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in SEALED]


def stripped(path):
    """Write a table again, outside of any job."""
    write_table(path, read_table(path))


# what is given back


def test_what_is_given_back_is_what_snakemake_had_written(folder, monkeypatch):
    monkeypatch.chdir(folder)
    records = {name: STORE / "metadata" / record_name(Path(name)) for name in sealed_files(folder)}
    assert len(records) == 13
    written = {name: json.loads(path.read_text()) for name, path in records.items()}
    for path in records.values():
        path.unlink()
    assert restore_records(STORE, FOLDERS) == []
    for name, path in records.items():
        found = json.loads(path.read_text())
        for key in ("input", "params", "input_checksums", "endtime", "record_format_version", "incomplete"):
            assert found[key] == written[name][key], (name, key)
    assert not list((STORE / "incomplete").glob("*"))


def test_records_of_the_files_that_are_there_are_left_alone(folder, monkeypatch):
    monkeypatch.chdir(folder)
    before = hashes(folder, ".snakemake", "results", "figures")
    assert restore_records(STORE, FOLDERS) == []
    assert hashes(folder, ".snakemake", "results", "figures") == before


@pytest.fixture
def somewhere(tmp_path, monkeypatch):
    """A folder with a table of a job, one of none, and a picture, the first with a long name."""
    monkeypatch.chdir(tmp_path)
    schema = schema_of(word=(TEXT, "a word"))
    long = Path(f"results/{'long' * 50}/table.parquet")
    begin_job("a_stage", "--depth 3", "abc", [])
    write_rows(long, schema, [{"word": "yes"}])
    end_job()
    write_rows("results/unknown.parquet", schema, [{"word": "no"}])
    write_atomically("figures/picture.svg", b"<svg/>")
    return long


def test_a_table_of_no_job_is_returned_and_a_picture_is_marked(somewhere):
    assert restore_records(STORE, FOLDERS) == [Path("results/unknown.parquet")]
    record = STORE / "metadata" / record_name(somewhere)
    assert record.parent.name.startswith("@")
    assert json.loads(record.read_text())["params"] == ["'--depth 3'", "'a_stage'", "'abc'"]
    [marker] = (path for path in (STORE / "incomplete").rglob("*") if path.is_file())
    assert marker == STORE / "incomplete" / record_name(Path("figures/picture.svg"))
    assert json.loads(marker.read_text()) == {"external_jobid": None}


def test_what_is_marked_as_incomplete_stays_so(somewhere):
    marker = STORE / "incomplete" / record_name(somewhere)
    marker.parent.mkdir(parents=True)
    marker.write_text("{}")
    restore_records(STORE, FOLDERS)
    assert marker.read_text() == "{}"
    assert not (STORE / "metadata" / record_name(somewhere)).exists()


def test_records_in_a_database_are_left_to_snakemake(somewhere):
    STORE.mkdir()
    (STORE / "metadata.db").touch()
    assert restore_records(STORE, FOLDERS) == []
    assert [path.name for path in STORE.iterdir()] == ["metadata.db"]


def test_of_no_results_nothing_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert restore_records(STORE, FOLDERS) == []
    assert not STORE.exists()


# what a copy makes again


def test_a_copy_without_records_computes_nothing_again(repo, alone):
    assert planned(repo, alone, FEW) == MADE_AGAIN


def test_a_copy_without_times_computes_nothing_again_and_ends_with_the_same_bytes(repo, first, alone):
    dated_backwards(alone / "results")
    assert planned(repo, alone, FEW) == MADE_AGAIN
    result = run(repo, alone)
    assert result.returncode == 0, result.stderr
    assert hashes(alone, "results", "figures") == hashes(first, "results", "figures")
    assert planned(repo, alone, FEW) == set()


def test_in_a_copy_another_seed_makes_anew_what_is_random(repo, alone):
    assert planned(repo, alone, SEEDED) == chain("small") | {EXPLORED} | MADE_AGAIN


def test_in_a_copy_other_data_make_anew_all_of_their_problem(repo, alone):
    (alone / "data" / "y.csv").write_text(OTHER_Y)
    assert planned(repo, alone, FEW) == chain("mine") | {EXPLORED} | MADE_AGAIN


def test_in_a_copy_other_code_makes_anew_its_stage_and_what_follows(repo, alone, tmp_path):
    edited = copy_workflow(repo, tmp_path / "edited")
    stage = edited / "src" / "dlnflow" / "experiments" / "named_problems" / "stages" / "solve_limits.py"
    stage.write_text(stage.read_text() + "\nSOMETHING_NEW = 1\n")
    expected = {name.format(problem) for name in (LIMITS, TABLE) for problem in ("mine", "small")}
    assert planned(edited, alone, FEW) == expected | {EXPLORED} | MADE_AGAIN


def test_a_lost_record_is_no_loss_and_no_change_is_missed_for_it(repo, folder):
    for name in chain("small"):
        (folder / ".snakemake" / "metadata" / record_name(Path(name))).unlink()
    assert planned(repo, folder, FEW) == set()
    for name in chain("small"):
        (folder / ".snakemake" / "metadata" / record_name(Path(name))).unlink()
    assert planned(repo, folder, SEEDED) == chain("small") | AFTER_A_TABLE


def test_files_of_the_users_own_are_none_of_the_workflows(repo, folder):
    for name in ("results/notes.txt", "results/mine.csv", "figures/mine.png"):
        (folder / name).write_text("mine\n")
    assert planned(repo, folder, FEW) == set()


# what is not trusted


def copied_over(folder, source, names, times):
    for name in names:
        (shutil.copy2 if times == "kept" else shutil.copyfile)(source / name, folder / name)


@pytest.mark.parametrize("times", ["kept", "new"])
def test_results_of_another_config_over_those_with_records_are_made_anew(repo, folder, other, times):
    copied_over(folder, other, [name.format("small") for name in (PROBLEM, MINIMISERS, RATES)], times)
    assert planned(repo, folder, FEW) == chain("small") | AFTER_A_TABLE


@pytest.mark.parametrize(("name", "times"), [(PROBLEM, "kept"), (MINIMISERS, "new")])
def test_a_result_of_other_inputs_over_one_with_a_record_is_made_anew(repo, folder, other, name, times):
    copied_over(folder, other, [name.format("mine")], times)
    assert planned(repo, folder, FEW) >= {name.format("mine")}


def test_results_of_other_data_are_made_anew_however_old_the_data_are(repo, first, tmp_path):
    alone = results_alone(first, tmp_path / "a copy")
    (alone / "data" / "y.csv").write_text(OTHER_Y)
    os.utime(alone / "data" / "y.csv", (1e9, 1e9))
    assert planned(repo, alone, FEW) == chain("mine") | {EXPLORED} | MADE_AGAIN


def test_a_picture_of_another_config_over_one_with_a_record_is_drawn_again(repo, folder, other):
    copied_over(folder, other, [POTENTIALS], "kept")
    assert planned(repo, folder, FEW) == {POTENTIALS}


def test_a_table_without_any_record_is_refused_in_one_sentence(repo, first, alone):
    name = MINIMISERS.format("small")
    stripped(alone / name)
    before = hashes(alone, "results", "figures", "logs")
    result = run(repo, alone, config=FEW)
    assert result.returncode == 1
    [sentence] = [line for line in result.stderr.splitlines() if line and not line.startswith("Using ")]
    assert sentence == (
        f"1 files, such as {name}, say nothing of what they were made from, and neither does .snakemake: delete them, "
        "or copy the folder .snakemake along with results and figures"
    )
    assert hashes(alone, "results", "figures", "logs") == before
    # what the sentence says helps
    (alone / name).unlink()
    assert planned(repo, alone, FEW) >= MADE_AGAIN


def test_a_table_of_no_job_in_place_of_one_with_a_record_is_made_anew(repo, folder):
    stripped(folder / MINIMISERS.format("small"))
    assert planned(repo, folder, FEW) >= {MINIMISERS.format("small")}


def test_a_damaged_table_without_a_record_is_made_anew(repo, alone):
    path = alone / MINIMISERS.format("small")
    path.write_bytes(path.read_bytes()[:-1])
    assert planned(repo, alone, FEW) >= {MINIMISERS.format("small")}


# what a record holds


def test_a_record_holds_no_time_and_no_place(repo, first, tmp_path):
    for name in sealed_files(first):
        data = (first / name).read_bytes()
        told = read_record(data)
        assert told.keys() == {"stage", "options", "code", "inputs"}
        assert re.fullmatch("[0-9a-f]{16}", told["code"])
        assert all(re.match("(results|data)/", file) for file in told["inputs"])
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in told["inputs"].values())
        assert not any(str(place).encode() in data for place in (first, repo, ROOT, Path.home()))
    # nor does what follows from it
    elsewhere = new_folder(tmp_path / "quite another folder")
    result = run(repo, elsewhere, TABLE.format("mine"), config=FEW, cores=1)
    assert result.returncode == 0, result.stderr
    found = sealed_files(elsewhere)
    assert chain("mine") == set(found)
    assert all((elsewhere / name).read_bytes() == (first / name).read_bytes() for name in found)
