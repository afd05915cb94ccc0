"""rho over random instances: its distribution against s/n, beside the limit for large n, and how it sharpens with n."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.kit import style

SPREAD = (0.16, 0.84)  # quantiles: half their distance is the deviation of a normal law
RESAMPLES = 400
FAN = 0.3  # of the least distance of two s/n, over which the instances of one are spread
LIMIT: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (4, 2)), "zorder": 2.5}
THRESHOLD: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}
GUIDE: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}
INSTANCE: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 2.6, "zorder": 2}
MISSED: dict[str, Any] = {"linestyle": "none", "marker": "x", "markersize": 3.2, "markeredgewidth": 0.7, "zorder": 2}
MEDIAN: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 4, "markerfacecolor": "white", "zorder": 4}
QUARTILES: dict[str, Any] = {"linewidth": 1.4, "zorder": 3}


def rho_figure(rhos: pd.DataFrame, limits: pd.DataFrame) -> Figure:
    """A panel for each m/n: rho against s/n. The last: half the width of its law against n, at one (m/n, s/n).

    rhos: rows of `rho_tables.RHOS`.  limits: rows of RHO_LIMITS. A panel shows, of the n with the most s/n, the
    largest; the last one the (m/n, s/n) with the most n.
    """
    rhos = _sound(rhos)
    if rhos.empty:
        return style.note("no instance has a rho")
    limits = limits[(limits["signal"] == "nonnegative") == (rhos["signal"].iloc[0] == "nonnegative")]
    ratios = sorted(rhos["undersampling"].unique())
    sizes = _sizes(rhos)
    columns = style.columns_for(len(ratios) + bool(len(sizes)), most=3 if len(ratios) > 3 else 2)
    rows = -(-(len(ratios) + bool(len(sizes))) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.5 + 2.3 * rows))
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        titles = []
        for ax, ratio, colour in zip(panels, ratios, style.colours(len(ratios)), strict=False):
            cells = _at_one_size(rhos[rhos["undersampling"] == ratio])
            _draw_distributions(ax, cells, limits[np.isclose(limits["undersampling"], ratio)], colour)
            titles.append(f"$m/n = {ratio:g}$, $n = {cells['features'].iloc[0]}$")
        if len(sizes):
            _draw_widths(panels[len(ratios)], sizes)
            at = sizes.iloc[0]
            titles.append(f"$m/n = {at['undersampling']:g}$, $s/n = {at['density']:g}$")
        for ax in panels[len(titles) :]:
            ax.set_visible(False)
        style.panel_titles(panels, titles)
        figure.legend(handles=_legend(rhos), loc="outside upper center", ncols=3)
    return figure


def censored_quantiles(rho: FloatArray, is_recovered: FloatArray, shares: Sequence[float]) -> FloatArray:
    """Quantiles of rho(A, x0), which is at least 1 (here infinite) where x0 is not the minimiser."""
    values = np.sort(np.where(is_recovered, rho, np.inf))
    # the order statistic itself: between a number and infinity nothing can be interpolated
    return values[np.rint(np.array(shares) * (len(values) - 1)).astype(int)]


def half_width(rho: FloatArray, is_recovered: FloatArray) -> float:
    """Half the distance of the quantiles that lie one deviation from the median of a normal law; inf beyond 1."""
    low, high = censored_quantiles(rho, is_recovered, SPREAD)
    return float(high - low) / 2 if high < np.inf else np.inf


def width_with_error(cells: pd.DataFrame) -> tuple[float, float]:
    """`half_width` of instances, and its standard error relative to it, from resampled instances."""
    rho, recovered = cells["rho"].to_numpy(float), cells["is_recovered"].to_numpy(bool)
    draws = np.random.default_rng(0).integers(len(rho), size=(RESAMPLES, len(rho)))
    found = np.array([half_width(rho[draw], recovered[draw]) for draw in draws])
    known = np.log(found[np.isfinite(found) & (found > 0)])
    return half_width(rho, recovered), float(known.std()) if len(known) > RESAMPLES // 2 else np.inf


def fitted_power(sizes: FloatArray, widths: FloatArray, errors: FloatArray) -> tuple[float, float]:
    """p and its standard error in widths = c sizes^p, by least squares in logarithms, weighted; errors are relative."""
    weights = 1 / errors**2
    logs = np.log(sizes) - np.average(np.log(sizes), weights=weights)
    information = float(weights @ logs**2)
    return float((weights * logs) @ np.log(widths)) / information, information**-0.5


def _sound(rhos: pd.DataFrame) -> pd.DataFrame:
    """The instances with a rho, each once, in one order."""
    key = ["undersampling", "density", "features", "trial"]
    return rhos[rhos["rho"].notna()].drop_duplicates(key).sort_values(key, kind="stable")


def _at_one_size(cells: pd.DataFrame) -> pd.DataFrame:
    """The instances of the n with the most s/n, the largest of several."""
    counts = cells.groupby("features")["density"].nunique()
    return cells[cells["features"] == counts[counts == counts.max()].index.max()]


def _sizes(rhos: pd.DataFrame) -> pd.DataFrame:
    """The instances at the (m/n, s/n) with the most n, if there are two or more; the first of several."""
    counts = rhos.groupby(["undersampling", "density"])["features"].nunique()
    ratio, density = counts.idxmax()
    return rhos[(rhos["undersampling"] == ratio) & (rhos["density"] == density) & (counts.max() > 1)]


def _draw_distributions(ax: Axes, cells: pd.DataFrame, limit: pd.DataFrame, colour: Any) -> None:
    """The instances at each s/n, their quartiles and median, the limit and the threshold."""
    densities = np.array(sorted(cells["density"].unique()))
    edge = max(densities[-1], float(limit["density"].max()) if len(limit) else 0.0)
    gap = float(np.diff(densities).min()) if len(densities) > 1 else edge / 4
    for density, rows in cells.groupby("density"):
        offsets = style.spread(rows["trial"].to_numpy(float)) * 2 * FAN * gap
        found = rows["is_recovered"].to_numpy(bool)
        ax.plot((density + offsets)[found], rows["rho"][found], color=to_rgba(colour, 0.55), mew=0, **INSTANCE)
        ax.plot((density + offsets)[~found], rows["rho"][~found], color=colour, **MISSED)
        low, middle, high = censored_quantiles(rows["rho"].to_numpy(float), found, (0.25, 0.5, 0.75))
        if low < 1:
            ax.plot([density, density], [low, min(high, 1.0)], color="black", **QUARTILES)
        if middle < 1:
            ax.plot([density], [middle], color="black", **MEDIAN)
    ax.set(xlim=(0.0, edge + 0.75 * gap), xlabel="$s/n$", ylabel=r"$\rho$")
    if len(limit):
        curve = limit.sort_values("density")
        threshold = float(curve["density"].iloc[-1])
        # beyond the threshold 1 - rho, of another minimiser then, is measured to be of the order 1/n
        ax.plot([*curve["density"], edge + gap], [*curve["rho"], 1.0], **LIMIT)
        ax.axvline(threshold, **THRESHOLD)
    ax.set_ylim(min(0.0, float(cells["rho"].min())), 1.03)


def _draw_widths(ax: Axes, cells: pd.DataFrame) -> None:
    """Half the width against n with the fitted power, and n^(-1/2) where that power agrees with it."""
    groups = [(int(n), *width_with_error(rows)) for n, rows in cells.groupby("features")]
    sizes, widths, errors = (np.array(column, dtype=float) for column in zip(*groups, strict=True))
    known = np.isfinite(widths) & (widths > 0) & np.isfinite(errors) & (errors > 0)
    sizes, widths, errors = sizes[known], widths[known], errors[known]
    ax.set(xscale="log", yscale="log", xlabel="$n$", ylabel=r"half-width of the law of $\rho$")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())
    reach = [widths * -np.expm1(-1.96 * errors), widths * np.expm1(1.96 * errors)]
    measured: dict[str, Any] = {"color": "black", "marker": "o", "linestyle": "none", "elinewidth": 0.8}
    if len(sizes) < 2:
        ax.errorbar(sizes, widths, yerr=reach, **measured)
        return
    ax.set_xlim(sizes[0] / 1.3, sizes[-1] * 1.3)
    power, error = fitted_power(sizes, widths, errors)
    ax.errorbar(sizes, widths, yerr=reach, label=f"measured; fitted power ${power:.2f} \\pm {error:.2f}$", **measured)
    if abs(power + 0.5) < 2 * error < 0.4:
        ends = np.array([sizes[0] / 1.3, sizes[-1] * 1.3])
        constant = np.exp(np.average(np.log(widths) + np.log(sizes) / 2, weights=1 / errors**2))
        ax.plot(ends, constant / np.sqrt(ends), label=r"$\propto n^{-1/2}$", **GUIDE)
    ax.legend(loc="lower left", handlelength=1.6)


def _legend(rhos: pd.DataFrame) -> list[Line2D]:
    dark: dict[str, Any] = {"color": "0.3"}
    handles = [
        Line2D([], [], label="an instance, $x_0$ the minimiser", **dark, **INSTANCE),
        Line2D([], [], label="median and quartiles", color="black", **MEDIAN),
        Line2D([], [], label=r"limit $n \to \infty$", **LIMIT),
        Line2D([], [], label="basis pursuit's threshold", **THRESHOLD),
    ]
    if not rhos["is_recovered"].all():
        handles.insert(1, Line2D([], [], label="an instance, another minimiser", **dark, **MISSED))
    return handles
