"""What a killed run or a failing disk leaves behind: half-written files and records of Snakemake's that cannot be read,
cleared away before the next run.

Only while no other run is under way, which whoever calls this must know: a file being written looks the same. Jobs that
outlived their Snakemake may lose one to it; they end with an error that nobody waits for, and are run again.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path

from dlnflow.files.sealed import TEMPORARY

LOOK_ONLY = "DLNFLOW_LOOK_ONLY"
"""In the environment of a dry run that is to change nothing, not even what a killed run left."""
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
            mark_incomplete(store, path.relative_to(store / RECORDS))
            path.unlink(missing_ok=True)


def mark_incomplete(store: Path, record: Path) -> None:
    """Have Snakemake make again the file of a record."""
    marker = store / INCOMPLETE / record
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"external_jobid": None}))


def record_name(file: Path) -> Path:
    """The name of a record is that of its file in base 64; a long one is cut into folders that begin with @."""
    name = urlsafe_b64encode(file.as_posix().encode()).decode()
    parts = [name[first : first + LONGEST] for first in range(0, len(name), LONGEST)]
    return Path(*(f"@{part}" for part in parts[:-1]), parts[-1])


def _is_record(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except FileNotFoundError:  # another Snakemake that starts was here first
        return True
    except (OSError, ValueError):
        return False
