"""What a killed run, a failing disk or a copy leaves behind: half-written files and records of Snakemake's that cannot
be read, cleared away before the next run, and results without records, which it must not trust.

Only while no other run is under way, which whoever calls this must know: a file being written looks the same. Jobs that
outlived their Snakemake may lose one to it; they end with an error that nobody waits for, and are run again.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path

from dlnflow.files.digests import PICTURES
from dlnflow.files.sealed import SEALED, TEMPORARY

RECORDS = Path("metadata")
INCOMPLETE = Path("incomplete")
LONGEST = 254
"""Of a part of a record's name, on Linux."""


def remove_half_written(folders: Iterable[Path]) -> None:
    """Remove what `write_atomically` was killed while writing, below the folders."""
    for folder in folders:
        for path in folder.rglob(TEMPORARY):
            path.unlink(missing_ok=True)


def distrust_damaged_records(store: Path) -> None:
    """Mark as incomplete, so that they are made again, the results whose records below .snakemake cannot be read.

    Snakemake stops at such a record, or trusts the file without one, whatever has changed in the config since.
    """
    for path in sorted((store / RECORDS).rglob("*")):
        if path.is_file() and not _is_record(path):
            _mark_incomplete(store, path.relative_to(store / RECORDS))
            path.unlink(missing_ok=True)


def distrust_results_without_records(store: Path, folders: Iterable[Path]) -> list[Path]:
    """Mark as incomplete, likewise, the tables, problems and pictures in the folders of which no record tells.

    If there are results and a record of none of them, they were copied without: nothing is marked, and they are
    returned for the run to refuse.

    Snakemake takes such files as up to date, whatever the config says. Run after `distrust_damaged_records`.
    """
    if any(store.glob("*.db")):  # records in a database, if Snakemake was told to keep them so: it is not read here
        return []
    told = {_file_of(path.relative_to(store / part)) for part in (RECORDS, INCOMPLETE) for path in _files(store / part)}
    files = [path for folder in folders for path in _files(folder) if path.suffix in (*SEALED, *PICTURES)]
    unknown = [path for path in files if path.as_posix() not in told]
    if len(unknown) == len(files) and any(path.suffix in SEALED for path in unknown):
        return unknown
    for path in unknown:
        _mark_incomplete(store, _record_of(path))
    return []


def _mark_incomplete(store: Path, record: Path) -> None:
    marker = store / INCOMPLETE / record
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"external_jobid": None}))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _record_of(file: Path) -> Path:
    """The name of a record is that of its file in base 64; a long one is cut into folders that begin with @."""
    name = urlsafe_b64encode(file.as_posix().encode()).decode()
    parts = [name[first : first + LONGEST] for first in range(0, len(name), LONGEST)]
    return Path(*(f"@{part}" for part in parts[:-1]), parts[-1])


def _file_of(record: Path) -> str:
    try:
        return urlsafe_b64decode("".join(part.removeprefix("@") for part in record.parts)).decode()
    except ValueError:  # no name of a record
        return ""


def _is_record(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except FileNotFoundError:  # another Snakemake that starts was here first
        return True
    except (OSError, ValueError):
        return False
