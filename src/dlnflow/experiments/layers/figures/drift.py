"""Drift of the invariants: against the step of descent beside its prediction, and against the flow's tolerance."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.experiments.layers.figures.marks import CONTROL, in_order, legend, looks, spans
from dlnflow.experiments.layers.tables import ALLOWED, LEAST_LEFT
from dlnflow.kit import style

LEAST = 1e-17
"""Relative drifts below are drawn there."""
PREDICTED: dict[str, Any] = {"linewidth": 0.9, "zorder": 1.5}
LIMIT: dict[str, Any] = {"color": "black", "linewidth": 0.9, "linestyle": style.DASHES[1], "zorder": 1}
GUIDE: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}


def drift_figure(drifts: pd.DataFrame) -> Figure:
    """(a) drift of one descent against its step with the prediction; (b) the worst relative difference between the two;
    (c) the worst drift of the flow against its tolerance.

    drifts: rows of `tables.DRIFTS`. (a) is the first instance from the unbalanced start, first pair of layers;
    (b) and (c) the worst over instances, starts (b: but the tiny), pairs and invariants.
    """
    drifts = in_order(drifts[drifts["drift"].notna()])
    if drifts.empty:
        return style.note("no network has a drift")
    shown = looks(drifts)
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 3.5))
        panels = list(figure.subplots(1, 3))
        descent = drifts[drifts["method"] == "descent"]
        _draw_descent(panels[0], descent, shown)
        _draw_differences(panels[1], descent, shown)
        _draw_flow(panels[2], drifts[drifts["method"] == "flow"], shown)
        style.panel_titles(panels, ["drift of descent", "against prediction", "drift of the flow"])
        extra = [
            Line2D([], [], color="black", label="predicted", **PREDICTED),
            Line2D([], [], label="10 tolerance", **LIMIT),
            Line2D([], [], label=r"$\propto \eta$", **GUIDE),
        ]
        figure.legend(handles=legend(shown) + extra, loc="outside upper center", ncols=5)
    return figure


def _draw_descent(ax: Axes, descent: pd.DataFrame, shown: dict[str, Any]) -> None:
    first = descent[(descent["start"] == "unbalanced") & (descent["trial"] == 0) & (descent["pair"] == 1)]
    first = first[first["invariant"].isin(["layers", "coordinates"])]
    for name, rows in first.groupby("network", sort=False):
        rows = rows.sort_values("step")
        ax.plot(rows["step"], rows["relative_drift"].clip(lower=LEAST), linestyle="none", **shown[str(name)])
        if rows["activation"].iloc[0] != CONTROL:
            ax.plot(rows["step"], rows["predicted_drift"] / rows["norm"], color=shown[str(name)]["color"], **PREDICTED)
    _axes(ax, first["step"], first["relative_drift"])
    ax.set(xlabel=r"step $\eta$", ylabel="drift / largest squared norm")


def _draw_differences(ax: Axes, descent: pd.DataFrame, shown: dict[str, Any]) -> None:
    known = descent[(descent["cancellation"] > LEAST_LEFT) & (descent["activation"] != CONTROL)]
    known = known[known["off"].notna() & (known["start"] != "tiny")]  # those have longer times, and so other steps
    worst = known.groupby(["network", "step"], sort=False)["off"].max().sort_index(level="step", sort_remaining=False)
    for name, values in worst.groupby("network", sort=False):
        ax.plot(values.index.get_level_values("step"), values, linewidth=0.6, **shown[str(name)])
    _axes(ax, known["step"], worst)
    if len(known):
        ends = np.array([known["step"].min(), known["step"].max()])
        ax.plot(ends, known["off"].max() * ends / ends[-1], **GUIDE)
    ax.set(xlabel=r"step $\eta$", ylabel="worst relative difference")


def _draw_flow(ax: Axes, flow: pd.DataFrame, shown: dict[str, Any]) -> None:
    for name, rows in flow.groupby("network", sort=False):
        worst = rows.groupby("tolerance")["relative_drift"].max()
        ax.plot(worst.index, worst.clip(lower=LEAST), linewidth=0.6, **shown[str(name)])
    _axes(ax, flow["tolerance"], flow["relative_drift"])
    if len(flow):
        ends = np.array(sorted({flow["tolerance"].min(), flow["tolerance"].max()}))
        ax.plot(ends, ALLOWED * ends, **LIMIT)
    ax.set(xlabel="tolerance", ylabel="worst drift / largest squared norm")


def _axes(ax: Axes, x: "pd.Series[float]", y: "pd.Series[float]") -> None:
    y = y[y > 0].clip(lower=LEAST)
    for values, which, most in ((x, "x", 5), (y, "y", 8)):
        if len(values):
            style.long_decades(spans(values.tolist()), ax, which, most)
