"""The invariants of layered networks in time: flat for homogeneous activations, and not for the control."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.experiments.layers.figures.marks import CONTROL, in_order
from dlnflow.kit import style

NORM: dict[str, Any] = {"color": style.GREY, "linewidth": 1.1}
INVARIANT: dict[str, Any] = {"linewidth": 1.6}


def invariants_figure(courses: pd.DataFrame) -> Figure:
    """A panel for each network from its unbalanced start: changes of the invariants, and of the layers' squared norms.

    courses: rows of `tables.COURSES`. The first instance is drawn.
    """
    drawn = courses[(courses["start"] == "unbalanced") & courses["time"].notna()]
    drawn = in_order(drawn[drawn["trial"] == 0])
    if drawn.empty:
        return style.note("no flow from an unbalanced start")
    names = list(dict.fromkeys(drawn["network"]))
    columns = style.columns_for(len(names), most=3)
    rows = -(-len(names) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.7 + 1.6 * rows))
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        for ax, name in zip(panels, names, strict=False):
            _draw(ax, drawn[drawn["network"] == name].sort_values("time"))
        for ax in panels[len(names) :]:
            ax.set_visible(False)
        style.panel_titles(panels, [_title(drawn, name) for name in names])
        figure.supxlabel("$t$", fontsize=9)
        figure.supylabel("change since $t = 0$", fontsize=9)
        figure.legend(handles=_legend(drawn), loc="outside upper center", ncols=3)
    return figure


def _title(drawn: pd.DataFrame, name: str) -> str:
    is_control = drawn.loc[drawn["network"] == name, "activation"].iloc[0] == CONTROL
    return f"{name} (control)" if is_control else name


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    """Grey below, so that an invariant that moves is seen on top of the norms."""
    times = rows["time"].to_numpy()
    for h, norms in enumerate(np.array(rows["squared_norms"].tolist()).T):
        ax.plot(times, norms - norms[0], linestyle=style.DASHES[(h + 1) % len(style.DASHES)], **NORM)
    for colour, course in zip(_colours(rows), np.array(rows["values"].tolist()).T, strict=True):
        ax.plot(times, course - course[0], color=colour, **INVARIANT)
    ax.set_xlim(0, times[-1])


def _colours(rows: pd.DataFrame) -> list[Any]:
    """One a pair of layers; all coordinates of a diagonal network are alike."""
    count = len(rows["values"].iloc[0])
    if rows["invariant"].iloc[0] == "coordinates":
        return [style.colours(4)[0]] * count
    return style.colours(max(count, 3))[:count]


def _legend(drawn: pd.DataFrame) -> list[Line2D]:
    first, second, *_ = style.colours(3)
    handles = [Line2D([], [], color=first, label=r"$\|W_2\|^2-\|W_1\|^2$; diagonal: each $a_{k+1,i}^2-a_{k,i}^2$")]
    if (drawn["layers"] > 2).any():
        handles.append(Line2D([], [], color=second, label=r"$\|W_3\|^2-\|W_2\|^2$"))
    dashes = [
        (f"$\\|W_{h}\\|^2$", style.DASHES[h % len(style.DASHES)]) for h in range(1, int(drawn["layers"].max()) + 1)
    ]
    return handles + [Line2D([], [], linestyle=dash, label=label, **NORM) for label, dash in dashes]
