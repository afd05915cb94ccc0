"""What solvers answer to kinks that they are given exactly: a table of correct digits, coloured by the verdict."""

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from dlnflow.experiments.hardness.judgement import Answered, correct_digits, verdicts
from dlnflow.kit import style
from dlnflow.problems.kink_families import EXACT_BITS

NAMES = {
    "linprog-ds": ("SciPy linprog, simplex", "presolve on, its default"),
    "linprog-ds-no-presolve": ("SciPy linprog, simplex", "presolve off"),
    "linprog-ipm": ("SciPy linprog, ipm", "presolve on, its default"),
    "linprog-ipm-no-presolve": ("SciPy linprog, ipm", "presolve off"),
    "highs-ds": ("HiGHS, dual simplex", "presolve off"),
    "highs-ipm": ("HiGHS, interior point", "and crossover, of the dual"),
    "lars": ("LARS", "scikit-learn"),
    "clarabel": ("Clarabel", "interior point"),
    "piqp": ("PIQP", "interior point"),
    "scs": ("SCS", "operator splitting"),
    "osqp": ("OSQP", "operator splitting, polished"),
    "spgl1": ("SPGL1", "projected gradients"),
    "interval": ("this package, intervals", f"balls of radius $2^{{-{EXACT_BITS}}}$"),
    "exact": ("this package, exact", "rational arithmetic"),
}
"""In two lines, in the order of the rows; a method that is not here stands last, under its own name."""
WRONG_CELL, INSIDE_CELL, RIGHT_CELL, NO_CELL = "#a50f15", "#fcbba1", "#f2f7f2", "0.88"
LOOKS: dict[Answered, dict[str, Any]] = {
    Answered.RIGHT: {"facecolor": RIGHT_CELL},
    Answered.INSIDE: {"facecolor": INSIDE_CELL},
    Answered.WRONG: {"facecolor": WRONG_CELL},
    Answered.REFUSED: {"facecolor": NO_CELL, "hatch": "/////"},
}
LETTERS: dict[Answered, dict[str, Any]] = {
    Answered.WRONG: {"color": "white", "fontweight": "bold"},
    Answered.REFUSED: {"bbox": {"facecolor": NO_CELL, "edgecolor": "none", "pad": 0.8}},
}
MEANINGS = {
    Answered.RIGHT: "right, to six digits or more",
    Answered.INSIDE: "†  wrong, but of least norm to its tolerance",
    Answered.WRONG: "‡  wrong, and not of least norm to its tolerance",
    Answered.REFUSED: "–  no answer that it calls solved",
}
MARKS = {Answered.RIGHT: "", Answered.INSIDE: "†", Answered.WRONG: "‡"}
BORDER: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.6}
PASSES: dict[str, Any] = {"color": "black", "linewidth": 1.6, "solid_capstyle": "butt", "zorder": 3}
TEXT = 7.0  # points
# In inches: a solver's rows together, what stands above and below them, and where the columns begin.
BLOCK, ABOVE, BELOW = 0.31, 0.42, 0.66
TOLERANCE, ORDER, CELLS = 1.44, 1.96, 2.5
SAYS, ANSWER = 1.32, 0.62
WIDEST_CELL, LABEL_WIDTH = 0.32, 0.16
SAYS_LETTERS = 24
SEPARATOR: dict[str, Any] = {"color": "0.75", "linewidth": 0.5, "zorder": 0}


@dataclass(frozen=True)
class Grid:
    """The rows and columns of the table, and where they stand in inches.

    blocks: the solvers.  orders: False, then True for columns in reverse.  exponents: k of each column.
    shows_answers: whether x itself is short enough to print.
    """

    blocks: list[str]
    orders: list[bool]
    exponents: list[int]
    shows_answers: bool

    @property
    def cell_width(self) -> float:
        """What the other columns leave."""
        room = style.WIDTH - CELLS - SAYS - (ANSWER if self.shows_answers else 0.0) - 0.08
        return float(min(room / len(self.exponents), WIDEST_CELL))

    @property
    def cell_height(self) -> float:
        """Of one row."""
        return BLOCK / len(self.orders)

    @property
    def right(self) -> float:
        """Where the cells end."""
        return CELLS + self.cell_width * len(self.exponents)

    def corner(self, method: str, reverse: bool, exponent: float) -> tuple[float, float]:
        """The upper left corner of a cell."""
        row = BLOCK * self.blocks.index(method) + self.cell_height * self.orders.index(reverse)
        return CELLS + self.cell_width * self.exponents.index(int(exponent)), ABOVE + row


