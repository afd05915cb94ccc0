"""Claims about linear programs solved by the network: exponential convergence, its constant, and which minimiser."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlnflow.experiments.linear_programs.tables import (
    LARGEST_TERM,
    MOST_EXPONENT,
    MOST_RATIO,
    PROGRAM_CELLS,
    PROGRAM_LAWS,
)
from dlnflow.kit.claim import Claim, Judgement, Tables, judgement_of, table_of
from dlnflow.results import Status

if TYPE_CHECKING:
    import pandas as pd

WANG = "arXiv:2310.02535 (Wang, Ghosal and Mazumder 2023)"
COMINETTI = "Cominetti and San Martín (1994)"

FEW = 3
"""lam that a curve needs for its fall to be judged."""


def _settled(tables: Tables) -> "pd.DataFrame":
    """Instances whose next order is expected below LARGEST_TERM at the last lam, from the lam before."""
    laws = table_of(tables, "program_laws", PROGRAM_LAWS)
    return laws[(laws.status == Status.CONVERGED) & (laws.next_term < LARGEST_TERM)]


def _constants(tables: Tables) -> Judgement:
    """Of vertices: nondegenerate and unique."""
    laws = _settled(tables)
    laws = laws[laws.is_unique.eq(True) & laws.has_unique_dual.eq(True)]
    return judgement_of(laws.ratio_off.abs(), np.full(len(laws), MOST_RATIO))


def _exponents(tables: Tables) -> Judgement:
    laws = _settled(tables)
    return judgement_of((laws.measured_exponent - laws.exponent).abs(), np.full(len(laws), MOST_EXPONENT))


def _degenerate(tables: Tables) -> Judgement:
    laws = _settled(tables)
    laws = laws[laws.is_unique.eq(True) & laws.has_unique_dual.eq(False)]
    return judgement_of(laws.ratio_off.abs(), np.full(len(laws), MOST_RATIO))


def _faces(is_sum_constant: bool, tables: Tables) -> Judgement:
    """The distance to the entropic point over its predicted size: a limit elsewhere would leave it far above 1."""
    laws = _settled(tables)
    laws = laws[laws.is_unique.eq(False) & (laws.is_sum_constant.eq(True) == is_sum_constant)]
    return judgement_of(laws.ratio_off.abs(), np.full(len(laws), MOST_RATIO))


def _share(tables: Tables) -> Judgement:
    """Of the regular instances: those that do not meet both numbers."""
    laws = table_of(tables, "program_laws", PROGRAM_LAWS)
    failed = (laws.status == Status.FAILED) & laws.is_regular.isna()
    regular = laws[laws.is_regular.eq(True) | failed]
    return judgement_of((~regular.meets.eq(True)).astype(float), np.zeros(len(regular)))


def _falls(tables: Tables) -> Judgement:
    """log10 of the error at the smallest lam over its least before, and of c.x - min likewise, the worse of both."""
    cells = table_of(tables, "program_cells", PROGRAM_CELLS)
    cells = cells[cells.status == Status.CONVERGED].sort_values("inverse_lam")
    found = []
    for _, rows in cells.groupby("program"):
        if len(rows) >= FEW:
            ends = [rows[name].iloc[-1] - rows[name].iloc[:-1].min() for name in ("log10_error", "log10_gap")]
            found.append(max(ends))
    return judgement_of(found, np.zeros(len(found)))


def _referee(tables: Tables) -> Judgement:
    """HiGHS's bases in rationals: 1 where one that it calls optimal is not, or is none."""
    laws = table_of(tables, "program_laws", PROGRAM_LAWS)
    laws = laws[laws.highs_status.eq("kOptimal")]
    return judgement_of((~laws.highs_is_vertex_optimal.eq(True)).astype(float), np.zeros(len(laws)))


_TESTED = "linear_programs, random programs whose next order is below 1e-8 at the last lam, proved"
_RATIO = "|error/(C e^(-e/lam)) at the last lam - 1|"

CLAIMS = (
    Claim(
        "program-limit",
        WANG,
        "Started from exp(-c/(2 lam)) the network solves the linear program as lam falls.",
        "linear_programs, the curves, proved",
        "log10 of the error, or of c.x - min, at the smallest lam over the least before (below 0)",
        _falls,
    ),
    Claim(
        "program-exponent",
        f"derived here, after {COMINETTI}",
        "The error falls like e^(-e/lam), e the least reduced cost off T, at the dual where it is greatest.",
        f"{_TESTED}, vertices and faces",
        "|measured exponent of the last two lam - predicted|",
        _exponents,
    ),
    Claim(
        "program-vertex-constant",
        f"derived here, after {COMINETTI}",
        "Its constant at a nondegenerate vertex is that of x_i ~ e^(-r_i/lam) prod x_j^((A_S^-1 a_i)_j).",
        f"{_TESTED}, nondegenerate vertices",
        _RATIO,
        _constants,
    ),
    Claim(
        "program-degenerate-constant",
        "derived here",
        "At a degenerate vertex, basis pursuit's among them, exponent and constant are those of depth 2 with costs c.",
        f"{_TESTED}, degenerate vertices",
        _RATIO,
        _degenerate,
    ),
    Claim(
        "program-faces",
        COMINETTI,
        "Of many minimisers the limit tends to the one of least sum (x log x - x), exponentially.",
        f"{_TESTED}, faces over which sum x varies",
        _RATIO,
        partial(_faces, False),
    ),
    Claim(
        "program-entropy",
        COMINETTI,
        "Where sum x is the same for all minimisers it tends to that of greatest entropy.",
        f"{_TESTED}, faces over which sum x is constant",
        _RATIO,
        partial(_faces, True),
    ),
    Claim(
        "program-share",
        "derived here",
        "No nondegenerate random program with one minimiser misses its predicted exponent or constant.",
        "linear_programs, every such random program",
        "1 if one does",
        _share,
    ),
    Claim(
        "program-referee",
        "derived here",
        "The vertices at which HiGHS ends on these random programs are optimal in rational arithmetic.",
        "linear_programs, random programs that HiGHS calls optimal",
        "1 if one is not",
        _referee,
    ),
)
"""In the order of their table."""
