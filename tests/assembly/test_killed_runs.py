"""What a killed run leaves is cleared away before the next, and no file is made of two, or half of one, meanwhile."""

import json
import re
import sys

import pytest
from places import ROOT

from dlnflow.assembly.killed_runs import distrust_damaged_records, remove_half_written
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


def test_writers_of_one_file_that_are_killed_never_show_a_reader_half_of_it(tmp_path):
    said = said_of(tmp_path, 4, seed=0)
    assert re.search(r"[1-9]\d* written, [1-9]\d* read, each whole", said)
