"""Rank one with a constant step: the factor near the minimum, steps to a tolerance, and what large steps do."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.kit import style

PREDICTED: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": "-", "zorder": 1.5}
THRESHOLD: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}
POINT: dict[str, Any] = {"linestyle": "none", "markersize": 3.4, "markeredgewidth": 0.5, "markeredgecolor": "black"}
ITERATE: dict[str, Any] = {"linestyle": "none", "marker": ".", "markersize": 1.2, "markeredgewidth": 0}
LOST: dict[str, Any] = {"linestyle": "none", "marker": "x", "markersize": 3.6, "markeredgewidth": 0.8, "zorder": 3}
MOST = 2.45  # of eta (|u|^2 + |v|^2): where runs are marked that did not converge
BEYOND = 6.0  # times the stable threshold, the largest sharpness that is drawn


def rank_one_figure(runs: pd.DataFrame, times: pd.DataFrame, orbits: pd.DataFrame) -> Figure:
    """(a) measured factors, (b) steps to a tolerance, (c) the last iterates, (d) the sharpness at the end.

    runs, times, orbits: rows of `factorisation_tables.RANK_ONE`, RANK_ONE_TIMES, RANK_ONE_ORBITS.
    """
    if runs.empty:
        return style.note("no run of rank one")
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 5.6))
        panels = list(figure.subplots(2, 2).flat)
        step = _draw_times(panels[1], times)
        _draw_factors(panels[0], runs)
        _draw_orbits(panels[2], runs, orbits)
        _draw_sharpness(panels[3], runs)
        titles = ["factor of a step near the minimum", "steps to a residual", "last iterates", "stability at the end"]
        titles[1] += "" if step is None else rf", $\eta\sigma = {step:g}$"
        style.panel_titles(panels, titles)
    return figure


def _groups(runs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """(label, rows): all small starts, then each kind of unbalanced start."""
    small = runs[runs["kind"] == "small"]
    found = [("small start", small)] if len(small) else []
    for ratio, rows in runs[runs["kind"] == "unbalanced"].groupby("start_ratio"):
        if ratio != 1:
            found.append((f"start at $|u|/|v| = {ratio:g}$", rows))
    return found


def _draw_factors(ax: Axes, runs: pd.DataFrame) -> None:
    handles = []
    groups = _groups(runs)
    for index, ((label, rows), colour) in enumerate(zip(groups, style.colours(len(groups)), strict=True)):
        known = rows[rows["factor"].notna()].sort_values("step", kind="stable")
        mark = style.MARKERS[index % len(style.MARKERS)]
        for _, of_start in known.groupby(["trial", "start"]):
            ax.plot(of_start["step"], of_start["predicted_factor"], **PREDICTED)
        ax.plot(known["step"], known["factor"], color=colour, marker=mark, **POINT)
        handles.append(Line2D([], [], color=colour, marker=mark, label=label, **POINT))
    handles.append(Line2D([], [], label="predicted", **PREDICTED))
    stable = runs.loc[runs["kind"] == "small", "stable_below"]
    for threshold in stable.unique()[:1]:
        ax.axvline(threshold, **THRESHOLD)
    ax.set(xlabel=r"$\eta\sigma$", ylabel="factor", ylim=(0.28, 1.02))
    ax.legend(handles=handles, loc="lower left")


def _draw_times(ax: Axes, times: pd.DataFrame) -> float | None:
    """At the least step of which a time is predicted. The step."""
    known = times[times["predicted_steps"].notna()]
    if known.empty:
        ax.set_visible(False)
        return None
    step = float(known["step"].min())
    known = known[known["step"] == step]
    starts = sorted(known["start"].unique(), reverse=True)
    handles = []
    for index, (start, colour) in enumerate(zip(starts, style.scale_colours(len(starts)), strict=True)):
        rows = known[known["start"] == start]
        mark = style.MARKERS[index % len(style.MARKERS)]
        reached = rows[rows["steps"].notna()]
        ax.plot(reached["tolerance"], reached["steps"], color=colour, marker=mark, **POINT)
        for _, of_trial in rows.groupby("trial"):
            of_trial = of_trial.sort_values("tolerance")
            ax.plot(of_trial["tolerance"], of_trial["predicted_steps"], **PREDICTED)
        label = f"start ${style.power_label(f'{start:g}')}$"
        handles.append(Line2D([], [], color=colour, marker=mark, label=label, **POINT))
    handles.append(Line2D([], [], label="predicted", **PREDICTED))
    style.decades((known["tolerance"].min() / 2, known["tolerance"].max() * 2), ax, "x")
    ax.invert_xaxis()
    ax.set(xlabel=r"$\|uv^\top - M\|_F\,/\,\sigma$", ylabel="steps", ylim=(0, None))
    ax.legend(handles=handles, loc="upper left")
    return step


def _draw_orbits(ax: Axes, runs: pd.DataFrame, orbits: pd.DataFrame) -> None:
    small = runs[runs["kind"] == "small"]
    ax.plot(orbits["step"], orbits["product"], color=style.colours(2)[0], **ITERATE)
    for name in ("stable_below", "cycle_below", "bounded_below"):
        for threshold in small[name].dropna().unique()[:1]:
            ax.axvline(threshold, **THRESHOLD)
    top = float(orbits["product"].max()) * 1.08 if len(orbits) else 1.0
    diverged = small.loc[small["end"] == "diverged", "step"].unique()
    if len(diverged):
        ax.plot(diverged, np.full(len(diverged), top), color=style.GREY, **LOST)
        ax.legend(handles=[Line2D([], [], color=style.GREY, label="diverged", **LOST)], loc="upper left")
    ax.set(xlabel=r"$\eta\sigma$", ylabel=r"$p^\top u\; v^\top q\,/\,\sigma$")


def _draw_sharpness(ax: Axes, runs: pd.DataFrame) -> None:
    """eta (|u|^2 + |v|^2) at the end against that of the minimum near the start."""
    groups = [(label, rows) for label, rows in _groups(runs) if not label.startswith("small")]
    if not groups:
        ax.set_visible(False)
        return
    handles = []
    for index, ((label, rows), colour) in enumerate(zip(groups, style.colours(len(groups) + 1)[1:], strict=True)):
        mark = style.MARKERS[(index + 1) % len(style.MARKERS)]
        rows = rows[rows["start_sharpness"] < BEYOND]
        settled = rows["status"] == "converged"
        ax.plot(rows["start_sharpness"][settled], rows["sharpness"][settled], color=colour, marker=mark, **POINT)
        lost = rows["start_sharpness"][~settled]
        ax.plot(lost, np.full(len(lost), MOST + 0.08 * index), color=colour, **LOST)
        handles.append(Line2D([], [], color=colour, marker=mark, label=label, **POINT))
    handles.append(Line2D([], [], color=style.GREY, label="does not converge", **LOST))
    ax.plot([0, 2], [0, 2], **PREDICTED)
    ax.axhline(2, **THRESHOLD)
    ax.set(xlabel=r"$\eta(|u|^2 + |v|^2)$ at the start", ylabel=r"$\eta(|u|^2 + |v|^2)$ at the end")
    ax.set_ylim(0, MOST + 0.2)
    ax.legend(handles=handles, loc="lower right")
