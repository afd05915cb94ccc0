"""Snakemake's records of results, given back from what the files say of their own jobs.

Snakemake takes a result without a record as up to date, whatever the config says: so it is after a copy of results/
without .snakemake. A record tells when its file was written; where that is another time, another file stands there now,
and the file's own record replaces it. Then Snakemake's triggers judge as if it had made the files here.

Only while no other run is under way, which whoever calls this must know.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dlnflow.assembly.killed_runs import INCOMPLETE, RECORDS, mark_incomplete, record_name
from dlnflow.files.digests import PICTURES
from dlnflow.files.job_record import read_record
from dlnflow.files.sealed import SEALED, DamagedFileError, read_sealed

MADE_AGAIN = (*PICTURES, ".csv", ".html")
"""Files without a record of their job: a table makes them again."""
VERSION = 6
"""Of Snakemake's records."""


def restore_records(store: Path, folders: Iterable[Path]) -> list[Path]:
    """Below .snakemake write the records that are missing, or of another file, of the results in the folders.

    Pictures and exports without one are marked, so that they are made again. Returned are the tables that say nothing
    of their job either, for the run to refuse. Run after `distrust_damaged_records`.
    """
    if any(store.glob("*.db")):  # records in a database, if Snakemake was told to keep them so: it is not read here
        return []
    unknown = []
    for path in (path for folder in folders for path in _files(folder)):
        record = store / RECORDS / record_name(path)
        if (store / INCOMPLETE / record_name(path)).exists():
            continue
        if path.suffix in SEALED and not _is_of(record, path):
            found = _own_record(path)
            if found:
                record.parent.mkdir(parents=True, exist_ok=True)
                record.write_text(json.dumps(found))
            elif not record.exists():
                unknown.append(path)
        elif path.suffix in MADE_AGAIN and not record.exists():
            mark_incomplete(store, record_name(path))
    return unknown


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _is_of(record: Path, path: Path) -> bool:
    """Whether Snakemake's record is of the file that stands there."""
    try:
        told = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return False
    return told.get("endtime") == path.stat().st_mtime


def _own_record(path: Path) -> Mapping[str, Any] | None:
    """What Snakemake would have written of the job that a file tells of, if it tells of one."""
    try:
        told = read_record(read_sealed(path))
    except (DamagedFileError, OSError):  # whoever reads it will say so
        return None
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
