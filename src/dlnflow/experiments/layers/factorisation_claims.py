"""Claims about asymmetric factorisation and rank one: what descends stays balanced, and converges at a known rate."""

from typing import TYPE_CHECKING

import numpy as np

from dlnflow.experiments.layers.factorisation_tables import FACTORISATIONS, LEAST_TAIL, RANK_ONE, SETTLED
from dlnflow.kit.claim import DU, Claim, Judgement, Tables, judgement_of, table_of
from dlnflow.results import Status

if TYPE_CHECKING:
    import pandas as pd

SMALL_STEP = 0.5
"""Of c sigma_1: half of what makes a constant step unstable. The theorem asks for small steps."""
SMALL_IMBALANCE = 0.01
"""Of a start, over ||M||: by its order the flow differs from the balanced one that is known in closed form."""
SMALL_START = 0.5
"""Of |u| and |v|, typical: larger ones may be thrown away by steps that are stable near the minimum."""
MOST_OFF = 2 * SETTLED
"""Of a measured rate, relative: the flow's own is that near to its limit, and descent is not the flow."""
ALIKE = 1e-3
"""Factors that differ by less count as one; and what the next of them may still add to the first over the decades that
are measured."""


def _published(tables: Tables) -> "pd.DataFrame":
    """Cells with eta_t = c (t + 1)^-(1/2 + d), 0 < d <= 1/2."""
    cells = table_of(tables, "factorisations", FACTORISATIONS)
    return cells[(cells.decay > 0.5) & (cells.decay <= 1)]


def _small_steps(tables: Tables) -> "pd.DataFrame":
    cells = _published(tables)
    small = cells.constant * cells.largest_value <= SMALL_STEP
    return cells[small & (cells.start_imbalance <= SMALL_IMBALANCE)]


def _balance(tables: Tables) -> Judgement:
    """Near 0 a step multiplies the imbalance along sigma_k by 1 - (eta sigma_k)^2, and E only falls later."""
    cells = _small_steps(tables)
    return judgement_of(cells.largest_imbalance / cells.start_imbalance, 1 + cells.square_sum * cells.largest_value**2)


def _convergence(tables: Tables) -> Judgement:
    """The flow converges, and descent follows it to first order in the step."""
    cells = _small_steps(tables)
    residuals, flows = (np.maximum(side, LEAST_TAIL) for side in (cells.residual, cells.predicted_residual))
    return judgement_of(np.abs(np.log(residuals / flows)), cells.constant * cells.largest_value)


def _rate(tables: Tables) -> Judgement:
    cells = _published(tables)
    cells = cells[cells.ratio.notna()]
    # what the start leaves beside M's columns and beside its rows falls at two rates that imbalance alone sets apart
    return judgement_of((cells.ratio - 1).abs(), MOST_OFF + cells.other_rate / cells.rate - 1)


def _factor(tables: Tables) -> Judgement:
    """Where the next factor has died out over the decades in which the first is measured, as predicted."""
    runs = table_of(tables, "rank_one", RANK_ONE)
    runs = runs[runs.factor.notna()]
    steps = np.log(1e-4) / np.log(runs.predicted_factor)
    runs = runs[((runs.next_factor.fillna(0.0) / runs.predicted_factor) ** steps) < ALIKE]
    return judgement_of((runs.factor - runs.predicted_factor).abs(), np.full(len(runs), ALIKE))


def _threshold(tables: Tables) -> Judgement:
    """1 for a run from a small start that converges though no minimum is stable, or the other way; else 0."""
    runs = table_of(tables, "rank_one", RANK_ONE)
    runs = runs[(runs.kind == "small") & (runs.step != runs.stable_below)]
    runs = runs[runs.start * np.sqrt(runs[["rows", "columns"]].max(axis=1)) <= SMALL_START]
    is_wrong = runs.end.isin(["converged", "slow"]) != (runs.step < runs.stable_below)
    return judgement_of(is_wrong.astype(float), np.zeros(len(runs)))


def _sharpness(tables: Tables) -> Judgement:
    runs = table_of(tables, "rank_one", RANK_ONE)
    runs = runs[runs.status == Status.CONVERGED]
    return judgement_of(runs.step * (runs.u_square + runs.v_square), np.full(len(runs), 2.0))


_RANK_ONE = "layers, rank one"
_STEPS = "layers, factorisation, steps c (t + 1)^-(1/2 + d), 0 < d <= 1/2"

CLAIMS = (
    Claim(
        "layers-factorisation-balance",
        DU,
        "Asymmetric factorisation from a small start stays balanced with steps O(t^-(1/2 + d)).",
        f"{_STEPS}, c sigma_1 <= 1/2, starts with an imbalance of at most 1e-2",
        "largest imbalance over the start's (at most 1 + sum (eta sigma_1)^2)",
        _balance,
    ),
    Claim(
        "layers-factorisation-convergence",
        DU,
        "And it converges to a global minimum: it follows the balanced flow, however slow that is in t.",
        f"{_STEPS}, c sigma_1 <= 1/2, starts with an imbalance of at most 1e-2",
        "|log(residual over the flow's)| at the end, both at least 1e-11",
        _convergence,
    ),
    Claim(
        "layers-factorisation-rate",
        f"derived here, after {DU}",
        "Its residual falls by 1 - eta_t lambda a step, lambda the least a_i + b_j at the minimum.",
        f"{_STEPS}, from where the flow's rate is within 1e-3 of its limit, a decade or more",
        "|measured over predicted rate - 1|",
        _rate,
    ),
    Claim(
        "layers-rank-one-rate",
        DU,
        "Rank one with a constant step converges linearly, by the largest |1 - eta x|, x of |u|^2, |v|^2, their sum.",
        f"{_RANK_ONE}, runs that converge, where the next factor has died out",
        "|measured - predicted factor|",
        _factor,
    ),
    Claim(
        "layers-rank-one-threshold",
        "derived here",
        "From small starts it converges for eta sigma < 1 and for no larger step.",
        f"{_RANK_ONE}, starts with |u|, |v| of about 1/2 at most, eta sigma other than 1",
        "1 for a run that does otherwise",
        _threshold,
    ),
    Claim(
        "layers-rank-one-stability",
        "derived here",
        "Whatever the start, it ends only at minima with eta (|u|^2 + |v|^2) < 2: large steps drive towards balance.",
        f"{_RANK_ONE}, every run that converges",
        "eta (|u|^2 + |v|^2) at the end (at most 2)",
        _sharpness,
    ),
)
"""In the order of their table."""
