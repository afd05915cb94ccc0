"""Tiny starts: the layers' squared norms become equal as they grow, the more the tinier the start."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from dlnflow.experiments.layers.figures.marks import CONTROL, in_order, legend, looks, spans
from dlnflow.kit import style

PREDICTED: dict[str, Any] = {"linewidth": 0.9, "zorder": 1.5}
EQUAL: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}


def balance_figure(courses: pd.DataFrame, starts: pd.DataFrame) -> Figure:
    """(a) ||W_2||^2/||W_1||^2 in time from the tiniest start; (b) its distance to 1 at the end by the start's size.

    courses, starts: rows of `tables.COURSES` and STARTS. First instances; (b) the worst pair of layers.
    """
    courses, starts = (in_order(rows[(rows["start"] == "tiny") & (rows["trial"] == 0)]) for rows in (courses, starts))
    courses, starts = courses[courses["time"].notna()], starts[starts["ratio"].notna()]
    if courses.empty or starts.empty:
        return style.note("no flow from a tiny start")
    shown = looks(starts)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 3.3))
        left, right = figure.subplots(1, 2)
        _draw_courses(left, courses[courses["start_size"] == courses["start_size"].min()], shown)
        _draw_ends(right, starts, shown)
        tiniest = courses["start_size"].min()
        style.panel_titles([left, right], [f"in time, start {tiniest:g}", "at the end"])
        line = Line2D([], [], color="black", label="predicted", **PREDICTED)
        figure.legend(handles=[*legend(shown), line], loc="outside upper center", ncols=5)
    return figure


def _draw_courses(ax: Axes, courses: pd.DataFrame, shown: dict[str, Any]) -> None:
    curves = courses.groupby("network", sort=False)
    for i, (name, rows) in enumerate(curves):
        rows = rows.sort_values("time")
        norms = np.array(rows["squared_norms"].tolist())
        look = shown[str(name)]
        dash = style.DASHES[1] if rows["activation"].iloc[0] == CONTROL else "-"
        places = style.sparse_marks(len(rows), i, len(curves), most=4)
        ax.plot(rows["time"] / rows["end_time"], norms[:, 1] / norms[:, 0], linestyle=dash, markevery=places, **look)
    ax.axhline(1.0, **EQUAL)
    ax.set(xlim=(0, 1), yscale="log", xlabel="$t/T$", ylabel=r"$\|W_2\|^2/\|W_1\|^2$")
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())


def _draw_ends(ax: Axes, starts: pd.DataFrame, shown: dict[str, Any]) -> None:
    """|ratio - 1| of the worst pair, and as the conserved difference has it."""
    ends = starts.assign(off=(starts["ratio"] - 1).abs(), expected=(starts["predicted_ratio"] - 1).abs())
    for name, rows in ends.groupby("network", sort=False):
        worst = rows.groupby("start_size")[["off", "expected"]].max()
        ax.plot(worst.index, worst["off"], linestyle="none", **shown[str(name)])
        if rows["activation"].iloc[0] != CONTROL:
            ax.plot(worst.index, worst["expected"], color=shown[str(name)]["color"], **PREDICTED)
    sizes = sorted(ends["start_size"].unique())
    known = ends["off"][ends["off"] > 0]
    ax.set(xscale="log", xlim=spans(sizes))
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.xaxis.set_minor_formatter(NullFormatter())
    if len(known):
        style.long_decades(spans(known.tolist()), ax, "y", 8)
    ax.set(xlabel="size of the start", ylabel=r"$|\,\|W_{h+1}\|^2/\|W_h\|^2-1\,|$, the worst $h$")
