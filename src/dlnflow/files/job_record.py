"""What a sealed file says of the job that made it: its stage, its options, the identity of its code, its inputs.

The record is the text TAG, JSON and a line feed, anywhere in the file, as the seal is. It is no part of the content
that digests compare. `assembly.records` gives it back to Snakemake where Snakemake's own record of the file is missing.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TAG = b"dlnflow-job:"

_told: dict[str, Any] = {}


def begin_job(stage: str, options: str, code: str, inputs: Iterable[Path]) -> None:
    """From now on files of this process say that this job made them."""
    checksums = {path.as_posix(): checksum(path) for path in inputs}
    _told.update(stage=stage, options=options, code=code, inputs=checksums)


def end_job() -> None:
    """Files of this process say no more who made them."""
    _told.clear()


def checksum(path: Path) -> str:
    """Of an input, as records have it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record() -> bytes:
    """What a file written now says of its job; empty outside of one."""
    return TAG + json.dumps(_told, sort_keys=True).encode() + b"\n" if _told else b""


def read_record(data: bytes) -> Mapping[str, Any] | None:
    """The record in the bytes of a file, if there is one that can be read."""
    _, _, rest = data.partition(TAG)
    try:
        found: Mapping[str, Any] = json.loads(rest.partition(b"\n")[0])
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"stage", "options", "code", "inputs"} <= found.keys() else None
