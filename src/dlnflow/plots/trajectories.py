"""The flow in time: the coordinates, the loss and the layers, for one problem at several depths and scales."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from dlnflow.plots import style

MOST_COLOURED = 6  # beyond, colours can no longer be told apart; the largest coordinates get them, the rest are grey
SETTLED = 0.01  # the time axis ends a little after x is within one per cent of where it ends


def trajectory_figure(table: pd.DataFrame, depths: Sequence[float]) -> Figure:
    """x(t), the loss and the layers against rescaled time: a column for each depth, a line style for each scale.

    table: rows of `tables.TRAJECTORIES` of one instance.
    """
    scales = list(table.sort_values("log10_scale")["scale"].unique())
    dashes = {scale: style.DASHES[i % len(style.DASHES)] for i, scale in enumerate(scales)}
    ends = np.stack(table.groupby(["depth", "scale"])["x"].last().to_list())
    colours = _coordinate_colours(np.abs(ends).max(axis=0))
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 6.0))
        grid = figure.subplots(3, len(depths), sharex="col", sharey="row", squeeze=False)
        for column, depth in zip(grid.T, depths, strict=True):
            runs = table[table["depth"] == depth]
            end = max((_settling_time(run) for _, run in runs.groupby("scale")), default=1.0)
            for scale, run in runs.groupby("scale"):
                _draw_run(column, run[run["rescaled_time"] <= 1.1 * end], dashes[scale], colours)
            column[0].set_xlim(0, 1.1 * end)
            column[-1].set_xlabel("rescaled time $T$")
        top, losses, layers = grid[:, 0]
        top.set_ylabel(r"$x_i(T)$")
        losses.set_ylabel(r"loss $\frac{1}{2}\|Ax-y\|^2$")
        layers.set_ylabel(r"layers $\max(u_i, v_i)$")
        style.decades(_loss_limits(table), losses, "y")
        style.decades(_layer_limits(table), layers, "y")
        style.panel_titles(list(grid[0]), [f"$L = {depth:g}$" for depth in depths])
        figure.legend(handles=_legend(scales, dashes, colours), loc="outside upper center", ncols=5)
    return figure


def _coordinate_colours(sizes: NDArray[np.float64]) -> list[Any]:
    """A colour for each coordinate, grey for those beyond the largest few."""
    chosen = np.argsort(-sizes, kind="stable")[:MOST_COLOURED]
    found: list[Any] = ["0.8"] * len(sizes)
    for index, colour in zip(sorted(chosen), style.colours(len(chosen)), strict=True):
        found[index] = colour
    return found


def _settling_time(run: pd.DataFrame) -> float:
    """The rescaled time after which x stays close to its end."""
    x = np.stack(run["x"].to_list())
    away = np.flatnonzero(np.abs(x - x[-1]).max(axis=1) > SETTLED * np.abs(x[-1]).max())
    return float(run["rescaled_time"].iloc[min(away[-1] + 1, len(run) - 1) if len(away) else 0])


def _draw_run(column: Sequence[Axes], run: pd.DataFrame, dash: Any, colours: Sequence[Any]) -> None:
    time = run["rescaled_time"].to_numpy()
    x = np.stack(run["x"].to_list())
    u = np.stack(run["u"].to_list())
    layers = u if run["v"].isna().all() else np.maximum(u, np.stack(run["v"].to_list()))
    for i, colour in sorted(enumerate(colours), key=lambda pair: pair[1] != "0.8"):
        column[0].plot(time, x[:, i], color=colour, linestyle=dash)
        column[2].plot(time, layers[:, i], color=colour, linestyle=dash)
    column[1].plot(time, run["loss"], color="black", linestyle=dash)


def _loss_limits(table: pd.DataFrame) -> tuple[float, float]:
    top = table["loss"].max()
    return top * 1e-8, top * 3


def _layer_limits(table: pd.DataFrame) -> tuple[float, float]:
    values = np.concatenate(table["u"].to_list())
    return float(values.min()) / 2, float(values.max()) * 2


def _legend(scales: Sequence[str], dashes: dict[str, Any], colours: Sequence[Any]) -> list[Line2D]:
    handles = [Line2D([], [], color="0.2", linestyle=dashes[scale], label=_scale_label(scale)) for scale in scales]
    handles += [
        Line2D([], [], color=colour, label=f"$i = {i + 1}$") for i, colour in enumerate(colours) if colour != "0.8"
    ]
    if "0.8" in colours:
        handles.append(Line2D([], [], color="0.8", label="other $i$"))
    return handles


def _scale_label(scale: str) -> str:
    mantissa, _, exponent = scale.partition("e")
    power = f"10^{{{exponent}}}" if mantissa == "1" else rf"{mantissa} \times 10^{{{exponent}}}"
    return rf"$\varepsilon = {power}$" if exponent else rf"$\varepsilon = {scale}$"
