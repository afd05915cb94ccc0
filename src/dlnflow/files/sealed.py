"""Result files that are whole or absent: written under a temporary name, synced, renamed, and sealed by a checksum.

The seal is the text TAG followed by 64 hexadecimal digits, anywhere in the file: the SHA-256 of the file with those
digits set to zero, followed by its place in the results folder. It covers every byte, tells a whole file that stands
under another's name, and lives inside the format's own metadata, so that other readers of parquet or npz files are not
disturbed.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

TAG = b"dlnflow-sha256:"
BLANK = TAG + b"0" * 64
SEALED = (".npz", ".parquet")
"""The endings of sealed files."""
TEMPORARY = ".*.tmp"
"""The names of files that are being written."""


class DamagedFileError(ValueError):
    """A result file is truncated, changed or another one's; the message names it."""


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
    (digest,) = _digests(data, [_place(path)])
    write_atomically(path, data.replace(BLANK, TAG + digest))


def read_sealed(path: Path | str) -> bytes:
    """The bytes of a sealed file.

    Raises DamagedFileError unless every one of them is as it was written, and written for this place.
    """
    data = Path(path).read_bytes()
    start = data.find(TAG) + len(TAG)
    digest = data[start : start + 64]
    blank = data[:start] + b"0" * 64 + data[start + 64 :]
    if data.count(TAG) != 1 or digest not in _digests(blank, _possible_places(path)):
        raise DamagedFileError(
            f"{path} is damaged, or a copy of another result: its checksum does not match; delete it and run the "
            "workflow again"
        )
    return data


def _digests(blank: bytes, places: Iterable[str]) -> Iterator[bytes]:
    """The digits of the seal for each place."""
    content = hashlib.sha256(blank)
    for place in places:
        digest = content.copy()
        digest.update(place.encode())
        yield digest.hexdigest().encode()


def _place(path: Path | str) -> str:
    """Where below a folder results/ a file stands; elsewhere a file has no place, and may be copied anywhere."""
    _, found, place = f"/{Path(path).as_posix()}".rpartition("/results/")
    return place if found else ""


def _possible_places(path: Path | str) -> Iterator[str]:
    """What `_place` may have said when the file was written: the folder may have been renamed since."""
    parts = Path(path).absolute().parts
    yield ""
    yield from ("/".join(parts[first:]) for first in range(1, len(parts)))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
