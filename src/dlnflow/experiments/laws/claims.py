"""Claims as laws: what the instances of the laws experiment say of rates, of their constants, of rho and of depth."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlnflow.experiments.laws.rho_tables import RHO_LIMITS, RHOS
from dlnflow.experiments.laws.tables import INSTANCE, LARGEST_TERM, LAW_CELLS, LAWS, MOST_OFF, MOST_RATIO
from dlnflow.kit.claim import MATT, WIND, Claim, Judgement, Tables, Verdict, judgement_of, table_of
from dlnflow.results import Status

if TYPE_CHECKING:
    import pandas as pd

MOST_MISSING = 0.01
"""Share of instances whose rate is settled neither by 1e-256 nor by its own constant."""
APART = 1.0
"""Decades between the predicted errors of two depths, from which on the smaller is said to be the smaller."""
ENOUGH = 8
"""Instances of one size whose median says something of the law."""
DEVIATIONS = 4.0
"""Standard errors by which one of about twenty medians may be off, at n = 100: three, and one for what 1/n adds."""


def _settled(tables: Tables) -> "pd.DataFrame":
    """Rows whose next order is expected below LARGEST_TERM, from the scale before: what is measured plays no part."""
    laws = _laws(tables)
    return laws[(laws.status == Status.CONVERGED) & (laws.next_term * 10**laws.next_exponent < LARGEST_TERM)]


def _exponents(shallow: bool, unique: bool | None, tables: Tables) -> Judgement:
    laws = _settled(tables)
    laws = laws[(laws.depth == 2) == shallow]
    if unique is not None:
        laws = laws[laws.is_unique.astype(bool) == unique]
    deviations = (laws.measured_exponent - laws.exponent).abs()
    return judgement_of(deviations, np.full(len(laws), MOST_OFF))


def _constants(tables: Tables) -> Judgement:
    laws = _settled(tables)
    return judgement_of((laws.ratio - 1).abs(), np.full(len(laws), MOST_RATIO))


def _selection(tables: Tables) -> Judgement:
    """Many minimisers: the distance to the selected one over its predicted size, and so that it is that one."""
    laws = _settled(tables)
    laws = laws[~laws.is_unique.astype(bool)]
    return judgement_of((laws.ratio - 1).abs(), np.full(len(laws), MOST_RATIO))


def _share(tables: Tables) -> Judgement:
    """Of the unique, non-degenerate instances: those that meet both numbers."""
    laws = _laws(tables)
    # what failed before it was known to be regular counts as regular, and as missing
    failed = (laws.status == Status.FAILED) & laws.is_regular.isna()
    regular = laws[laws.is_regular.fillna(False).astype(bool) | failed]
    if not len(regular):
        return judgement_of([], [])
    missing = ~regular.meets.astype(bool)
    worst = missing.groupby(regular.exact_depth).mean()
    verdict = Verdict.HOLDS if missing.mean() <= MOST_MISSING else Verdict.FAILS
    return Judgement(len(regular), float(missing.mean()), float(worst.median()), verdict)


def _depth(tables: Tables) -> Judgement:
    """log10 of the deeper error over that of depth 2, at the smallest scale that both have and the asymptotes part."""
    known = _laws(tables)[[*INSTANCE, "exact_depth", "is_unique", "rho", "exponent", "log10_constant"]]
    cells = _cells(tables).merge(known, on=[*INSTANCE, "exact_depth"])
    cells = cells[(cells.status == Status.CONVERGED) & cells.is_unique.fillna(False).astype(bool)]
    cells = cells.assign(predicted=cells.log10_constant + cells.exponent * cells.log10_scale)
    shallow = cells[(cells.depth == 2) & (cells.rho > 0)]
    pairs = shallow.merge(cells[cells.depth > 2], on=[*INSTANCE, "scale"], suffixes=("", "_deep"))
    # C_2 eps^(1 - rho) and C_L eps cross where eps^rho = C_2/C_L: for small rho at scales that are not computed
    pairs = pairs[pairs.predicted_deep - pairs.predicted < -APART]
    if not len(pairs):
        return judgement_of([], [])
    last = pairs.loc[pairs.groupby([*INSTANCE, "exact_depth_deep"]).log10_scale.idxmin()]
    return judgement_of(last.log10_error_deep - last.log10_error, np.zeros(len(last)))


def _rho(tables: Tables) -> Judgement:
    """Medians of rho beside the limit of large n, in standard errors."""
    rhos, limits = table_of(tables, "rhos", RHOS), table_of(tables, "rho_limits", RHO_LIMITS)
    rhos = rhos[(rhos.status == Status.CONVERGED) & rhos.features.ge(100)]
    rhos = rhos.drop_duplicates(["measurements", "features", "entries", "trial"])  # grids may share a size
    found = []
    for (ratio, density), rows in rhos.groupby(["undersampling", "density"]):
        curve = limits[np.isclose(limits.undersampling, ratio)].sort_values("density")
        if len(rows) < ENOUGH or not len(curve) or density > 0.8 * curve.density.max():
            continue  # near the threshold instances that are not recovered are many, and have no such limit
        spread = float(np.subtract(*np.quantile(rows.rho, [0.75, 0.25]))) / 1.349
        error = 1.2533 * spread / np.sqrt(len(rows))  # of a median, for a normal law
        found.append(abs(float(rows.rho.median()) - np.interp(density, curve.density, curve.rho)) / error)
    return judgement_of(found, np.full(len(found), DEVIATIONS))


def _laws(tables: Tables) -> "pd.DataFrame":
    return table_of(tables, "laws", LAWS)


def _cells(tables: Tables) -> "pd.DataFrame":
    return table_of(tables, "law_cells", LAW_CELLS)


_TESTED = "laws, instances whose next order is below 1e-3 at the last scale, proved"
_SLOPE = "|local exponent of the last decade - predicted|"

CLAIMS = (
    Claim(
        "law-deep-rate",
        f"{WIND}; {MATT}",
        "At depth L > 2 the exponent is 1 for random data of every ensemble, with one minimiser or many.",
        f"{_TESTED}, depths above 2",
        _SLOPE,
        partial(_exponents, False, None),
    ),
    Claim(
        "law-shallow-rate",
        MATT,
        "At depth 2 with a unique minimiser it is 1 - rho, no less and no more, for random data of every ensemble.",
        f"{_TESTED}, depth 2, unique minimisers, rho exact",
        _SLOPE,
        partial(_exponents, True, True),
    ),
    Claim(
        "law-face-rate",
        f"derived here, after {WIND}",
        "At depth 2 with many minimisers it is 1 - rho_T, or 2 where no kernel direction leaves their supports.",
        f"{_TESTED}, depth 2, many minimisers",
        _SLOPE,
        partial(_exponents, True, False),
    ),
    Claim(
        "law-constants",
        f"derived here, after {WIND}",
        "The constant of the error is the predicted one, for random data of every ensemble and depth.",
        _TESTED,
        "|error/eps^e at the last scale over C - 1|",
        _constants,
    ),
    Claim(
        "law-selection",
        WIND,
        "Of many minimisers the limit tends to the one that its depth selects, at the predicted rate and constant.",
        f"{_TESTED}, every depth, many minimisers",
        "|distance to the selected minimiser over its predicted C eps^e - 1|",
        _selection,
    ),
    Claim(
        "law-share",
        "derived here",
        "At least 99 % of the instances with one minimiser and one direction meet both, at scales of 1e-256 or more.",
        "laws, every such instance and depth",
        "share that does not",
        _share,
    ),
    Claim(
        "law-depth",
        MATT,
        "With a unique minimiser and from small enough scales on, every depth above 2 is nearer to it than depth 2.",
        "laws, unique minimisers, rho > 0, every deeper depth, the smallest scale of both where the predicted errors "
        "are a decade apart",
        "log10 of the deeper error over that of depth 2 (at most 0)",
        _depth,
    ),
    Claim(
        "law-rho",
        "derived here",
        "For Gaussian data rho tends to rho_inf(m/n, s/n), which reaches 1 at basis pursuit's threshold.",
        "laws, rho at n >= 100, s/n up to 4/5 of the threshold: medians",
        "|median - rho_inf| in standard errors",
        _rho,
    ),
)
"""In the order of their table."""
