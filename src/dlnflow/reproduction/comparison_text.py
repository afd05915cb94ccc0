"""What is said of two results folders beside each other, and the verdict."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from dlnflow.files.digests import shows_times
from dlnflow.reproduction.run_comparison import (
    Compared,
    Difference,
    Verdict,
    compare_files,
    digest_of_picture,
    kernels_of,
    pictures,
    sealed_files,
)

MOST_ROWS = 5
"""Rows of one folder alone that are named of each table."""


def compare_runs(first: Path, second: Path) -> tuple[list[str], Verdict]:
    """Lines on what differs between two results folders, and the figures beside them; the verdict.

    Raises DamagedFileError, naming the file, if one is damaged.
    """
    files = sealed_files(first), sealed_files(second)
    common = [name for name in files[0] if name in files[1]]
    compared = [compare_files(name, files[0][name], files[1][name]) for name in common]
    counts = Counter(table.verdict for table in compared)
    drawn = pictures(first.absolute().parent / "figures"), pictures(second.absolute().parent / "figures")
    lone = list(_alone(first, second, *files))
    if all(drawn):  # results may have been copied without their figures
        lone += _alone(first, second, *drawn)
    changed, timed = _changed_pictures(*drawn)
    lines = [
        f"{folder}: {'; '.join(sorted(kernels_of(sealed.values())))}"
        for folder, sealed in zip((first, second), files, strict=True)
    ]
    lines += [line for table in compared for line in _lines(table)]
    lines += lone
    lines += [f"{'another picture':<16}{name}" for name in changed]
    lines.append(f"{len(compared)} tables: " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict))
    same = sum(name in drawn[1] for name in drawn[0]) - len(changed) - timed
    lines.append(f"{same} pictures are the same, {len(changed)} others, {timed} show times and were not compared")
    if counts[Verdict.DIFFERENT] or lone:
        return lines, Verdict.DIFFERENT
    if counts[Verdict.WITHIN]:
        return lines, Verdict.WITHIN
    # the same tables are drawn as the same pictures
    return lines, Verdict.DIFFERENT if changed else Verdict.SAME


def _alone(first: Path, second: Path, a: Mapping[str, Path], b: Mapping[str, Path]) -> Iterator[str]:
    for here, there, folder in ((a, b, first), (b, a, second)):
        yield from (f"{'different':<16}{name} is in {folder} alone" for name in here if name not in there)


def _changed_pictures(first: Mapping[str, Path], second: Mapping[str, Path]) -> tuple[list[str], int]:
    """The pictures that changed, and how many show times."""
    common = [name for name in first if name in second]
    timed = {name for name in common if shows_times(first[name])}
    changed = [name for name in common if digest_of_picture(first[name]) != digest_of_picture(second[name])]
    return [name for name in changed if name not in timed], len(timed)


def _lines(table: Compared) -> Iterator[str]:
    """A line for a table within, a line for each thing that differs beyond that, none for the same bits."""
    if table.verdict is Verdict.SAME:
        return
    may = [found for found in table.differences if (found.excess or 0) <= 1]
    yield f"{table.verdict:<16}{table.name}: {'; '.join(map(_allowed, may))}".rstrip(": ")
    for found in table.differences:
        if found not in may:
            where = f"in {found.rows} of {table.rows} rows, {_excess(found)}: {found.at}"
            yield f"{'':<16}{found.column} ({found.kind}) differs {where}"
    for folder, alone in zip(("first", "second"), table.alone, strict=True):
        yield from (f"{'':<16}in the {folder} alone: {row}" for row in alone[:MOST_ROWS])
        if len(alone) > MOST_ROWS:
            yield f"{'':<16}and {len(alone) - MOST_ROWS} more in the {folder} alone"


def _allowed(found: Difference) -> str:
    """Of a difference that may be."""
    if found.excess is None:
        return f"{found.column} ({found.kind}) in {found.rows}"
    return f"{found.column} ({found.kind}) in {found.rows}, {_excess(found)}"


def _excess(found: Difference) -> str:
    if found.excess is None or found.excess == float("inf"):
        return "expected the same"
    return f"up to {found.excess:.2g} of what may be"
