"""Transport plans as pictures: points joined by their masses, and a picture half way to another one."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import parse_number
from dlnflow.kit import style

THICKEST = 3.5
"""Width of the line of the heaviest entry, in points."""
FAINTEST = 0.05
"""Least opacity of a line that is drawn."""
HALF_WAY = 0.5
SOURCE, TARGET = "#440154", "#b8860b"


def transport_figure(plans: pd.DataFrame) -> Figure:
    """A row for each problem: its plans from the largest lam down to the exact optimum.

    plans: rows of `transport_tables.TRANSPORT_PLANS`.
    """
    problems = list(dict.fromkeys(plans["problem"]))
    if not problems:
        return style.note("no plan to draw")
    lams = {name: _falling(plans[plans["problem"] == name]) for name in problems}
    pictured = {name: bool(plans[plans["problem"] == name]["is_picture"].iloc[0]) for name in problems}
    columns = max(len(lams[name]) + 2 * pictured[name] for name in problems)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.15 + (style.WIDTH / columns + 0.28) * len(problems)))
        axes = figure.subplots(len(problems), columns, squeeze=False)
        used, titles = [], []
        for row, name in zip(axes, problems, strict=True):
            rows = plans[plans["problem"] == name]
            if pictured[name]:
                titles += _draw_pictures(row, rows, lams[name])
            else:
                titles += _draw_points(row, rows, lams[name])
            count = len(lams[name]) + 2 * pictured[name]
            used += list(row[:count])
            for ax in row[count:]:
                ax.set_visible(False)
        for ax in used:
            ax.set(xticks=[], yticks=[], aspect="equal")
            ax.grid(False)
            ax.spines[["top", "right"]].set_visible(True)
        style.panel_titles(used, titles)
    return figure


def _falling(plans: pd.DataFrame) -> list[str]:
    return sorted(plans["lam"].unique(), key=parse_number, reverse=True)


def _title(lam: str) -> str:
    return "optimum" if lam == "0" else rf"$\lambda = {style.power_label(lam)}$"


def _draw_points(axes: Any, plans: pd.DataFrame, lams: list[str]) -> list[str]:
    heaviest = float(plans["mass"].max())
    for ax, lam in zip(axes, lams, strict=False):
        rows = plans[plans["lam"] == lam].sort_values("mass", kind="stable")
        segments = np.stack(
            [rows[["source_x", "source_y"]].to_numpy(float), rows[["target_x", "target_y"]].to_numpy(float)], axis=1
        )
        share = (rows["mass"].to_numpy(float) / heaviest).clip(0, 1)
        shown = share > 2e-3  # thinner lines than a hundredth of a point print as nothing
        colours = [(0.2, 0.2, 0.2, FAINTEST + (1 - FAINTEST) * value**0.5) for value in share[shown]]
        ax.add_collection(LineCollection(list(segments[shown]), linewidths=THICKEST * share[shown], colors=colours))
        for side, colour, marker in (("source", SOURCE, "o"), ("target", TARGET, "s")):
            points = plans.drop_duplicates(side)
            sizes = 160 * points[f"{side}_mass"].to_numpy(float)
            ax.scatter(points[f"{side}_x"], points[f"{side}_y"], s=sizes, color=colour, marker=marker, lw=0, zorder=3)
        ax.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
    return [_title(lam) for lam in lams]


def _draw_pictures(axes: Any, plans: pd.DataFrame, lams: list[str]) -> list[str]:
    """The two pictures, and between them the mass where each plan has it half way."""
    side = int(plans["side"].iloc[0])
    pictures = [_image(plans.drop_duplicates("source"), "source", side)]
    pictures += [half_way(plans[plans["lam"] == lam], side) for lam in lams]
    pictures += [_image(plans.drop_duplicates("target"), "target", side)]
    for ax, picture in zip(axes, pictures, strict=False):
        _show(ax, picture)
    return ["source", *(_title(lam) for lam in lams), "target"]


def _image(points: pd.DataFrame, which: str, side: int) -> FloatArray:
    picture = np.zeros(side * side)
    picture[points[which].to_numpy(int)] = points[f"{which}_mass"].to_numpy(float)
    return picture.reshape(side, side)


def half_way(plan: pd.DataFrame, side: int) -> FloatArray:
    """(side, side): every mass of a plan half way between its pixels, shared among the four pixels next to it."""
    picture = np.zeros((side + 1, side + 1))
    x, y = (
        ((1 - HALF_WAY) * plan[f"source_{axis}"] + HALF_WAY * plan[f"target_{axis}"]).to_numpy(float) * side - 0.5
        for axis in "xy"
    )
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    right, down = x - column, y - row
    mass = plan["mass"].to_numpy(float)
    for step_down, share_down in ((0, 1 - down), (1, down)):
        for step_right, share_right in ((0, 1 - right), (1, right)):
            np.add.at(picture, (row + step_down, column + step_right), mass * share_down * share_right)
    return picture[:side, :side]


def _show(ax: Axes, picture: FloatArray) -> None:
    ax.imshow(picture, cmap="Greys", vmin=0, interpolation="nearest")
