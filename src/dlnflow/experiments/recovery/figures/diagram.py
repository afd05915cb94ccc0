"""Where the planted signal is found: the success rate over m/n and s/m, beside the boundaries that theory predicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from dlnflow.kit import style
from dlnflow.kit.curves import basis_pursuit, depths_of, network, of_largest, scales_of

# White in a black case is seen on dark cells and on light ones, on paper and in grey.
_CASE, _THIN_CASE = ([withStroke(linewidth=width, foreground="black")] for width in (2.6, 1.8))
PREDICTED: dict[str, Any] = {"color": "white", "linewidth": 1.3, "path_effects": _CASE}
WEAK: dict[str, Any] = PREDICTED | {"linestyle": (0, (3, 2))}
LARGEST_PANEL = 2.1  # inches
LONE_WIDTH = 0.05  # of a cell that has no neighbour


@dataclass(frozen=True)
class Panel:
    """The cells of a network, or of basis pursuit, where they stand in the figure, and the network's boundary."""

    place: tuple[int, int]
    title: str
    cells: pd.DataFrame
    boundary: pd.DataFrame
    row_label: str = ""


def diagram_figure(cells: pd.DataFrame, boundaries: pd.DataFrame, tolerance: str) -> Figure:
    """Heat maps of the success rate over (m/n, s/m): basis pursuit, then a row for each depth, a column for each scale.

    cells: rows of `tables.RECOVERY` of one grid; of several n the largest is drawn.  boundaries: rows of its
    BOUNDARIES.  tolerance: what makes a success, for the colour bar. One depth, or one scale, makes a plain list.
    """
    cells = of_largest(cells)
    boundaries = boundaries[boundaries["grid"] == cells["grid"].iloc[0]]
    weak = boundaries[boundaries["depth"].isna()]
    panels = _panels(cells, boundaries)
    rows, columns = (1 + max(panel.place[i] for panel in panels) for i in (0, 1))
    has_key_row = any(panel.row_label for panel in panels) and not panels[0].row_label
    margins = 1.05 if has_key_row else 0.75
    across, down = (style.WIDTH - (0.75 if has_key_row else 1.3)) / columns, (style.PAGE - margins) / rows
    side = min(across - 0.12, down - 0.2, LARGEST_PANEL)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, margins + (side + 0.2) * rows), layout="compressed")
        grid = GridSpec(rows, columns, figure=figure)
        axes = {panel.place: figure.add_subplot(grid[panel.place]) for panel in panels}
        for panel in panels:
            ax = axes[panel.place]
            _frame(ax, side)
            mesh = ax.pcolormesh(*heat_map(panel.cells), vmin=0.0, vmax=1.0, cmap="viridis", edgecolor="face")
            mesh.set_linewidth(0.1)  # or viewers show the paper between cells
            _draw_boundary(ax, weak, WEAK, side)
            _draw_boundary(ax, panel.boundary, PREDICTED, side)
        _label(axes, panels, side)
        trials = cells.groupby(["measurements", "entries"])["trial"].nunique().max()
        close = rf"$\|x - x_0\|_2 \leq {style.power_label(tolerance)}\,\|x_0\|_2$"
        label = f"share of {trials} instances ($n = {cells['features'].iloc[0]}$)\nwith {close}"
        if has_key_row:
            _bar_beside(figure.add_subplot(grid[0, 1:]), mesh, label, (columns - 1) * side)
        else:
            shrink = min(1.0, 1.9 / (side * rows))
            figure.colorbar(mesh, ax=list(axes.values()), shrink=shrink, aspect=20, label=label)
        handles = _legend(weak, panels)
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles) or 1)
    return figure


def heat_map(cells: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64], np.ma.MaskedArray[Any, Any]]:
    """(edges in m/n, edges in s/m, success rates), the cells around the ratios as typed; masked where there is none."""
    rates = cells.groupby(["sparsity", "undersampling"])["success"].mean().unstack()
    return edges(rates.columns.to_numpy()), edges(rates.index.to_numpy()), np.ma.masked_invalid(rates.to_numpy(float))


def edges(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """The borders of cells around rising centres in [0, 1], where they end."""
    return np.clip(style.edges(centres, LONE_WIDTH), 0.0, 1.0)


def _panels(cells: pd.DataFrame, boundaries: pd.DataFrame) -> list[Panel]:
    depths, scales = depths_of(cells), scales_of(cells)
    solved = basis_pursuit(cells)
    networks = [(d, s) for d in depths for s in scales if len(network(cells, d, s))]
    is_table = len(depths) > 1 and len(scales) > 1
    count = len(networks) + (len(solved) > 0)
    columns = len(scales) if is_table else style.columns_for(count)
    panels = [Panel((0, 0), "basis pursuit", solved, boundaries.iloc[:0])] if len(solved) else []
    for depth, scale in networks:
        if is_table:
            place = (depths.index(depth) + (len(solved) > 0), scales.index(scale))
            title = style.scale_label(scale) if depth == depths[0] else ""
            row_label = style.depth_label(depth) if scale == scales[0] else ""
        else:
            place = divmod(len(panels), columns)
            title, row_label = f"{style.depth_label(depth)}, {style.scale_label(scale)}", ""
        boundary = network(boundaries, depth, scale)
        panels.append(Panel(place, title, network(cells, depth, scale), boundary, row_label))
    return panels


def _frame(ax: Axes, side: float) -> None:
    ax.set(xlim=(0, 1), ylim=(0, 1), box_aspect=1)
    ax.grid(False)
    ax.spines[:].set_visible(True)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks([0.0, 0.5, 1.0] if side < 1.3 else np.linspace(0.0, 1.0, 6))
        axis.set_major_formatter("{x:g}")
    ax.tick_params(labelsize=6 if side < 0.8 else 8)


def _draw_boundary(ax: Axes, boundary: pd.DataFrame, key: dict[str, Any], side: float) -> None:
    points = boundary.sort_values("undersampling")
    if len(points):
        thin = {"linewidth": 0.8, "path_effects": _THIN_CASE} if side < 1.0 else {}
        ax.plot(points["undersampling"], points["sparsity"], **key | thin)


def _bar_beside(ax: Axes, mesh: QuadMesh, label: str, width: float) -> None:
    """The colour bar in the room that the first row leaves beside basis pursuit."""
    ax.axis("off")
    length = min(2.4 / width, 0.9)
    inset = ax.inset_axes((1 - length if length < 0.5 else 0.5 - length / 2, 0.45, length, 0.1))
    ax.figure.colorbar(mesh, cax=inset, orientation="horizontal", label=label)


def _label(axes: dict[tuple[int, int], Axes], panels: Sequence[Panel], side: float) -> None:
    """Titles everywhere in a list; in a table over columns and beside rows. Ratios at the outer panels."""
    for panel in panels:
        ax, (row, column) = axes[panel.place], panel.place
        ax.set_title(panel.title, loc="left" if side > 1.0 else "center")
        is_lowest, is_first = (row + 1, column) not in axes, column == 0
        ax.tick_params(labelbottom=is_lowest, labelleft=is_first)
        if is_lowest:
            ax.set_xlabel("$m/n$")
        if is_first:
            ax.set_ylabel(f"{panel.row_label}\n$s/m$" if panel.row_label else "$s/m$")


def _legend(weak: pd.DataFrame, panels: Sequence[Panel]) -> list[Line2D]:
    handles = []
    if any(len(panel.boundary) for panel in panels):
        handles.append(Line2D([], [], label="predicted for this network", **PREDICTED))
    if len(weak):
        handles.append(Line2D([], [], label="predicted for basis pursuit (weak threshold)", **WEAK))
    return handles
