"""Claims about layers: what gradient flow conserves of them, how descent drifts, and what becomes of tiny starts."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlnflow.claims_base import Claim, Judgement, Tables, Verdict, judgement_of, table_of
from dlnflow.claims_factorisation import DU
from dlnflow.layers_architecture import HOMOGENEOUS
from dlnflow.layers_tables import DRIFTS, STARTS
from dlnflow.results import Status

if TYPE_CHECKING:
    import pandas as pd

ALLOWED = 10.0
"""Times the integrator's tolerance: local errors add up along the way."""
ROUNDED = 1e-13
"""Relative, of an exact identity: sums of hundreds of products in float64."""
FACTOR = 1e-14
"""The same of one product: a step rounds each layer once, by 1e-16 of its size."""
SLOPE_OFF = 0.02
"""Of the slope of drift against step, between the two finest steps: what the next order, of size `off`, adds to it."""
CONSTANT_OFF = 0.02
"""Of drift against its prediction at the finest step: the next order in the step, and for ReLU the gates' width."""
RATIO_OFF = 1e-4
"""Of |ratio - 1| against what the conserved difference says of it, relative."""
LEAST_LEFT = 0.1
"""Of `cancellation`: where less is left of two energies, the constant is small and the next order is not."""
BALANCED = 0.05
"""Of |ratio - 1| from the tiniest start: the square of its size, over that of the layers it ends with, is below."""
APART = 1e3
"""Times what the flow is allowed: the control's drift does not come from the integrator."""


def _flow(activations: tuple[str, ...], invariants: tuple[str, ...], tables: Tables) -> Judgement:
    rows = _drifts("flow", tables)
    rows = rows[rows.activation.isin(activations) & rows.invariant.isin(invariants)]
    return judgement_of(rows.over_tolerance, np.full(len(rows), ALLOWED))


def _identity(tables: Tables) -> Judgement:
    starts = _starts(tables)
    starts = starts[starts.activation.isin(HOMOGENEOUS) & (starts.pair == 1)]
    return judgement_of(starts.identity_error, np.full(len(starts), ROUNDED))


def _factor(tables: Tables) -> Judgement:
    starts = _starts(tables)
    starts = starts[(starts.kind == "diagonal") & (starts.pair == 1)]
    return judgement_of(np.maximum(starts.step_error, starts.factor_error), np.full(len(starts), FACTOR))


def _finest(tables: Tables) -> "pd.DataFrame":
    """Descent at the finest step of each run, where a drift is predicted that is no small difference."""
    rows = _drifts("descent", tables)
    rows = rows[rows.activation.isin(HOMOGENEOUS)]
    key = ["network", "trial", "start", "start_size", "invariant", "pair"]
    rows = rows[rows.step == rows.groupby(key).step.transform("min")]
    return rows[rows.ratio.notna() & (rows.cancellation > LEAST_LEFT)]


def _first_order(tables: Tables) -> Judgement:
    rows = _finest(tables)
    rows = rows[rows.slope.notna()]
    return judgement_of((rows.slope - 1).abs(), np.full(len(rows), SLOPE_OFF))


def _constant(tables: Tables) -> Judgement:
    rows = _finest(tables)
    return judgement_of(rows.off, np.full(len(rows), CONSTANT_OFF))


def _tiny(tables: Tables) -> Judgement:
    """|ratio - 1| at the end, from the tiniest start of each network, whose layers have grown tenfold and more."""
    starts = _starts(tables)
    starts = starts[(starts.start == "tiny") & starts.activation.isin(HOMOGENEOUS)]
    starts = starts[(starts.start_size == starts.groupby("network").start_size.transform("min"))]
    starts = starts[starts.growth > 10]
    expected = (starts.predicted_ratio - 1).abs()
    sound = np.abs((starts.ratio - 1).abs() - expected) <= RATIO_OFF * expected + RATIO_OFF**2
    return judgement_of((starts.ratio - 1).abs(), np.where(sound, BALANCED, -np.inf))


