"""Work against accuracy on the kink: the scale that it needs, the flow's time and the time of the proof."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from dlnflow.kit import style
from dlnflow.kit.curves import depths_of
from dlnflow.problems.kink_families import LEAST_BITS

LEAST = LEAST_BITS * np.log10(2)
KEYS = ["exact_depth", "exponent", "accuracy"]
MAIN: dict[str, Any] = {"linestyle": "none", "markersize": 4, "zorder": 4}
OTHER: dict[str, Any] = {
    "linestyle": "none",
    "markersize": 3,
    "markerfacecolor": "white",
    "markeredgewidth": 0.6,
    "zorder": 3,
}
PREDICTED: dict[str, Any] = {"linewidth": 1.0, "zorder": 2}
FAILED: dict[str, Any] = {"linestyle": "none", "marker": "x", "clip_on": False, "zorder": 5}
PALE = 0.35
MARKS = 8  # along a curve
ROOM = 1.6  # above and below what is drawn
SECONDS = (1e-3, 1.0)  # at least: within a decade the noise of the clock would fill the panel
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
END: dict[str, Any] = {"color": style.GREY, "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}


def work_figure(cells: pd.DataFrame, times: pd.DataFrame) -> Figure:
    """What an accuracy needs against k, delta = 2^-k, a curve a depth: measured marks over predicted lines.

    cells, times: rows of `work_tables.WORK` and of its times. (a) log10(1/eps): a power of delta is a line of slope 1,
    and eps = accuracy^(1/delta) an exponential. (b) delta times the flow's time, which itself runs over as many decades
    as delta. (c) Seconds of the certified limit, at the middle accuracy. That has solid marks and lines, the others
    open marks and pale lines.
    """
    runs = cells.merge(times[[*KEYS, "seconds"]], on=KEYS)
    if not (runs["status"] == "converged").any():
        return style.note("no accuracy was reached")
    depths = depths_of(runs)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 3.9))
        axes = list(figure.subplots(1, 3))
        _prepare(axes, runs)
        for index, depth in enumerate(depths):
            for accuracy, rows in runs[runs["depth"] == depth].groupby("accuracy"):
                _draw(axes, rows.sort_values("exponent"), index, len(depths), accuracy == main_accuracy(runs))
        labels = [style.depth_label(depth) for depth in depths]
        figure.legend(handles=style.curve_legend(labels), loc="outside upper center", ncols=6)
        handles = _mark_legend(runs)
        figure.legend(handles=handles, loc="outside lower center", ncols=style.columns_for(len(handles), most=5))
    return figure


def accuracies_of(runs: pd.DataFrame) -> list[str]:
    """The accuracies as typed, the largest first."""
    return list(runs.sort_values("log10_accuracy", ascending=False)["accuracy"].unique())


def main_accuracy(runs: pd.DataFrame) -> str:
    """The middle one."""
    found = accuracies_of(runs)
    return found[len(found) // 2]


def compared(rows: pd.DataFrame) -> list[tuple[pd.Series, pd.Series | None]]:
    """(measured, predicted) of each panel; NaN where nothing was measured, None for the clock."""
    delta, sound = 10.0 ** rows["log10_delta"], rows["status"] == "converged"
    times = [delta * 10.0 ** rows[name].astype(float) for name in ("log10_time", "log10_predicted_time")]
    scales = [-rows[name].astype(float) for name in ("log10_scale", "log10_predicted_scale")]
    measured = [values.where(sound) for values in (scales[0], times[0], rows["seconds"].astype(float))]
    return list(zip(measured, (scales[1], times[1], None), strict=True))


def _prepare(axes: list[Axes], runs: pd.DataFrame) -> None:
    """Axes, their labels, and the least scale."""
    low, high = runs["exponent"].min(), runs["exponent"].max()
    values = [measured.dropna() for measured, _ in compared(runs)]
    limits = [(value.min() / ROOM, value.max() * ROOM) for value in values]
    limits[0] = (limits[0][0], max(limits[0][1], ROOM * LEAST))
    limits[2] = (min(limits[2][0], SECONDS[0]), max(limits[2][1], SECONDS[1]))
    names = (r"$\log_{10}(1/\varepsilon)$", r"$\delta \times$ time", "seconds")
    for ax, limit, name in zip(axes, limits, names, strict=True):
        ax.set_xscale("log")
        ax.set_xlim(low / 1.15, high * 1.15)
        ax.xaxis.set_major_locator(FixedLocator([tick for tick in TICKS if low <= tick <= high]))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        ax.xaxis.set_minor_locator(NullLocator())
        style.long_decades(limit, ax, "y", most=8)
        ax.set_xlabel(r"$k$, where $\delta = 2^{-k}$")
        ax.set_ylabel(name)
    axes[0].axhline(LEAST, **END)
    style.panel_titles(axes, ["scale needed", r"time of the flow", "time of the proof"])


def _draw(axes: list[Axes], rows: pd.DataFrame, index: int, count: int, is_main: bool) -> None:
    colour, marker = style.colours(count)[index], style.MARKERS[index % len(style.MARKERS)]
    k = rows["exponent"]
    key = MAIN if is_main else OTHER
    for ax, (measured, predicted) in zip(axes, compared(rows), strict=True):
        known = measured.notna()
        if predicted is not None:
            ax.plot(k, predicted, color=colour, alpha=1.0 if is_main else PALE, **PREDICTED)
        elif is_main:
            ax.plot(k[known], measured[known], color=colour, linewidth=0.8)
        if predicted is not None or is_main:
            every = style.sparse_marks(int(known.sum()), index, count, MARKS)
            ax.plot(k[known], measured[known], marker, color=colour, markevery=every, **key)
    failed = k[~rows["status"].isin(("converged", "unresolved"))]
    if len(failed):
        axes[0].plot(failed, np.full(len(failed), axes[0].get_ylim()[0]), color=colour, **FAILED)


def _mark_legend(runs: pd.DataFrame) -> list[Line2D]:
    """What the marks and lines mean, for those that the figure holds."""
    dark = "0.3"
    key: dict[str, Any] = {"marker": "o", "color": dark}
    chosen = main_accuracy(runs)
    others = [style.power_label(accuracy) for accuracy in accuracies_of(runs) if accuracy != chosen]
    handles = [Line2D([], [], label=rf"measured, $\tau = {style.power_label(chosen)}$", **key, **MAIN)]
    if others:
        handles.append(Line2D([], [], label=rf"measured, $\tau = {', '.join(others)}$", **key, **OTHER))
    handles.append(Line2D([], [], color=dark, label="predicted", **PREDICTED))
    handles.append(Line2D([], [], label=rf"$\varepsilon = 2^{{-{LEAST_BITS}}}$", **END))
    if not runs["status"].isin(("converged", "unresolved")).all():
        handles.append(Line2D([], [], color=dark, label="failed", **FAILED))
    return handles
