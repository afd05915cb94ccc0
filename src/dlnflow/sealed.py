"""Result files that are whole or absent: written under a temporary name, synced, renamed, and sealed by a checksum.

The seal is the text TAG followed by 64 hexadecimal digits, anywhere in the file: the SHA-256 of the file with those
digits set to zero. It covers every byte and lives inside the format's own metadata, so that other readers of
parquet or npz files are not disturbed.
"""

import hashlib
import os
import tempfile
from pathlib import Path

TAG = b"dlnflow-sha256:"
BLANK = TAG + b"0" * 64


class DamagedFileError(ValueError):
    """A result file is truncated or changed; the message names it."""


def write_atomically(path: Path | str, data: bytes) -> None:
    """Write `data` to `path`, which afterwards holds all of it or what it held before."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_sealed(path: Path | str, data: bytes) -> None:
    """Write `data`, which holds BLANK once, with the digits of its seal filled in."""
    if data.count(TAG) != 1 or BLANK not in data:
        raise ValueError(f"{path}: the data to seal hold {data.count(TAG)} seals, expected one blank one")
    digest = hashlib.sha256(data).hexdigest().encode()
    write_atomically(path, data.replace(BLANK, TAG + digest))


def read_sealed(path: Path | str) -> bytes:
    """The bytes of a sealed file. Raises DamagedFileError unless every one of them is as it was written."""
    data = Path(path).read_bytes()
    start = data.find(TAG) + len(TAG)
    digest = data[start : start + 64]
    blank = data[:start] + b"0" * 64 + data[start + 64 :]
    if data.count(TAG) != 1 or hashlib.sha256(blank).hexdigest().encode() != digest:
        raise DamagedFileError(f"{path} is damaged: its checksum does not match; delete it and run the workflow again")
    return data


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
