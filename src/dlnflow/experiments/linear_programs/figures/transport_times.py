"""Time of the network's limit on transport against size, with the peers, and the accuracy that each reached."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from dlnflow.kit import style

NAMES = {
    "newton": "network's limit (structured Newton)",
    "sinkhorn-log": "Sinkhorn, log domain (POT)",
    "network-simplex": "network simplex (POT)",
    "highs-ds": "dual simplex (HiGHS)",
}
EXACT = 1e-17
"""Where an error of 0 is drawn."""


def transport_times_figure(times: pd.DataFrame) -> Figure:
    """Seconds, and errors of the marginals, against the number of points. times: rows of TRANSPORT_TIMES."""
    sound = times[times["status"] == "converged"]
    methods = [method for method in NAMES if (sound["method"] == method).any()]
    if not methods:
        return style.note("nothing was timed")
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 3.1))
        left, right = figure.subplots(1, 2)
        looks = list(zip(methods, style.colours(len(methods)), style.MARKERS, style.DASHES, strict=False))
        for method, colour, marker, dashes in looks:
            rows = sound[sound["method"] == method].sort_values("points")
            drawn: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": dashes}
            left.plot(rows["points"], rows["seconds"], label=NAMES[method], **drawn)
            right.plot(rows["points"], rows["marginal_1"].clip(lower=EXACT), **drawn)
        for ax in (left, right):
            _finish(ax, np.array(sorted(sound["points"].unique()), dtype=float))
        left.set_ylabel("seconds, one thread")
        right.set_ylabel("errors of the marginals, summed")
        style.panel_titles([left, right], ["time", f"accuracy reached ({EXACT:.0e} stands for 0)"])
        figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def _finish(ax: Axes, sizes: Any) -> None:
    ax.set(xscale="log", yscale="log", xlabel="points on each side")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.xaxis.set_minor_formatter(NullFormatter())
