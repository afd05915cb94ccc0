"""The colour and the mark of each network in the figures of the layers experiment."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D

from dlnflow.kit import style

ACTIVATIONS = ("linear", "relu", "leaky_relu", "tanh")
CONTROL = "tanh"
"""Not homogeneous: what is conserved of the others is not of it."""
_SHAPES = {("diagonal", 0): "D", ("dense", 0): "o", ("convolution", 1): "s", ("convolution", 2): "^"}


def looks(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """network -> colour by activation and mark by kind; a second network of the same kind and activation is hollow."""
    colours = dict(zip(ACTIVATIONS, style.colours(len(ACTIVATIONS)), strict=True))
    found: dict[str, dict[str, Any]] = {}
    taken: set[tuple[str, str]] = set()
    for name, first in rows.groupby("network", sort=False).first().iterrows():
        colour, mark = colours[first.activation], _SHAPES[first.kind, first.dimension]
        face = "white" if (first.activation, mark) in taken else colour
        taken.add((first.activation, mark))
        found[str(name)] = {"color": colour, "marker": mark, "markerfacecolor": face, "markersize": 4}
    return found


def legend(looks: dict[str, dict[str, Any]]) -> list[Line2D]:
    """An entry a network."""
    return [Line2D([], [], label=name, linestyle="none", **look) for name, look in looks.items()]


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Networks by kind, activation and size, which is the order of panels and legends."""
    ranks = {
        "kind": {"diagonal": 0, "dense": 1, "convolution": 2},
        "activation": {name: i for i, name in enumerate(ACTIVATIONS)},
    }
    key = ["kind", "dimension", "activation", "layers", "network"]
    return rows.sort_values(
        key,
        key=lambda column: column.map(ranks.get(column.name, {})).fillna(column) if column.name in ranks else column,
        kind="stable",
    )


def spans(values: Sequence[float]) -> tuple[float, float]:
    """Limits a little beyond the values, for a logarithmic axis."""
    return min(values) / 1.6, max(values) * 1.6
