"""Correct digits over the bits read, b, and the kink's k, delta = 2^-k: where no algorithm can be right, and who is."""

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from dlnflow.kit import style
from dlnflow.kit.curves import depths_of, network, scales_of
from dlnflow.solvers.names import PACKAGES

CAP = 20.0  # digits: what 64 bits give; the colours end there
COLUMNS = 5
LARGEST_PANEL = 2.4  # inches
MARGINS, GAPS = (0.5, 1.75), (0.12, 0.22)  # inches, across and down: of the figure, and of a panel
NAMES = {"interval": "intervals", "highs-ds": "HiGHS ds", "highs-ipm": "HiGHS ipm", "clarabel": "Clarabel"} | {
    name: name.upper() for name in ("lars", "piqp", "scs", "osqp", "spgl1")
}
# White in a black case is seen on every colour, on white paper and in grey.
IMPOSSIBLE: dict[str, Any] = {
    "color": "white",
    "linewidth": 1.1,
    "path_effects": [withStroke(linewidth=2.3, foreground="black")],
}
KINK: dict[str, Any] = IMPOSSIBLE | {"linestyle": (0, (3, 2))}
DOUBLE: dict[str, Any] = IMPOSSIBLE | {"linewidth": 0.9, "linestyle": (0, (1, 1.2))}
HATCHING: dict[str, Any] = {"colors": "white", "linewidths": 0.4, "alpha": 0.45}
STRIPES = 14  # across a panel, half of them over its impossible half
CLAIMLESS: dict[str, Any] = {"marker": "o", "linestyle": "none", "color": "white", "markeredgewidth": 0.0}
NO_ANSWER: dict[str, dict[str, Any]] = {
    "not resolved: two inputs prove it": {"facecolor": "0.93", "edgecolor": "0.7", "hatch": "////"},
    "undecided": {"facecolor": "0.75", "edgecolor": "0.4", "hatch": "xxxx"},
    "failed": {"facecolor": "0.5", "edgecolor": "0.15", "hatch": "...."},
}
"""How cells without an answer look, from the mildest; of both signs the worse is drawn."""


def map_figure(cells: pd.DataFrame) -> Figure:
    """Heat maps of the correct digits over (b, k): exact, on intervals, the float solvers, then the networks.

    cells: rows of `tables.HARDNESS` of one map. A cell is the worst of its signs of delta. Where one row does
    not hold all panels, networks start a row of their own; of several scales each has a column.
    """
    panels = by_method(cells)
    solvers = len(set(cells["method"]) - {"limit"})
    places = _places(solvers, len(panels) - solvers, len(scales_of(cells)))
    rows, columns = (1 + max(place[i] for place in places) for i in (0, 1))
    room = (style.WIDTH - MARGINS[0]) / columns - GAPS[0], (style.PAGE - MARGINS[1]) / rows - GAPS[1]
    side = min(*room, LARGEST_PANEL)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, MARGINS[1] + (side + GAPS[1]) * rows), layout="compressed")
        grid = GridSpec(rows, columns, figure=figure)
        axes = [figure.add_subplot(grid[place]) for place in places]
        for ax, (title, found) in zip(axes, panels, strict=True):
            mesh = _draw(ax, found)
            ax.set_title(title, fontsize=8)
        _label(axes, places, rows - 1)
        label = r"correct digits, $-\log_{10}\|x - x^\circ\|_2$, the worse of both signs of $\delta$"
        bar: dict[str, Any] = {"location": "bottom", "extend": "both", "shrink": 0.65, "aspect": 45, "pad": 0.03}
        figure.colorbar(mesh, ax=axes, label=label, ticks=np.linspace(0.0, CAP, 6), **bar)
        handles = _legend([rows for _, rows in panels])
        figure.legend(handles=handles, loc="outside upper center", ncols=style.columns_for(len(handles), most=3))
    return figure


