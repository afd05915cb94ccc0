"""Claims about layers: what gradient flow conserves of them, how descent drifts, and what becomes of tiny starts."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlnflow.experiments.layers.tables import ALLOWED, DRIFTS, LEAST_LEFT, STARTS
from dlnflow.kit.claim import DU, Claim, Judgement, Tables, Verdict, judgement_of, table_of
from dlnflow.layers.architecture import HOMOGENEOUS
from dlnflow.results import Status

if TYPE_CHECKING:
    import pandas as pd

ROUNDED = 1e-13
"""Relative, of an exact identity: sums of hundreds of products in float64."""
FACTOR = 1e-14
"""The same of one product: a step rounds each layer once, by 1e-16 of its size."""
SLOPE_OFF = 0.02
"""Of the slope of drift against step at the finest: what the next order, of size `off`, adds to it."""
FALLING = 0.75
"""Of the largest |slope - 1| of larger steps, where that is more: the next order falls like the step."""
CONSTANT_OFF = 0.04
"""Of drift against its prediction: sum of what slopes within SLOPE_OFF leave, and for ReLU the gates' width."""
RATIO_OFF = 1e-4
"""Of |ratio - 1| against what the conserved difference says of it, relative."""
APART = 1e3
"""Times what the flow is allowed: the control's drift does not come from the integrator."""
LEAST_DRIFT = 1e-2
"""Of the control, relative: tolerances that leave no room of APART below it decide nothing."""

_RUN = ["network", "trial", "start", "start_size"]
_KINDS = {
    "layers": ("dense", "convolution"),
    "neurons": ("dense", "convolution"),
    "matrices": ("dense",),
    "coordinates": ("diagonal",),
}
"""invariant -> the kinds of networks that have it."""


def _flow(activations: tuple[str, ...], invariant: str, tables: Tables) -> Judgement:
    """It holds only if every flow went to its end, whatever those say that did not."""
    rows = _drifts("flow", tables)
    rows = rows[rows.activation.isin(activations) & rows.kind.isin(_KINDS[invariant])]
    known = rows[rows.invariant == invariant]
    judgement = judgement_of(known.over_tolerance, np.full(len(known), ALLOWED))
    # a start that failed has one row, of no invariant
    ended = rows[(rows.invariant == invariant) | rows.invariant.isna()].status == Status.CONVERGED
    return judgement if ended.all() or judgement.verdict == Verdict.FAILS else _unresolved(judgement)


def _unresolved(judgement: Judgement) -> Judgement:
    return replace(judgement, verdict=Verdict.NOT_RESOLVED)


def _identity(tables: Tables) -> Judgement:
    starts = _starts(tables)
    starts = starts[starts.activation.isin(HOMOGENEOUS)].drop_duplicates(_RUN)  # one for all pairs of layers
    return judgement_of(starts.identity_error, np.full(len(starts), ROUNDED))


def _factor(tables: Tables) -> Judgement:
    starts = _starts(tables)
    starts = starts[starts.kind == "diagonal"].drop_duplicates(_RUN)
    return judgement_of(np.maximum(starts.step_error, starts.factor_error), np.full(len(starts), FACTOR))


def _finest(tables: Tables) -> "pd.DataFrame":
    """Descent at the finest step of each run with three steps or more, where no small difference is predicted.

    slope_off: |slope - 1|.  next_off: that of the next larger step.  largest_off: the largest of all larger ones.
    """
    rows = _drifts("descent", tables)
    rows = rows[rows.activation.isin(HOMOGENEOUS) & (rows.status == Status.CONVERGED)]
    rows = rows.assign(slope_off=(rows.slope - 1).abs()).sort_values("step", ascending=False, kind="stable")
    runs = rows.groupby([*_RUN, "invariant", "pair"]).slope_off
    rows = rows.assign(next_off=runs.shift(), largest_off=runs.transform(lambda found: found.cummax().shift()))
    rows = rows[runs.cumcount(ascending=False) == 0]
    return rows[rows.next_off.notna() & (rows.cancellation > LEAST_LEFT)]


def _first_order(tables: Tables) -> Judgement:
    rows = _finest(tables)
    return judgement_of(rows.slope_off, np.maximum(SLOPE_OFF, FALLING * rows.largest_off))


def _constant(tables: Tables) -> Judgement:
    """Where the measured drift is of first order by two slopes, which know nothing of the prediction."""
    rows = _finest(tables)
    rows = rows[(rows.slope_off <= SLOPE_OFF) & (rows.next_off <= 2 * SLOPE_OFF)]
    return judgement_of(rows.off, np.full(len(rows), CONSTANT_OFF))


