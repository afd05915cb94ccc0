"""The look that the figures share, and how they are saved: the same bytes from the same data."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullFormatter

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import decade, parse_number
from dlnflow.files.digests import TIMES_SHOWN
from dlnflow.files.sealed import write_atomically

WIDTH = 7.0  # inches, a page's text width
PAGE = 9.0  # inches, and its height
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
DASHES = ((0, ()), (0, (5, 1.5)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)), (0, (8, 2)))
DOTTED = (0, (1, 2))
GREY = "0.55"
_GOLDEN = (5**0.5 - 1) / 2

_SETTINGS: Any = {  # matplotlib types each key by name
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.labelsize": 9,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9,
    "figure.constrained_layout.use": True,
    "font.size": 8,
    "grid.color": "0.9",
    "grid.linewidth": 0.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "mathtext.fontset": "cm",
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
    "svg.fonttype": "path",
    "svg.hashsalt": "dlnflow",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}
# The formats that stamp the time of their making, and how to keep them from it.
_METADATA = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}


@contextmanager
def look() -> Iterator[None]:
    """matplotlib's defaults with the shared settings, whatever the user's own are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def save(figure: Figure, paths: Iterable[Path | str], shows_times: bool = False) -> None:
    """Save a figure under each of the names, in the format of its ending.

    shows_times: it is another one after each run, and says so in its metadata.
    """
    told = {"Keywords": TIMES_SHOWN} if shows_times else {}
    with look():
        for path in map(Path, paths):
            kind = path.suffix.removeprefix(".")
            stream = io.BytesIO()
            figure.savefig(stream, format=kind, metadata=_METADATA[kind] | told)
            write_atomically(path, stream.getvalue())


def colours(count: int, colormap: str = "viridis") -> list[tuple[float, float, float, float]]:
    """That many colours from dark to light: viridis, distinct to the colour-blind and in grey."""
    return [mpl.colormaps[colormap](value) for value in np.linspace(0.0, 0.82, max(count, 2))[:count]]


def decades(axis_limits: tuple[float, float], axes: Axes, which: str) -> None:
    """A logarithmic axis with its labels at whole decades, as many as fit."""
    low, high = axis_limits
    fitting = {"x": 5, "y": 8}[which]
    getattr(axes, f"set_{which}scale")("log")
    getattr(axes, f"set_{which}lim")(low, high)
    axis = getattr(axes, f"{which}axis")
    span = max(np.log10(high / low), 1.0)
    step = int(np.ceil(span / fitting))
    first = int(np.ceil(np.log10(low) - 1e-9))
    last = int(np.floor(np.log10(high) + 1e-9))
    axis.set_major_locator(FixedLocator([10.0**k for k in range(last, first - 1, -step)]))
    axis.set_minor_locator(FixedLocator([10.0**k for k in range(first, last + 1)]))
    axis.set_minor_formatter(NullFormatter())


def depth_label(depth: float) -> str:
    """L = 2.5 as mathematics, and L = 7/3 where the decimal would not end."""
    ratio = Fraction(depth).limit_denominator(100)
    short = len(f"{depth:g}") <= 5 or float(ratio) != depth
    return f"$L = {depth:g}$" if short else f"$L = {ratio}$"


def legend_columns(handles: Sequence[object]) -> int:
    """At most four entries in a row, which is what the width holds."""
    return min(len(handles), 4)


def panel_titles(axes: Sequence[Axes], titles: Sequence[str]) -> None:
    """Titles (a), (b), ... for the panels of a figure."""
    for letter, ax, title in zip("abcdefghijklmnopqrstuvwxyz", axes, titles, strict=False):
        ax.set_title(f"({letter}) {title}", loc="left")


# Decades between labels, and between the ticks among them.
_ROUND = ((1, 1), (2, 1), (5, 1), (10, 5), (20, 5), (25, 5), (50, 10), (100, 20))


def long_decades(axis_limits: tuple[float, float], axes: Axes, which: str, most: int) -> None:
    """A logarithmic axis of any length: at most so many labels, at powers of ten that are round themselves."""
    low, high = (float(np.log10(limit)) for limit in axis_limits)
    step, minor = next((steps for steps in _ROUND if (high - low) / steps[0] < most), _ROUND[-1])
    getattr(axes, f"set_{which}scale")("log")
    getattr(axes, f"set_{which}lim")(*axis_limits)
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(FixedLocator(_powers(low, high, step)))
    axis.set_minor_locator(FixedLocator(_powers(low, high, minor)))
    axis.set_minor_formatter(NullFormatter())


def _powers(low: float, high: float, step: int) -> list[float]:
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [10.0 ** (step * k) for k in range(first, last + 1)]


def sparse_marks(count: int, curve: int, curves: int, most: int = 6) -> tuple[int, int]:
    """`markevery` for at most that many marks on one of several curves, at places that the others leave free."""
    step = max(1, -(-count // most))
    return step * curve // curves, step


def curve_legend(labels: Sequence[str]) -> list[Line2D]:
    """The colour and the mark of each curve."""
    return marks(colours(len(labels)), labels)


def scale_colours(count: int) -> list[tuple[float, float, float, float]]:
    """The same for scales where depths are in the figure too: plasma, for viridis is theirs."""
    return colours(count, "plasma")


def power_label(number: str) -> str:
    """10^{-3} for 0.001, in mathematics; else the number as typed."""
    exact = parse_number(number)
    power = decade(exact)
    return f"10^{{-{power}}}" if power > 0 and exact * 10**power == 1 else number


def scale_label(scale: str) -> str:
    """eps = 10^-3 as mathematics."""
    return rf"$\varepsilon = {power_label(scale)}$"


def note(text: str) -> Figure:
    """In place of a figure for which there are no data."""
    with look():
        figure = Figure(figsize=(WIDTH, 1.0))
        figure.text(0.5, 0.5, text, ha="center", va="center")
    return figure


def columns_for(count: int, most: int = 4) -> int:
    """At most so many in a row, in rows of nearly one length."""
    return -(-count // -(-count // most)) if count else 1


def marks(colours: Sequence[Any], labels: Sequence[str]) -> list[Line2D]:
    """Legend entries with those colours, and a mark each."""
    return [
        Line2D([], [], color=colour, marker=MARKERS[i % len(MARKERS)], label=label)
        for i, (colour, label) in enumerate(zip(colours, labels, strict=True))
    ]


def spread(places: FloatArray) -> FloatArray:
    """Offsets from -1/2 to 1/2 for points 0, 1, 2, ... that would lie on one line: even, whatever their number."""
    return places * _GOLDEN % 1 - 0.5


def edges(centres: FloatArray, lone_width: float) -> FloatArray:
    """The borders of cells around rising centres: midway between them, and as far beyond the outer ones."""
    if len(centres) == 1:
        return np.array([centres[0] - lone_width / 2, centres[0] + lone_width / 2])
    between = (centres[1:] + centres[:-1]) / 2
    return np.array([2 * centres[0] - between[0], *between, 2 * centres[-1] - between[-1]])
