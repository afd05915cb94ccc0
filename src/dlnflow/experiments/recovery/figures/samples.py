"""How many measurements recover a signal of fixed s/n: success against m/n, and what scale and n make of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter
from scipy.special import expit, ndtri

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.kit import style
from dlnflow.kit.curves import basis_pursuit, depths_of, network, scales_of

NORMAL = float(ndtri(0.975))  # for 95 % intervals
BASIS_PURSUIT: dict[str, Any] = {"color": "black", "marker": "*"}
FITTED: dict[str, Any] = {"linewidth": 0.8, "zorder": 2}
BARS: dict[str, Any] = {"linestyle": "none", "elinewidth": 0.8, "markersize": 3.5, "zorder": 3}
PREDICTED: dict[str, Any] = {"linewidth": 1.0, "linestyle": (0, (4, 2)), "zorder": 2}
THEORY: dict[str, Any] = {"marker": "|", "markersize": 11, "markeredgewidth": 1.2, "linestyle": "none", "zorder": 4}
GUIDE: dict[str, Any] = {"linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}


def samples_figure(cells: pd.DataFrame, fits: pd.DataFrame, boundaries: pd.DataFrame) -> Figure:
    """Success against m/n for each depth; the 50 % point against the scale; the transition's sharpening with n.

    cells: rows of `tables.RECOVERY` of the grid of transitions.  fits: rows of its FITS, with
    theory's 50 % points.  boundaries: rows of its BOUNDARIES, for basis pursuit's threshold. Of several s/n the middle
    one is drawn, and of several n the largest where n is not what varies.
    """
    densities = sorted(cells["sparsity"].unique())
    cells = cells[cells["sparsity"] == densities[len(densities) // 2]]
    fits = _fits_of(cells, fits)
    boundaries = boundaries[boundaries["grid"] == cells["grid"].iloc[0]]
    sizes = sorted(cells["features"].unique())
    rates = success_rates(cells)
    largest, largest_fits = rates[rates["features"] == sizes[-1]], fits[fits["features"] == sizes[-1]]
    scales, depths = scales_of(cells), depths_of(cells)
    columns = style.columns_for(len(depths))
    rows = -(-len(depths) // columns)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 2.8 + 0.3 + 2.1 * rows))
        above, below = np.ravel(np.array(figure.subfigures(2, 1, height_ratios=[0.3 + 2.1 * rows, 2.8])))
        grid = above.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        grid[0, 0].set_xlim(*_range(largest))
        for ax, depth in zip(grid.flat, depths, strict=False):
            _draw_success(ax, largest, largest_fits, depth, scales)
        for ax in list(grid.flat)[len(depths) :]:
            ax.set_visible(False)
        for ax in list(grid.flat)[len(depths) - columns : len(depths)]:
            ax.tick_params(labelbottom=True)  # the panel below may be missing
            ax.set_xlabel("$m/n$")
        for ax in grid[:, 0]:
            ax.set_ylabel(f"success rate, $n = {sizes[-1]}$")
        left, middle, right = below.subplots(1, 3)
        density = cells.loc[cells["features"] == sizes[-1], "entries"].iloc[0] / sizes[-1]
        threshold = undersampling_at(density, boundaries[boundaries["depth"].isna()])
        _draw_scales(left, largest_fits, depths, threshold)
        name = _draw_sizes(middle, rates, fits, sizes)
        _draw_widths(right, fits, depths, sizes)
        names = [style.depth_label(depth) for depth in depths]
        panels = [*list(grid.flat)[: len(depths)], left, middle, right]
        style.panel_titles(panels, [*names, "measurements needed", name, "width of the transition"])
        handles = _legend(
            style.scale_colours(len(scales)), [style.scale_label(scale) for scale in scales], largest_fits
        )
        if largest_fits["predicted"].notna().any():
            handles.append(Line2D([], [], color="0.3", label="predicted 50 % point", **THEORY))
        above.legend(handles=handles, loc="outside upper center", ncols=style.columns_for(len(handles), most=6))
        handles = _legend(style.colours(len(depths)), names, fits)
        handles.append(Line2D([], [], color="0.3", label="predicted", **PREDICTED))
        handles.append(Line2D([], [], color="0.3", label=r"$\propto n^{-1/2}$", **GUIDE))
        below.legend(handles=handles, loc="outside lower center", ncols=style.columns_for(len(handles), most=6))
    return figure


def success_rates(cells: pd.DataFrame) -> pd.DataFrame:
    """rate with its 95 % Wilson interval low, high; a row for each method, network and instance size."""
    key = ["features", "measurements", "entries", "method", "depth", "scale", "log10_scale"]
    # two ratios as typed may round to the same integers, and then to the same instances
    cells = cells.drop_duplicates([*key, "trial"])
    found = cells.groupby(key, dropna=False)["success"].agg(["mean", "size"]).reset_index()
    rate, trials = found["mean"].to_numpy(float), found["size"].to_numpy(float)
    low, high = wilson_interval(rate, trials)
    return found.assign(rate=rate, low=low, high=high, undersampling=found["measurements"] / found["features"])


def wilson_interval(rate: FloatArray, trials: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The probabilities p with |rate - p| <= 1.96 sqrt(p (1 - p) / trials)."""
    weight = NORMAL**2 / trials
    centre = (rate + weight / 2) / (1 + weight)
    half = np.sqrt(weight * (rate * (1 - rate) + weight / 4)) / (1 + weight)
    return np.minimum(centre - half, rate), np.maximum(centre + half, rate)  # equal at 0 and 1, but for rounding


