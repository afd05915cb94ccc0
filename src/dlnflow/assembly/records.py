"""Snakemake's records of results, given back from what the files say of their own jobs.

Snakemake takes a result without a record as up to date, whatever the config says: so it is after a copy of results/
without .snakemake. A record tells when its file was written; where that is another time, another file stands there now,
and the file's own record replaces it. Then Snakemake's triggers judge as if it had made the files here. What it would
not compare, inputs that are older than what was made from them, is compared here.

Only while no other run is under way, which whoever calls this must know.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

from dlnflow.assembly.killed_runs import INCOMPLETE, RECORDS, mark_incomplete, record_name
from dlnflow.files.digests import PICTURES
from dlnflow.files.job_record import checksum, read_record
from dlnflow.files.sealed import SEALED, DamagedFileError, read_sealed

MADE_AGAIN = (*PICTURES, ".csv", ".html")
"""Files that say nothing of their job: a table makes them again."""
VERSION = 6
"""Of Snakemake's records."""


def restore_records(store: Path, folders: Iterable[Path]) -> list[Path]:
    """Below .snakemake write the records that are missing, or of another file, of the results in the folders.

    What is marked, so that it is made again: pictures and exports without a record, tables in the place of others that
    say nothing of their job, and whatever was made from other inputs than those that have come. Returned are the tables
    of which nothing tells, for the run to refuse. Run after `distrust_damaged_records`.
    """
    if any(store.glob("*.db")):  # records in a database, if Snakemake was told to keep them so: it is not read here
        return []
    files = [path for folder in folders for path in _files(folder)]
    records = {path: _record(store, path) for path in files if not _is_marked(store, path)}
    come, unknown = set(), []
    for path, record in records.items():
        if record and _is_of(record, path):
            continue
        if path.suffix in SEALED:
            come.add(path.as_posix())
            data = _whole(path)
            own = records[path] = _own_record(path, data) if data else None
            if own:
                place = store / RECORDS / record_name(path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(json.dumps(own))
            elif data and not record:
                unknown.append(path)
            else:
                mark_incomplete(store, record_name(path))
        elif path.suffix in MADE_AGAIN and not (record and path.suffix == ".csv"):  # its table tells
            mark_incomplete(store, record_name(path))
    checksum_of = cache(checksum)  # many files have one input
    for path, record in records.items():
        inputs = (record or {}).get("input_checksums") or {}
        compared = [name for name in inputs if path.as_posix() in come or name in come]
        if any(Path(name).is_file() and f"sha256:{checksum_of(Path(name))}" != inputs[name] for name in compared):
            mark_incomplete(store, record_name(path))
    return unknown


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _is_marked(store: Path, path: Path) -> bool:
    return (store / INCOMPLETE / record_name(path)).exists()


def _record(store: Path, path: Path) -> Mapping[str, Any] | None:
    """Snakemake's, if there is one that can be read."""
    try:
        record: Mapping[str, Any] = json.loads((store / RECORDS / record_name(path)).read_bytes())
    except (OSError, ValueError):
        return None
    return record


def _is_of(record: Mapping[str, Any], path: Path) -> bool:
    """Whether Snakemake's record is of the file that stands there; some archives keep whole seconds alone."""
    ended, written = record.get("endtime") or 0.0, path.stat().st_mtime
    return written in (ended, floor(ended))


def _whole(path: Path) -> bytes | None:
    """The bytes of a sealed file; None of one that is damaged or cut short, or none of ours."""
    try:
        return read_sealed(path)
    except (DamagedFileError, OSError):
        return None


def _own_record(path: Path, data: bytes) -> Mapping[str, Any] | None:
    """What Snakemake would have written of the job that a file tells of, if it tells of one."""
    told = read_record(data)
    if told is None:
        return None
    written = path.stat().st_mtime
    return {
        "rule": told["stage"],
        "input": sorted(told["inputs"]),
        "input_checksums": {name: f"sha256:{digest}" for name, digest in told["inputs"].items()},
        "params": sorted(repr(told[name]) for name in ("stage", "code", "options")),
        "record_format_version": VERSION,
        "starttime": written,
        "endtime": written,
        "incomplete": False,
    }
