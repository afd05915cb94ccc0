"""The tables of the layers experiment: drifts of the invariants, their course in time, and how layers balance."""

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, SAMPLED, STATUS, relative, within
from dlnflow.files.tables import COUNT, REAL, TEXT, VECTOR, schema_of

_FLOWED, _OF_NORMS, _OF_TEN = within(1e-2), within(1e-1), within(2.0)
"""Flows are followed to tolerances of 1e-3 and less, and end within ten times that, which `over_tolerance` may be:
rounding moves an integrator's steps, and decides what they see where units open and close. Norms are about 10."""
_FOUND, _GROWN = within(1e-4), relative(1e-4)
"""The same at the finest tolerance."""
_INTEGRATED = within(1e-3)
"""Of constants that are integrals along such a flow, which descent meets to a hundredth."""
_LEFT = within(1e-6)
"""What rounding leaves of an identity, relative to what is in it, and of one that does not hold a sixth digit."""

ALLOWED = 10.0
"""Times the integrator's tolerance, which the flow's invariants may drift: local errors add up along the way."""
LEAST_LEFT = 0.1
"""Of `cancellation`: where less is left of two energies, the constant is small and the next order is not."""

KEY = {
    "network": (TEXT, "name in the config", ROW_KEY),
    "kind": (TEXT, "diagonal, dense or convolution"),
    "activation": (TEXT, "linear, relu, leaky_relu or tanh"),
    "dimension": (COUNT, "of a convolution's image; 0 without one"),
    "layers": (COUNT, "L, those that have weights"),
    "weights": (COUNT, "their number"),
    "trial": (COUNT, "number of the instance, from 0", ROW_KEY),
    "start": (TEXT, "balanced, unbalanced or tiny", ROW_KEY),
    "start_size": (REAL, "factor of a tiny start; 1 of others", ROW_KEY),
    "end_time": (REAL, "T: longer for tiny starts, by the time that layers of that size take to grow"),
}

DRIFTS = schema_of(
    "network step trial method",
    **KEY,
    method=(TEXT, "flow, or descent", ROW_KEY),
    solver=(TEXT, "the flow's integrator; empty for descent"),
    tolerance=(REAL, "of a step's local error relative to the weights, in the 2-norm; null for descent"),
    step=(REAL, "eta of descent; null for the flow"),
    steps=(COUNT, "steps taken", COUNTED),
    evaluations=(COUNT, "of the gradient", COUNTED),
    status=(TEXT, "a results.Status; out_of_float64: descent diverged", STATUS),
    message=(TEXT, "why it failed, else empty", STATUS),
    loss=(REAL, "at the end", _FLOWED),
    invariant=(TEXT, "layers, neurons, matrices or coordinates (dlnflow.layers.invariants)", ROW_KEY),
    pair=(COUNT, "h: layers h and h + 1", ROW_KEY),
    norm=(REAL, "the largest squared Frobenius norm of a layer, along the flow at the finest tolerance", _INTEGRATED),
    drift=(REAL, "||D(t) - D(0)||_2: of the flow the largest over its steps, of descent at the end", _OF_NORMS),
    relative_drift=(REAL, "drift over norm", _FLOWED),
    over_tolerance=(
        REAL,
        "relative_drift over tolerance, at most 10 wherever the invariant holds; null for descent",
        _OF_TEN,
    ),
    predicted_drift=(
        REAL,
        "of descent: eta times || integral of D(dLoss/dW) dt along the flow, and of the chatter ||; null for the flow",
        _INTEGRATED,
    ),
    chatter=(
        REAL,
        "||its part where the flow slides along kinks|| over predicted_drift; 0 for smooth networks",
        _INTEGRATED,
    ),
    cancellation=(
        REAL,
        "predicted_drift over eta (energy of layer h + that of layer h + 1), whose difference it is: where this is "
        "small the next order in eta decides; null for the flow",
        _INTEGRATED,
    ),
    ratio=(
        REAL,
        "drift over predicted_drift: 1 + O(eta); null where that is rounding, and for the flow",
        _INTEGRATED,
    ),
    off=(REAL, "||drift - predicted||_2 over predicted_drift, as vectors; null likewise", _INTEGRATED),
    slope=(
        REAL,
        "of log drift over log step from the next larger step to this one; predicted 1; null likewise",
        _INTEGRATED,
    ),
)
"""A row a network, instance, start, tolerance or step, invariant and pair of layers."""

COURSES = schema_of(
    "network trial",
    **KEY,
    status=(TEXT, "a results.Status of the flow at the finest tolerance", STATUS),
    tolerance=(REAL, "the finest"),
    time=(REAL, "t; null if it failed", SAMPLED),
    loss=(REAL, "at t", _FOUND),
    squared_norms=(VECTOR, "||W_h||_F^2 of each layer", _FOUND),
    invariant=(TEXT, "layers; coordinates for a diagonal network", ROW_KEY),
    values=(VECTOR, "D(W(t)): of layers one for each pair; of coordinates those of all pairs", _FOUND),
)
"""A row a time of the flow."""

STARTS = schema_of(
    "network trial",
    **KEY,
    status=(TEXT, "a results.Status of the flow at the finest tolerance", STATUS),
    message=(TEXT, "why it failed, else empty; what is not known is null", STATUS),
    tolerance=(REAL, "the finest"),
    pair=(COUNT, "h: layers h and h + 1", ROW_KEY),
    first_loss=(REAL, "at t = 0"),
    loss=(REAL, "at the end", _FOUND),
    growth=(REAL, "the smallest layer's squared norm at the end over that at t = 0", _GROWN),
    first_ratio=(REAL, "||W_{h+1}||^2/||W_h||^2 at t = 0"),
    ratio=(REAL, "the same at the end", _GROWN),
    predicted_ratio=(REAL, "1 + (||W_{h+1}(0)||^2 - ||W_h(0)||^2)/||W_h(T)||^2", _GROWN),
    identity_error=(
        REAL,
        "the largest |B(W, dLoss/dW)|/(||W|| ||dLoss/dW||) at the flow's steps, exact kinks",
        _LEFT,
    ),
    step_error=(
        REAL,
        "of a diagonal network's descent at the largest step: layers_diagonal.FactorErrors.step",
        _LEFT,
    ),
    factor_error=(REAL, "likewise: FactorErrors.factor", _LEFT),
)
"""A row a network, instance, start and pair of layers."""
