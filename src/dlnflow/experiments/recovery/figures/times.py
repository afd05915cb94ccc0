"""Time to solution against accuracy, of solvers of basis pursuit and of the network's limit, on the same instances."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.textpath import TextPath

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.recovery.tables import KEY
from dlnflow.kit import style
from dlnflow.kit.curves import depths_of, of_largest

FLOOR = -17.0  # log10 of what stands for an error of 0, below what float64 tells
NAME_SIZE = 7.0
BARS: dict[str, Any] = {"elinewidth": 0.8, "zorder": 3}
SOLVER: dict[str, Any] = {"color": "black", "marker": "o", "markersize": 4, "linestyle": "none"}
EXACT: dict[str, Any] = SOLVER | {"marker": "v", "markersize": 5}
# Where a name may stand: points away from its mark, and in which direction.
AWAY = (6.0, 13.0, 21.0, 30.0, 40.0)
AROUND = tuple((np.cos(angle), np.sin(angle)) for angle in np.arange(16) * np.pi / 8)
LEADER: dict[str, Any] = {"arrowstyle": "-", "color": "0.5", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2}

Box = tuple[float, float, float, float]
"""Left, lower, right, upper, in points."""


def times_figure(cells: pd.DataFrame, times: pd.DataFrame) -> Figure:
    """Seconds against relative distance to the exact minimiser: medians and quartiles over the instances.

    cells: rows of `tables.RECOVERY` of the grid of times.  times: rows of its TIMES. A panel for the cells in
    which the exact minimiser is mostly the signal, and one for the others; of several n the largest. A mark for each
    solver, a line for each depth along its scales. Exact answers stand on the lower edge.
    """
    runs = measured(of_largest(cells), times)
    if runs.empty:
        return style.note("the grid has no exact solver to measure accuracy against")
    groups = [(title, runs[runs["is_recovered"] == wanted]) for title, wanted in _TITLES]
    panels = [(title, summarise(rows), rows) for title, rows in groups if len(rows)]
    depths = depths_of(runs)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 4.2))
        grid = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
        everything = pd.concat([summary for _, summary, _ in panels])
        seconds, error = everything[["seconds_low", "seconds_high"]], everything["error_high"]
        for ax, (_, summary, _) in zip(grid, panels, strict=True):
            style.decades((seconds.min().min() / 3, seconds.max().max() * 3), ax, "x")
            style.decades((10.0**FLOOR, 10.0 ** max(error.max() + 0.5, -10.0)), ax, "y")
            ax.set_xlabel("time to solution in seconds")
            _draw(ax, summary, depths)
        grid[0].set_ylabel(r"error $\|x - x^\circ\|_2\,/\,\|x^\circ\|_2$")
        style.panel_titles(grid, [_title(title, rows) for title, _, rows in panels])
        figure.legend(
            handles=_legend(everything, depths),
            loc="outside upper center",
            ncols=style.columns_for(len(depths) + 2, most=6),
        )
        figure.draw_without_rendering()  # names are placed where the layout leaves room
        for ax, (_, summary, _) in zip(grid, panels, strict=True):
            _name(ax, summary, depths)
    return figure


_TITLES = (("recovered", True), ("not recovered", False))


def measured(cells: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """seconds and error (log10, FLOOR for 0) of every answer on an instance that was solved exactly.

    is_recovered: whether at most instances of this cell the exact minimiser is the signal.
    """
    cells = cells[cells["l1_norm"].notna()]
    exact = cells[cells["method"] == "exact"]
    place, instance = ["undersampling", "sparsity"], ["undersampling", "sparsity", "trial"]
    recovered = (exact.groupby(place)["success"].mean() > 0.5).rename("is_recovered")
    answers = cells.merge(exact[instance], on=instance).merge(recovered, on=place).merge(times, on=list(KEY))
    return answers.assign(error=answers["log10_solution_error"].astype(float).fillna(FLOOR).clip(lower=FLOOR))


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """Median and quartiles of seconds and error, a row for each solver and network."""
    groups = runs.groupby(["method", "depth", "scale", "log10_scale"], dropna=False)[["seconds", "error"]]
    found = groups.median()
    for name, fraction in (("low", 0.25), ("high", 0.75)):
        found = found.join(groups.quantile(fraction).add_suffix(f"_{name}"))
    return found.reset_index()


def _title(title: str, rows: pd.DataFrame) -> str:
    ratios = (rows["entries"] / rows["measurements"]).agg(["min", "max"]).map("{:.2g}".format).unique()
    return f"{title}: $s/m = {'$ to $'.join(ratios)}$"


def _draw(ax: Axes, summary: pd.DataFrame, depths: Sequence[float]) -> None:
    solvers = summary[summary["method"] != "limit"]
    inexact = solvers["error"] > FLOOR
    _draw_marks(ax, solvers[inexact], SOLVER)
    _draw_marks(ax, solvers[~inexact], EXACT | {"clip_on": False})
    for index, (colour, depth) in enumerate(zip(style.colours(len(depths)), depths, strict=True)):
        rows = summary[summary["depth"] == depth].sort_values("log10_scale")
        key = {"color": colour, "marker": style.MARKERS[index % len(style.MARKERS)], "markersize": 3.5}
        _draw_marks(ax, rows, key | {"ecolor": to_rgba(colour, 0.4), "linewidth": 1.0})


def _draw_marks(ax: Axes, rows: pd.DataFrame, key: dict[str, Any]) -> None:
    x, y = rows["seconds"], 10.0 ** rows["error"]
    reach_x = [x - rows["seconds_low"], rows["seconds_high"] - x]
    reach_y = [y - 10.0 ** rows["error_low"], 10.0 ** rows["error_high"] - y]
    ax.errorbar(x, y, xerr=reach_x, yerr=reach_y, **BARS, **key)


def _name(ax: Axes, summary: pd.DataFrame, depths: Sequence[float]) -> None:
    """The solvers' names, and those of some scales, where nothing else stands."""
    names: list[tuple[Any, str, Any]]
    names = [(row, row["method"], "black") for _, row in summary[summary["method"] != "limit"].iterrows()]
    for index, (colour, depth) in enumerate(zip(style.colours(len(depths)), depths, strict=True)):
        rows = summary[summary["depth"] == depth].sort_values("log10_scale")
        shown = rows.iloc[:1] if index else rows.iloc[[0, -1]].drop_duplicates()
        dark = tuple(0.75 * part for part in colour[:3])  # the lightest is hard to read as text
        names += [(row, style.scale_label(row["scale"]), dark) for _, row in shown.iterrows()]
    occupied = _occupied(ax, summary)
    points = 72.0 / ax.figure.dpi
    left, lower, right, upper = points * np.array(ax.get_window_extent().extents)
    taken: list[Box] = []
    for row, name, colour in names:
        width, height = TextPath((0, 0), name, size=NAME_SIZE).get_extents().size
        mark = points * ax.transData.transform((row["seconds"], 10.0 ** row["error"]))
        shift, box = _place(mark, (width, height), occupied, taken, (left, lower, right, upper))
        taken.append(box)
        key: dict[str, Any] = {"arrowprops": LEADER} if np.hypot(*shift) > 20 else {}
        key |= {"ha": "center", "va": "center", "fontsize": NAME_SIZE, "color": colour, "zorder": 5}
        point = (row["seconds"], 10.0 ** row["error"])
        ax.annotate(name, point, shift, textcoords="offset points", annotation_clip=False, **key).set_in_layout(False)


