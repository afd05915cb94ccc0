"""The flow in time: the coordinates, the loss and the layers, for one problem at several depths and scales."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from dlnflow.arithmetic.exact import parse_number
from dlnflow.kit import style

MOST_COLOURED = 6  # beyond, colours can no longer be told apart; the largest coordinates get them, the rest are grey
REST = "0.75"
SETTLED = 0.01  # the time axis ends a little after x is within one per cent of where it ends
LONG = 20.0  # beyond this many times the escape from zero, time is drawn on a logarithmic axis


def trajectory_figure(table: pd.DataFrame, depths: Sequence[float]) -> Figure:
    """x(t), the loss and the layers against rescaled time: a column for each depth, a line style for each scale.

    table: rows of `tables.TRAJECTORIES`, of which the first instance is drawn. A run that did not converge says so in
    the legend.
    """
    table = table[table["trial"] == table["trial"].min()]
    statuses = dict(table.groupby("scale")["status"].apply(_worst))
    table = table[table["time"].notna()]
    if table.empty:
        return style.note("no trajectory could be computed: " + ", ".join(sorted(set(statuses.values()))))
    scales = list(table.sort_values("log10_scale")["scale"].unique())
    dashes = {scale: style.DASHES[i % len(style.DASHES)] for i, scale in enumerate(scales)}
    ends = np.stack(table.groupby(["depth", "scale"])["x"].last().to_list())
    colours = _coordinate_colours(np.abs(ends).max(axis=0))
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 6.2))
        grid = figure.subplots(3, len(depths), sharex="col", sharey="row", squeeze=False)
        for column, depth in zip(grid.T, depths, strict=True):
            runs = [(scale, table[(table["depth"] == depth) & (table["scale"] == scale)]) for scale in scales]
            runs = [(scale, run) for scale, run in runs if len(run)]
            if not runs:
                continue
            limits, is_long = _time_limits([run for _, run in runs])
            for scale, run in reversed(runs):
                _draw_run(column, _until(run, limits[1]), dashes[scale], colours, with_rest=scale == scales[0])
            if is_long:
                style.decades(limits, column[0], "x")
            else:
                column[0].set_xlim(*limits)
            column[-1].set_xlabel(_time_label(depth, len(depths)))
        top, losses, layers = grid[:, 0]
        top.set_ylabel(r"$x_i(T)$")
        losses.set_ylabel(r"loss $\frac{1}{2}\|Ax-y\|^2$")
        layers.set_ylabel("layers $u_i$" if table["v"].isna().all() else r"layers $\max(u_i, v_i)$")
        style.decades((table["loss"].max() * 1e-8, table["loss"].max() * 3), losses, "y")
        style.decades(_layer_limits(table), layers, "y")
        style.panel_titles(list(grid[0]), [style.depth_label(depth) for depth in depths])
        scale_legend = _scale_legend(dict.fromkeys(statuses, "none") | dashes, statuses)
        figure.legend(handles=scale_legend, loc="outside upper center", ncols=style.legend_columns(scale_legend))
        figure.legend(handles=_coordinate_legend(colours), loc="outside lower center", ncols=7)
    return figure


def _coordinate_colours(sizes: NDArray[np.float64]) -> list[Any]:
    """A colour for each coordinate, grey for those beyond the largest few."""
    chosen = np.argsort(-sizes, kind="stable")[:MOST_COLOURED]
    found: list[Any] = [REST] * len(sizes)
    for index, colour in zip(sorted(chosen), style.colours(len(chosen)), strict=True):
        found[index] = colour
    return found


def _time_limits(runs: Sequence[pd.DataFrame]) -> tuple[tuple[float, float], bool]:
    """The time axis, from before the first escape from zero to after the last run has settled; is it a long one?"""
    moments = [_moments(run) for run in runs]
    escape, settled = min(first for first, _ in moments), max(last for _, last in moments)
    is_long = 0 < LONG * escape < settled
    return (escape / 5 if is_long else 0.0, 1.1 * settled or 1.0), is_long


def _moments(run: pd.DataFrame) -> tuple[float, float]:
    """The rescaled times at which x has made a tenth of its way from zero, and at which it has arrived."""
    x = np.stack(run["x"].to_list())
    away = np.abs(x - x[-1]).max(axis=1) / np.abs(x[-1]).max()
    arrived = len(away) - np.argmax(away[::-1] > SETTLED)  # past the last row that is still away
    times = run["rescaled_time"].to_numpy()
    return float(times[np.argmax(away < 0.9)]), float(times[min(arrived, len(times) - 1)])


def _time_label(depth: float, columns: int) -> str:
    """Rescaled time in terms of the flow's own time t (`Network.time_unit`), as far as the columns have room."""
    unit = r"4t\,/\log(1/\varepsilon)" if depth == 2 else r"L(L-2)\,\alpha^{L-2}\,t"
    return f"rescaled time $T = {unit}$" if columns <= 3 else f"$T = {unit}$" if columns == 4 else "$T$"


def _until(run: pd.DataFrame, end: float) -> pd.DataFrame:
    """The run up to the axis' end, with the last row held until then where it became stationary before."""
    run = run[run["rescaled_time"] <= end]
    return pd.concat([run, run.iloc[-1:].assign(rescaled_time=end)])


def _draw_run(column: Sequence[Axes], run: pd.DataFrame, dash: Any, colours: Sequence[Any], with_rest: bool) -> None:
    time = run["rescaled_time"].to_numpy()
    x = np.stack(run["x"].to_list())
    u = np.stack(run["u"].to_list())
    layers = u if run["v"].isna().all() else np.maximum(u, np.stack(run["v"].to_list()))
    for i, colour in enumerate(colours):
        rest = colour == REST
        if with_rest or not rest:
            width, order = (0.5, 1.5) if rest else (1.2, 2.5)
            column[0].plot(time, x[:, i], color=colour, linestyle=dash, linewidth=width, zorder=order)
            column[2].plot(time, layers[:, i], color=colour, linestyle=dash, linewidth=width, zorder=order)
    column[1].plot(time, run["loss"], color="black", linestyle=dash)


def _layer_limits(table: pd.DataFrame) -> tuple[float, float]:
    starts = 10.0 ** (table["log10_scale"] / table["depth"])  # alpha, the least that the larger layer can be
    return float(starts.min()) / 2, max(
        float(np.max(layer)) for name in ("u", "v") for layer in table[name].dropna()
    ) * 2


def _worst(statuses: pd.Series) -> str:
    """The first status that is not converged, if there is one."""
    return next((status for status in statuses if status != "converged"), "converged")


def _scale_legend(dashes: Mapping[str, Any], statuses: Mapping[str, str]) -> list[Line2D]:
    handles = []
    for scale in sorted(dashes, key=parse_number):
        status = "" if statuses[scale] == "converged" else f" ({statuses[scale].replace('_', ' ')})"
        handles.append(Line2D([], [], color="0.2", linestyle=dashes[scale], label=style.scale_label(scale) + status))
    return handles


def _coordinate_legend(colours: Sequence[Any]) -> list[Line2D]:
    handles = [
        Line2D([], [], color=colour, label=f"$i = {i + 1}$") for i, colour in enumerate(colours) if colour != REST
    ]
    if REST in colours:
        handles.append(Line2D([], [], color=REST, linewidth=0.5, label=r"other $i$, least $\varepsilon$"))
    return handles
