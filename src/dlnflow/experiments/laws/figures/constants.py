"""Constants over random instances: the error over its predicted asymptote, as bands of quantiles down in scale."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.laws.tables import INSTANCE
from dlnflow.kit import style

BANDS = ((0.05, 0.95, 0.22), (0.25, 0.75, 0.45))
"""(quantiles, how dark) of the bands around the median."""
LEAST_RATIO = 1e-3  # where the upper panels end; that near depth 2 the first errors are far below C eps is seen so too
LEAST_GAP = 1e-14  # where the lower ones end at the latest
SURE = 2.0  # a quantile is drawn where what is not measured moves it by less than this factor
MEDIAN: dict[str, Any] = {"linewidth": 1.1, "markersize": 3.5, "zorder": 3}
EDGE: dict[str, Any] = {"linewidth": 0.5, "zorder": 2.5}
NEXT: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (4, 2)), "zorder": 4}
ONE: dict[str, Any] = {"color": "black", "linewidth": 0.8, "zorder": 2}


def constants_figure(cells: pd.DataFrame, laws: pd.DataFrame) -> Figure:
    """A column a depth: above the ratio error / (C eps^e), below |ratio - 1|, against eps.

    cells, laws: rows of `tables.LAW_CELLS` and LAWS; the regular instances are drawn. Where p is one number the
    axis is logarithmic, and a power a line; elsewhere it has the ladder's rungs at equal distances.
    """
    by_depth = regular_ratios(cells, laws)
    if not by_depth:
        return style.note("no regular instance has a measured constant")
    depths, columns = sorted(by_depth), style.columns_for(len(by_depth))
    orders = {depth: next_order(laws, depth) for depth in depths}
    blocks = -(-len(depths) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.9 + 3.9 * blocks))
        grid = figure.subplots(2 * blocks, columns, squeeze=False, height_ratios=[1, 1.25] * blocks)
        tops, bottoms = list(grid[::2].flat), list(grid[1::2].flat)
        limits = _limits(by_depth)
        for top, bottom, depth, colour in zip(tops, bottoms, depths, style.colours(len(depths)), strict=False):
            _draw_column((top, bottom), by_depth[depth], colour, orders[depth], limits)
        for ax in [*tops[len(depths) :], *bottoms[len(depths) :]]:
            ax.set_visible(False)
        for top, bottom in zip(grid[::2, 0], grid[1::2, 0], strict=True):
            top.set_ylabel(r"error $/\ (C\,\varepsilon^e)$")
            bottom.set_ylabel(r"$|$error $/\ (C\,\varepsilon^e) - 1|$")
        style.panel_titles(tops, [style.depth_label(depth) for depth in depths])
        handles = _legend(any(order is not None for order in orders.values()))
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    return figure


def ladder_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells at 1e-1, 1e-2, 1e-4, 1e-8, ...; what an instance has a decade above its last scale is left out."""
    rungs = np.log2(-cells["log10_scale"].to_numpy(float))
    return cells[np.abs(rungs - np.rint(rungs)) < 1e-9].drop_duplicates([*INSTANCE, "depth", "log10_scale"])


def regular_ratios(cells: pd.DataFrame, laws: pd.DataFrame) -> dict[float, pd.DataFrame]:
    """depth -> log10 of the ratio, a row an instance and a column a log10 of the scale, falling; NaN once it stopped.

    Of the regular instances, those all of whose cells have converged.
    """
    regular = laws.loc[laws["is_regular"].eq(True), [*INSTANCE, "depth"]].drop_duplicates()
    rows = ladder_cells(cells).merge(regular, on=[*INSTANCE, "depth"])
    sound = (rows["status"] == "converged") & rows["log10_ratio"].notna()
    rows = rows[sound.groupby([rows[name] for name in (*INSTANCE, "depth")]).transform("all")]
    found = {}
    for depth, of_depth in rows.groupby("depth"):
        table = of_depth.pivot(index=list(INSTANCE), columns="log10_scale", values="log10_ratio").astype(float)
        found[float(str(depth))] = table.sort_index(axis=1, ascending=False)
    return found


def gap_quantiles(ratios: pd.DataFrame, share: float) -> FloatArray:
    """A quantile of |ratio - 1| at each scale; NaN where the instances that have stopped would decide it.

    They are no farther from 1 than where they stopped: that, and 0, have to give the same up to SURE.
    """
    gaps = np.expm1(np.log(10) * ratios).abs()
    low, high = _quantile(gaps.fillna(0.0), share), _quantile(gaps.ffill(axis=1), share)
    return np.where(high <= SURE * low, high, np.nan)


def next_order(laws: pd.DataFrame, depth: float) -> float | None:
    """p of C eps^e (1 + O(eps^p)) if it is the same for all regular instances, else None."""
    orders = laws.loc[(laws["depth"] == depth) & laws["is_regular"].eq(True), "next_exponent"].dropna()
    return float(orders.iloc[0]) if len(orders) and np.ptp(orders.to_numpy(float)) < 1e-12 else None


