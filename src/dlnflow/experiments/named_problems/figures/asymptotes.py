"""Figures 1 and 2 of Wind, Antun and Hansen (2023) a second time: the error beside its predicted asymptote."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dlnflow.experiments.named_problems.figures.errors import (
    BOUND,
    SMALLEST,
    SOUND,
    Panel,
    depth_panels,
    problem_panels,
)
from dlnflow.kit import style

Limits = tuple[float, float]

GAP_FLOOR = -16.0  # log10 of where the lower axes end, below what stored logarithms tell
ROUNDED = np.log(10) * 2.0**-52  # a ratio from two rounded logarithms, for each unit of their sizes
BAND = "0.93"
MEASURED: dict[str, Any] = {"linewidth": 2.8, "alpha": 0.35, "solid_capstyle": "butt"}
PREDICTED: dict[str, Any] = {"linewidth": 0.9, "linestyle": (0, (4, 2))}
FLOW: dict[str, Any] = {"markerfacecolor": "none", "markersize": 6.5, "markeredgewidth": 0.8}
RADIUS: dict[str, Any] = {"linewidth": 0.8, "linestyle": style.DOTTED, "alpha": 0.8}


def asymptote_figure(table: pd.DataFrame, depths: Sequence[float]) -> Figure:
    """Error and predicted asymptote, and how far their ratio is from 1: a column a problem, a curve a depth.

    table: rows of `tables.RESULTS` with the prediction, constant * eps^exponent; columns in the problems' order.
    """
    return _figure(problem_panels(table, depths))


def kink_asymptote_figure(table: pd.DataFrame, depths: Sequence[float], deltas: Mapping[str, str]) -> Figure:
    """The same with a column for each depth and a curve for each delta.

    deltas: problem -> delta as text; a problem without one is drawn under its name.
    """
    return _figure(depth_panels(table, depths, deltas))


def beside_prediction(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with log10_predicted, gap = |error/predicted - 1| and what makes the gap uncertain.

    log10_error and gap are NaN where the cell has not converged.  relative_radius: the radius over the error.
    rounding: of a ratio of numbers whose logarithms the table stores.
    """
    error = cells["log10_error"].astype(float).where(cells["status"] == "converged")
    radius = cells["log10_radius"].astype(float)
    predicted = cells["log10_constant"].astype(float) + cells["exponent"].astype(float) * cells["log10_scale"]
    return cells.assign(
        log10_error=error,
        log10_radius=radius,
        log10_predicted=predicted,
        gap=np.abs(np.expm1(np.log(10) * (error - predicted).clip(upper=-SMALLEST))),
        relative_radius=10.0 ** (radius - error).clip(upper=0.0),
        rounding=ROUNDED * (error.abs() + predicted.abs()),
    )


def _figure(panels: Sequence[Panel]) -> Figure:
    columns = min(len(panels), 3)
    blocks = -(-len(panels) // columns)
    cells = pd.concat([curve for _, curves in panels for _, curve in curves])
    compared = beside_prediction(cells)
    x_limits, y_limits, gap_limits = _limits(cells, compared)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.9 + 4.3 * blocks))
        heights = [4, 3] * blocks
        grid = figure.subplots(2 * blocks, columns, sharex=True, sharey="row", squeeze=False, height_ratios=heights)
        tops, bottoms = list(grid[::2].flat), list(grid[1::2].flat)
        for top, bottom, (_, curves) in zip(tops, bottoms, panels, strict=False):
            for ax, limits in ((top, y_limits), (bottom, gap_limits)):
                style.long_decades(x_limits, ax, "x", most=5)
                style.long_decades(limits, ax, "y", most=8)
            for index, (_, curve) in enumerate(curves):
                _draw_errors(top, curve, index, len(curves))
                _draw_gaps(bottom, curve, index, len(curves))
            _draw_band(bottom, pd.concat([curve for _, curve in curves]))
        for ax in [*tops[len(panels) :], *bottoms[len(panels) :]]:
            ax.set_visible(False)
        for ax in bottoms[len(panels) - columns : len(panels)]:
            ax.tick_params(labelbottom=True)  # the panel below may be missing
            ax.set_xlabel(r"scale $\varepsilon = \alpha^L$")
        for above, below in zip(tops[::columns], bottoms[::columns], strict=True):
            above.set_ylabel(r"error $\|x_\alpha - x^\circ\|_2$")
            below.set_ylabel("| error / predicted − 1 |")
        style.panel_titles(tops, [title for title, _ in panels])
        labels = [label for label, _ in panels[0][1]]
        figure.legend(handles=style.curve_legend(labels), loc="outside upper center", ncols=6)
        marks = _mark_legend(cells, compared)
        figure.legend(handles=marks, loc="outside lower center", ncols=style.legend_columns(marks))
    return figure


def _limits(cells: pd.DataFrame, compared: pd.DataFrame) -> tuple[Limits, Limits, Limits]:
    low, high = cells["log10_scale"].clip(SMALLEST).min(), cells["log10_scale"].clip(SMALLEST).max()
    margin = 0.05 * (high - low) + 0.1
    shown = pd.concat([cells["log10_error"], cells["log10_radius"], compared["log10_predicted"]]).astype(float)
    shown = shown.dropna().clip(SMALLEST)
    bottom, top = (shown.min(), shown.max()) if len(shown) else (-16.0, 0.0)
    room = 0.02 * (top - bottom) + 0.3
    gap = compared["gap"].max()
    widest = np.ceil(np.log10(gap)) if gap > 0 else 0.0
    return (
        (10 ** (low - margin), 10 ** (high + margin)),
        (10 ** (bottom - room), 10 ** (top + room)),
        (10**GAP_FLOOR, 10 ** (max(widest, 0.0) + 0.5)),
    )


