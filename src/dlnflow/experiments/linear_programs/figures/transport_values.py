"""The value of the network's plan less the optimum against lam, beside the predicted law and Sinkhorn's."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.kit import style

NETWORK: dict[str, Any] = {"marker": "o", "linestyle": "none"}
OUT: dict[str, Any] = {"marker": "o", "linestyle": "none", "markerfacecolor": "white"}
LAW: dict[str, Any] = {"color": "black", "linewidth": 0.9, "linestyle": (0, (4, 2)), "zorder": 1}
SINKHORN: dict[str, Any] = {
    "color": "0.45",
    "marker": "x",
    "markersize": 4,
    "linewidth": 0.7,
    "linestyle": style.DOTTED,
}
BOUND: dict[str, Any] = {"color": "0.45", "marker": "v", "markersize": 3, "linewidth": 0.7}
DEEPEST = -60.0
"""log10 below which nothing is drawn."""


def transport_values_figure(values: pd.DataFrame) -> Figure:
    """A panel for each problem. values: rows of `transport_tables.TRANSPORT_VALUES`."""
    problems = list(dict.fromkeys(values["problem"]))
    if not problems:
        return style.note("no value to draw")
    columns = style.columns_for(len(problems), most=3)
    rows = -(-len(problems) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.55 + 2.5 * rows))
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        titles = []
        for ax, name, colour in zip(panels, problems, style.colours(len(problems)), strict=False):
            cells = values[values["problem"] == name].sort_values("log10_lam", ascending=False)
            _draw(ax, cells, colour)
            first = cells.iloc[0]
            titles.append(f"{name}, ${first['sources']} \\times {first['targets']}$")
        for ax in panels[len(problems) :]:
            ax.set_visible(False)
        for ax in panels[: len(problems) : columns]:
            ax.set_ylabel(r"$\langle C,P\rangle$ less the optimum")
        style.panel_titles(panels, titles)
        figure.legend(handles=_legend(values), loc="outside upper center", ncols=2)
    return figure


def _draw(ax: Axes, cells: pd.DataFrame, colour: Any) -> None:
    lams = 10.0 ** cells["log10_lam"].to_numpy(float)
    sound = (cells["status"] == "converged").to_numpy(bool)
    height = cells["log10_excess"].to_numpy(float).clip(DEEPEST)
    excess = np.where(height > DEEPEST, 10.0**height, np.nan)
    ax.plot(lams[sound], excess[sound], color=colour, **NETWORK)
    ax.plot(lams[~sound], excess[~sound], color=colour, **OUT)
    known = cells[cells["log10_predicted"].notna()]
    predicted = known["log10_predicted"].to_numpy(float)
    inside = predicted > DEEPEST
    ax.plot(10.0 ** known["log10_lam"].to_numpy(float)[inside], 10.0 ** predicted[inside], **LAW)
    ran = cells[cells["sinkhorn_sweeps"] > 0]
    ax.plot(10.0 ** ran["log10_lam"], 10.0 ** ran["log10_sinkhorn_off"], **SINKHORN)
    heights = np.concatenate([excess, 10.0 ** ran["log10_sinkhorn_off"].to_numpy(float)])
    heights = heights[np.isfinite(heights) & (heights > 0)]
    style.decades((lams.min() / 2, lams.max() * 2), ax, "x")
    if len(heights):
        style.long_decades((heights.min() / 30, heights.max() * 30), ax, "y", 7)
    ax.invert_xaxis()
    ax.set_xlabel(r"$\lambda$ over the largest cost")


def _legend(values: pd.DataFrame) -> list[Line2D]:
    handles = [Line2D([], [], color="0.2", label="network's plan (Newton)", **NETWORK)]
    if (values["status"] != "converged").any():
        handles.append(Line2D([], [], color="0.2", label="beyond float64", **OUT))
    if values["log10_predicted"].notna().any():
        handles.append(Line2D([], [], label="predicted", **LAW))
    sweeps = sorted(set(values["sinkhorn_sweeps"]) - {0})
    if sweeps:
        counts = " or ".join(str(count) for count in sweeps)
        handles.append(
            Line2D([], [], label=f"$|\\langle C,P\\rangle-$ optimum$|$ after {counts} sweeps of Sinkhorn", **SINKHORN)
        )
    return handles