def ladder_axis(ax: Axes, log10_scales: FloatArray, most: int = 9) -> None:
    """A horizontal axis with equal distances between the scales 1e-1, 1e-2, 1e-4, ..., and at most so many labels."""
    ax.set_xscale("function", functions=(_forward, _backward))
    ax.set_xlim(10.0 ** (1.15 * log10_scales.min()), 10.0 ** (log10_scales.max() / 1.15))
    rungs = np.sort(log10_scales)[::-1]
    rungs = rungs[:: -(-len(rungs) // most)]
    ax.set_xticks(10.0**rungs, [rf"$\mathdefault{{10^{{{rung:g}}}}}$" for rung in rungs])


def _forward(scale: Any) -> Any:
    """-log2 of the place, which is 1, 2, 4, ... on the ladder."""
    return -np.log2(-np.log10(np.clip(scale, 1e-300, 0.999)))


def _backward(value: Any) -> Any:
    return 10.0 ** -(2.0 ** -np.asarray(value, dtype=float).clip(min=-8.2))


def _quantile(table: pd.DataFrame, share: float) -> FloatArray:
    """The order statistic itself: between a bound and a number nothing can be interpolated."""
    found: FloatArray = np.quantile(table.to_numpy(float), share, axis=0, method="inverted_cdf")
    return found


def _limits(by_depth: dict[float, pd.DataFrame]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Of all upper panels, and of all lower ones."""
    ends = [(table, share) for table in by_depth.values() for share in BANDS[0][:2]]
    ratios = np.concatenate([_quantile(table.ffill(axis=1), share) for table, share in ends])
    gaps = np.concatenate([[1.0], *(gap_quantiles(table, share) for table, share in ends)])
    gaps = gaps[gaps > 0]
    least = max(10.0 ** float(ratios.min()) / 2, LEAST_RATIO)
    return (least, max(10.0 ** float(ratios.max()) * 2, 10.0)), (max(gaps.min() / 3, LEAST_GAP), gaps.max() * 3)


def _draw_column(
    axes: tuple[Axes, Axes],
    ratios: pd.DataFrame,
    colour: Any,
    order: float | None,
    limits: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    """Both panels of a depth, down to the last scale at which a quantile is known."""
    known = np.isfinite([gap_quantiles(ratios, share) for band in BANDS for share in (*band[:2], 0.5)]).any(axis=0)
    shown = ratios.iloc[:, : int(np.flatnonzero(known)[-1]) + 1]
    log10_scales = shown.columns.to_numpy(float)
    for ax, y_limits in zip(axes, limits, strict=True):
        style.decades(y_limits, ax, "y")
        if order is None:
            ladder_axis(ax, log10_scales, most=5)
        else:
            style.long_decades((10.0 ** (1.06 * log10_scales.min()), 10.0**-0.3), ax, "x", most=5)
        ax.tick_params(labelleft=bool(ax.get_subplotspec().is_first_col()))  # type: ignore[union-attr]
    axes[0].tick_params(labelbottom=False)
    axes[1].set_xlabel(r"scale $\varepsilon$")
    axes[0].axhline(1.0, **ONE)
    axes[0].text(0.04, 0.05, f"{len(ratios)} instance" + "s" * (len(ratios) != 1), transform=axes[0].transAxes)
    kept = ratios.ffill(axis=1).iloc[:, : shown.shape[1]]  # 1 to three digits from where it stopped
    _draw_bands(axes[0], 10.0**log10_scales, lambda share: 10.0 ** _quantile(kept, share), colour)
    # 0 is just below every axis
    _draw_bands(axes[1], 10.0**log10_scales, lambda share: gap_quantiles(shown, share).clip(min=LEAST_GAP / 10), colour)
    if order is not None:
        _draw_order(axes[1], log10_scales, gap_quantiles(shown, 0.5), order)


def _draw_bands(ax: Axes, scales: FloatArray, quantile: Callable[[float], FloatArray], colour: Any) -> None:
    """Bands where both their ends are known, else the end that is, and the median."""
    for low, high, dark in BANDS:
        ends = [quantile(low), quantile(high)]
        ax.fill_between(scales, ends[0], ends[1], color=to_rgba(colour, dark), linewidth=0, zorder=1)
        for end in ends:
            ax.plot(scales, end, color=to_rgba(colour, min(2 * dark, 1.0)), **EDGE)
    ax.plot(scales, quantile(0.5), marker="o", color=colour, **MEDIAN)


def _draw_order(ax: Axes, log10_scales: FloatArray, median: FloatArray, order: float) -> None:
    """The predicted slope, through the last median that is known."""
    known = np.flatnonzero(np.isfinite(median) & (median > 0))
    if not len(known):
        return
    last = known[-1]
    line = np.array([log10_scales[last], 0.0])
    ax.plot(10.0**line, 10.0 ** (np.log10(median[last]) + order * (line - line[0])), **NEXT)
    ratio = Fraction(order).limit_denominator(100)
    text = str(ratio) if abs(float(ratio) - order) < 1e-9 else f"{order:.3g}"
    ax.text(0.97, 0.03, f"$p = {text}$", transform=ax.transAxes, ha="right", va="bottom")


def _legend(has_order: bool) -> list[Line2D | Patch]:
    dark = "0.3"
    handles: list[Line2D | Patch] = [Line2D([], [], color=dark, marker="o", label="median of the instances", **MEDIAN)]
    for (_, _, shade), share in zip(reversed(BANDS), (50, 90), strict=True):
        handles.append(Patch(color=to_rgba(dark, shade), label=f"{share} %"))
    if has_order:
        handles.append(Line2D([], [], label=r"$\propto \varepsilon^p$, the predicted next order", **NEXT))
    return handles
