"""Asymmetric factorisation with steps c (t + 1)^-p: residual and drift of the balance against t, beside the flow's."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.kit import style

FLOOR = 1e-17  # of ||M||, what rounding leaves of the residual
PREDICTED: dict[str, Any] = {"color": "black", "linewidth": 0.9, "linestyle": (0, (4, 2)), "zorder": 3}
START: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}
MEASURED: dict[str, Any] = {"linewidth": 1.8, "zorder": 2, "markersize": 4.5}
DIVERGED: dict[str, Any] = {"linestyle": "none", "marker": "x", "markersize": 7, "markeredgewidth": 1.6, "zorder": 4}


def factorisation_figure(samples: pd.DataFrame, factorisations: pd.DataFrame) -> Figure:
    """A column for each constant c, of the first trial: above the residual, below the drift, each beside the flow's.

    samples: rows of `factorisation_tables.FACTORISATION_SAMPLES`.  factorisations: rows of FACTORISATIONS.
    """
    samples = samples[(samples["trial"] == samples["trial"].min()) & (samples["time"] > 0)]
    factorisations = factorisations[factorisations["trial"] == factorisations["trial"].min()]
    if samples.empty:
        return style.note("no factorisation has taken a step")
    constants = sorted(samples["constant"].unique())[:4]
    decays = sorted(samples["decay"].unique())
    colours = dict(zip(decays, style.colours(len(decays)), strict=True))
    limits = 1.0, float(samples["time"].max()) * 1.2
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 4.6))
        panels = figure.subplots(2, len(constants), squeeze=False, sharey="row")
        for column, constant in enumerate(constants):
            above, below = panels[:, column]
            rows, ends = (frame[frame["constant"] == constant] for frame in (samples, factorisations))
            for index, decay in enumerate(decays):
                of_decay = rows[rows["decay"] == decay].sort_values("time")
                end = ends[ends["decay"] == decay]
                diverged = bool(len(end)) and end["status"].iloc[0] == "failed"
                mark = _mark(len(of_decay), index, len(decays), diverged)
                _draw(above, of_decay, "residual", colours[decay], mark, diverged)
                _draw(below, of_decay, "drift", colours[decay], mark, diverged)
            if len(ends):
                below.axhline(ends["start_imbalance"].iloc[0], **START)
            for ax in (above, below):
                style.decades(limits, ax, "x")
            below.set_xlabel("$t$")
        style.decades((FLOOR, 10.0), panels[0, 0], "y")
        style.decades(_drift_limits(samples, factorisations), panels[1, 0], "y")
        panels[0, 0].set_ylabel(r"$\|UV^\top - M\|_F\,/\,\|M\|_F$")
        panels[1, 0].set_ylabel(r"$\|\Delta(U^\top U - V^\top V)\|_F\,/\,\|M\|_F$")
        titles = [f"$c = {constant:g}$" for constant in constants]
        style.panel_titles(list(panels.flat), [*titles, *titles])
        figure.legend(handles=_legend(decays, colours), loc="outside upper center", ncols=4)
    return figure


def _mark(count: int, index: int, curves: int, diverged: bool) -> dict[str, Any]:
    if diverged:
        return {}
    return {"marker": style.MARKERS[index], "markevery": style.sparse_marks(count, index, curves, 5)}


def _draw(ax: Axes, rows: pd.DataFrame, name: str, colour: Any, mark: dict[str, Any], diverged: bool) -> None:
    """What was measured, and the flow's; a cross where it diverged."""
    if rows.empty:
        return
    shown = rows[rows[name] < 10] if diverged else rows
    ax.plot(shown["time"], shown[name], color=colour, **mark, **MEASURED)
    if diverged:
        if len(shown):
            ax.plot(shown["time"].iloc[-1:], shown[name].iloc[-1:], color=colour, **DIVERGED)
        return
    predicted = rows[f"predicted_{name}"].to_numpy(float)
    known = predicted > FLOOR / 10
    ax.plot(rows["time"].to_numpy()[known], predicted[known], **PREDICTED)


def _drift_limits(samples: pd.DataFrame, factorisations: pd.DataFrame) -> tuple[float, float]:
    sound = samples[samples["drift"] < 1]
    values = np.concatenate([sound["drift"], sound["predicted_drift"], factorisations["start_imbalance"]])
    values = values[values > 0]  # NaN too is not
    return (values.min() / 2, values.max() * 3) if len(values) else (1e-6, 1.0)


def _legend(decays: list[float], colours: dict[float, Any]) -> list[Line2D]:
    names = [_label(decay) for decay in decays]
    handles = style.marks(list(colours.values()), names)
    return [
        *handles,
        Line2D([], [], label="predicted by the flow", **PREDICTED),
        Line2D([], [], label="imbalance at the start", **START),
        Line2D([], [], label="diverged", color=style.GREY, **DIVERGED),
    ]


def _label(decay: float) -> str:
    """p, and delta of the theorem where it holds."""
    if decay == 0:
        return "$p = 0$, constant"
    known = rf" ($\delta = {decay - 0.5:.3g}$)" if 0.5 < decay <= 1 else ""
    return f"$p = {decay:g}$" + known
