"""What a run of a config came to, in a small file: digests of its tables and figures, and verdicts; and another run
beside that.

Of each column of reals four sums with random signs are kept: the mean square of their changes estimates that of the
whole column's change, so that the file can say by how much a column is off without holding it (Alon, Matias and
Szegedy, J. Comput. Syst. Sci. 58, 1999).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from re import match, search
from typing import Any

import numpy as np
import pyarrow as pa

from dlnflow.assembly.costs import Job
from dlnflow.files.column_kinds import (
    BOUNDED,
    EXACT,
    RELATIVE,
    ROUNDED,
    ROW_KEY,
    SAMPLED,
    SOLVER,
    TIME,
    WITHIN,
    kind_of,
)
from dlnflow.files.digests import column_digest, digest_of, shows_times
from dlnflow.files.tables import read_table
from dlnflow.provenance import version_of
from dlnflow.reproduction.run_comparison import (
    FLOAT_SOLVERS,
    LOG,
    digest_of_picture,
    kernels_of,
    pictures,
    sealed_files,
    stated,
)

SUMS = 4
DOUBT = 10.0
"""How much too large the estimate from so few sums may be: once in a thousand times it is more than twice as large."""
LARGEST_CHANGE = 1e-3
Reference = dict[str, Any]
"""made_with, tables, figures and verdicts, as JSON holds them."""


def reference_of(folder: Path, lineages: Mapping[str, str]) -> Reference:
    """Of the run in a folder. lineages: of its files, as `lineages` makes them."""
    tables, verdicts = {}, {}
    figures: defaultdict[str, dict[str, str]] = defaultdict(dict)
    files = sealed_files(folder / "results")
    for place, path in files.items():
        lineage = lineages.get(f"results/{place}")  # none of an earlier config
        if place.startswith("tables/") and lineage is not None:
            table = read_table(path)
            name = place.removeprefix("tables/").removesuffix(".parquet")
            tables[name] = {"from": lineage, "rows": len(table), "columns": _columns(table)}
            if name == "claims":
                verdicts = {row["id"]: row["verdict"] for row in table.select(["id", "verdict"]).to_pylist()}
    for place, path in pictures(folder / "figures").items():
        lineage = lineages.get(f"figures/{place}")
        if lineage is not None:
            name, _, kind = place.rpartition(".")
            figures[name] |= {"from": lineage, kind: "times" if shows_times(path) else digest_of_picture(path)}
    kernels = kernels_of(files.values())
    made_with = {"kernels": "; ".join(sorted(kernels))} | versions()
    return {"made_with": made_with, "tables": tables, "figures": dict(figures), "verdicts": verdicts}


def versions() -> dict[str, str]:
    """Of Python and of the packages that dlnflow asks for, but those of its tests and linters."""
    try:
        asked = requires("dlnflow") or []
    except PackageNotFoundError:  # used from its folder, without being installed
        asked = []
    needed = (name for name in asked if not search(r"extra == .(test|lint|build)", name))
    names = sorted(found[0] for found in (match(r"[\w.-]+", requirement) for requirement in needed) if found)
    return {name: version_of(name) for name in ["python", *names]}


def lineages(jobs: Iterable[Job]) -> dict[str, str]:
    """Of each file that the jobs write: a digest of its job's command, which says what it is told and the identity of
    its code, and of the same of all files that it reads.
    """
    makers = {file: job for job in jobs for file in job.outputs}
    found: dict[str, str] = {}

    def lineage(file: str) -> str:
        if file not in found:
            job = makers.get(file)
            parts = [job.command or "", *map(lineage, sorted(job.inputs))] if job else [file]
            found[file] = digest_of(*(part.encode() for part in parts))
        return found[file]

    return {file: lineage(file) for file in makers}


def _columns(table: pa.Table) -> dict[str, Any]:
    """Name -> [kind, digest], and of numbers how many, their norm and their sums; what float solvers answered apart."""
    kinds = {field.name: kind_of(field) for field in table.schema if kind_of(field) != TIME}
    answers = [name in FLOAT_SOLVERS for name in table["method"].to_pylist()] if "method" in kinds else []
    others = table.filter(pa.array([not answer for answer in answers])) if any(answers) else table
    columns = {
        name: [kind, column_digest(table if kind == ROW_KEY else others, name), *_sums(others[name])]
        for name, kind in kinds.items()
    }
    if any(answers):
        theirs = table.filter(pa.array(answers))
        digests = [column_digest(theirs, name).encode() for name, kind in kinds.items() if kind != ROW_KEY]
        columns["rows of float solvers"] = [SOLVER, digest_of(*digests)]
    return columns


def _sums(column: pa.ChunkedArray) -> list[float]:
    """How many finite numbers a column has, their 2-norm, and their sums with random signs."""
    values = column.combine_chunks()
    values = values.flatten() if pa.types.is_list(values.type) else values
    if not (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
        return []
    numbers = np.array([math.nan if value is None else value for value in values.to_pylist()], dtype=float)
    finite = np.isfinite(numbers)
    numbers = np.where(finite, numbers, 0.0)
    unit = float(np.abs(numbers).max(initial=0.0)) or 1.0
    sums = [float(finite.sum()), unit * math.sqrt(math.fsum((numbers / unit) ** 2))]
    for k in range(SUMS):
        signs = 1.0 - 2.0 * (np.random.PCG64(k).random_raw(len(numbers)) % 2)
        sums.append(unit * math.fsum(numbers / unit * signs))
    return sums


def files_of(reference: Reference) -> dict[str, str]:
    """What a reference says of each file: what it was made from."""
    tables = {f"results/tables/{name}.parquet": entry["from"] for name, entry in reference["tables"].items()}
    figures = {
        f"figures/{name}.{kind}": entry["from"]
        for name, entry in reference["figures"].items()
        for kind in entry.keys() - {"from"}
    }
    return tables | figures


def stale_files(reference: Reference, now: Mapping[str, str]) -> list[str]:
    """The files of a reference that the workflow would not make any more, or from something else."""
    return sorted(file for file, lineage in files_of(reference).items() if now.get(file) != lineage)


def differences(expected: Reference, found: Reference) -> Iterator[tuple[str, bool]]:
    """(what differs between two references, whether it may not), a line each."""
    for part in ("tables", "figures"):
        for name in sorted(expected[part].keys() ^ found[part].keys()):
            yield f"{part.removesuffix('s')} {name} is {'missing' if name in expected[part] else 'new'}", True
    for name, entry in expected["tables"].items():
        if name in found["tables"]:
            yield from _table_differences(name, entry, found["tables"][name])
    for name, entry in expected["figures"].items():
        here = found["figures"].get(name, entry)
        if changed := [kind for kind in entry if kind != "from" and entry[kind] != here.get(kind)]:
            yield f"figure {name} is another picture ({', '.join(changed)})", False
    for claim, verdict in expected["verdicts"].items():
        if found["verdicts"].get(claim) != verdict:
            yield f"claim {claim}: {verdict} there, {found['verdicts'].get(claim, 'not judged')} here", True


def _table_differences(name: str, expected: Any, found: Any) -> Iterator[tuple[str, bool]]:
    is_sampled = any(kind == SAMPLED for kind, *_ in expected["columns"].values())
    if expected["rows"] != found["rows"]:
        yield f"table {name} has {found['rows']} rows, and {expected['rows']} there", not is_sampled
        return
    for column, (kind, digest, *sums) in expected["columns"].items():
        here = found["columns"].get(column)
        if here is None:
            yield f"table {name} has no column {column}", True
        elif here[1] != digest:
            off = _change(sums, here[2:])
            size = f", by about {off / sums[1]:.1g} of its norm" if off and sums[1] else ""
            # of runs that were sampled elsewhere, what was found there is another thing
            is_judged = kind in (EXACT, ROW_KEY) or not is_sampled
            yield (
                f"table {name}, column {column} ({kind}) differs{size}",
                is_judged and _is_too_much(column, kind, sums, off),
            )
    for column in found["columns"].keys() - expected["columns"].keys():
        yield f"table {name} has a new column {column}", True


def _change(expected: list[float], found: list[float]) -> float | None:
    """The 2-norm of the change of a column, estimated from the sums; their own rounding hides less than 1e-16 of it."""
    if not expected or len(expected) != len(found) or expected[0] != found[0]:
        return None
    return math.hypot(*(a - b for a, b in zip(expected[2:], found[2:], strict=True))) / math.sqrt(SUMS)


def _is_too_much(column: str, kind: str, sums: list[float], off: float | None) -> bool:
    """Whether a column differs by more than its kind allows of all its entries together, as far as that can be told.

    What bounds its rows one by one is not kept: `dlnflow compare` knows it, and here a thousandth is too much.
    """
    if kind in (EXACT, ROW_KEY):
        return True
    if off is None:
        return kind.startswith((ROUNDED, RELATIVE, WITHIN, BOUNDED))
    count, norm = sums[:2]
    allowed = stated(column, kind, norm, math.sqrt(count) + norm)
    if allowed is None and kind.startswith(BOUNDED) and not column.startswith(LOG):  # a log of noise may be anything
        allowed = LARGEST_CHANGE * norm
    return allowed is not None and off > DOUBT * allowed
