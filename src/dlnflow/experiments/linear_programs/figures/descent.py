"""Descent on linear programs: residuals beside the predicted rate, and what larger and larger steps do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlnflow.kit import style

FLOOR, CEILING = 1e-13, 1e3
"""Of the residuals that are drawn."""
PREDICTED: dict[str, Any] = {"color": "black", "linewidth": 0.9, "linestyle": (0, (4, 2))}
LIMIT: dict[str, Any] = {"color": "black", "linewidth": 0.8, "linestyle": style.DOTTED, "zorder": 1}
DIVERGED: dict[str, Any] = {"linestyle": "none", "marker": "x"}
GONE, GONE_STEP = 3.3, 0.2
"""Heights, beyond every end that is stable, at which the steps that diverge are marked, a line for each program."""
UNSETTLED: dict[str, Any] = {"linestyle": "none", "markerfacecolor": "white"}


def descent_figure(descents: pd.DataFrame, traces: pd.DataFrame, flows: pd.DataFrame) -> Figure:
    """Above, a panel for each program: residuals with several steps. Below: rate, stability and distance against step.

    descents, traces, flows: rows of `descent_tables`. A step is over the threshold of the flow's limit.
    """
    programs = [name for name in dict.fromkeys(flows["program"]) if (descents["program"] == name).any()]
    if not programs:
        return style.note("no program with descent")
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 5.4))
        above, below = figure.subfigures(2, 1, height_ratios=[1, 1.08], squeeze=False).flat
        panels = list(above.subplots(1, len(programs), sharey=True, squeeze=False).flat)
        steps = sorted(traces["step"].unique())
        for ax, name in zip(panels, programs, strict=True):
            _draw_residuals(ax, traces[traces["program"] == name], steps)
        panels[0].set_ylabel(r"$\|Ax-b\|/\|b\|$")
        handles = [*_step_handles(steps), Line2D([], [], label="predicted rate", **PREDICTED)]
        above.legend(
            handles=handles,
            title=r"$\eta$ over the threshold of the flow's limit",
            loc="outside upper center",
            ncols=min(len(handles), 7),
            columnspacing=1.2,
        )
        lower = list(below.subplots(1, 3))
        colours = style.colours(len(programs))
        for place, (name, colour, marker) in enumerate(zip(programs, colours, style.MARKERS, strict=False)):
            rows = descents[descents["program"] == name].sort_values("step")
            _draw_rates(lower[0], rows, colour, marker)
            _draw_sharpness(lower[1], rows, colour, marker)
            gone = rows["step"][rows["status"] == "failed"]
            lower[1].plot(gone, np.full(len(gone), GONE + GONE_STEP * place), color=colour, **DIVERGED)
            _draw_distances(lower[2], rows, colour, marker)
        _finish(lower, descents)
        titles = ["factor of a step", "stability of the end", "departure from the flow"]
        style.panel_titles([*panels, *lower], [*programs, *titles])
        below.legend(handles=_program_handles(programs, colours), loc="outside lower center", ncols=5)
    return figure


def _draw_residuals(ax: Axes, traces: pd.DataFrame, steps: Sequence[float]) -> None:
    for step, colour, dashes in zip(steps, style.scale_colours(len(steps)), _dashes(len(steps)), strict=True):
        rows = traces[traces["step"] == step].sort_values("iteration")
        sizes = rows["residual"].clip(FLOOR / 10, CEILING * 10)
        ax.plot(rows["iteration"] + 1, sizes, color=colour, linestyle=dashes)
        predicted = rows[rows["predicted"].notna()]
        ax.plot(predicted["iteration"] + 1, predicted["predicted"], **PREDICTED)
    ax.set(xscale="log", xlabel="step of descent")
    style.decades((FLOOR, CEILING), ax, "y")


def _dashes(count: int) -> list[Any]:
    return [style.DASHES[i % len(style.DASHES)] for i in range(count)]


def _draw_rates(ax: Axes, rows: pd.DataFrame, colour: Any, marker: str) -> None:
    """1 - factor, measured and predicted at descent's own limit, and that of the flow's limit."""
    measured = rows[rows["factor"].notna() & (rows["status"] == "converged")]
    ax.plot(measured["step"], 1 - measured["factor"], color=colour, marker=marker, linestyle="none")
    ax.plot(measured["step"], 1 - measured["contraction"], **PREDICTED)
    stable = rows[rows["flow_contraction"] < 1]
    ax.plot(stable["step"], 1 - stable["flow_contraction"], color=colour, linewidth=0.8, zorder=1)


def _draw_sharpness(ax: Axes, rows: pd.DataFrame, colour: Any, marker: str) -> None:
    settled = rows["status"] == "converged"
    ax.plot(rows["step"][settled], rows["sharpness"][settled], color=colour, marker=marker, linestyle="none")
    moving = rows[(rows["status"] == "stalled") & rows["sharpness"].notna()]
    ax.plot(moving["step"], moving["sharpness"], color=colour, marker=marker, **UNSETTLED)


def _draw_distances(ax: Axes, rows: pd.DataFrame, colour: Any, marker: str) -> None:
    settled = rows[rows["distance"].notna()]
    ax.plot(settled["step"], settled["distance"], color=colour, marker=marker, linestyle="none")
    ax.plot(rows["step"], rows["predicted_distance"], color=colour, linewidth=0.8, zorder=1)


def _finish(panels: Sequence[Axes], descents: pd.DataFrame) -> None:
    ends = float(descents["step"].min()) / 1.2, float(descents["step"].max()) * 1.2
    for ax in panels:
        ax.set(xscale="log", xlim=ends, xlabel=r"$\eta$ over the threshold")
        ax.set_xticks([tick for tick in (0.01, 0.1, 1.0, 10.0) if ends[0] < tick < ends[1]])
        ax.xaxis.set_major_formatter("{x:g}")
        ax.axvline(1.0, **LIMIT)
    panels[0].set(yscale="log", ylabel="1 - factor")
    panels[1].set(ylabel=r"$4\eta\mu_{\max}(A\,\mathrm{diag}(x)A^T)$")
    panels[1].axhline(2.0, **LIMIT)
    line = np.linspace(ends[0], min(ends[1], 1.6), 200)
    panels[1].plot(line, 2 * line, color=style.GREY, linewidth=0.8, zorder=1)
    panels[2].set(yscale="log", ylabel=r"$\|x-x_\lambda\|$")


def _step_handles(steps: Sequence[float]) -> list[Line2D]:
    colours, dashes = style.scale_colours(len(steps)), _dashes(len(steps))
    return [
        Line2D([], [], color=colour, linestyle=dash, label=f"{step:g}")
        for step, colour, dash in zip(steps, colours, dashes, strict=True)
    ]


def _program_handles(programs: Sequence[str], colours: Sequence[Any]) -> list[Line2D]:
    named = [
        Line2D([], [], color=colour, marker=marker, linewidth=0.8, label=name)
        for name, colour, marker in zip(programs, colours, style.MARKERS, strict=False)
    ]
    open_mark = Line2D([], [], color="0.3", marker="o", label="does not settle", **UNSETTLED)
    return [*named, open_mark, Line2D([], [], color="0.3", label="diverges", **DIVERGED)]