def by_method(cells: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """(label, rows) of each solver, in the order of `PACKAGES` with intervals behind exact, and of each network."""
    order = ["exact", "interval", *(name for name in PACKAGES if name != "exact")]
    present = set(cells["method"]) - {"limit"}
    found = [(NAMES.get(name, name), cells[cells["method"] == name]) for name in order if name in present]
    nets = cells[cells["method"] == "limit"]
    for depth in depths_of(nets):
        for scale in scales_of(nets):
            label = f"{style.depth_label(depth)}, {style.scale_label(scale)}"
            found.append((label, network(nets, depth, scale)))
    return [(label, rows) for label, rows in found if len(rows)]


def worst_digits(rows: pd.DataFrame, by: list[str]) -> "pd.Series[float]":
    """Correct digits, the least over the signs: infinite where no sign has an error, NaN where one has no answer."""
    digits = (-rows["log10_error"].astype(float)).fillna(np.inf).where(rows["is_answered"], -np.inf)
    worst = digits.groupby([rows[name] for name in by]).min()
    return worst.where(worst > -np.inf)


def heat_map(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64], np.ma.MaskedArray[Any, Any]]:
    """(edges in b, edges in k, digits); masked where there is no answer."""
    digits = worst_digits(rows, ["exponent", "bits"]).unstack()
    values = np.ma.masked_invalid(digits.clip(upper=10 * CAP).to_numpy(float))  # exact is above the cap, not missing
    return edges(digits.columns.to_numpy(float)), edges(digits.index.to_numpy(float)), values