def undersampling_at(density: float, boundary: pd.DataFrame) -> float:
    """The m/n at which a predicted boundary (s/m against m/n) passes an s/n, between its points; NaN if at none."""
    points = boundary.sort_values("undersampling")
    densities = (points["undersampling"] * points["sparsity"]).to_numpy(float)  # rising: each factor does
    if not len(points):
        return np.nan
    return float(np.interp(density, densities, points["undersampling"], left=np.nan, right=np.nan))


def _fits_of(cells: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """The fits of these cells' signals: at the s/n that their s makes at each n."""
    fits = fits[(fits["grid"] == cells["grid"].iloc[0]) & (fits["axis"] == "undersampling")]
    density = (cells["entries"] / cells["features"]).groupby(cells["features"]).first()
    return fits[(fits["at"] - fits["features"].map(density)).abs() < 1e-9]


def _range(rates: pd.DataFrame) -> tuple[float, float]:
    """What was measured; theory may stand outside."""
    return rates["undersampling"].min() - 0.02, rates["undersampling"].max() + 0.02


def _draw_success(ax: Axes, rates: pd.DataFrame, fits: pd.DataFrame, depth: float, scales: Sequence[str]) -> None:
    ax.set_ylim(-0.03, 1.03)
    _draw_curve(ax, basis_pursuit(rates), basis_pursuit(fits), BASIS_PURSUIT)
    for index, (colour, scale) in enumerate(zip(style.scale_colours(len(scales)), scales, strict=True)):
        key = {"color": colour, "marker": style.MARKERS[index % len(style.MARKERS)]}
        _draw_curve(ax, network(rates, depth, scale), network(fits, depth, scale), key)


def _draw_curve(ax: Axes, rates: pd.DataFrame, fits: pd.DataFrame, key: dict[str, Any]) -> None:
    """The measured rates, the fitted curve, and a tick at one half where theory puts the 50 % point."""
    if rates.empty:
        return
    ends = [rates["rate"] - rates["low"], rates["high"] - rates["rate"]]
    pale = key | {"ecolor": to_rgba(key["color"], 0.4)}  # for they are many, and lie on each other at 0 and 1
    ax.errorbar(rates["undersampling"], rates["rate"], yerr=ends, **pale, **BARS)
    fine = np.linspace(rates["undersampling"].min(), rates["undersampling"].max(), 201)
    for fit in fits.itertuples():
        if np.isfinite(fit.midpoint):
            ax.plot(fine, expit((fine - fit.midpoint) / fit.width), color=key["color"], **FITTED)
        ax.plot([fit.predicted], [0.5], color=key["color"], **THEORY)


def _draw_scales(ax: Axes, fits: pd.DataFrame, depths: Sequence[float], threshold: float) -> None:
    """The m/n at which half of the instances are recovered, against the scale; basis pursuit's as lines."""
    networks = fits[fits["method"] == "limit"]
    low, high = (10.0 ** networks["log10_scale"].agg([np.min, np.max])).to_numpy() if len(networks) else (0.1, 1.0)
    style.decades((low / 3, high * 3), ax, "x")
    ax.set_xlabel(r"scale $\varepsilon = \alpha^L$")
    ax.set_ylabel("$m/n$ with 50 % success")
    for fit in basis_pursuit(fits).itertuples():
        ax.axhline(fit.midpoint, color="black", linewidth=0.8)
        ax.axhspan(fit.low, fit.high, color="black", alpha=0.12, linewidth=0, zorder=1)
    ax.axhline(threshold, color="black", **PREDICTED)
    for index, (colour, depth) in enumerate(zip(style.colours(len(depths)), depths, strict=True)):
        rows = networks[networks["depth"] == depth].sort_values("log10_scale")
        ax.plot(10.0 ** rows["log10_scale"], rows["predicted"].astype(float), color=colour, **PREDICTED)
        _draw_interval(ax, rows.assign(x=10.0 ** rows["log10_scale"]), "x", "midpoint", colour, index)


def _draw_interval(ax: Axes, rows: pd.DataFrame, x: str, y: str, colour: Any, index: int, **more: Any) -> None:
    low, high = ("low", "high") if y == "midpoint" else (f"{y}_low", f"{y}_high")
    reach = [rows[y] - rows[low], rows[high] - rows[y]]
    key = {"color": colour, "marker": style.MARKERS[index % len(style.MARKERS)]} | BARS | more
    ax.errorbar(rows[x], rows[y], yerr=reach, **key)


def _draw_sizes(ax: Axes, rates: pd.DataFrame, fits: pd.DataFrame, sizes: Sequence[int]) -> str:
    """Success at each n, of basis pursuit or of the deepest network at its smallest scale: the name of which."""
    name = "basis pursuit"
    if basis_pursuit(rates).empty:
        depth = depths_of(rates)[-1]
        scale = scales_of(rates[rates["depth"] == depth])[-1]
        name = f"{style.depth_label(depth)}, {style.scale_label(scale)}"
        rates, fits = network(rates, depth, scale), network(fits, depth, scale)
    else:
        rates, fits = basis_pursuit(rates), basis_pursuit(fits)
    ax.set(xlim=_range(rates), ylim=(-0.03, 1.03))
    ax.set_xlabel("$m/n$")
    ax.set_ylabel("success rate")
    for index, (grey, size) in enumerate(zip(np.linspace(0.7, 0.0, len(sizes)), sizes, strict=True)):
        key: dict[str, Any] = {"color": str(grey), "marker": style.MARKERS[index % len(style.MARKERS)]}
        _draw_curve(ax, rates[rates["features"] == size], fits[fits["features"] == size], key)
        ax.plot([], [], label=f"$n = {size}$", **key)
    ax.legend(loc="lower right", handlelength=1.2, borderaxespad=0.1)
    return name


def _draw_widths(ax: Axes, fits: pd.DataFrame, depths: Sequence[float], sizes: Sequence[int]) -> None:
    """The width of the fitted curve against n, for basis pursuit and every depth at its smallest scale."""
    curves: list[tuple[pd.DataFrame, Any, int]] = [(basis_pursuit(fits), "black", style.MARKERS.index("*"))]
    for index, (colour, depth) in enumerate(zip(style.colours(len(depths)), depths, strict=True)):
        rows = fits[fits["depth"] == depth]
        curves.append((network(rows, depth, scales_of(rows)[-1]) if len(rows) else rows, colour, index))
    ax.set(xscale="log", yscale="log", xlabel="$n$", ylabel="width in $m/n$", xlim=(sizes[0] / 1.4, sizes[-1] * 1.4))
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 3.0, 5.0, 7.0)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())
    spread = np.linspace(-1, 1, len(curves)) if len(curves) > 1 else [0.0]
    ends = np.array([sizes[0] / 1.4, sizes[-1] * 1.4])
    for (rows, colour, index), shift in zip(curves, spread, strict=True):
        rows = rows[rows["width"] > 0].assign(x=rows["features"] * 1.06**shift)  # for the curves lie on each other
        known = rows["width_low"] > 0
        _draw_interval(ax, rows[known], "x", "width", colour, index)
        _draw_interval(ax, rows[~known], "x", "width", colour, index, markerfacecolor="white")
        if known.any():
            constant = np.exp(np.mean(np.log(rows["width"][known]) + np.log(rows["features"][known]) / 2))
            ax.plot(ends, constant / np.sqrt(ends), color=colour, **GUIDE)


def _legend(colours: Sequence[Any], names: Sequence[str], fits: pd.DataFrame) -> list[Line2D]:
    """A colour and a mark for each name, and basis pursuit's if it was solved."""
    handles = style.marks(colours, names)
    if len(basis_pursuit(fits)):
        handles.append(Line2D([], [], label="basis pursuit", **BASIS_PURSUIT))
    return handles
