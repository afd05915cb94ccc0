"""Errors of entropic limits against 1/lam, certified and in float64, beside the predicted laws."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dlnflow.kit import style

LEAST_OFF = -17.0
"""log10 of |ratio - 1| below which nothing is drawn: C itself is known to twenty digits."""
PREDICTED: dict[str, Any] = {"color": "black", "linewidth": 1.1, "linestyle": (0, (4, 2.5)), "zorder": 2.5}
CERTIFIED: dict[str, Any] = {"linestyle": "-", "linewidth": 0.6, "zorder": 3}  # so that dashes are seen beneath
FLOAT: dict[str, Any] = {"linestyle": "none", "mfc": "none", "markersize": 6, "mew": 0.6, "zorder": 1.5}
HUNDRED = 100 * float(np.log(10))
"""1/lam at which exp(-1/lam) is 1e-100."""


def program_errors_figure(cells: pd.DataFrame) -> Figure:
    """A column for programs with one minimiser, one for those with many: the error, and |error / predicted - 1|.

    cells: rows of `tables.PROGRAM_CELLS`.
    """
    unique = cells["is_unique"].eq(True)
    groups = [("one minimiser", cells[unique]), ("many minimisers", cells[~unique & cells["is_unique"].notna()])]
    groups = [(title, group) for title, group in groups if len(group)]
    if not groups:
        return style.note("no program was followed")
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 6.2))
        grid = figure.subplots(2, len(groups), squeeze=False, height_ratios=[1.5, 1], sharex=True, sharey="row")
        names = list(dict.fromkeys(cells["program"]))
        for k, (title, group) in enumerate(groups):
            handles = _draw_errors(grid[0, k], group, names)
            _draw_ratios(grid[1, k], group, names)
            grid[0, k].set_title(f"({'ab'[k]}) {title}", loc="left")
            grid[1, k].set_xlabel(r"$1/\lambda$")
            grid[0, k].legend(handles=handles, loc="lower left")
        _log10_axis(grid[0, 0], r"error $\Vert x_\lambda - x^\circ\Vert$")
        _log10_axis(grid[1, 0], r"$|$error $/\ (C e^{-e/\lambda}) - 1|$")
        figure.legend(handles=_key(cells), loc="outside upper center", ncols=4)
    return figure


def _key(cells: pd.DataFrame) -> list[Line2D]:
    handles = [
        Line2D([], [], color="0.3", marker="o", label="certified", **CERTIFIED),
        Line2D([], [], color="0.3", marker="o", label="float64", **FLOAT),
        Line2D([], [], label=r"predicted $C e^{-e/\lambda}$; slope $-p$ below", **PREDICTED),
    ]
    if cells["inverse_lam"].max() >= HUNDRED:
        handles.append(Line2D([], [], color=style.GREY, linestyle=style.DOTTED, label=r"$e^{-1/\lambda} = 10^{-100}$"))
    return handles


def _styles(group: pd.DataFrame, names: list[str]) -> list[tuple[str, pd.DataFrame, Any, str]]:
    """(name, rows, colour, mark) of each program of a panel, the same wherever it is drawn."""
    found, here = [], [name for name in names if (group["program"] == name).any()]
    for k, (name, colour) in enumerate(zip(here, style.colours(len(here)), strict=True)):
        rows = group[group["program"] == name].sort_values("inverse_lam")
        found.append((name, rows, colour, style.MARKERS[k % len(style.MARKERS)]))
    return found


def _draw_errors(ax: Axes, group: pd.DataFrame, names: list[str]) -> list[Line2D]:
    handles, styles = [], _styles(group, names)
    for k, (name, rows, colour, marker) in enumerate(styles):
        sound = rows[rows["status"].isin(["converged", "stalled"])]
        every = style.sparse_marks(len(sound), k, len(styles))
        ax.plot(sound["inverse_lam"], sound["log10_error"], marker, color=colour, markevery=every, **CERTIFIED)
        ax.plot(rows["inverse_lam"], rows["log10_predicted"], **PREDICTED)
        floats = rows[rows["float_status"] == "converged"]
        floats = floats.iloc[:: max(1, len(rows) // 12)]
        ax.plot(floats["inverse_lam"], floats["log10_float_error"], marker, color=colour, **FLOAT)
        label = f"{name}, $e = {rows['exponent'].iloc[0]:.3f}$"
        if not rows["is_unique"].iloc[0] and rows["is_sum_constant"].iloc[0]:
            label += ", greatest entropy"
        handles.append(Line2D([], [], color=colour, marker=marker, label=label))
    _mark_hundred(ax, group)
    return handles


def _draw_ratios(ax: Axes, group: pd.DataFrame, names: list[str]) -> None:
    styles = _styles(group, names)
    for k, (_, rows, colour, marker) in enumerate(styles):
        rows = rows[rows["ratio_off"].notna() & rows["ratio_off"].ne(0)]
        off = np.log10(rows["ratio_off"].abs())
        shown = off > LEAST_OFF
        x, y = rows["inverse_lam"][shown].to_numpy(float), off[shown].to_numpy(float)
        if not len(x):
            continue
        every = style.sparse_marks(len(x), k, len(styles))
        ax.plot(x, y, marker, color=colour, markevery=every, **CERTIFIED)
        # the predicted slope alone, through the last point: the next order's factor is not predicted
        slope = -float(rows["next_exponent"].iloc[0]) / np.log(10)
        line = y[-1] + slope * (x - x[-1])
        ax.plot(x[line < 1], line[line < 1], **PREDICTED)
    _mark_hundred(ax, group)


def _mark_hundred(ax: Axes, group: pd.DataFrame) -> None:
    if group["inverse_lam"].max() >= HUNDRED:
        ax.axvline(HUNDRED, color=style.GREY, linewidth=0.8, linestyle=style.DOTTED, zorder=1)


def _log10_axis(ax: Axes, label: str) -> None:
    """An axis of log10 of numbers that may be below float64's smallest."""
    ax.set_ylabel(label)
    ax.yaxis.set_major_locator(MaxNLocator(8, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: rf"$\mathdefault{{10^{{{value:.0f}}}}}$"))
