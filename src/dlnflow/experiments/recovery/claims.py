"""Claims that the recovery experiment settles: the bound on the l1 norm, and which signals are found."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.recovery.judgement import FEASIBLE
from dlnflow.experiments.recovery.tables import RECOVERY
from dlnflow.kit.claim import CHOU, Claim, Judgement, Tables, Verdict, judgement_of, table_of
from dlnflow.results import Status

if TYPE_CHECKING:
    import pandas as pd

SOLVER_ACCURACY = 1e-9
"""Of the least l1 norm Q, relative: a solver's norm is below Q only as far as its answer misses A x = y, by a few times
FEASIBLE (4, as seen of LARS). Solvers' gaps put it above Q by as little, which makes the excess smaller, not larger."""

MISSED = 0.05
"""Share of instances that recovery with high probability may miss."""

ENOUGH = 20
"""Instances of which a single one is already MISSED; fewer are too few to say."""

INSTANCE = ["grid", "features", "measurements", "entries", "trial"]


def kappa_shallow(depth: FloatArray, least: FloatArray, total: FloatArray, start: FloatArray) -> FloatArray:
    """kappa of L = 2 (theory, section 7): least is Q, total beta_1, start beta_min; needs Q > beta_1, else NaN."""
    ratio = np.log(least / total)
    return np.log(total / start) / np.where(ratio > 0, ratio, np.nan)


def kappa_deep(depth: FloatArray, least: FloatArray, total: FloatArray, start: FloatArray) -> FloatArray:
    """kappa of L > 2 and a uniform start, as recalled from the paper; needs Q > (L/2)^(L/(L-2)) beta_1, else NaN.

    The condition is that the denominator be positive: Q^p > (L/2) beta_1^p with 1/p = L/(L-2).
    """
    p = 1 - 2 / depth
    below = 2 * least**p - depth * total**p
    return depth * (total**p - start**p) / np.where(below > 0, below, np.nan)


def kappa_deep_sharper(depth: FloatArray, least: FloatArray, total: FloatArray, start: FloatArray) -> FloatArray:
    """kappa of L > 2 and a uniform start, derived (theory, section 7); needs Q > beta_1 alone, else NaN."""
    p = 1 - 2 / depth
    below = least**p - total**p
    return depth / 2 * (total**p - start**p) / np.where(below > 0, below, np.nan)


def _l1_bound(kappa: Callable[..., FloatArray], shallow: bool, tables: Tables) -> Judgement:
    cells = _network(tables, shallow)
    cells = cells[(cells.status == Status.CONVERGED) & cells.layers_l1_norm.notna()]
    cells = cells.merge(_least_norms(tables), on=INSTANCE)  # the instances that a solver solved
    start = 10 ** cells.log10_scale.to_numpy()
    # the signed network is a nonnegative one of the data [A, -A]: u^L and v^L are 2n coordinates, each from eps
    coordinates = cells.features.to_numpy() * np.where(cells.signal == "signed", 2, 1)
    least = cells.least.to_numpy()
    bound = least * kappa(cells.depth.to_numpy(), least, coordinates * start, start)
    excess = cells.layers_l1_norm.to_numpy() - least
    # what the numbers leave open: Q as the solvers have it, and the limit within its radius (in the l1 norm)
    radius = np.nan_to_num(10 ** cells.log10_radius.to_numpy(), nan=0.0)
    allowed = SOLVER_ACCURACY * least + np.sqrt(coordinates) * radius
    applies = ~np.isnan(bound)
    return judgement_of((excess / bound)[applies], (1 + allowed / bound)[applies])


def _least_norms(tables: Tables) -> "pd.DataFrame":
    """Q of each instance that a solver solved."""
    frame = _recovery(tables)
    solved = frame[(frame.method != "limit") & (frame.status == Status.CONVERGED) & (frame.residual <= FEASIBLE)]
    return solved.groupby(INSTANCE).l1_norm.min().rename("least").reset_index()