def _draw_errors(ax: Axes, cells: pd.DataFrame, index: int, count: int) -> None:
    """The error as a pale line with marks, its prediction and its radius over it, bounds and failures as they are."""
    colour, marker = style.colours(count)[index], style.MARKERS[index % len(style.MARKERS)]
    compared = beside_prediction(cells)
    predicted = compared.groupby("log10_scale")["log10_predicted"].median()
    ax.plot(_power(predicted.index), _power(predicted), color=colour, zorder=3, **PREDICTED)
    for method, rows in compared.groupby("method"):
        medians = rows.groupby("log10_scale")[["log10_error", "log10_radius"]].median()  # over the instances
        known = medians[medians["log10_error"].notna()]
        x, y, every = _power(known.index), _power(known["log10_error"]), style.sparse_marks(len(known), index, count)
        if method == "flow":
            ax.plot(x, y, marker, color=colour, markevery=every, zorder=4, **FLOW)
        else:
            ax.plot(x, y, color=colour, zorder=2, **MEASURED)
            ax.plot(x, y, marker, color=colour, markevery=every, zorder=4)
            ax.plot(_power(medians.index), _power(medians["log10_radius"]), color=colour, zorder=1.5, **RADIUS)
    _draw_unsound(ax, cells, index, count)


def _draw_unsound(ax: Axes, cells: pd.DataFrame, index: int, count: int) -> None:
    """A bound where no instance is resolved, a cross where one has failed."""
    _, top = ax.get_ylim()
    bounds, crosses = [], []
    for (_, log10_scale), rows in cells.groupby(["method", "log10_scale"]):
        error, radius = _power(rows["log10_error"]), _power(rows["log10_radius"])
        failed = ~rows["status"].isin(SOUND).to_numpy()
        if failed.any():
            crosses.append((log10_scale, np.nan_to_num(error[failed], nan=top).max()))
        elif (rows["status"] == "unresolved").all():
            bounds.append((log10_scale, (np.nan_to_num(error) + np.nan_to_num(radius)).max()))
    few = {"markevery": style.sparse_marks(len(bounds), index, count)} | BOUND
    for points, key in ((bounds, few), (crosses, {"marker": "x", "clip_on": False})):
        if points:
            x, y = np.array(points).T
            ax.plot(_power(x), np.minimum(y, top), color=style.colours(count)[index], linestyle="none", **key)


def _draw_gaps(ax: Axes, cells: pd.DataFrame, index: int, count: int) -> None:
    """|error/predicted - 1| as far as it is above what makes it uncertain, and the relative radius."""
    colour, marker = style.colours(count)[index], style.MARKERS[index % len(style.MARKERS)]
    for method, rows in beside_prediction(cells).groupby("method"):
        medians = rows.groupby("log10_scale")[["gap", "relative_radius", "rounding"]].median()
        resolved = medians["gap"] > medians["relative_radius"] + medians["rounding"]
        shown = medians["gap"][resolved]
        every = style.sparse_marks(len(shown), index, count)
        key = FLOW if method == "flow" else {}
        ax.plot(_power(shown.index), shown, marker, color=colour, markevery=every, zorder=4, **key)
        if method != "flow":
            ax.plot(_power(medians.index), medians["gap"].where(resolved), color=colour, zorder=3)
            ax.plot(_power(medians.index), medians["relative_radius"], color=colour, zorder=1.5, **RADIUS)


def _draw_band(ax: Axes, cells: pd.DataFrame) -> None:
    """What the rounding of the table's logarithms hides."""
    rounding = beside_prediction(cells).groupby("log10_scale")["rounding"].max().dropna()
    ax.fill_between(_power(rounding.index), 10**GAP_FLOOR, rounding, color=BAND, linewidth=0, zorder=0.5)


def _power(logarithms: Any) -> Any:
    return 10.0 ** np.clip(np.asarray(logarithms, dtype=float), SMALLEST, -SMALLEST)


def _mark_legend(cells: pd.DataFrame, compared: pd.DataFrame) -> list[Line2D | Patch]:
    """What the lines and marks mean, for those that the figure holds."""
    dark = "0.3"
    key: dict[str, Any] = {"color": dark, "linestyle": "none"}
    methods = set(cells["method"])
    handles: list[Line2D | Patch] = []
    if methods - {"flow"}:
        handles.append(Line2D([], [], color=dark, label="error", **MEASURED))
    if "flow" in methods:
        handles.append(Line2D([], [], marker="o", label="flow in time", **FLOW, **key))
    if compared["log10_predicted"].notna().any():
        handles.append(Line2D([], [], color=dark, label=r"predicted: constant $\times\,\varepsilon^e$", **PREDICTED))
    if methods - {"flow"}:
        proved = "proved radius" if methods == {"certified"} else "radius"
        handles.append(Line2D([], [], color=dark, label=f"{proved} (below: relative)", **RADIUS))
    handles.append(Patch(color=BAND, label="rounding of the logarithms"))
    if (cells["status"] == "unresolved").any():
        handles.append(Line2D([], [], label="bound: unresolved", **BOUND, **key))
    if not cells["status"].isin(SOUND).all():
        handles.append(Line2D([], [], marker="x", label="not converged", **key))
    return handles
