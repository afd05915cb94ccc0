"""The s/m at which half of the instances are recovered, measured, on the boundaries that theory predicts."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.kit import style
from dlnflow.kit.curves import basis_pursuit, depths_of, network, of_largest, scales_of

Panel = tuple[str, str, pd.DataFrame]
"""The title, the signal and the fits of a panel."""

WEAK: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (4, 2)), "zorder": 2.7}
PREDICTED: dict[str, Any] = {"linewidth": 1.0, "zorder": 2.5}
INTERVAL: dict[str, Any] = {"linestyle": "none", "elinewidth": 0.8, "zorder": 3}
# One inside the other, so that ensembles that agree are all seen.
ENSEMBLES: dict[str, dict[str, Any]] = {
    "gaussian": {"marker": "o", "markersize": 3},
    "rademacher": {"marker": "s", "markersize": 5.5, "markerfacecolor": "none", "markeredgewidth": 0.8},
    "dct": {"marker": "D", "markersize": 7.5, "markerfacecolor": "none", "markeredgewidth": 0.8},
}
NAMES = {"gaussian": "Gaussian", "rademacher": "Rademacher", "dct": "partial cosine transform"}


def thresholds_figure(fits: pd.DataFrame, boundaries: pd.DataFrame) -> Figure:
    """Measured 50 % points with their 95 % intervals against m/n, over the predicted curves.

    fits: rows of `tables.FITS`; drawn are those of s/m at fixed m/n, of each grid at its largest n, that
    have a transition.  boundaries: rows of BOUNDARIES. For each signal a panel for basis pursuit and one for each
    depth, a colour for each scale, a mark for each ensemble.
    """
    fits = fits[(fits["axis"] == "sparsity") & fits["midpoint"].notna()]
    if fits.empty:
        return style.note("no transition lies inside the grids")
    fits = pd.concat([of_largest(grid) for _, grid in fits.groupby("grid", sort=False)])
    scales = scales_of(fits)
    panels = _panels(fits)
    columns = style.columns_for(max(len(row) for row in panels))
    # a signal starts a row
    places: list[Panel | None] = [p for row in panels for p in [*row, *[None] * (-len(row) % columns)]]
    rows = len(places) // columns
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.9 + (0.35 + 5.6 / max(columns, 3)) * rows))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for ax, below, panel in zip(grid.flat, [*places[columns:], *[None] * columns], places, strict=True):
            if panel is None:
                ax.set_visible(False)
                continue
            ax.set(xlim=(0, 1), ylim=(0, 1), xticks=np.linspace(0, 1, 3 if columns > 2 else 6))
            _draw(ax, panel[2], boundaries[boundaries["signal"] == panel[1]], scales)
            if below is None:
                ax.tick_params(labelbottom=True)
                ax.set_xlabel("$m/n$")
        for ax, panel in zip(grid[:, 0], places[::columns], strict=True):
            signal = f"{panel[1]} signal\n" if panel and len(panels) > 1 else ""
            ax.set_ylabel(signal + "$s/m$ with 50 % success")
        shown = [(ax, panel[0]) for ax, panel in zip(grid.flat, places, strict=True) if panel]
        style.panel_titles([ax for ax, _ in shown], [title for _, title in shown])
        colours = style.scale_colours(len(scales))
        lines = [
            Line2D([], [], color=colour, label=style.scale_label(scale), **PREDICTED)
            for colour, scale in zip(colours, scales, strict=True)
        ]
        if boundaries["depth"].isna().any():
            lines.append(Line2D([], [], label="basis pursuit", **WEAK))
        figure.legend(handles=lines, loc="outside upper center", ncols=style.columns_for(len(lines), most=6))
        figure.legend(handles=_mark_legend(fits), loc="outside lower center", ncols=4)
    return figure


def _panels(fits: pd.DataFrame) -> list[list[Panel]]:
    """For each signal its panels: basis pursuit, where it was solved, and every depth."""
    found = []
    for signal in sorted(fits["signal"].unique(), reverse=True):  # signed before nonnegative
        rows = fits[fits["signal"] == signal]
        solved = pd.concat([basis_pursuit(grid) for _, grid in rows.groupby("grid", sort=False)])
        panels = [("basis pursuit", signal, solved)] if len(solved) else []
        panels += [(style.depth_label(depth), signal, rows[rows["depth"] == depth]) for depth in depths_of(rows)]
        found.append(panels)
    return found


def _draw(ax: Axes, fits: pd.DataFrame, boundaries: pd.DataFrame, scales: list[str]) -> None:
    """The curves of every network that was measured, basis pursuit's in every panel, and what was measured."""
    weak = boundaries[boundaries["depth"].isna()]
    ax.plot(*_curve(weak), **WEAK)
    _draw_marks(ax, fits[fits["depth"].isna()], "black")
    for scale, colour in zip(scales, style.scale_colours(len(scales)), strict=True):
        for depth in depths_of(fits):
            rows = network(fits, depth, scale)
            if len(rows):
                ax.plot(*_curve(network(boundaries, depth, scale)), color=colour, **PREDICTED)
                _draw_marks(ax, rows, colour)


def _curve(boundary: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The grids of one signal share their boundaries, for theory knows no ensemble."""
    points = boundary.drop_duplicates("undersampling").sort_values("undersampling")
    return points["undersampling"], points["sparsity"]


def _draw_marks(ax: Axes, fits: pd.DataFrame, colour: Any) -> None:
    for ensemble, rows in fits.groupby("ensemble"):
        ends = rows[["low", "high"]].sub(rows["midpoint"], axis=0).abs().T
        ax.errorbar(rows["at"], rows["midpoint"], yerr=ends, color=colour, **INTERVAL, **ENSEMBLES[str(ensemble)])


def _mark_legend(fits: pd.DataFrame) -> list[Line2D]:
    key: dict[str, Any] = {"color": "0.3", "linestyle": "none"}
    known = set(fits["ensemble"])
    marks = [
        Line2D([], [], label=f"measured, {NAMES[ensemble]}", **key | mark)
        for ensemble, mark in ENSEMBLES.items()
        if ensemble in known
    ]
    return [Line2D([], [], color="0.3", label="predicted", **PREDICTED), *marks]
