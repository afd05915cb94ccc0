"""K digits, K - 1 and K - 2: what so many bits allow of kinks of height 2 10^-(K-1) and 2 10^-K, and who reaches it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from dlnflow.experiments.hardness.figures.map import by_method, worst_digits
from dlnflow.kit import style

ABOVE = 1000.0  # digits of an answer without an error: it leaves every panel at the top
MEASURED: dict[str, Any] = {"drawstyle": "steps-post", "linewidth": 1.0, "zorder": 3}
CEILING: dict[str, Any] = {"linewidth": 4.0, "alpha": 0.35, "zorder": 2}
READ: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (4, 2)), "zorder": 5}
TOLD: dict[str, Any] = {"color": "0.3", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}
TOLD_NAME: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": 7}
SILENT: dict[str, Any] = {"linestyle": "none", "marker": "x", "markersize": 3, "clip_on": False, "zorder": 4}
METHODS: dict[str, Any] = {  # the legend hides the dotted line behind it
    "fontsize": 7,
    "handlelength": 1.6,
    "borderpad": 0.2,
    "frameon": True,
    "framealpha": 1.0,
    "edgecolor": "none",
}
BANDS = ((-2, "$K - 2$ digits", "0.87"), (-1, "$K - 1$ digits", "0.94"), (0, "$K$ digits", "white"))
"""The least of digits - K, the name of all up to 1 above it, and its shade."""
COLLAPSED = (-2.0, 1.0)  # digits - K: beyond it only the bits read count
MARKS = 5  # along a curve


def levels_figure(cells: pd.DataFrame) -> Figure:
    """Digits reached against bits read: (a) a curve a K, (b) the same less K, (c) each method at the middle K.

    cells: rows of `tables.HARDNESS` of the grid levels. Digits are the worst over the signs, and in (a) and
    (b) the best over the methods of that. Of an input read to b bits, b < slow_exponent hides the signs of the kinks of
    height 2 10^-(K-1), b < exponent those of height 2 10^-K: pale, the digits that no algorithm exceeds then.
    """
    reached = best_digits(cells)
    count = len(reached.columns)
    chosen = reached.columns[(count - 1) // 2]
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 3.9))
        axes = list(figure.subplots(1, 3))
        _prepare(axes, cells, reached)
        for index, digits in enumerate(reached.columns):
            colour = style.colours(count)[index]
            for ax, less in ((axes[0], 0), (axes[1], digits)):
                _draw_ceilings(ax, cells[cells["digits"] == digits], colour, less)
                _draw_curve(ax, reached[digits] - less, colour, index, count)
        is_silent = _draw_methods(axes[2], cells[cells["digits"] == chosen])
        style.panel_titles(axes, ["the best method", "the same, less $K$", f"each method at $K = {chosen}$"])
        labels = [f"$K = {digits}$" for digits in reached.columns]
        figure.legend(handles=style.curve_legend(labels), loc="outside upper center", ncols=8)
        handles = _line_legend(bool(cells["bits"].max() > told_at(cells)[1]), is_silent)
        figure.legend(handles=handles, loc="outside lower center", ncols=style.columns_for(len(handles), most=3))
    return figure


def best_digits(cells: pd.DataFrame) -> pd.DataFrame:
    """(b, K) -> correct digits, the worst over the signs and of that the best over the methods that answer."""
    every = pd.concat([worst_digits(rows, ["bits", "digits"]) for _, rows in by_method(cells)])
    return every.groupby(level=["bits", "digits"]).max().unstack().rename(columns=int).clip(upper=ABOVE)


def ceilings(cells: pd.DataFrame) -> list[tuple[float, float, float]]:
    """(b, b', digits): while so many bits are read, b <= bits < b', no algorithm has more digits on all of the signs.

    cells: of one K. The digits are those of half the distance between minimisers of inputs that are read alike; it
    changes at slow_exponent, and nothing is hidden from exponent on.
    """
    digits = (-cells["log10_floor"].astype(float)).groupby(cells["bits"]).min().dropna()
    slow, fast = told_at(cells)
    found = []
    for start, end in ((-np.inf, slow), (slow, fast)):
        level = digits[(digits.index >= start) & (digits.index < end)]
        if len(level):
            found.append((float(level.index[0]), float(end), float(level.max())))
    return found


def told_at(cells: pd.DataFrame) -> tuple[int, int]:
    """The bits that tell the signs of the kinks of height 2 10^-(K-1), and those of 2 10^-K."""
    return int(cells["slow_exponent"].iloc[0]), int(cells["exponent"].iloc[0])


def _prepare(axes: Sequence[Axes], cells: pd.DataFrame, reached: pd.DataFrame) -> None:
    """Axes and their labels, the bands of (b), where the kinks can be told, and what the bits give beyond that."""
    first, last = float(cells["bits"].min()), float(cells["bits"].max())
    slow, fast = told_at(cells)
    margin = 0.03 * (last - first) + 0.5
    values = reached.where(reached < ABOVE).stack().dropna()
    low, high = min([0.0, *values]), max([1.0, last * np.log10(2), *values])
    for ax in axes:
        ax.set_xlim(first - margin, last + margin)
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 1.6, 2, 4, 5, 8, 10], min_n_ticks=1))
        ax.set_xlabel(r"bits read, $b$")
        for at, name in ((slow, "k'"), (fast, "k")):
            ax.axvline(at, **TOLD)
            if first <= at <= last:
                place = (at - 0.3 * margin, 0.99)
                ax.text(*place, f"${name} = {at}$", transform=ax.get_xaxis_transform(), **TOLD_NAME)
    for ax in (axes[0], axes[2]):
        ax.set_ylim(low - 0.7, high + 0.5)
        ax.yaxis.set_major_locator(MaxNLocator(8, integer=True, steps=[1, 2, 4, 5, 10]))
        told = np.array([max(first, fast), last])
        if told[0] < last:
            ax.plot(told, told * np.log10(2), **READ)
    axes[0].set_ylabel(r"correct digits, $-\log_{10}\|x - x^\circ\|_2$")
    _draw_bands(axes[1])


def _draw_bands(ax: Axes) -> None:
    """Their names stand at the right, beyond where the curves leave them."""
    ax.set_ylim(*COLLAPSED)
    ax.set_yticks(range(-2, 2))
    ax.set_ylabel("correct digits $-$ $K$", labelpad=2)
    ax.grid(False)
    for low, name, shade in BANDS:
        ax.axhspan(low, low + 1, color=shade, linewidth=0.0, zorder=0)
        paper = {"facecolor": shade, "edgecolor": "none", "pad": 1.0}  # over the dotted lines
        ax.text(0.97, low + 0.5, name, ha="right", va="center", transform=ax.get_yaxis_transform(), bbox=paper)


def _draw_ceilings(ax: Axes, cells: pd.DataFrame, colour: Any, less: int = 0) -> None:
    for start, end, digits in ceilings(cells):
        ax.hlines(digits - less, start, end, colors=[colour], **CEILING)


def _draw_curve(ax: Axes, digits: "pd.Series[float]", colour: Any, index: int, count: int, label: str = "") -> None:
    known = digits.dropna()
    marker, marks = style.MARKERS[index % len(style.MARKERS)], style.sparse_marks(len(known), index, count, MARKS)
    ax.plot(known.index, known, color=colour, marker=marker, markevery=marks, label=label, **MEASURED)


def _draw_methods(ax: Axes, cells: pd.DataFrame) -> bool:
    """Every method at one K, and a cross on the lower edge where it gives no answer; whether there is any."""
    _draw_ceilings(ax, cells, style.GREY)
    methods, bottom, is_silent = by_method(cells), ax.get_ylim()[0], False
    for index, (label, rows) in enumerate(methods):
        colour = style.scale_colours(len(methods))[index]
        digits = worst_digits(rows, ["bits"]).clip(upper=ABOVE)
        _draw_curve(ax, digits, colour, index, len(methods), label)
        silent = digits.index[digits.isna()]
        if len(silent):
            ax.plot(silent, np.full(len(silent), bottom), color=colour, **SILENT)
            is_silent = True
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.95), **METHODS)
    return is_silent


def _line_legend(is_told: bool, is_silent: bool) -> list[Line2D]:
    """What the lines and crosses mean: whether the bits ever tell every kink, and whether a method gives no answer."""
    key = CEILING | {"solid_capstyle": "butt"}
    handles = [Line2D([], [], color="0.3", label="no algorithm has more on all signs", **key)]
    if is_told:
        handles.append(Line2D([], [], label=r"$b\,\log_{10} 2$, all that $b$ bits give", **READ))
    handles.append(Line2D([], [], label=r"$b = k'$, $b = k$: one more kink can be told", **TOLD))
    if is_silent:
        handles.append(Line2D([], [], color="0.3", label="no answer", **SILENT))
    return handles
