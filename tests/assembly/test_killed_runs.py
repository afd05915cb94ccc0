"""What a killed run leaves is cleared away before the next, and no file is made of two, or half of one, meanwhile."""

import base64
import json
import re
import sys
from pathlib import Path

import pytest
from places import ROOT

from dlnflow.assembly.killed_runs import distrust_damaged_records, distrust_results_without_records, remove_half_written
from dlnflow.files.sealed import write_atomically

sys.path.append(str(ROOT / "tests" / "faults"))
from writers import said_of


def test_what_a_killed_job_was_writing_is_removed_and_nothing_else(tmp_path):
    kept = tmp_path / "results/deep/table.parquet"
    write_atomically(kept, b"whole")
    (kept.parent / ".table.parquet.abc123.tmp").write_bytes(b"hal")
    remove_half_written([tmp_path / "results", tmp_path / "never made"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]


RECORDS = {
    "whole": (b'{"rule": "all"}', True),
    "cut off": (b'{"rule": "a', False),
    "empty": (b"", False),
    "no text": (b"\xff\xfe{}", False),
    "of another kind": (b"[1]", False),
}


@pytest.mark.parametrize(("data", "whole"), RECORDS.values(), ids=RECORDS.keys())
def test_a_result_whose_record_cannot_be_read_counts_as_incomplete(tmp_path, data, whole):
    record = tmp_path / "metadata" / "@long" / "name"
    record.parent.mkdir(parents=True)
    record.write_bytes(data)
    distrust_damaged_records(tmp_path)
    marker = tmp_path / "incomplete" / "@long" / "name"
    assert record.exists() == whole
    assert marker.exists() == (not whole)
    if not whole:
        assert json.loads(marker.read_text()) == {"external_jobid": None}


def test_a_result_without_a_record_is_not_trusted_and_a_copy_without_any_is_returned(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store, folders = Path(".snakemake"), [Path("results"), Path("figures")]
    names = ["results/a.parquet", f"results/{'long' * 50}/b.npz", "figures/c.svg"]
    records = []
    for name, folder in zip(names, ("metadata", "metadata", "incomplete"), strict=True):
        write_atomically(name, b"")
        code = base64.urlsafe_b64encode(name.encode()).decode()
        parts = [code[i : i + 254] for i in range(0, len(code), 254)]
        records.append(Path(*(f"@{part}" for part in parts[:-1]), parts[-1]))
        (store / folder / records[-1]).parent.mkdir(parents=True, exist_ok=True)
        (store / folder / records[-1]).write_text("{}")
    write_atomically("results/notes.csv", b"")
    (store / "metadata" / "no name of a record").touch()
    assert distrust_results_without_records(store, folders) == []
    assert [path.name for path in (store / "incomplete").rglob("*")] == [records[2].name]
    (store / "metadata" / records[1]).unlink()
    assert distrust_results_without_records(store, folders) == []
    assert json.loads((store / "incomplete" / records[1]).read_text()) == {"external_jobid": None}
    assert distrust_results_without_records(Path("nowhere"), folders) == list(map(Path, names))
    assert distrust_results_without_records(Path("nowhere"), [Path("nothing")]) == []
    # pictures alone may be a user's own, and are drawn again
    assert distrust_results_without_records(Path("nowhere"), [Path("figures")]) == []
    assert (Path("nowhere") / "incomplete" / records[2]).exists()
    Path("database").mkdir()
    Path("database/metadata.db").touch()
    assert distrust_results_without_records(Path("database"), folders) == []


def test_writers_of_one_file_that_are_killed_never_show_a_reader_half_of_it(tmp_path):
    said = said_of(tmp_path, 4, seed=0)
    assert re.search(r"[1-9]\d* written, [1-9]\d* read, each whole", said)
