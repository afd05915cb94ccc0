"""The report's pages about a run: published claims and their verdicts, the software behind it, the config."""

import os
import platform
from collections import Counter
from collections.abc import Iterable, Sequence

from dlnflow.files.tables import Row
from dlnflow.kernels import ran
from dlnflow.provenance import processor, version_of
from dlnflow.report.html import Part, page, shown
from dlnflow.report.verdicts import LEAST_SHOWN


def claims_page(rows: Iterable[Row]) -> str:
    """The page of rows of `verdicts.CLAIMS_TABLE`, a part for each paper."""
    judged = list(rows)
    counts = Counter(row["verdict"] for row in judged)
    said = ", ".join(f"{verdict}: {count}" for verdict, count in counts.most_common())
    intro = (
        f"{len(judged)} claims, each judged by the tables of this run: {said}. The worst deviation is over all "
        "instances, the typical one their median. Not resolved: no instances, or the scales computed do not decide. "
        "Theorem: proved, and nothing that computing could test."
    )
    papers: dict[str, list[Row]] = {}
    for row in judged:
        papers.setdefault(row["paper"], []).append(row)
    head = ("claim", "tested on", "instances", "measure", "worst", "typical", "verdict")
    parts = [Part(paper, head=head, rows=[_claim_cells(row) for row in papers[paper]]) for paper in papers]
    return page("Claims and verdicts", intro, parts)


def _claim_cells(row: Row) -> Sequence[str | int]:
    numbers = (_deviation(row["deviation"]), _deviation(row["typical"]))
    return (row["statement"], row["tested"], row["instances"], row["measure"], *numbers, row["verdict"])


def _deviation(value: float | None) -> str:
    return f"< {LEAST_SHOWN:g}" if value is not None and 0 < abs(value) < LEAST_SHOWN else shown(value)


def software_page(packages: Sequence[str]) -> str:
    """The page of the environment that runs this: versions of the packages, and the machine."""
    import flint  # of whose libraries one asks the version

    machine = [
        ("processor", processor()),
        ("cores", os.cpu_count() or ""),
        ("kernels and C library", ran()),
        ("system", platform.platform()),
    ]
    versions = [(name, version_of(name)) for name in packages]
    libraries = [("FLINT, of python-flint", flint.__FLINT_VERSION__), ("BLAS, of numpy", _blas())]
    return page(
        "Software and machine",
        "Of the job that wrote this page; jobs of an earlier run, or on other machines, may have had others: each "
        "table's own metadata say its kernels. With the kernels of x86-64-v3, one C library and these packages tables "
        "and figures are the same bits on every processor and for any number of cores.",
        [
            Part("Machine", head=("what", "value"), rows=machine),
            Part("Packages", head=("package", "version"), rows=versions),
            Part("Libraries inside them", head=("library", "version"), rows=libraries),
        ],
    )


def _blas() -> str:
    import numpy as np

    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{built['name']} {built['version']}"


def config_page(text: str) -> str:
    """The page of the effective config."""
    return page(
        "Config",
        "What this run follows: the config as typed, with every default filled in and every range spelled out. It is a "
        "config itself.",
        [Part(text=text)],
    )
