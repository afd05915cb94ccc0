"""Damage: bytes of files that a run made flipped, cut off or exchanged, files gone, Snakemake's own store broken."""

import base64
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

FLIP, CUT, EMPTY, EXCHANGE, DELETE, OLD, NEW = (
    "a bit flipped", "cut off", "emptied", "exchanged", "deleted", "dated 2001", "dated tomorrow",
)  # fmt: skip
HOW = {FLIP: 4, CUT: 2, EMPTY: 1, EXCHANGE: 3, DELETE: 2, OLD: 1, NEW: 1}

RESULTS, EXPORT, FIGURE, LOG, TIMING, RECORD, MARKER, LOCK = (
    "result", "csv", "figure", "log", "timing", "record of Snakemake's", "marker of Snakemake's", "lock of Snakemake's",
)  # fmt: skip
WHAT = {RESULTS: 10, EXPORT: 2, FIGURE: 2, LOG: 1, TIMING: 2, RECORD: 4, MARKER: 2, LOCK: 1}
PATTERNS = {
    RESULTS: r"results/(?!timings/).*\.(parquet|npz)",
    EXPORT: r"results/.*\.csv",
    FIGURE: r"figures/.*",
    LOG: r"logs/.*",
    TIMING: r"results/timings/.*",
    RECORD: r"\.snakemake/metadata/.*",
}


@dataclass(frozen=True)
class Damage:
    """What is done to one file. A silent one keeps the file's time, as a failing disk does and an editor does not."""

    what: str
    how: str
    silent: bool
    choice: float

    def __str__(self):
        silent = self.silent and self.how in (FLIP, CUT, EMPTY, EXCHANGE)
        return f"{self.what} {self.how}{', its time kept' if silent else ''}"


def drawn(random):
    """Damage to one file, or to as many as three."""
    return [
        Damage(
            random.choices(list(WHAT), WHAT.values())[0],
            random.choices(list(HOW), HOW.values())[0],
            random.random() < 0.5,
            random.random(),
        )
        for _ in range(random.choices([1, 2, 3], [6, 3, 1])[0])
    ]


def suffer(folder, damages, random):
    """Do the damage, and say to which files."""
    return [_suffer(folder, damage, random) for damage in damages]


def _suffer(folder, damage, random):
    if damage.what == MARKER:
        return _stray_marker(folder, damage, random)
    if damage.what == LOCK:
        return _broken_lock(folder, damage, random)
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and re.fullmatch(PATTERNS[damage.what], path.relative_to(folder).as_posix())
    )
    if not files:
        return f"there is no {damage.what}"
    path = files[int(damage.choice * len(files))]
    _spoil(path, damage, _siblings(path, files), random)
    return path.relative_to(folder).as_posix()


def _siblings(path, files):
    """Other files of the same rule, else of the same kind."""
    alike = [file for file in files if file.suffix == path.suffix and file.name == path.name and file != path]
    beside = [file for file in files if file.suffix == path.suffix and file.parent == path.parent and file != path]
    return alike or beside or [file for file in files if file != path and file.suffix == path.suffix]


def _spoil(path, damage, siblings, random):
    before = path.stat()
    data = path.read_bytes()
    if damage.how == FLIP and data:
        place = random.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :])
    elif damage.how == CUT:
        path.write_bytes(data[: random.randrange(len(data) or 1)])
    elif damage.how == EMPTY:
        path.write_bytes(b"")
    elif damage.how == EXCHANGE and siblings:
        shutil.copyfile(random.choice(siblings), path)
    elif damage.how == DELETE:
        path.unlink()
    elif damage.how in (OLD, NEW):
        os.utime(path, (978307200,) * 2 if damage.how == OLD else (before.st_mtime + 86400,) * 2)
        return
    if damage.silent and path.exists():
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _stray_marker(folder, damage, random):
    """What Snakemake leaves while a job runs, here of one that is long done; or all that there are deleted."""
    markers = folder / ".snakemake" / "incomplete"
    if damage.how == DELETE:
        shutil.rmtree(markers, ignore_errors=True)
        return "all of them"
    records = sorted((folder / ".snakemake" / "metadata").iterdir())
    if not records:
        return "there is no record"
    record = records[int(damage.choice * len(records))]
    markers.mkdir(exist_ok=True)
    (markers / record.name).write_bytes(random.randbytes(random.randrange(40)) if damage.silent else b"{}")
    return "of " + base64.urlsafe_b64decode(record.name).decode()


def _broken_lock(folder, damage, random):
    """The lock of a Snakemake that is gone."""
    locks = folder / ".snakemake" / "locks"
    locks.mkdir(exist_ok=True)
    names = [path.relative_to(folder).as_posix() for path in (folder / "results").rglob("*.parquet")]
    text = random.randbytes(99) if damage.silent else "\n".join(names).encode()
    (locks / "0.output.lock").write_bytes(text)
    return Path(".snakemake/locks").as_posix()