def _occupied(ax: Axes, summary: pd.DataFrame) -> FloatArray:
    """Places, in points, along the bars and the networks' lines of a panel."""
    summary = summary.sort_values("log10_scale")
    middle = summary[["seconds", "error"]].to_numpy(float)
    paths = [middle[rows] for rows in summary.groupby("depth").indices.values()]
    for name, column in (("seconds", 0), ("error", 1)):
        for side in ("low", "high"):
            ends = middle.copy()
            ends[:, column] = summary[f"{name}_{side}"]
            paths += list(np.stack([middle, ends], axis=1))
    found = []
    for path in paths:
        corners = ax.transData.transform(np.column_stack([path[:, 0], 10.0 ** path[:, 1]]))
        along = np.linspace(0, len(corners) - 1, 40 * len(corners))
        found.append(np.column_stack([np.interp(along, np.arange(len(corners)), corner) for corner in corners.T]))
    return np.concatenate(found) * 72.0 / ax.figure.dpi


def _place(
    mark: FloatArray, size: tuple[float, float], occupied: FloatArray, taken: Sequence[Box], inside: Box
) -> tuple[tuple[float, float], Box]:
    """(shift from the mark, box) of a name that overlaps the least, and of such the nearest."""
    best: tuple[float, tuple[float, float], Box] | None = None
    for away in AWAY:
        for right, up in AROUND:
            # the box's near side, not its middle, is that far away
            shift = (right * (away + size[0] / 2), up * (away + size[1] / 2))
            middle = mark + shift
            box = (*(middle - np.array(size) / 2 - 1.0), *(middle + np.array(size) / 2 + 1.0))
            cost = 0.1 * away + 100.0 * (_overlap(box, box) - _overlap(box, inside))
            cost += sum(_overlap(box, other) for other in taken)
            cost += ((occupied >= box[:2]) & (occupied <= box[2:])).all(axis=1).sum()
            if best is None or cost < best[0]:
                best = cost, shift, box
    assert best is not None
    return best[1:]


def _overlap(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    sides = [min(one[i + 2], other[i + 2]) - max(one[i], other[i]) for i in (0, 1)]
    return max(sides[0], 0.0) * max(sides[1], 0.0)


def _legend(summary: pd.DataFrame, depths: Sequence[float]) -> list[Line2D]:
    handles = style.marks(style.colours(len(depths)), [f"network, {style.depth_label(depth)}" for depth in depths])
    handles.append(Line2D([], [], label="solver", **SOLVER))
    if (summary["error"] <= FLOOR).any():
        handles.append(Line2D([], [], label="error 0", **EXACT))
    return handles
