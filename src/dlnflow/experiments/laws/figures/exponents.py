"""Exponents over random instances: measured beside predicted, and how near exponents and constants come."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.laws.tables import INSTANCE, MOST_OFF, MOST_RATIO
from dlnflow.kit import style

NAMES = {"gaussian": "Gaussian", "rademacher": "Rademacher", "dct": "DCT", "bernoulli": "Bernoulli", "ar1": "AR(1)"}
REASONS = {
    "failed": ("no limit found", "X"),
    "zero_constant": ("predicted constant 0", "D"),
    "unproved": ("error not resolved", "P"),
    "second_exponent_close": ("second exponent close", "s"),
    "next_order_large": ("next order still large", "^"),
    "direction_not_unique": ("several directions", "v"),
    "many_minimisers": ("many minimisers", "h"),
    "unexplained": ("unexplained", "*"),
}
"""`rows.reason` in words, and the mark around an instance."""
FLOOR = 1e-13  # differences of float64 tell nothing below
FEW = 500  # points of a panel; marks of more are smaller
MOST_GROUPS = 10
FAN = 0.36  # of the distance of two depths, over which the instances of one are spread
POINT: dict[str, Any] = {"linestyle": "none", "markersize": 2.8, "zorder": 3}
AROUND: dict[str, Any] = {
    "linestyle": "none",
    "color": "black",
    "markerfacecolor": "none",
    "markersize": 6.5,
    "markeredgewidth": 0.8,
    "zorder": 4,
}
DIAGONAL: dict[str, Any] = {"color": "black", "linewidth": 0.8, "zorder": 2}
TARGET: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}
OVER: dict[str, Any] = {"frameon": True, "framealpha": 1.0, "edgecolor": "none", "borderpad": 0.2}
BAND: dict[str, Any] = {"color": "0.9", "linewidth": 0, "zorder": 0.5}


def exponents_figure(laws: pd.DataFrame) -> Figure:
    """(a) depth 2, measured against predicted; (b) deeper, |measured - 1|; (c), (d) distribution functions by depth.

    laws: rows of `tables.LAWS`. A mark an instance, by ensemble, and around it the reason why it does not meet
    both targets. The shares of (c) and (d) are of all instances: one without a number is never near.
    """
    laws = laws.drop_duplicates([*INSTANCE, "depth"]).sort_values([*INSTANCE, "depth"], kind="stable")
    laws = laws.assign(group=group_labels(laws), off=differences(laws), off_ratio=(laws["ratio"] - 1).abs())
    if not laws["off"].notna().any():
        return style.note("no instance has a measured exponent")
    groups = list(dict.fromkeys(laws["group"]))
    shallow, deep = laws[laws["depth"] == 2], laws[laws["depth"] > 2]
    above = [name for name, rows in (("plane", shallow), ("strip", deep)) if rows["off"].notna().any()]
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 7.2))
        axes = figure.subplot_mosaic([[above[0], above[-1]], ["off", "ratio"]], height_ratios=[1.15, 1])
        titles = {"off": "how near the exponents come", "ratio": "how near the constants come"}
        if "plane" in axes:
            _draw_plane(axes["plane"], shallow, groups)
            titles["plane"] = "$L = 2$"
        if "strip" in axes:
            _draw_strip(axes["strip"], deep, groups)
            titles["strip"] = "$L > 2$, where the exponent is 1"
        _draw_distributions(axes["off"], laws, "off", MOST_OFF)
        axes["off"].set(xlabel=r"$|$measured $-$ predicted exponent$|$", ylabel="share of all instances")
        _draw_distributions(axes["ratio"], laws, "off_ratio", MOST_RATIO)
        axes["ratio"].set_xlabel(r"$|$measured / predicted constant $- 1|$")
        axes["off"].legend(handles=style.curve_legend(_depth_labels(laws)), loc="lower right", **OVER)
        style.panel_titles([axes[name] for name in axes], [titles[name] for name in axes])
        marks = style.marks([to_rgba(colour, 1) for colour in style.scale_colours(len(groups))], groups)
        for mark in marks:
            mark.set_linestyle("none")
        figure.legend(handles=marks, loc="outside upper center", ncols=style.columns_for(len(marks)))
        _reason_legend(figure, laws, bool((laws["is_unique"].eq(False) & laws["off"].notna()).any()))
    return figure


def group_labels(laws: pd.DataFrame) -> list[str]:
    """The ensemble of each row in words, with its parameter, and its signal where that is not signed.

    The ensemble alone where there would be more than MOST_GROUPS names.
    """
    found = []
    for ensemble, signal, parameter in zip(laws["ensemble"], laws["signal"], laws["parameter"], strict=True):
        name = NAMES.get(ensemble, ensemble) + ("" if pd.isna(parameter) else f" {parameter:g}")
        found.append(name if signal == "signed" else f"{name}, {signal}")
    return found if len(set(found)) <= MOST_GROUPS else [NAMES.get(name, name) for name in laws["ensemble"]]


def differences(laws: pd.DataFrame) -> pd.Series:
    """|measured - predicted exponent|; NaN where one is not known."""
    return (laws["measured_exponent"].astype(float) - laws["exponent"].astype(float)).abs()


def distribution(values: pd.Series) -> tuple[FloatArray, FloatArray]:
    """(x, share of all values at most x) in steps, from FLOOR on; NaN is above every x."""
    known = np.sort(values.dropna().to_numpy(float))
    below = int((known <= FLOOR).sum())
    return np.append(FLOOR, known[below:]), np.arange(below, len(known) + 1) / len(values)


def _draw_plane(ax: Axes, laws: pd.DataFrame, groups: list[str]) -> None:
    """Both axes logarithmic, so that small exponents, the hard instances, are seen beside the others."""
    laws = laws[laws["off"].notna()]
    both = laws[["exponent", "measured_exponent"]].to_numpy(float)
    low, high = both[both > 0].min() / 1.6, both.max() * 1.6
    for which in "xy":
        style.decades((low, high), ax, which)
    line = np.geomspace(low, high, 301)
    ax.fill_between(line, np.maximum(line - MOST_OFF, low / 10), line + MOST_OFF, **BAND)
    ax.plot(line, line, **DIAGONAL)
    # an error that grows has an exponent below 0, which stands on the lower edge
    _draw_instances(ax, laws, laws["exponent"], laws["measured_exponent"].clip(lower=low), groups)
    ax.set(xlabel="predicted exponent", ylabel="measured exponent, of the last decade")


def _draw_strip(ax: Axes, laws: pd.DataFrame, groups: list[str]) -> None:
    laws = laws[laws["off"].notna()]
    depths = sorted(laws["depth"].unique())
    order = style.spread(np.arange(len(laws), dtype=np.float64))
    x = laws["depth"].map({depth: k for k, depth in enumerate(depths)}) + 2 * FAN * order
    y = laws["off"].clip(lower=FLOOR)
    style.decades((y.min() / 3, max(y.max(), MOST_OFF) * 3), ax, "y")
    ax.axhline(MOST_OFF, **TARGET)
    _draw_instances(ax, laws, x, y, groups)
    ax.set(xlim=(-0.6, len(depths) - 0.4), xlabel="depth $L$", ylabel=r"$|$measured exponent $-\ 1|$")
    ax.set_xticks(range(len(depths)), [style.depth_label(depth).replace("L = ", "") for depth in depths])
    ax.grid(axis="x", visible=False)


def _draw_instances(ax: Axes, laws: pd.DataFrame, x: pd.Series, y: pd.Series, groups: list[str]) -> None:
    """A mark an instance, open where minimisers are many, and around it the reason why a target is not met."""
    size = {"markersize": POINT["markersize"] if len(laws) <= FEW else 2.0}
    passes = min(-(-len(laws) // FEW), 10)  # so that no ensemble covers the others
    many, turn = laws["is_unique"].eq(False), np.arange(len(laws)) % passes
    for k in range(passes):
        for index, (group, colour) in enumerate(zip(groups, style.scale_colours(len(groups)), strict=True)):
            marker, chosen = style.MARKERS[index % len(style.MARKERS)], (laws["group"] == group) & (turn == k)
            one, more = chosen & ~many, chosen & many
            ax.plot(x[one], y[one], marker, color=to_rgba(colour, 0.6), mew=0, **POINT | size)
            ax.plot(x[more], y[more], marker, color=colour, mfc="white", mew=0.7, **POINT | size)
    for reason, (_, marker) in REASONS.items():
        of_it = laws["reason"] == reason
        ax.plot(x[of_it], y[of_it], marker, **AROUND)


def _draw_distributions(ax: Axes, laws: pd.DataFrame, column: str, target: float) -> None:
    told = [*laws.loc[laws[column] > FLOOR, column], target]
    limits = min(told) / 3, max(*told, 3 * target) * 3
    style.decades(limits, ax, "x")
    ax.axvline(target, **TARGET)
    by_depth = laws.groupby("depth")[column]
    for index, ((_, values), colour) in enumerate(zip(by_depth, style.colours(by_depth.ngroups), strict=True)):
        x, y = distribution(values)
        marker, every = style.MARKERS[index % len(style.MARKERS)], style.sparse_marks(len(x), index, by_depth.ngroups)
        x, y = np.append(x, limits[1]), np.append(y, y[-1])
        ax.plot(x, y, marker, color=colour, linestyle="-", drawstyle="steps-post", markevery=every)
    ax.set_ylim(-0.03, 1.03)


def _depth_labels(laws: pd.DataFrame) -> list[str]:
    return [style.depth_label(depth) for depth in sorted(laws["depth"].unique())]


def _reason_legend(figure: Figure, laws: pd.DataFrame, has_open: bool) -> None:
    """What the lines mean, and the reasons with their counts."""
    handles: list[Line2D | Patch] = []
    if has_open:
        key: dict[str, Any] = POINT | {"markersize": 4}
        handles.append(Line2D([], [], marker="o", color="0.3", mfc="white", label="open: many minimisers", **key))
    handles += [
        Patch(color=BAND["color"], label=r"$\pm 10^{-3}$ in (a)"),
        Line2D([], [], label="targets $10^{-3}$, $10^{-2}$", **TARGET),
    ]
    for reason, (label, marker) in REASONS.items():
        rows = laws[laws["reason"] == reason]
        if len(rows):
            hidden = int(rows["off"].isna().sum())
            text = f"{label}: {len(rows)}" + (f" ({hidden} not drawn)" if hidden else "")
            handles.append(Line2D([], [], marker=marker, label=text, **AROUND))
    met = int(laws["meets"].eq(True).sum())
    title = f"{met} of {len(laws)} instances and depths meet both targets; around the others, why not"
    title = title if met < len(laws) else f"all {met} instances and depths meet both targets"
    columns = style.columns_for(len(handles), most=3)
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, title=title, title_fontsize=8)