def edges(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """The borders of cells around rising numbers of bits."""
    return style.edges(centres, 1.0)


def impossible_line(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lower border of the cells with |delta| = 2^-k < 2^-b, along their edges: a step at each b.

    In them both signs have one reading. It says nothing of what was computed.
    """
    bits, exponents = (np.sort(rows[name].unique()).astype(float) for name in ("bits", "exponent"))
    levels = edges(exponents)[np.searchsorted(exponents, bits, side="right")]
    return np.repeat(edges(bits), 2)[1:-1], np.repeat(levels, 2)


def kink_exponent(depth: float, log10_scale: float, log10_height: float = 0.0) -> float:
    """k of the delta at which a network's error turns from eps^e to order 1; NaN where its scale is no smaller than h.

    delta^(L/(L-2)) = eps/h at depth L > 2, delta log(h/eps) = 1 at depth 2, for a kink of height h (docs/theory.md).
    """
    decades = log10_height - log10_scale
    if decades <= 0:
        return float("nan")
    return float(np.log2(decades * np.log(10)) if depth == 2 else decades * np.log2(10) * (depth - 2) / depth)


def unanswered(rows: pd.DataFrame) -> "pd.Series[str]":
    """A key of `NO_ANSWER` for each cell (k, b) that has no answer for one of the signs, the worst one."""
    silent = rows[~rows["is_answered"]]
    named = {"not_resolved": 0, "undecided": 1}
    rank = silent["resolution"].map(lambda text: named.get(text, 2)).astype(int)
    return rank.groupby([silent["exponent"], silent["bits"]]).max().map(dict(enumerate(NO_ANSWER)))


def claimless(rows: pd.DataFrame) -> pd.DataFrame:
    """The (k, b) with an answer that is not claimed to be the minimiser, or the limit, for one of the signs."""
    return rows[rows["is_answered"] & (rows["status"] != "converged")][["exponent", "bits"]].drop_duplicates()


def _places(solvers: int, networks: int, scales: int) -> list[tuple[int, int]]:
    """Row and column of each panel: one row if they fit, else rows of solvers, then of networks, a row a depth."""
    if solvers + networks <= COLUMNS:
        return [(0, k) for k in range(solvers + networks)]
    per = style.columns_for(solvers, COLUMNS)
    across = scales if 1 < scales <= COLUMNS else style.columns_for(networks, COLUMNS)
    above = -(-solvers // per)
    return [divmod(k, per) for k in range(solvers)] + [(above + k // across, k % across) for k in range(networks)]


def _draw(ax: Axes, rows: pd.DataFrame) -> QuadMesh:
    """One panel: digits, cells without an answer or a claim, the impossible region, and what is predicted of it."""
    x, y, digits = heat_map(rows)
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), box_aspect=1)
    ax.grid(False)
    ax.spines[:].set_visible(True)
    mesh = ax.pcolormesh(x, y, digits, vmin=0.0, vmax=CAP, cmap="viridis", zorder=1)
    mesh.set_rasterized(True)  # a thousand cells a panel: as paths they are megabytes, and slow to draw
    _draw_unanswered(ax, rows, x, y)
    quiet = claimless(rows)
    size = 0.5 * 72 * 1.2 / max(len(x), len(y))  # points; half a cell in a panel of usual size
    ax.plot(quiet["bits"], quiet["exponent"], markersize=float(np.clip(size, 0.8, 2.5)), zorder=3, **CLAIMLESS)
    _draw_impossible(ax, rows)
    if _is_float(rows):
        ax.axvline(rows["bits_seen"][rows["bits_seen"] < rows["bits"]].max(), zorder=4, **DOUBLE)
    if rows["method"].iloc[0] == "limit":
        height = 0.0 if rows["digits"].isna().all() else np.log10(2) - float(rows["digits"].iloc[0])
        ax.axhline(kink_exponent(rows["depth"].iloc[0], rows["log10_scale"].iloc[0], height), zorder=4, **KINK)
    return mesh


def _draw_unanswered(ax: Axes, rows: pd.DataFrame, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    bits, exponents = (np.sort(rows[name].unique()) for name in ("bits", "exponent"))
    kinds = unanswered(rows)
    for name, key in NO_ANSWER.items():
        boxes = []
        for exponent, b in kinds.index[kinds == name]:
            i, j = int(np.searchsorted(bits, b)), int(np.searchsorted(exponents, exponent))
            boxes.append(Path(Bbox([(x[i], y[j]), (x[i + 1], y[j + 1])]).corners()[[0, 1, 3, 2, 0]], closed=True))
        if boxes:
            ax.add_patch(PathPatch(Path.make_compound_path(*boxes), linewidth=0.0, zorder=2, **key))


def _draw_impossible(ax: Axes, rows: pd.DataFrame) -> None:
    """Light hatching over the region and a line under it, without what would lie on the frame."""
    x, y = impossible_line(rows)
    bottom, top = ax.get_ylim()
    region = Path([(x[0], top), *zip(x, y, strict=True), (x[-1], top)])
    shift = np.linspace(-1.0, 1.0, 2 * STRIPES + 1)
    stripes = LineCollection([[(s, 1.0), (s + 1.0, 0.0)] for s in shift], transform=ax.transAxes, zorder=3, **HATCHING)
    ax.add_collection(stripes, autolim=False)
    stripes.set_clip_path(region, ax.transData)
    on_frame = (y[1:] == y[:-1]) & ((y[1:] == bottom) | (y[1:] == top))
    drawn = ~(np.append(True, on_frame) & np.append(on_frame, True))
    ax.plot(x[drawn], y[drawn], zorder=4, solid_joinstyle="miter", **IMPOSSIBLE)


def _is_float(rows: pd.DataFrame) -> bool:
    """Whether bits are lost on the way to the method."""
    return bool((rows["bits_seen"] < rows["bits"]).any())


def _label(axes: Sequence[Axes], places: Sequence[tuple[int, int]], lowest: int) -> None:
    """The same ticks everywhere; their labels at the left column and the lowest row, which need not be full."""
    for ax, (row, column) in zip(axes, places, strict=True):
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 1.6, 2, 4, 5, 8, 10], min_n_ticks=1))
        ax.tick_params(labelleft=column == 0, labelbottom=row == lowest)
        if column == 0:
            ax.set_ylabel(r"$k$, where $|\delta| = 2^{-k}$")
        if row == lowest:
            ax.set_xlabel(r"bits read, $b$")


def _legend(panels: Sequence[pd.DataFrame]) -> list[Any]:
    """What the lines, greys and dots mean, for those that the figure holds."""
    dark = mpl.colormaps["viridis"](0.0)
    handles: list[Any] = [
        Line2D([], [], label=r"above it $|\delta| < 2^{-b}$: no algorithm can tell", **IMPOSSIBLE),
    ]
    if any((rows["method"] == "limit").any() for rows in panels):
        handles.append(Line2D([], [], label="predicted kink of the network", **KINK))
    if any(map(_is_float, panels)):
        handles.append(Line2D([], [], label=r"floats: min$(b, 53)$ bits are read", **DOUBLE))
    found = {name for rows in panels for name in unanswered(rows)}
    handles += [Patch(label=name, linewidth=0.5, **key) for name, key in NO_ANSWER.items() if name in found]
    if any(len(claimless(rows)) for rows in panels):
        key = CLAIMLESS | {"markeredgecolor": dark, "markeredgewidth": 0.8, "markersize": 3}
        handles.append(Line2D([], [], label="an answer, but no claim", **key))
    return handles