def answers_figure(cells: pd.DataFrame) -> Figure:
    """Correct digits of every answer: a row for each solver and order of the columns, a column for each k.

    cells: rows of `tables.HARDNESS` of one grid of answers. A cell's colour and mark are its verdict; a black
    bar stands where delta = 2^-k passes the solver's tolerance. To the right, what a solver says of answers that are
    not right (of those that it does not call one, if there are no others) and the last of them, if it is short.
    """
    if cells.empty:
        return style.note("no solver was asked")
    judged = cells.assign(verdict=verdicts(cells), digits=correct_digits(cells))
    grid = _grid(judged)
    height = ABOVE + BLOCK * len(grid.blocks) + BELOW
    with style.look():
        figure = Figure(figsize=(style.WIDTH, height))
        figure.set_layout_engine("none")  # places are in inches
        ax = figure.add_axes((0, 0, 1, 1), xlim=(0, style.WIDTH), ylim=(height, 0))
        ax.axis("off")
        _draw_header(ax, grid, judged)
        for row in judged.itertuples():
            _draw_cell(ax, grid, row)
        for method, rows in judged.groupby("method"):
            _draw_block(ax, grid, str(method), rows)
        figure.legend(handles=_legend(judged), loc="lower center", ncols=2, fontsize=TEXT + 0.5)
    return figure


def cell_text(digits: float, verdict: Answered) -> str:
    """Correct digits, rounded down, and the verdict's mark."""
    if verdict == Answered.REFUSED:
        return "–"
    count = "all" if np.isinf(digits) else str(max(0, int(np.floor(digits))))
    return count + MARKS[verdict]


def _legend(judged: pd.DataFrame) -> list[Artist]:
    """The verdicts with how often each was found, none left out, and the bar."""
    counts = judged["verdict"].value_counts()
    patches = [
        Patch(label=f"{meaning}: {counts.get(verdict, 0)}", **LOOKS[verdict] | {"edgecolor": "0.6"})
        for verdict, meaning in MEANINGS.items()
    ]
    return [*patches, Line2D([], [], label=r"from here on $\delta$ is below its tolerance", **PASSES)]


def _grid(cells: pd.DataFrame) -> Grid:
    order = {name: place for place, name in enumerate(NAMES)}
    blocks = sorted(cells["method"].unique(), key=lambda name: (order.get(name, len(order)), name))
    exponents = sorted(map(int, cells["exponent"].unique()))
    return Grid(blocks, sorted(map(bool, cells["reverse"].unique())), exponents, bool((cells["features"] == 2).all()))


def _draw_header(ax: Axes, grid: Grid, cells: pd.DataFrame) -> None:
    key: dict[str, Any] = {"fontsize": TEXT, "va": "baseline"}
    first, second = ABOVE - 0.22, ABOVE - 0.07
    for x, text in ((0.08, "solver"), (TOLERANCE, "tolerance"), (ORDER, "columns"), (grid.right + 0.08, "it says")):
        ax.text(x, second, text, **key)
    ax.text(CELLS, first, r"correct digits of $x$ over $k$, where $\delta = 2^{-k}$", **key)
    for exponent in grid.exponents[:: int(np.ceil(LABEL_WIDTH / grid.cell_width))]:
        x, _ = grid.corner(grid.blocks[0], grid.orders[0], exponent)
        ax.text(x + grid.cell_width / 2, second, f"${exponent}$", ha="center", **key)
    if grid.shows_answers:
        ax.text(style.WIDTH - 0.08, first, "the last wrong", ha="right", **key)
        ax.text(style.WIDTH - 0.08, second, "$(x_1, x_2)$", ha="right", **key)