def _control(tables: Tables) -> Judgement:
    """The least drift of tanh over what the flow is allowed, as a claim that it is large: its inverse is bounded."""
    rows = _drifts("flow", tables)
    rows = rows[(rows.activation == "tanh") & (rows.invariant == "layers") & (rows.start != "tiny")]
    if not len(rows):
        return judgement_of([], [])
    finest = rows[rows.tolerance == rows.tolerance.min()].groupby(["network", "trial", "start"]).over_tolerance.max()
    found = ALLOWED / finest
    verdict = Verdict.HOLDS if (found <= 1 / APART).all() else Verdict.FAILS
    return Judgement(len(found), float(found.max()), float(found.median()), verdict)


def _drifts(method: str, tables: Tables) -> "pd.DataFrame":
    rows = table_of(tables, "layer_drifts", DRIFTS)
    return rows[(rows.method == method) & (rows.status == Status.CONVERGED)]


def _starts(tables: Tables) -> "pd.DataFrame":
    rows = table_of(tables, "layer_starts", STARTS)
    return rows[rows.status == Status.CONVERGED]


_FLOW = "layers, every network, start and tolerance of the flow"
_DRIFT = "drift of the flow relative to the largest squared norm, over the tolerance (at most 10)"

CLAIMS = (
    Claim(
        "layers-linear",
        DU,
        "Gradient flow conserves ||W_{h+1}||^2 - ||W_h||^2 of linear layers, fully connected or convolutional.",
        _FLOW,
        _DRIFT,
        partial(_flow, ("linear",), ("layers",)),
    ),
    Claim(
        "layers-kinks",
        DU,
        "The same of ReLU and leaky ReLU layers, although their gradients jump.",
        f"{_FLOW}, gates of the config's width",
        _DRIFT,
        partial(_flow, ("relu", "leaky_relu"), ("layers",)),
    ),
    Claim(
        "layers-neurons",
        DU,
        "Of every neuron and channel it conserves the squared norm of the incoming less that of the outgoing weights.",
        _FLOW,
        _DRIFT,
        partial(_flow, HOMOGENEOUS, ("neurons",)),
    ),
    Claim(
        "layers-matrices",
        DU,
        "Of linear fully connected layers it conserves the whole matrix W_{h+1}^T W_{h+1} - W_h W_h^T.",
        _FLOW,
        _DRIFT,
        partial(_flow, ("linear",), ("matrices",)),
    ),
    Claim(
        "layers-coordinates",
        DU,
        "Of layered diagonal networks it conserves a_k^2 - a_l^2, coordinate by coordinate.",
        _FLOW,
        _DRIFT,
        partial(_flow, ("linear",), ("coordinates",)),
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
        "layers, homogeneous activations, every start, the two finest steps, no cancellation",
        "|slope of log drift over log step - 1|",
        _first_order,
    ),
    Claim(
        "layers-constant",
        f"derived here, after {DU}",
        "The constant is the integral of D(dLoss/dW) along the flow, plus its variance where that slides along kinks.",
        "layers, homogeneous activations, every start, the finest step, no cancellation",
        "|drift - predicted| over predicted, as vectors",
        _constant,
    ),
    Claim(
        "layers-tiny",
        DU,
        "From tiny starts layers balance themselves: their norms become equal as they grow.",
        "layers, homogeneous activations, the tiniest start, layers whose squared norms grow tenfold and more",
        "|ratio of neighbouring squared norms - 1| at the end",
        _tiny,
    ),
    Claim(
        "layers-control",
        "derived here",
        "A tanh network, which is not homogeneous, conserves none of this.",
        "layers, tanh, starts that are not tiny, the finest tolerance",
        "what the flow is allowed to drift over what it does (at most 1e-3)",
        _control,
    ),
)
"""In the order of their table."""
