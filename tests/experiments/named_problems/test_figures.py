"""The figures: the same bytes from the same rows, axes in decades, and every status to be seen."""

import numpy as np
import pandas as pd
import pytest

from dlnflow.experiments.named_problems.cells import solve_cells, trajectory_rows
from dlnflow.experiments.named_problems.comparison import compare
from dlnflow.experiments.named_problems.figures.errors import error_figure, kink_figure
from dlnflow.experiments.named_problems.figures.potentials import potential_figure
from dlnflow.experiments.named_problems.figures.trajectories import trajectory_figure
from dlnflow.experiments.named_problems.minimisers import minimiser_rows
from dlnflow.files.instance_files import Block
from dlnflow.kit import style
from dlnflow.network.flow import flow
from dlnflow.network.limit import limits
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, RANDOM, kink


def frame(problems, depths, scales):
    rows = []
    for name, problem in problems.items():
        block = Block(name, 0, (problem,))
        for depth in depths:
            rows += compare(solve_cells(block, depth, scales, "limit", limits), minimiser_rows(block))
    return pd.DataFrame(rows).astype({"log10_error": float, "log10_radius": float})


@pytest.fixture(scope="module")
def errors():
    return frame({"line": LINE, "random": RANDOM}, ["2", "3"], ["1", "0.1", "1e-2", "1e-4", "1e-9"])


@pytest.fixture(scope="module")
def samples():
    rows = []
    for depth in ("2", "3"):
        rows += trajectory_rows(Block("line", 0, (LINE,)), depth, ["0.1", "1e-4"], flow)
    return pd.DataFrame(rows)


def legend_texts(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_error_figure_has_a_panel_a_problem_and_a_curve_a_depth(errors):
    figure = error_figure(errors, [2.0, 3.0])
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["(a) line", "(b) random"]
    assert legend_texts(figure)[:2] == ["$L = 2$", "$L = 3$"]
    drawn = figure.axes[1].lines[1]
    cells = errors[(errors["problem"] == "random") & (errors["depth"] == 2)].sort_values("log10_scale")
    assert np.log10(drawn.get_ydata()) == pytest.approx(cells["log10_error"], abs=1e-12)


def test_axes_are_logarithmic_with_ticks_at_whole_decades(errors):
    for ax in error_figure(errors, [2.0, 3.0]).axes:
        for axis in (ax.xaxis, ax.yaxis):
            assert axis.get_scale() == "log"
            ticks = np.log10(axis.get_majorticklocs())
            assert ticks == pytest.approx(np.round(ticks), abs=1e-9)
            assert 2 <= len(ticks) <= 9
        assert ax.get_xlabel() != ""


def test_an_unresolved_error_is_drawn_as_a_bound_and_named_in_the_legend(errors):
    assert (errors["status"] == "unresolved").any()
    assert "bound: unresolved in float64" in legend_texts(error_figure(errors, [2.0, 3.0]))


def test_a_failed_cell_is_marked(errors):
    failed = errors.assign(status=np.where(errors["scale"] == "0.1", "failed", errors["status"]), log10_error=np.nan)
    figure = error_figure(failed, [2.0, 3.0])
    assert "not converged" in legend_texts(figure)
    assert any(line.get_marker() == "x" for line in figure.axes[0].lines)


def test_kinks_stand_where_theory_puts_them():
    table = frame({"k": kink("0.1"), "line": LINE}, ["3", "4"], ["1", "1e-2", "1e-4", "1e-6"])
    figure = kink_figure(table, [3.0, 4.0], {"k": "1/10"})
    marks = [[line.get_xdata()[0] for line in ax.lines if line.get_marker() == "^"] for ax in figure.axes]
    assert marks == [[pytest.approx(1e-3)], [pytest.approx(1e-2)]]  # 0.1^(L/(L-2))
    assert legend_texts(figure)[:2] == [r"$\delta = 1/10$", "line"]


def test_trajectories_hold_a_column_a_depth_and_end_where_they_have_settled(samples):
    figure = trajectory_figure(samples, [2.0, 3.0])
    assert len(figure.axes) == 6
    assert legend_texts(figure) == [
        r"$\varepsilon = 10^{-4}$",
        r"$\varepsilon = 10^{-1}$",
        *(f"$i = {i}$" for i in (1, 2, 3)),
    ]
    for ax in figure.axes[:2]:
        assert len(ax.lines) == 6  # three coordinates at two scales
        for line in ax.lines:
            assert line.get_xdata()[-1] == pytest.approx(ax.get_xlim()[1])


def test_many_coordinates_are_told_apart_only_where_they_are_large():
    rows = trajectory_rows(Block("g", 0, (gaussian(3, 5, 12, 1),)), "3", ["1e-3"], flow)
    texts = legend_texts(trajectory_figure(pd.DataFrame(rows), [3.0]))
    assert sum(text.startswith("$i = ") for text in texts) == 6
    assert texts[-1].startswith("other")


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_a_figure_is_the_same_bytes_each_time(errors, samples, tmp_path, ending):
    for name, draw in {
        "errors": lambda: error_figure(errors, [2.0, 3.0]),
        "potentials": lambda: potential_figure([2.0, 2.5, 4.0]),
        "trajectories": lambda: trajectory_figure(samples, [2.0, 3.0]),
    }.items():
        first, second = (tmp_path / f"{name}-{k}.{ending}" for k in (1, 2))
        style.save(draw(), [first])
        style.save(draw(), [second])
        assert first.read_bytes() == second.read_bytes()


def test_depths_are_labelled_as_mathematics():
    assert [style.depth_label(depth) for depth in (2.0, 2.05, 7 / 3)] == ["$L = 2$", "$L = 2.05$", "$L = 7/3$"]


def test_colours_grow_lighter_so_that_grey_print_keeps_their_order():
    luminance = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b, _ in style.colours(6)]
    assert np.all(np.diff(luminance) > 0.02)


def test_a_trajectory_that_float64_cannot_hold_is_a_row_and_a_word_in_the_legend():
    rows = list(trajectory_rows(Block("line", 0, (LINE,)), "3", ["1e-2", "1e-301"], flow))
    assert (rows[-1]["status"], rows[-1]["time"]) == ("out_of_float64", None)
    texts = legend_texts(trajectory_figure(pd.DataFrame(rows), [3.0]))
    assert any("10^{-301}" in text and "out of float64" in text for text in texts)
    assert trajectory_figure(pd.DataFrame(rows[-1:]), [3.0]).texts[0].get_text().endswith("out_of_float64")


def test_scales_that_float64_does_not_know_leave_the_figure_standing():
    table = frame({"line": LINE}, ["3"], ["0.1", "1e-350"])
    # balls solve it, but the answer rounded to float64 shows no more than a bound
    assert "bound: unresolved in float64" in legend_texts(error_figure(table, [3.0]))
