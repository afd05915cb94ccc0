"""Faces of minimisers: the point that each depth selects, on its way over the face, and limits on their way to it."""

from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import MaxNLocator

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.kit import style

NAMED = (2.0, 3.0, 10.0)
"""The depths that are labelled, the first ones that a table holds else."""
SHADES = ListedColormap(mpl.colormaps["viridis"](np.linspace(0.0, 0.82, 256)))
TICKS = (2.0, 2.5, 3.0, 4.0, 6.0, 10.0, np.inf)
LEAST_ZOOM = 0.03  # of the polygon, so that a path that stands still has a neighbourhood
FACE: dict[str, Any] = {"facecolor": "0.95", "edgecolor": "0.35", "linewidth": 0.9, "zorder": 1}
CENTRE: dict[str, Any] = {"marker": "*", "markersize": 7, "color": "black", "linestyle": "none", "zorder": 6}
SELECTED: dict[str, Any] = {"markeredgecolor": "black", "markeredgewidth": 0.6, "linestyle": "none", "zorder": 5}
LIMITS: dict[str, Any] = {"linewidth": 0.7, "markersize": 3, "zorder": 4.5, "markerfacecolor": "white"}
FRAME: dict[str, Any] = {"facecolor": "none", "edgecolor": "black", "linewidth": 0.6, "zorder": 7}


def faces_figure(table: pd.DataFrame) -> Figure:
    """A column for each face: above the polygon, below what of it the selected points pass through.

    table: rows of `face_tables.FACES`. The colour is the depth, by 1 - 2/L, which is 0 at depth 2 and 1 at infinity.
    """
    faces = [face for _, face in table.groupby(["grid", "features", "measurements", "entries", "trial"], sort=False)]
    if not faces:
        return style.note("no face of minimisers has dimension 2")
    depths = sorted(table.loc[table["kind"] == "limit", "depth"].dropna().unique())
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 1.1 + 2 * min(2.2, 6.4 / len(faces))))
        grid = figure.subplots(2, len(faces), squeeze=False)
        for (above, below), face in zip(grid.T, faces, strict=True):
            _draw(above, face, _window(_places(face, "vertex"), 0.12))
            _label_edges(above, face)
            points = np.vstack([_places(face, "selected"), _places(face, "centre")])
            window = _window(points, 0.35, LEAST_ZOOM * float(np.ptp(_places(face, "vertex"), axis=0).max()))
            _draw(below, face, window)
            _label_depths(below, face)
            above.add_patch(Rectangle(window[0], *(window[1] - window[0]), **FRAME))
        titles = [_title(face.iloc[0]) for face in faces]
        style.panel_titles(list(grid.flat), titles + ["the path, enlarged"] * len(faces))
        handles = _legend(depths)
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), title=_scales(table))
        mappable = ScalarMappable(Normalize(0.0, 1.0), SHADES)
        bar = figure.colorbar(mappable, ax=list(grid.flat), location="bottom", aspect=60, shrink=0.7, pad=0.02)
        bar.set_ticks([_share(depth) for depth in TICKS], labels=[f"{d:g}" if d < np.inf else "∞" for d in TICKS])
        bar.set_label("depth $L$")
    return figure


def _title(row: pd.Series) -> str:
    return f"instance {row['trial']}: ${row['measurements']} \\times {row['features']}$"


def _share(depth: float) -> float:
    """1 - 2/L."""
    return 1 - 2 / depth


def _places(face: pd.DataFrame, kind: str) -> FloatArray:
    """(k, 2) of the rows of a kind that have a place, in the order of their depths."""
    rows = face[(face["kind"] == kind) & face["place"].notna()].sort_values("depth", kind="stable")
    return np.array([np.asarray(place) for place in rows["place"]]).reshape(-1, 2)


