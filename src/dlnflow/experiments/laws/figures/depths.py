"""Depths at equal scale: which is nearest to its minimiser, how near, and from which scale on the deeper one is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.laws.figures.constants import ladder_axis, ladder_cells
from dlnflow.experiments.laws.tables import INSTANCE
from dlnflow.kit import style

MOST_MISSING = 0.1  # of the instances, at a scale that is drawn: below it only slow ones are measured at all
AREA: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.6}
CURVE: dict[str, Any] = {"linewidth": 1.1, "markersize": 3.5, "zorder": 3}


def depths_figure(cells: pd.DataFrame, laws: pd.DataFrame) -> Figure:
    """A column for one minimiser and one for many; rows: the nearest depth, the median error, where orders change.

    cells, laws: rows of `tables.LAW_CELLS` and LAWS. Instances are compared that have an error at all depths and
    scales that are drawn, which those are that nearly all of them have. The horizontal axis has the ladder's rungs at
    equal distances.
    """
    errors = compared_errors(cells)
    if errors.empty or errors.shape[1] < 2:
        return style.note("no two depths to compare")
    groups = _by_uniqueness(errors, laws)
    depths = [float(depth) for depth in errors.columns]
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 7.0))
        grid = figure.subplots(3, len(groups), sharex=True, sharey="row", squeeze=False)
        limits = _median_limits(groups)
        for column, (_, rows) in zip(grid.T, groups, strict=True):
            for ax in column:
                ladder_axis(ax, rungs_of(rows))
            _draw_shares(column[0], rows)
            _draw_medians(column[1], rows, limits)
            _draw_crossings(column[2], rows)
            column[2].set_xlabel(r"scale $\varepsilon$")
        first = style.depth_label(depths[0])
        labels = ["share nearest to its minimiser", "median error", f"share nearer than {first},\nthere and below"]
        for ax, label in zip(grid[:, 0], labels, strict=True):
            ax.set_ylabel(label)
        counts = [len(rows) // len(rungs_of(rows)) for _, rows in groups]
        names = [f"{name}, {k} instance" + "s" * (k != 1) for (name, _), k in zip(groups, counts, strict=True)]
        empty = [""] * len(groups)
        style.panel_titles(list(grid.flat), [*names, *empty, *empty])
        handles = style.curve_legend([style.depth_label(depth) for depth in depths])
        figure.legend(handles=handles, loc="outside upper center", ncols=style.columns_for(len(handles), most=6))
    return figure


def compared_errors(cells: pd.DataFrame) -> pd.DataFrame:
    """log10 of the error, a column a depth, a row an instance and rung, rungs falling; whole instances only."""
    rows = ladder_cells(cells)
    rows = rows[(rows["status"] == "converged") & rows["log10_error"].notna()]
    index = [*INSTANCE, "log10_scale"]
    table = rows.pivot(index=index, columns="depth", values="log10_error").astype(float).dropna()
    rungs = table.index.get_level_values("log10_scale")
    counts = rungs.value_counts()
    kept = table[rungs.map(counts) >= (1 - MOST_MISSING) * counts.max()]
    sizes = kept.iloc[:, :1].groupby(level=list(INSTANCE)).transform("size")
    return kept[sizes == sizes.max()].sort_index(ascending=[True] * len(INSTANCE) + [False])


def rungs_of(errors: pd.DataFrame) -> FloatArray:
    """log10 of the scales, falling."""
    found = errors.index.get_level_values("log10_scale").unique().to_numpy(float)
    return np.sort(found)[::-1]


def nearest_shares(errors: pd.DataFrame) -> pd.DataFrame:
    """A row a rung, a column a depth: the share of instances that this depth brings nearest to its minimiser."""
    nearest = errors.idxmin(axis=1)
    found = pd.crosstab(nearest.index.get_level_values("log10_scale"), nearest.to_numpy(), normalize="index")
    return found.reindex(columns=errors.columns, fill_value=0.0).sort_index(ascending=False)


def crossings(errors: pd.DataFrame, depth: float) -> FloatArray:
    """log10 of the scale from which on, downwards, a depth is nearer than the first one, an instance each.

    inf: at every rung.  -inf: not at the last. Between rungs the errors' logarithms are interpolated.
    """
    rungs = rungs_of(errors)
    behind = (errors[depth] - errors.iloc[:, 0]).to_numpy().reshape(-1, len(rungs))
    found = []
    for gaps in behind:
        farther = np.flatnonzero(gaps >= 0)
        if not len(farther):
            found.append(np.inf)
        elif farther[-1] == len(rungs) - 1:
            found.append(-np.inf)
        else:
            k = farther[-1]
            found.append(rungs[k] + (rungs[k + 1] - rungs[k]) * gaps[k] / (gaps[k] - gaps[k + 1]))
    return np.array(found)


def share_by(crossed: FloatArray, log10_scales: FloatArray) -> FloatArray:
    """The share of the instances that have crossed at a scale or above it."""
    found: FloatArray = (crossed >= np.asarray(log10_scales)[:, None]).mean(axis=1)
    return found


def _by_uniqueness(errors: pd.DataFrame, laws: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """(name, errors) of the instances with one minimiser and of the others, if there are any."""
    unique = laws[laws["is_unique"].eq(True)].set_index(list(INSTANCE)).index
    is_unique = errors.index.droplevel("log10_scale").isin(unique)
    groups = [("one minimiser", errors[is_unique]), ("many minimisers", errors[~is_unique])]
    return [(name, rows) for name, rows in groups if len(rows)]


def _draw_shares(ax: Axes, errors: pd.DataFrame) -> None:
    """Stacked, the shallowest depth at the bottom; to the edges the first and the last rung go on."""
    shares = nearest_shares(errors).iloc[::-1]
    left, right = ax.get_xlim()
    x = np.concatenate([[left], 10.0 ** shares.index.to_numpy(float), [right]])
    heights = np.pad(shares.to_numpy(float), ((1, 1), (0, 0)), mode="edge").T
    ax.stackplot(x, heights, colors=style.colours(len(heights)), **AREA)
    ax.set_ylim(0.0, 1.0)


def _median_limits(groups: Sequence[tuple[str, pd.DataFrame]]) -> tuple[float, float]:
    medians = np.concatenate([np.ravel(rows.groupby(level="log10_scale").median()) for _, rows in groups])
    return 10.0 ** (medians.min() - 0.7), 10.0 ** (medians.max() + 0.7)


def _draw_medians(ax: Axes, errors: pd.DataFrame, limits: tuple[float, float]) -> None:
    style.long_decades(limits, ax, "y", most=8)
    medians = errors.groupby(level="log10_scale").median()
    for index, (depth, colour) in enumerate(zip(medians, style.colours(medians.shape[1]), strict=True)):
        marker = style.MARKERS[index % len(style.MARKERS)]
        ax.plot(10.0**medians.index, 10.0 ** medians[depth], color=colour, marker=marker, **CURVE)


def _draw_crossings(ax: Axes, errors: pd.DataFrame) -> None:
    """How many have changed their order by a scale; at the right edge those that had at the largest.

    Depths that change it alike lie on each other: the shallower, the wider.
    """
    left, right = ax.get_xlim()
    rungs, count = rungs_of(errors), errors.shape[1]
    for index, (depth, colour) in enumerate(zip(errors, style.colours(count), strict=True)):
        if index:
            at = crossings(errors, depth)
            between = np.sort(at[np.isfinite(at)])[::-1]
            x = np.concatenate([[right], 10.0**between, [left]])
            y = share_by(at, np.concatenate([[np.inf], between, between[-1:] if len(between) else [np.inf]]))
            width = 1.0 + 2.2 * (count - 1 - index) / max(count - 2, 1)
            key: dict[str, Any] = {"color": colour, "zorder": 3 + index / count}
            ax.plot(x, y, drawstyle="steps-post", linewidth=width, **key)
            marker = style.MARKERS[index % len(style.MARKERS)]
            ax.plot(10.0**rungs, share_by(at, rungs), marker, markersize=3 + width, **key)