def _draw_cell(ax: Axes, grid: Grid, row: Any) -> None:
    x, y = grid.corner(row.method, row.reverse, row.exponent)
    ax.add_patch(Rectangle((x, y), grid.cell_width, grid.cell_height, **BORDER | _look(row.verdict)))
    middle = (x + grid.cell_width / 2, y + grid.cell_height / 2)
    size = TEXT * min(1.0, grid.cell_width / 0.23)
    key: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": size} | LETTERS.get(row.verdict, {})
    ax.text(*middle, cell_text(row.digits, row.verdict), **key)


def _look(verdict: Answered) -> dict[str, Any]:
    return LOOKS[verdict] | ({"edgecolor": "0.72", "linewidth": 0.0} if "hatch" in LOOKS[verdict] else {})


def _draw_block(ax: Axes, grid: Grid, method: str, rows: pd.DataFrame) -> None:
    """What stands beside a solver's cells, and where delta passes its tolerance."""
    key: dict[str, Any] = {"fontsize": TEXT, "va": "center_baseline"}
    _, top = grid.corner(method, grid.orders[0], grid.exponents[0])
    lines = (top + BLOCK / 4, top + 3 * BLOCK / 4)
    for y, text in zip(lines, NAMES.get(method, (method, "")), strict=True):
        ax.text(0.08, y, text, **key)
    tolerance = rows["tolerance"].iloc[0]
    ax.text(TOLERANCE, lines[0], _number(tolerance), **key)
    for reverse in grid.orders:
        _, y = grid.corner(method, reverse, grid.exponents[0])
        middle = y + grid.cell_height / 2
        ax.text(ORDER, middle, _columns(int(rows["features"].max()), reverse), **key)
        wrong = rows[(rows["reverse"] == reverse) & rows["verdict"].isin((Answered.INSIDE, Answered.WRONG))]
        if grid.shows_answers and len(wrong):
            ax.text(style.WIDTH - 0.08, middle, _answer(wrong.loc[wrong["exponent"].idxmax()]), ha="right", **key)
    said = wrap(_said(rows), SAYS_LETTERS, max_lines=2, placeholder=" ...")
    for y, text in zip(lines, said, strict=False):
        ax.text(grid.right + 0.08, y, text, **key)
    passed = int(np.sum(-np.log2(tolerance) >= np.array(grid.exponents))) if tolerance > 0 else 0
    if 0 < passed < len(grid.exponents):
        x = CELLS + passed * grid.cell_width
        ax.plot([x, x], [top, top + BLOCK], **PASSES)
    ax.plot([0.08, style.WIDTH - 0.08], [top, top], **SEPARATOR)


def _number(tolerance: float) -> str:
    """1.2 10^-7 as mathematics, and 0."""
    if tolerance == 0:
        return "$0$"
    factor, _, power = f"{tolerance:.1e}".partition("e")
    return (f"${factor}\\!\\cdot\\!" if factor != "1.0" else "$") + f"10^{{{int(power)}}}$"


def _columns(features: int, reverse: bool) -> str:
    first, last = ("x_1", f"x_{{{features}}}")[:: -1 if reverse else 1]
    return f"${first}, {last}$" if features == 2 else f"${first} \\ldots {last}$"


def _answer(row: pd.Series) -> str:
    x = list(row["x"])[:: -1 if row["reverse"] else 1]
    return f"({', '.join(f'{value:.2g}' for value in x)})"


def _said(rows: pd.DataFrame) -> str:
    """Its words for wrong answers, the most frequent, else for those that it does not call solved, else nothing."""
    for found in ((Answered.INSIDE, Answered.WRONG), (Answered.REFUSED,)):
        chosen = rows[rows["verdict"].isin(found)]
        if len(chosen):
            return str(pd.Series([_words(row) for row in chosen.itertuples()]).mode().iloc[0])
    return ""


def _words(row: Any) -> str:
    if row.said:
        return str(row.said)
    return str(row.status if pd.isna(row.resolution) else row.resolution).replace("_", " ")
