"""Between depth 2 and the depths above it: how the exponent of the error changes with the scale near L = 2."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from dlnflow.experiments.named_problems.figures.errors import SMALLEST
from dlnflow.kit import style

METHODS = ("certified", "limit", "flow")  # the first that a table holds is drawn
SPACING = 0.2  # of the marks along a curve, in diagonals of the panel
SMALL = -1.0  # log10 of the scale below which an exponent is compared with the law for small scales
SLOPE_ERROR = 0.05  # a slope less certain than this is not drawn
ASYMPTOTE: dict[str, Any] = {"linewidth": 0.8, "linestyle": style.DOTTED}
LAW: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (4, 2))}
CROSSING: dict[str, Any] = {"marker": "o", "markersize": 5, "markerfacecolor": "white", "markeredgewidth": 1.0}


def crossover_figure(table: pd.DataFrame, depths: Sequence[float]) -> Figure:
    """The error over eps, its local exponent, and the exponent against alpha^(L-2): a row a problem, a curve a depth.

    table: rows of `tables.RESULTS` with the prediction, constant * eps^exponent. Of many instances the medians.
    """
    methods = set(table["method"])
    best = next(method for method in METHODS if method in methods)
    table = table[(table["method"] == best) & (table["log10_scale"] >= SMALLEST)]
    problems = list(dict.fromkeys(table["problem"]))
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 0.8 + 2.5 * len(problems)))
        grid = figure.subplots(len(problems), 3, squeeze=False)
        for row, name in zip(grid, problems, strict=True):
            cells = table[table["problem"] == name]
            curves = {depth: _curve(cells[cells["depth"] == depth]) for depth in depths}
            curves = {depth: curve for depth, curve in curves.items() if len(curve)}
            if curves:
                _draw_row(row, curves, depths)
        titles = ("", ", local exponent", r", against $\alpha^{L-2}$")
        style.panel_titles(list(grid.flat), [name + title for name in problems for title in titles])
        figure.legend(
            handles=style.curve_legend([style.depth_label(depth) for depth in depths]),
            loc="outside upper center",
            ncols=6,
        )
        figure.legend(handles=_line_legend(), loc="outside lower center", ncols=4)
    return figure


def local_exponents(curve: pd.DataFrame) -> pd.DataFrame:
    """d log(error) / d log(eps) between neighbouring scales, at their geometric mean; NaN where it is not known well.

    curve: log10_scale in order, log10_error, relative_radius.
    """
    step = curve["log10_scale"].diff()
    uncertain = curve["relative_radius"].rolling(2).sum() / (np.log(10) * step.abs())
    slope = (curve["log10_error"].diff() / step).where(uncertain < SLOPE_ERROR)
    return pd.DataFrame({"log10_scale": curve["log10_scale"].rolling(2).mean(), "slope": slope}).iloc[1:]


def crossing(shallow: pd.DataFrame, deep: pd.DataFrame) -> tuple[float, float] | None:
    """log10 of the scale at which the asymptotes of depth 2 and of a larger depth cross, and of the error there."""
    (e, c), (f, d) = ((curve[["exponent", "log10_constant"]].iloc[0]) for curve in (shallow, deep))
    if e == f or not np.isfinite(c + d):
        return None
    scale = float((d - c) / (e - f))
    return scale, float(d + f * scale)


def limiting_exponent(shallow: float, w: NDArray[np.float64]) -> NDArray[np.float64]:
    """The local exponent as L falls to 2 with w = alpha^(L-2) held: e/(e + (1-e) w), e the exponent of depth 2.

    With the certificate at 1 - w on the support, an entry off it is eps (1 - rho (1-w))^-k with rho = 1 - e; where
    nothing is off it, the other branch of the map adds eps (1 + (1-w))^-k, and e = 2.
    """
    return shallow / (shallow + (1 - shallow) * w)


def _curve(cells: pd.DataFrame) -> pd.DataFrame:
    """The medians over the instances, by falling scale; log10_error is NaN where none has converged."""
    error = cells["log10_error"].astype(float).where(cells["status"] == "converged")
    curve = pd.DataFrame(
        {
            "log10_scale": cells["log10_scale"],
            "log10_error": error,
            "relative_radius": 10.0 ** (cells["log10_radius"].astype(float) - error).clip(upper=0.0),
            "exponent": cells["exponent"].astype(float),
            "log10_constant": cells["log10_constant"].astype(float),
        }
    )
    return curve.groupby(cells["log10_scale"]).median().iloc[::-1]


def _draw_row(axes: Sequence[Axes], curves: Mapping[float, pd.DataFrame], depths: Sequence[float]) -> None:
    left, middle, right = axes
    everything = pd.concat(curves.values())
    low, high = everything["log10_scale"].min(), everything["log10_scale"].max()
    margin = 0.05 * (high - low) + 0.1
    for ax in (left, middle):
        style.long_decades((10 ** (low - margin), 10 ** (high + margin)), ax, "x", most=5)
        ax.set_xlabel(r"scale $\varepsilon = \alpha^L$")
    style.long_decades(_plateaus(curves), left, "y", most=8)
    left.set_ylabel(r"error $\|x_\alpha - x^\circ\|_2\,/\,\varepsilon$")
    middle.set_ylabel(r"$d\,\log\,$error$\,/\,d\,\log\,\varepsilon$")
    right.sharey(middle)
    right.tick_params(labelleft=False)
    right.set_xlim(-0.03, 1.03)
    right.set_xlabel(r"$\alpha^{L-2} = \varepsilon^{(L-2)/L}$")
    exponents = sorted(everything["exponent"].dropna().unique()) or [1.0]
    spread = max(exponents[-1] - exponents[0], 0.2)
    for ax in (middle, right):
        ax.set_ylim(exponents[0] - 0.1 * spread, exponents[-1] + 0.1 * spread)
        for exponent in exponents:
            ax.axhline(exponent, color=style.GREY, zorder=1, **ASYMPTOTE)
    for index, depth in enumerate(depths):
        if depth in curves:
            _draw_curve(axes, depth, curves[depth], curves.get(2.0), index, len(depths))
    if 2.0 in curves:
        w = np.linspace(0.0, 1.0, 201)
        right.plot(w, limiting_exponent(float(curves[2.0]["exponent"].iloc[0]), w), zorder=4, **LAW)


def _plateaus(curves: Mapping[float, pd.DataFrame]) -> tuple[float, float]:
    """The range of error/eps over the curves that level off, all of them if none is known to."""
    level = {depth: curve for depth, curve in curves.items() if curve["exponent"].iloc[0] == 1.0} or curves
    values = pd.concat([curve["log10_error"] - curve["log10_scale"] for curve in level.values()]).dropna()
    low, high = (values.min(), values.max()) if len(values) else (-1.0, 1.0)
    room = 0.08 * (high - low) + 0.3
    return 10 ** (low - room), 10 ** (high + room)


def _draw_curve(
    axes: Sequence[Axes], depth: float, curve: pd.DataFrame, shallow: pd.DataFrame | None, index: int, count: int
) -> None:
    left, middle, right = axes
    colour, marker = style.colours(count)[index], style.MARKERS[index % len(style.MARKERS)]
    key: dict[str, Any] = {"color": colour, "marker": marker, "zorder": 3}
    scale, error = curve["log10_scale"], curve["log10_error"]
    along = (SPACING * (index + 0.5) / count, SPACING)
    left.plot(10.0**scale, 10.0 ** (error - scale), markevery=style.sparse_marks(len(curve), index, count), **key)
    asymptote = curve["log10_constant"] + (curve["exponent"] - 1) * scale
    left.plot(10.0**scale, 10.0**asymptote, color=colour, zorder=2, **ASYMPTOTE)
    slopes = local_exponents(curve)
    if slopes["slope"].isna().all():
        return
    middle.plot(10.0 ** slopes["log10_scale"], slopes["slope"], markevery=along, **key)
    if depth == 2.0:
        return
    power = (depth - 2) / depth
    small = slopes[slopes["log10_scale"] < SMALL]
    if small["slope"].notna().any():
        right.plot(10.0 ** (power * small["log10_scale"]), small["slope"], markevery=along, **key)
    met = crossing(shallow, curve) if shallow is not None else None
    known = slopes.dropna()
    if met is None or not known["log10_scale"].min() < met[0] < known["log10_scale"].max():
        return
    slope = np.interp(met[0], known["log10_scale"][::-1], known["slope"][::-1])
    mark: dict[str, Any] = {"markeredgecolor": colour, "linestyle": "none", "zorder": 5} | CROSSING
    left.plot([10.0 ** met[0]], [10.0 ** (met[1] - met[0])], **mark)
    middle.plot([10.0 ** met[0]], [slope], **mark)
    if met[0] < SMALL:
        right.plot([10.0 ** (power * met[0])], [slope], **mark)


def _line_legend() -> list[Line2D]:
    dark = "0.3"
    return [
        Line2D([], [], color=dark, label="predicted", **ASYMPTOTE),
        Line2D([], [], color=dark, linestyle="none", label="where the asymptotes of $L$ and 2 cross", **CROSSING),
        Line2D([], [], label=r"$e_2\,/\,(e_2 + (1 - e_2)\,\alpha^{L-2})$, the law as $L \to 2$", **LAW),
    ]
