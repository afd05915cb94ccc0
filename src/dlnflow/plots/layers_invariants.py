"""The invariants of layered networks in time: flat for homogeneous activations, and not for the control."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.plots import style
from dlnflow.plots.layers_marks import CONTROL, in_order

NORM: dict[str, Any] = {"color": style.GREY, "linewidth": 0.9}
MOST_COORDINATES = 12


def invariants_figure(courses: pd.DataFrame) -> Figure:
    """A panel for each network from its unbalanced start: invariants coloured, squared norms of the layers grey.

    courses: rows of `layers_tables.COURSES`. The first instance is drawn.
    """
    drawn = courses[(courses["start"] == "unbalanced") & courses["time"].notna()]
    drawn = in_order(drawn[drawn["trial"] == 0])
    if drawn.empty:
        return style.note("no flow from an unbalanced start")
    names = list(dict.fromkeys(drawn["network"]))
    columns = style.columns_for(len(names), most=3)
    rows = -(-len(names) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.6 + 1.75 * rows))
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        for ax, name in zip(panels, names, strict=False):
            _draw(ax, drawn[drawn["network"] == name].sort_values("time"))
        for ax in panels[len(names) :]:
            ax.set_visible(False)
        style.panel_titles(panels, [_title(name) for name in names])
        for ax in panels[max(0, len(names) - columns) : len(names)]:
            ax.set_xlabel("$t$")
        figure.legend(handles=_legend(drawn), loc="outside upper center", ncols=3)
    return figure


def _title(name: str) -> str:
    return name


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    times, values = rows["time"].to_numpy(), np.array(rows["values"].tolist())
    if rows["invariant"].iloc[0] == "layers":
        for h, norms in enumerate(np.array(rows["squared_norms"].tolist()).T):
            ax.plot(times, norms, linestyle=style.DASHES[(h + 1) % len(style.DASHES)], **NORM)
    else:
        values = values[:, :MOST_COORDINATES]
    for colour, course in zip(_colours(values.shape[1]), values.T, strict=True):
        ax.plot(times, course, color=colour, linewidth=1.5)
    ax.set_xlim(0, times[-1])


def _colours(count: int) -> list[Any]:
    return style.colours(count) if count > 2 else style.colours(3)[:count]


def _legend(drawn: pd.DataFrame) -> list[Line2D]:
    first, second, *_ = style.colours(3)
    handles = []
    if (drawn["invariant"] == "layers").any():
        handles = [
            Line2D([], [], color=first, label=r"$\|W_2\|^2-\|W_1\|^2$"),
            Line2D([], [], linestyle=style.DASHES[1], label=r"$\|W_h\|^2$", **NORM),
        ]
        if (drawn["layers"] > 2).any():
            handles.insert(1, Line2D([], [], color=second, label=r"$\|W_3\|^2-\|W_2\|^2$"))
    if (drawn["invariant"] == "coordinates").any():
        handles.append(Line2D([], [], color=style.colours(4)[2], label=r"diagonal: $a_{2,i}^2-a_{1,i}^2$"))
    if (drawn["activation"] == CONTROL).any():
        handles.append(Line2D([], [], linestyle="none", label="tanh: the control"))
    return handles
