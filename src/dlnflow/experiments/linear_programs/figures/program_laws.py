"""Random linear programs: measured exponents and constants of their limits beside the predicted ones."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.experiments.linear_programs.tables import MOST_RATIO
from dlnflow.kit import style

FLOOR = 1e-20
"""C is known to twenty digits."""
LINE: dict[str, Any] = {"color": "black", "linewidth": 0.8, "zorder": 1.5}
TARGET: dict[str, Any] = {"color": style.GREY, "linewidth": 1.0, "linestyle": style.DOTTED, "zorder": 1.5}
POINT: dict[str, Any] = {"linestyle": "none", "markersize": 4, "zorder": 3}


def program_laws_figure(laws: pd.DataFrame) -> Figure:
    """(a) the measured exponent, (b) |constant's ratio - 1| beside the next order that is expected there.

    laws: rows of `tables.PROGRAM_LAWS`.
    """
    rows = laws[laws["ratio_off"].notna()]
    if not len(rows):
        return style.note("no random program has a measured constant")
    names = list(dict.fromkeys(laws["family"]))
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 3.7))
        left, right = figure.subplots(1, 2)
        _draw_exponents(left, rows, names)
        _draw_constants(right, rows, names)
        style.panel_titles([left, right], ["exponents", "constants"])
        handles = [
            Line2D(
                [], [], color=colour, marker=marker, label=f"{name} ({int((rows['family'] == name).sum())})", **POINT
            )
            for name, colour, marker in _looks(names)
        ]
        handles.append(Line2D([], [], label="measured = predicted", **LINE))
        handles.append(Line2D([], [], label=f"target $10^{{{np.log10(MOST_RATIO):.0f}}}$", **TARGET))
        met = int(laws["meets"].eq(True).sum())
        title = f"{met} of {len(laws)} random programs meet their predicted exponent and constant"
        figure.legend(handles=handles, loc="outside upper center", ncols=4, title=title, title_fontsize=8)
    return figure


def _looks(names: list[str]) -> list[tuple[str, Any, str]]:
    pairs = zip(names, style.scale_colours(len(names)), strict=True)
    return [(name, colour, style.MARKERS[k % len(style.MARKERS)]) for k, (name, colour) in enumerate(pairs)]


def _draw_exponents(ax: Axes, rows: pd.DataFrame, names: list[str]) -> None:
    both = rows[["exponent", "measured_exponent"]].to_numpy(float)
    ends = float(both[both > 0].min()) / 1.5, float(both.max()) * 1.5
    for which in "xy":
        style.decades(ends, ax, which)
    ax.plot(ends, ends, **LINE)
    for name, colour, marker in _looks(names):
        chosen = rows[rows["family"] == name]
        ax.plot(chosen["exponent"], chosen["measured_exponent"], marker, mew=0, color=to_rgba(colour, 0.7), **POINT)
    ax.set(xlabel="predicted exponent $e$", ylabel="measured exponent")


def _draw_constants(ax: Axes, rows: pd.DataFrame, names: list[str]) -> None:
    expected, measured = rows["next_term"].clip(lower=FLOOR), rows["ratio_off"].abs().clip(lower=FLOOR)
    low, high = min(expected.min(), measured.min()) / 10, max(expected.max(), measured.max(), MOST_RATIO) * 10
    for which in "xy":
        style.long_decades((low, high), ax, which, most=8)
    ax.plot([low, high], [low, high], **LINE)
    ax.axhline(MOST_RATIO, **TARGET)
    for name, colour, marker in _looks(names):
        chosen = rows["family"] == name
        ax.plot(expected[chosen], measured[chosen], marker, mew=0, color=to_rgba(colour, 0.7), **POINT)
    ax.set(xlabel="next order expected", ylabel=r"$|$measured $/$ predicted constant $- 1|$")
