"""Figure 3 of Wind, Antun and Hansen (2023): the potentials q_L, their limits g_L and the maps h_L."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlnflow.kit import style
from dlnflow.network.network import g, h, q

REACH = 6.0  # |x| <= REACH in every panel


def potential_figure(depths: Sequence[float]) -> Figure:
    """q_L(x), g_L(x) and h_L(z), a curve for each depth."""
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 2.9))
        left, middle, right = axes = figure.subplots(1, 3)
        x = np.linspace(-REACH, REACH, 601)
        _curves(left, depths, q, [x] * len(depths))
        _curves(middle, depths, g, [x] * len(depths))
        # h leaves the window where it passes REACH: at depth 2 there is no pole to stop at
        _curves(right, depths, h, [_range_of_z(depth) for depth in depths])
        right.set_ylim(-REACH, REACH)
        for pole in (-1, 1):
            right.axvline(pole, color=style.GREY, linewidth=0.8, linestyle=style.DOTTED)
        for ax, variable, name in zip(axes, "xxz", ("q_L(x)", "g_L(x)", "h_L(z)"), strict=True):
            ax.set_xlabel(f"${variable}$")
            ax.set_ylabel(f"${name}$")
        style.panel_titles(list(axes), ["potential", "its limit far from 0", "from dual to primal"])
        figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=len(depths))
    return figure


def _range_of_z(depth: float) -> NDArray[np.float64]:
    end = np.arcsinh(REACH / 2) if depth == 2 else 1 - 1e-6
    return np.linspace(-end, end, 2001)


def _curves(
    ax: Axes,
    depths: Sequence[float],
    function: Callable[[NDArray[np.float64], float], NDArray[np.float64]],
    points: Sequence[NDArray[np.float64]],
) -> None:
    for index, (colour, depth) in enumerate(zip(style.colours(len(depths)), depths, strict=True)):
        dash = style.DASHES[index % len(style.DASHES)]
        values = function(points[index], depth)
        inside = np.abs(values) <= 2 * REACH
        ax.plot(points[index][inside], values[inside], color=colour, linestyle=dash, label=style.depth_label(depth))
