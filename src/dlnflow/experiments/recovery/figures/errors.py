"""The mean squared error at fixed m/n against s/m: simulated, and in state evolution."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.kit import style
from dlnflow.kit.curves import depths_of, network, of_largest, scales_of

HEAVY = 2.0  # standard errors between mean and median, from which on the median is drawn too
PREDICTED: dict[str, Any] = {"linewidth": 1.0, "zorder": 2}
BASIS_PURSUIT: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (4, 2)), "zorder": 2.5}
MEAN: dict[str, Any] = {"linestyle": "none", "elinewidth": 0.8, "markersize": 3.5, "zorder": 4}
MEDIAN: dict[str, Any] = MEAN | {
    "marker": "_",
    "markersize": 6,
    "markeredgewidth": 1.0,
    "elinewidth": 2.5,
    "zorder": 3,
}


def errors_figure(cells: pd.DataFrame, evolution: pd.DataFrame) -> Figure:
    """||x - x0||^2 / n against s/m, a panel for each depth (and m/n), a colour for each scale.

    cells: rows of `tables.RECOVERY` of the grid of errors; of several n the largest is drawn.  evolution: rows
    of its EVOLUTION. Means over the instances with their standard errors, and, where a few instances carry the mean,
    medians with quartiles.
    """
    cells = of_largest(cells)
    cells = cells[cells["method"] == "limit"]
    evolution = evolution[evolution["grid"] == cells["grid"].iloc[0]]
    summary = summarise(cells)
    scales = scales_of(cells)
    ratios = sorted(cells["undersampling"].unique())
    panels = [(ratio, depth) for ratio in ratios for depth in depths_of(cells)]
    columns = style.columns_for(len(depths_of(cells)) if len(ratios) > 1 else len(panels))
    rows = -(-len(panels) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.9 + 2.3 * rows))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        limits = _limits(summary)
        titles = []
        for ax, (ratio, depth) in zip(grid.flat, panels, strict=False):
            ax.set_xlim(0, 1)
            style.decades(limits, ax, "y")
            _draw(ax, summary[summary["undersampling"] == ratio], _near(evolution, ratio), depth, scales)
            titles.append(style.depth_label(depth) + (f", $m/n = {ratio:g}$" if len(ratios) > 1 else ""))
        for ax in list(grid.flat)[len(panels) :]:
            ax.set_visible(False)
        for ax in list(grid.flat)[len(panels) - columns : len(panels)]:
            ax.tick_params(labelbottom=True)  # the panel below may be missing
            ax.set_xlabel("$s/m$" if len(ratios) > 1 else f"$s/m$ at $m/n = {ratios[0]:g}$")
        for ax in grid[:, 0]:
            ax.set_ylabel(r"mean squared error $\|x - x_0\|_2^2\,/\,n$")
        style.panel_titles(list(grid.flat), titles)
        lines = _curve_legend(scales, evolution)
        figure.legend(handles=lines, loc="outside upper center", ncols=style.columns_for(len(lines), most=6))
        marks = _mark_legend(summary, cells)
        figure.legend(handles=marks, loc="outside lower center", ncols=len(marks))
    return figure


def summarise(cells: pd.DataFrame) -> pd.DataFrame:
    """Mean, standard error, median and quartiles of ||x - x0||^2 / n, a row for each network and ratio of integers.

    is_heavy: mean and median are further apart than the mean's uncertainty explains.
    """
    # two ratios as typed may round to the same integers, and then to the same instances
    cells = cells.drop_duplicates(["measurements", "entries", "trial", "depth", "scale"])
    cells = cells[cells["l1_norm"].notna()]
    error = 10.0 ** cells["log10_error"].astype(float).fillna(-np.inf)  # null is 0
    squared = (error * cells["x0_norm"]) ** 2 / cells["features"]
    at = cells["entries"] / cells["measurements"]
    groups = cells.assign(squared=squared, at=at).groupby(["undersampling", "depth", "scale", "at"])["squared"]
    found = groups.agg(["mean", "sem", "median"]).fillna({"sem": 0.0})  # of one instance
    low, high = groups.quantile(0.25), groups.quantile(0.75)
    found = found.assign(low=low, high=high, is_heavy=(found["mean"] - found["median"]).abs() > HEAVY * found["sem"])
    return found.reset_index()


def _near(evolution: pd.DataFrame, ratio: float) -> pd.DataFrame:
    """The rows at the m/n of theory that is nearest to the one as typed; m is rounded."""
    away = (evolution["undersampling"] - ratio).abs()
    return evolution[away == away.min()]


def _limits(summary: pd.DataFrame) -> tuple[float, float]:
    """All that was measured, and room for its bars."""
    shown = summary[["mean", "median", "low", "high"]].to_numpy()
    shown = shown[shown > 0] if (shown > 0).any() else np.array([1e-16, 1.0])
    return shown.min() / 3, shown.max() * 3


def _draw(ax: Axes, summary: pd.DataFrame, evolution: pd.DataFrame, depth: float, scales: Sequence[str]) -> None:
    bottom, _ = ax.get_ylim()
    ax.plot(*_curve(evolution[evolution["depth"].isna()]), **BASIS_PURSUIT)
    for index, (colour, scale) in enumerate(zip(style.scale_colours(len(scales)), scales, strict=True)):
        ax.plot(*_curve(network(evolution, depth, scale)), color=colour, **PREDICTED)
        rows = network(summary, depth, scale)
        reach = np.minimum(rows["sem"], rows["mean"] - bottom)  # a logarithmic axis has no 0
        marker = style.MARKERS[index % len(style.MARKERS)]
        ax.errorbar(rows["at"], rows["mean"], yerr=[reach, rows["sem"]], color=colour, marker=marker, **MEAN)
        heavy = rows[rows["is_heavy"]]
        quartiles = [heavy["median"] - np.maximum(heavy["low"], bottom), heavy["high"] - heavy["median"]]
        ax.errorbar(heavy["at"], heavy["median"], yerr=quartiles, color=colour, ecolor=to_rgba(colour, 0.35), **MEDIAN)


def _curve(evolution: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """From the last zero on, where there are any: a logarithmic axis draws it far below its end."""
    points = evolution.sort_values("sparsity")
    error = points["mean_squared_error"]
    shown = (error > 0) | (error.shift(-1) > 0)
    return points["sparsity"][shown], error[shown]


def _curve_legend(scales: Sequence[str], evolution: pd.DataFrame) -> list[Line2D]:
    lines = style.marks(style.scale_colours(len(scales)), [style.scale_label(scale) for scale in scales])
    if evolution["depth"].isna().any():
        lines.append(Line2D([], [], label="basis pursuit", **BASIS_PURSUIT))
    return lines


def _mark_legend(summary: pd.DataFrame, cells: pd.DataFrame) -> list[Line2D]:
    """What lines and marks mean, for those that the figure holds."""
    size = rf"($n = {cells['features'].iloc[0]}$)"
    handles = [
        Line2D([], [], color="0.3", label="state evolution", **PREDICTED),
        Line2D([], [], color="0.3", marker="o", linestyle="none", label=f"mean ± standard error {size}"),
    ]
    if summary["is_heavy"].any():
        handles.append(Line2D([], [], color="0.7", linewidth=2.5, label="quartiles around the median"))
    return handles