def _recovers(shallow: bool, tables: Tables) -> Judgement:
    # Where m is above the bound on the width that makes basis pursuit recover with high probability, 2 s log(n/s) +
    # 5 s/4 + 1 (Chandrasekaran, Recht, Parrilo and Willsky 2012), and basis pursuit does recover, so must a network
    # that starts small enough.
    frame = _recovery(tables)
    solved = frame[(frame.method != "limit") & frame.success.astype(bool)][INSTANCE].drop_duplicates()
    cells = _network(tables, shallow).merge(solved, on=INSTANCE)
    enough = cells.entries * (2 * np.log(cells.features / cells.entries) + 1.25) + 1
    cells = cells[cells.measurements >= enough].assign(missed=lambda inside: ~inside.success.astype(bool))
    missed = cells.groupby(["exact_depth", "grid", "log10_scale"]).missed.agg(["size", "sum", "mean"])
    found = [_missed_at([rows for _, rows in grids.groupby("grid")]) for _, grids in missed.groupby("exact_depth")]
    if not found:
        return judgement_of([], [])
    instances, shares, verdicts = zip(*found, strict=True)
    verdict = next(v for v in (Verdict.FAILS, Verdict.NOT_RESOLVED, Verdict.HOLDS) if v in verdicts)
    return Judgement(sum(instances), max(shares), float(np.median(shares)), verdict)


def _missed_at(grids: "list[pd.DataFrame]") -> tuple[int, float, Verdict]:
    """Instances at each grid's smallest scale, the share of them that is missed, and the verdict, at one depth.

    How small a scale must be depends on the instance, so that missing more than MISSED fails only where the share is
    no less than at the next larger scale.
    """
    instances = sum(int(grid["size"].iloc[0]) for grid in grids)  # sorted by scale, the smallest first
    share = sum(int(grid["sum"].iloc[0]) for grid in grids) / instances
    if instances >= ENOUGH and share <= MISSED:
        return instances, share, Verdict.HOLDS
    trends = [grid["mean"].iloc[:2] for grid in grids if len(grid) > 1 and grid["size"].iloc[0] >= ENOUGH]
    stuck = any(now > MISSED and now >= before for now, before in trends)
    return instances, share, Verdict.FAILS if stuck else Verdict.NOT_RESOLVED


def _network(tables: Tables, shallow: bool) -> "pd.DataFrame":
    """The network's cells at depth 2, or at every larger depth."""
    frame = _recovery(tables)
    return frame[(frame.method == "limit") & ((frame.depth == 2) if shallow else (frame.depth > 2))]


def _recovery(tables: Tables) -> "pd.DataFrame":
    return table_of(tables, "recovery", RECOVERY)


_L1_STATEMENT = "Uniform start, L {}: the layers' l1 norm exceeds the least, Q, by at most kappa Q{}."
_L1_MEASURE = "excess of the l1 norm over its bound (at most 1)"
_RECOVERY_TESTED = (
    "recovery, signals that basis pursuit recovers from m >= 2 s log(n/s) + 5 s/4 + 1 measurements, the grid's "
    "smallest scale, depth{}"
)
_RECOVERY_MEASURE = "share of them that the network misses at the table's tolerance, the worst depth"

CLAIMS = (
    Claim(
        "l1-bound-shallow",
        CHOU,
        _L1_STATEMENT.format("= 2", ", kappa = log(beta_1/beta_min)/log(Q/beta_1), if Q > beta_1"),
        "recovery, every cell of depth 2 with a solver's Q above beta_1",
        _L1_MEASURE,
        partial(_l1_bound, kappa_shallow, True),
    ),
    Claim(
        "l1-bound-deep",
        CHOU,
        _L1_STATEMENT.format(
            "> 2",
            ", kappa = L (beta_1^p - beta_min^p)/(2 Q^p - L beta_1^p), p = 1 - 2/L, if Q > (L/2)^(1/p) beta_1 "
            "(as recalled)",
        ),
        "recovery, every cell of depth above 2 with a solver's Q above (L/2)^(1/p) beta_1",
        _L1_MEASURE,
        partial(_l1_bound, kappa_deep, False),
    ),
    Claim(
        "l1-bound-deep-sharper",
        f"derived here, after {CHOU}",
        _L1_STATEMENT.format("> 2", ", kappa = (L/2)(beta_1^p - beta_min^p)/(Q^p - beta_1^p), if Q > beta_1"),
        "recovery, every cell of depth above 2 with a solver's Q above beta_1",
        _L1_MEASURE,
        partial(_l1_bound, kappa_deep_sharper, False),
    ),
    Claim(
        "recovery-shallow",
        CHOU,
        "At depth 2, from small enough starts, the flow recovers sparse signals from about s log(n/s) measurements.",
        _RECOVERY_TESTED.format(" 2"),
        _RECOVERY_MEASURE,
        partial(_recovers, True),
    ),
    Claim(
        "recovery-deep",
        CHOU,
        "At depths above 2, from small enough starts, flows recover sparse signals from about s log(n/s) measurements.",
        _RECOVERY_TESTED.format("s above 2"),
        _RECOVERY_MEASURE,
        partial(_recovers, False),
    ),
)
"""In the order of their table."""
