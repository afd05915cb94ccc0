"""What a result file says, whatever the bytes in which it is written down: digests without metadata and compression."""

import hashlib
import io
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

PICTURES = (".pdf", ".svg", ".png")
TIMES_SHOWN = "shows measured times"
"""The keywords in the metadata of a picture that does."""


def column_digest(table: "pa.Table", name: str) -> str:
    """Of the type and the values of a column, in their order."""
    return digest_of(f"{table.schema.field(name).type} {table[name].to_pylist()!r}".encode())


def picture_digest(path: Path | str) -> str:
    """Of the pixels of a .png, of what a .pdf draws with, and of a .svg but for what it says of itself."""
    path = Path(path)
    return digest_of({".png": _pixels, ".pdf": _streams, ".svg": _drawing}[path.suffix](path.read_bytes()))


def shows_times(path: Path | str) -> bool:
    """Whether a picture says that it shows measured times."""
    return TIMES_SHOWN.encode() in Path(path).read_bytes()


def digest_of(*parts: bytes) -> str:
    """Sixteen hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]


def _pixels(data: bytes) -> bytes:
    from PIL import Image  # which matplotlib draws .png with

    with Image.open(io.BytesIO(data)) as image:
        return f"{image.size} {image.mode}".encode() + image.tobytes()


def _streams(data: bytes) -> bytes:
    """Pages, fonts and images; what stands around them are lengths, places and the names of programs."""
    return b"".join(map(_inflated, re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)))


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _drawing(data: bytes) -> bytes:
    return re.sub(rb"<metadata>.*?</metadata>|<!--.*?-->", b"", data, flags=re.DOTALL)