def _tiny(tables: Tables) -> Judgement:
    """|ratio - 1| at the end, from the tiniest start of each network.

    At most what it was at the start over the growth of the layers: ||W_{h+1}||^2 - ||W_h||^2 stays, ||W_h||^2 grows.
    """
    starts = _starts(tables)
    starts = starts[(starts.start == "tiny") & starts.activation.isin(HOMOGENEOUS)]
    starts = starts[starts.start_size == starts.groupby("network").start_size.transform("min")]
    found, expected = starts.ratio - 1, starts.predicted_ratio - 1
    sound = (found - expected).abs() <= RATIO_OFF * expected.abs() + RATIO_OFF**2
    most = (1 + RATIO_OFF) * (starts.first_ratio - 1).abs() / starts.growth
    return judgement_of(found.abs(), np.where(sound, most, -np.inf))


def _control(tables: Tables) -> Judgement:
    """The least drift of tanh over what the flow is allowed, as a claim that it is large: its inverse is bounded."""
    rows = _drifts("flow", tables)
    rows = rows[(rows.activation == "tanh") & (rows.start != "tiny")]
    rows = rows[rows.tolerance == rows.tolerance.min()]
    if not len(rows):
        return judgement_of([], [])
    found = ALLOWED / rows.groupby([*_RUN, "invariant"]).over_tolerance.max()
    judgement = judgement_of(found, np.full(len(found), 1 / APART))
    return judgement if rows.tolerance.min() <= LEAST_DRIFT / (ALLOWED * APART) else _unresolved(judgement)


def _drifts(method: str, tables: Tables) -> "pd.DataFrame":
    rows = table_of(tables, "layer_drifts", DRIFTS)
    return rows[rows.method == method]


def _starts(tables: Tables) -> "pd.DataFrame":
    return table_of(tables, "layer_starts", STARTS)


_FLOW = "layers, every network, start and tolerance of the flow"
_DRIFT = "drift of the flow relative to the largest squared norm, over the tolerance (at most 10)"

CLAIMS = (
    Claim(
        "layers-linear",
        DU,
        "Gradient flow conserves ||W_{h+1}||^2 - ||W_h||^2 of linear layers, fully connected or convolutional.",
        _FLOW,
        _DRIFT,
        partial(_flow, ("linear",), "layers"),
    ),
    Claim(
        "layers-kinks",
        DU,
        "The same of ReLU and leaky ReLU layers, although their gradients jump.",
        f"{_FLOW}, gates of the config's width",
        _DRIFT,
        partial(_flow, ("relu", "leaky_relu"), "layers"),
    ),
    Claim(
        "layers-neurons",
        DU,
        "Of every neuron and channel it conserves the squared norm of the incoming less that of the outgoing weights.",
        _FLOW,
        _DRIFT,
        partial(_flow, HOMOGENEOUS, "neurons"),
    ),
    Claim(
        "layers-matrices",
        DU,
        "Of linear fully connected layers it conserves the whole matrix W_{h+1}^T W_{h+1} - W_h W_h^T.",
        _FLOW,
        _DRIFT,
        partial(_flow, ("linear",), "matrices"),
    ),
    Claim(
        "layers-coordinates",
        DU,
        "Of layered diagonal networks it conserves a_k^2 - a_l^2, coordinate by coordinate.",
        _FLOW,
        _DRIFT,
        partial(_flow, ("linear",), "coordinates"),
    ),
    Claim(
        "layers-identity",
        DU,
        "Behind it: <W_h, dLoss/dW_h> = <W_{h+1}, dLoss/dW_{h+1}>, neuron by neuron, wherever there is a gradient.",
        "layers, homogeneous activations, weights along every flow, exact kinks",
        "difference over ||W|| ||dLoss/dW||",
        _identity,
    ),
    Claim(
        "layers-factor",
        f"derived here, after {DU}",
        "One step of descent on a diagonal network multiplies a_k^2 - a_l^2 by exactly "
        "1 - step^2 g^2 prod_{j != k, l} a_j^2.",
        "layers, diagonal networks, every step of descent in float64 and the first in rationals",
        "difference over the largest square",
        _factor,
    ),
    Claim(
        "layers-first-order",
        DU,
        "Descent conserves them to first order in its step.",
        "layers, homogeneous activations, every start, the finest of three steps or more, no cancellation",
        "|slope of log drift over log step - 1|",
        _first_order,
    ),
    Claim(
        "layers-constant",
        f"derived here, after {DU}",
        "The constant is the integral of D(dLoss/dW) along the flow, plus its variance where that slides along kinks.",
        "layers, homogeneous activations, every start, the finest step if its drift is of first order, no cancellation",
        "|drift - predicted| over predicted, as vectors",
        _constant,
    ),
    Claim(
        "layers-tiny",
        DU,
        "From tiny starts layers balance themselves: their norms become equal as they grow.",
        "layers, homogeneous activations, the tiniest start of each network",
        "|ratio of neighbouring squared norms - 1| at the end (at most that at the start over the growth)",
        _tiny,
    ),
    Claim(
        "layers-control",
        "derived here",
        "A tanh network, which is not homogeneous, conserves none of this.",
        "layers, tanh, layers and neurons, starts that are not tiny, the finest tolerance",
        "what the flow is allowed to drift over what it does (at most 1e-3)",
        _control,
    ),
)
"""In the order of their table."""
