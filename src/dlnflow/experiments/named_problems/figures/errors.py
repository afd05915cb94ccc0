"""Figures 1 and 2 of Wind, Antun and Hansen (2023): the distance of the flow's limit to basis pursuit's minimiser."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.kit import style

Curve = tuple[str, pd.DataFrame]
"""What a curve is called, and its cells."""
Panel = tuple[str, list[Curve]]
"""The title of a panel, and its curves."""

SMALLEST = -300.0  # log10 of where the axes end, and float64 with them
SOUND = ("converged", "unresolved")
BOUND: dict[str, Any] = {"marker": "v", "markersize": 5, "markerfacecolor": "white"}


def error_figure(table: pd.DataFrame, depths: Sequence[float]) -> Figure:
    """Error against scale, a panel for each problem and a curve for each depth (figure 1).

    table: rows of `tables.RESULTS`; panels in the order in which the problems come.
    """
    return _figure(problem_panels(table, depths), guides={})


def kink_figure(table: pd.DataFrame, depths: Sequence[float], deltas: Mapping[str, str]) -> Figure:
    """Error against scale, a panel for each depth and a curve for each delta (figure 2).

    deltas: problem -> delta as text; a problem without one is drawn under its name. Marks on the scale's axis stand
    where theory puts the kink, at eps = delta^(L/(L-2)) (docs/theory.md, The kink).
    """
    problems = list(dict.fromkeys(table["problem"]))
    sizes = [abs(float(Fraction(deltas[name]))) if name in deltas else None for name in problems]
    guides = {
        style.depth_label(depth): [size and size ** (depth / (depth - 2)) for size in sizes]
        for depth in depths
        if depth > 2
    }
    return _figure(depth_panels(table, depths, deltas), guides)


def problem_panels(table: pd.DataFrame, depths: Sequence[float]) -> list[Panel]:
    """A panel for each problem, in the order in which they come, with a curve for each depth."""
    panels = []
    for name in dict.fromkeys(table["problem"]):
        cells = table[table["problem"] == name]
        panels.append((name, [(style.depth_label(depth), cells[cells["depth"] == depth]) for depth in depths]))
    return panels


def depth_panels(table: pd.DataFrame, depths: Sequence[float], deltas: Mapping[str, str]) -> list[Panel]:
    """A panel for each depth with a curve for each problem, called by its delta if it has one."""
    problems = list(dict.fromkeys(table["problem"]))
    names = {name: rf"$\delta = {deltas[name]}$" if name in deltas else name for name in problems}
    panels = []
    for depth in depths:
        cells = table[table["depth"] == depth]
        panels.append((style.depth_label(depth), [(names[name], cells[cells["problem"] == name]) for name in problems]))
    return panels


def _figure(panels: Sequence[Panel], guides: Mapping[str, Sequence[float | None]]) -> Figure:
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.8 + 2.3 * rows))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        cells = pd.concat([curve for _, curves in panels for _, curve in curves])
        x_limits, y_limits = _limits(cells)
        for ax, (title, curves) in zip(grid.flat, panels, strict=False):
            style.decades(x_limits, ax, "x")
            style.decades(y_limits, ax, "y")
            ax.plot(x_limits, x_limits, color=style.GREY, linewidth=0.8, linestyle=style.DOTTED, zorder=1)
            for index, (colour, (_, curve)) in enumerate(zip(style.colours(len(curves)), curves, strict=True)):
                _draw(ax, curve, colour, style.MARKERS[index % len(style.MARKERS)])
                kink = guides.get(title, [None] * len(curves))[index]
                if kink is not None and x_limits[0] < kink < x_limits[1]:
                    ax.plot([kink], [0.03], "^", color=colour, markersize=5, transform=ax.get_xaxis_transform())
        for ax in list(grid.flat)[len(panels) :]:
            ax.set_visible(False)
        for ax in list(grid.flat)[len(panels) - columns : len(panels)]:
            ax.tick_params(labelbottom=True)  # the panel below may be missing
            ax.set_xlabel(r"scale $\varepsilon = \alpha^L$")
        style.panel_titles(list(grid.flat), [title for title, _ in panels])
        for ax in grid[:, 0]:
            ax.set_ylabel(r"error $\|x_\alpha - x^\circ\|_2$")
        labels = [label for label, _ in panels[0][1]]
        figure.legend(handles=style.curve_legend(labels), loc="outside upper center", ncols=6)
        marks = _mark_legend(cells, bool(guides))
        figure.legend(handles=marks, loc="outside lower center", ncols=style.legend_columns(marks))
    return figure


def _limits(cells: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    low, high = cells["log10_scale"].clip(SMALLEST).min(), cells["log10_scale"].clip(SMALLEST).max()
    shown = np.fmax(cells["log10_error"], cells["log10_radius"]).dropna().clip(SMALLEST)
    bottom, top = (shown.min(), shown.max()) if len(shown) else (-16.0, 0.0)
    return (10 ** (low - 0.4), 10 ** (high + 0.4)), (10 ** (np.floor(bottom) - 0.5), 10 ** (np.ceil(top) + 0.3))


def _draw(ax: Axes, cells: pd.DataFrame, colour: Any, marker: str) -> None:
    """The limit as a line with filled marks, the flow as open marks around them, bounds and failures as they are."""
    for method, rows in cells[cells["status"] == "converged"].groupby("method"):
        errors = rows.groupby("log10_scale")["log10_error"].median()  # over the instances
        x, y = 10.0 ** errors.index.to_numpy(), 10.0 ** errors.to_numpy()
        if method == "flow":
            ax.plot(x, y, marker, color=colour, markerfacecolor="none", markersize=6.5, markeredgewidth=0.8, zorder=4)
        else:
            ax.plot(x, y, marker=marker, color=colour, zorder=3)
    for (_, log10_scale), rows in cells.groupby(["method", "log10_scale"]):
        failed = rows[~rows["status"].isin(SOUND)]
        if len(failed):
            _, top = ax.get_ylim()
            height = min(10.0 ** failed["log10_error"].fillna(np.inf).max(), top)
            ax.plot([10.0**log10_scale], [height], "x", color=colour, clip_on=False)
        elif (rows["status"] == "unresolved").all():
            bound = (10.0 ** rows["log10_error"].fillna(-np.inf) + 10.0 ** rows["log10_radius"]).max()
            ax.plot([10.0**log10_scale], [bound], color=colour, linestyle="none", **BOUND)


def _mark_legend(cells: pd.DataFrame, with_kinks: bool) -> list[Line2D]:
    """What the marks mean, for those that the figure holds."""
    key: dict[str, Any] = {"color": "0.3", "linestyle": "none"}
    handles = []
    methods = set(cells["method"])
    if "limit" in methods:
        handles.append(Line2D([], [], color="0.3", marker="o", label="limit (Newton on the dual)"))
    if "flow" in methods:
        handles.append(Line2D([], [], marker="o", markersize=6.5, markerfacecolor="none", label="flow in time", **key))
    if (cells["status"] == "unresolved").any():
        handles.append(Line2D([], [], label="bound: unresolved in float64", **BOUND, **key))
    if not cells["status"].isin(SOUND).all():
        handles.append(Line2D([], [], marker="x", label="not converged", **key))
    if with_kinks:
        handles.append(Line2D([], [], marker="^", label=r"$\varepsilon = \delta^{L/(L-2)}$", **key))
    handles.append(Line2D([], [], color=style.GREY, linewidth=0.8, linestyle=style.DOTTED, label=r"slope 1"))
    return handles