def _window(points: FloatArray, room: float, least: float = 0.0) -> FloatArray:
    """A square's (lower left, upper right) corners around points, with some room."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = max(float((high - low).max()) * (0.5 + room), least / 2)
    centre = (low + high) / 2
    return np.array([centre - half, centre + half])


def _draw(ax: Axes, face: pd.DataFrame, window: FloatArray) -> None:
    """The polygon, the path of the selected points and the limits, inside a window."""
    ax.set(xlim=window[:, 0], ylim=window[:, 1], aspect="equal")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(4, min_n_ticks=2))
    ax.add_patch(Polygon(_places(face, "vertex"), closed=True, **FACE))
    for index, (depth, rows) in enumerate(face[face["kind"] == "limit"].groupby("depth")):
        places = _places(rows.sort_values("log10_scale", ascending=False), "limit")
        marker = style.MARKERS[index % len(style.MARKERS)]
        ax.plot(*places.T, color=SHADES(_share(float(str(depth)))), marker=marker, **LIMITS)
    path = np.vstack([_places(face, "selected"), _places(face, "centre")])
    depths = np.append(np.sort(face.loc[face["kind"] == "selected", "depth"]), np.inf)
    ax.add_collection(
        LineCollection(
            list(pairwise(path)),
            colors=SHADES([(_share(a) + _share(b)) / 2 for a, b in pairwise(depths)]),
            linewidth=2.2,
            zorder=4,
            capstyle="round",
        )
    )
    ax.plot(*_places(face, "centre").T, **CENTRE)


def _label_depths(ax: Axes, face: pd.DataFrame) -> None:
    """Marks and labels on the path at the named depths, beside it."""
    rows = face[(face["kind"] == "selected") & face["depth"].isin(NAMED) & face["place"].notna()]
    path = np.vstack([_places(face, "selected"), _places(face, "centre")])
    width = ax.get_xlim()[1] - ax.get_xlim()[0]
    side = 9 * _free_side(path, _places(face, "limit"), width)
    labels = [(f"{depth:g}", place) for depth, place in zip(rows["depth"], rows["place"], strict=True)]
    labels.append(("∞", path[-1]))
    if np.ptp(path, axis=0).max() < 0.02 * width:
        labels = [("every depth", path[-1])]
    for text, place in labels:
        ax.annotate(text, place, (side[0], side[1]), textcoords="offset points", ha="center", va="center", zorder=8)
    for depth, place in zip(rows["depth"], rows["place"], strict=True):
        ax.plot(*np.reshape(place, (2, 1)), marker="o", color=SHADES(_share(depth)), **SELECTED)


def _free_side(path: FloatArray, limits: FloatArray, width: float) -> FloatArray:
    """The unit vector across the path on the side where fewer limits lie within a width of it."""
    along = path[-1] - path[0]
    length = float(np.linalg.norm(along))
    side = np.array([-along[1], along[0]]) / length if length > 0 else np.array([0.0, 1.0])
    offsets = limits - path[0]
    near = offsets[np.linalg.norm(offsets, axis=1) < width] @ side
    fewer = np.sign((near < 0).sum() - (near > 0).sum()) or np.sign(side[1]) or 1.0
    return side * fewer


def _label_edges(ax: Axes, face: pd.DataFrame) -> None:
    """At each edge, outside, the coordinates that are 0 on it and not on the whole face."""
    corners, x = _places(face, "vertex"), np.stack(face.loc[face["kind"] == "vertex", "x"].to_list())
    centre = corners.mean(axis=0)
    for i, j in pairwise([*range(len(corners)), 0]):
        named = np.flatnonzero((x[i] == 0) & (x[j] == 0) & x.any(axis=0))
        along = (corners[j] - corners[i]) / np.linalg.norm(corners[j] - corners[i])
        outward = np.array([along[1], -along[0]])
        quarter = 0.75 * corners[i] + 0.25 * corners[j]  # limits cross edges near the middle
        outward = outward * np.sign(outward @ (quarter - centre))
        text = "$" + ", ".join(f"x_{{{k + 1}}}" for k in named) + " = 0$"
        angle = (np.degrees(np.arctan2(along[1], along[0])) + 90) % 180 - 90
        key: dict[str, Any] = {"ha": "center", "va": "center", "rotation": angle, "color": "0.35", "fontsize": 7}
        ax.annotate(text, quarter, (7 * outward[0], 7 * outward[1]), textcoords="offset points", **key)


def _scales(table: pd.DataFrame) -> str | None:
    """The scales of the limits, in words."""
    scales = table.loc[table["kind"] == "limit"].sort_values("log10_scale", ascending=False)["scale"].unique()
    if not len(scales):
        return None
    ends = f"$\\varepsilon = {style.power_label(scales[0])}$"
    if len(scales) > 1:
        ends += f" to ${style.power_label(scales[-1])}$"
    return f"limits of the network at {ends}, a mark each"


def _legend(depths: list[float]) -> list[Line2D]:
    handles = [
        Line2D(
            [],
            [],
            color=SHADES(_share(depth)),
            marker=style.MARKERS[i % len(style.MARKERS)],
            label=style.depth_label(depth),
            **LIMITS,
        )
        for i, depth in enumerate(depths)
    ]
    path = Line2D([], [], color=SHADES(0.4), linewidth=2.2, label="selected, by depth")
    return [path, *handles, Line2D([], [], label=r"$L \to \infty$", **CENTRE)]
