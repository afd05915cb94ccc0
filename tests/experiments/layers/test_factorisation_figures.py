"""The figures of factorisation and of rank one: what is drawn is what the tables hold, and gaps in them do no harm."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from dlnflow.experiments.layers.factorisation import factorisation_rows
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock, RankOneBlock
from dlnflow.experiments.layers.figures.factorisation import factorisation_figure
from dlnflow.experiments.layers.figures.rank_one import LOST, POINT, PREDICTED, rank_one_figure
from dlnflow.experiments.layers.rank_one import rank_one_rows
from dlnflow.kit.style import save


def fractions(*values):
    return tuple(map(Fraction, values))


@pytest.fixture(scope="module")
def factorisation():
    found = []
    for constant in ("0.5", "3"):
        told = fractions("1", "0.6"), Fraction(1, 100), Fraction(constant), fractions("0", "0.6", "1"), 300, 2
        found += factorisation_rows(FactorisationBlock(5, 4, *told), 3)
    return pd.DataFrame([row for _, rows in found for row in rows]), pd.DataFrame([row for row, _ in found])


@pytest.fixture(scope="module")
def rank_one():
    steps, tolerances = fractions("0.1", "0.3", "0.8", "1.1", "1.5", "2.2"), fractions("0.1", "1e-4", "1e-8")
    told = steps, fractions("0.1", "0.001"), fractions("1", "4"), Fraction(1, 100), tolerances, 700, 2
    found = rank_one_rows(RankOneBlock(4, 3, *told), 3)
    runs, times, orbits = zip(*found, strict=True)
    return pd.DataFrame(runs), *(pd.DataFrame([row for rows in part for row in rows]) for part in (times, orbits))


def legends(figure):
    return [text.get_text() for ax in figure.axes for text in (ax.get_legend().get_texts() if ax.get_legend() else [])]


def panel(figure, letter):
    return next(ax for ax in figure.axes if ax.get_title(loc="left").startswith(f"({letter})"))


def drawn(ax, **style):
    """The points of every line that has this style."""
    lines = [line for line in ax.lines if all(getattr(line, f"get_{name}")() == value for name, value in style.items())]
    return np.vstack([line.get_xydata() for line in lines]) if lines else np.empty((0, 2))


def test_the_first_trial_is_drawn_beside_the_flow(factorisation):
    samples, ends = factorisation
    figure = factorisation_figure(samples, ends)
    assert [ax.get_title(loc="left")[4:] for ax in figure.axes] == ["$c = 0.5$", "$c = 3$"] * 2
    above = panel(figure, "a")
    rows = samples[(samples["trial"] == 0) & (samples["constant"] == 0.5) & (samples["time"] > 0)]
    solid = [line for line in above.lines if line.get_linestyle() == "-"]
    assert len(solid) == 3
    for line, (_, of_decay) in zip(solid, rows.groupby("decay"), strict=True):
        assert np.array_equal(line.get_xydata(), of_decay[["time", "residual"]])
    dashed = drawn(above, linewidth=0.9, color="black")
    assert len(dashed) == (rows["predicted_residual"] > 1e-18).sum()
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[:3] == ["$p = 0$, constant", r"$p = 0.6$ ($\delta = 0.1$)", r"$p = 1$ ($\delta = 0.5$)"]


def test_what_diverged_ends_in_a_cross(factorisation):
    samples, ends = factorisation
    figure = factorisation_figure(samples, ends)
    crosses = [drawn(panel(figure, letter), marker="x") for letter in "abcd"]
    assert [len(found) for found in crosses] == [0, 1, 0, 1]
    lost = ends[(ends["trial"] == 0) & (ends["status"] == "failed")]
    assert len(lost) == 1
    assert crosses[1][0, 0] <= lost["steps"].iloc[0]


def test_a_dotted_line_is_the_imbalance_of_the_start(factorisation):
    samples, ends = factorisation
    below = panel(factorisation_figure(samples, ends), "c")
    heights = {line.get_ydata()[0] for line in below.lines if line.get_linewidth() == 0.8}
    assert heights == {ends["start_imbalance"].iloc[0]}


def test_measured_factors_stand_beside_the_predicted_ones(rank_one):
    figure = rank_one_figure(*rank_one)
    runs = rank_one[0]
    known = runs[runs["factor"].notna() & (runs["start_ratio"] != 1)]
    points = drawn(panel(figure, "a"), markersize=POINT["markersize"])
    assert sorted(points[:, 1]) == pytest.approx(sorted(known["factor"]))
    lines = drawn(panel(figure, "a"), linewidth=PREDICTED["linewidth"], linestyle="-", marker="None")
    assert sorted(lines[:, 1]) == pytest.approx(sorted(known["predicted_factor"]))


def test_steps_are_drawn_at_the_least_step(rank_one):
    figure = rank_one_figure(*rank_one)
    times = rank_one[1][rank_one[1]["step"] == 0.1]
    ax = panel(figure, "b")
    assert ax.get_title(loc="left").endswith(r"$\eta\sigma = 0.1$")
    assert sorted(drawn(ax, markersize=POINT["markersize"])[:, 1]) == sorted(times["steps"])
    assert sorted(drawn(ax, linestyle="-")[:, 1]) == pytest.approx(sorted(times["predicted_steps"]))
    assert {"start $10^{-1}$", "start $10^{-3}$"} <= set(legends(figure))


def test_thresholds_iterates_and_what_diverged(rank_one):
    figure = rank_one_figure(*rank_one)
    ax = panel(figure, "c")
    uprights = sorted(x[0] for x in (line.get_xdata() for line in ax.lines) if len(x) == 2 and x[0] == x[1])
    assert uprights == pytest.approx([1, 5**0.5 - 1, 2])
    assert len(drawn(ax, marker=".")) == len(rank_one[2])
    assert drawn(ax, markersize=LOST["markersize"])[:, 0].tolist() == [2.2]


def test_the_sharpness_at_the_end_and_what_did_not_converge(rank_one):
    ax = panel(rank_one_figure(*rank_one), "d")
    runs = rank_one[0]
    rows = runs[(runs["start_ratio"] == 4) & (runs["start_sharpness"] < 6)]
    settled = rows[rows["status"] == "converged"]
    points = drawn(ax, markersize=POINT["markersize"])
    assert sorted(points[:, 1]) == pytest.approx(sorted(settled["sharpness"]))
    assert len(drawn(ax, markersize=LOST["markersize"])) == len(rows) - len(settled) > 0
    assert (points[:, 1] <= 2).all()


def test_gaps_in_the_tables_leave_figures(factorisation, rank_one):
    samples, ends = factorisation
    runs, times, orbits = rank_one
    small = runs["kind"] == "small"
    figures = [
        factorisation_figure(samples[:0], ends[:0]),
        factorisation_figure(samples[samples["constant"] == 3], ends[ends["constant"] == 3]),
        rank_one_figure(runs[:0], times[:0], orbits[:0]),
        rank_one_figure(runs[~small], times[:0], orbits[:0]),
        rank_one_figure(runs[small], times, orbits),
        rank_one_figure(runs[runs["end"] == "diverged"], times[:0], orbits[:0]),
    ]
    for figure in figures:
        figure.draw_without_rendering()
    assert figures[0].texts[0].get_text() == "no factorisation has taken a step"


def test_the_same_tables_give_the_same_bytes(factorisation, tmp_path):
    few = [table[table["constant"] == 3] for table in factorisation]
    for name in ("a.svg", "b.svg"):
        save(factorisation_figure(*few), [tmp_path / name])
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
