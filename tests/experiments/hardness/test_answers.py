"""Verdicts on what solvers answer to kinks, and the table that shows them."""

from itertools import cycle, pairwise, product

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from stage_tools import draw

from dlnflow.experiments.hardness.figures.answers import LOOKS, NAMES, answers_figure, cell_text
from dlnflow.experiments.hardness.judgement import ALLOWANCE, DIGITS, Answered, correct_digits, promised, verdicts
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.files.tables import write_rows
from dlnflow.kit import style

EXPONENTS = (5, 25, 40)
RIGHT, INSIDE, WRONG, REFUSED = Answered
WORTH = {
    RIGHT: {"log10_error": np.nan, "x": [1.0, 0.0]},
    INSIDE: {"log10_error": 0.15, "excess": 1e-8, "x": [0.0, 1.0]},
    WRONG: {"log10_error": -0.3, "excess": 1e-3, "x": [0.5, 0.5]},
    REFUSED: {"log10_error": 0.15, "status": "stalled", "said": "inaccurate", "x": [0.5, 0.5]},
}


def answer(verdict=RIGHT, **columns):
    """A row of HARDNESS, or as much of it as is used."""
    plain = {"grid": "answers-kink", "method": "linprog-ds", "exponent": 5, "reverse": False, "measurements": 1}
    plain |= {"features": 2, "tolerance": 1e-7, "status": "converged", "said": "optimal", "resolution": None}
    plain |= {"is_answered": True, "log10_norm": 0.0, "residual": 0.0, "excess": 0.0}
    return plain | WORTH[verdict] | columns


def verdict(**columns):
    (found,) = verdicts(pd.DataFrame([answer(**columns)]))
    return found


def table(choose, methods=("linprog-ds", "spgl1"), orders=(False, True), exponents=EXPONENTS, **columns):
    """A grid, with the verdict that choose(method, reverse, exponent) wants."""
    rows = [
        answer(choose(*place), **dict(zip(("method", "reverse", "exponent"), place, strict=True)), **columns)
        for place in product(methods, orders, exponents)
    ]
    return pd.DataFrame(rows)


def drawn(figure):
    """The cells of the table, [(left, top, colour)]."""
    (ax,) = figure.axes
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return sorted((round(box.get_x(), 6), round(box.get_y(), 6), to_hex(box.get_facecolor())) for box in boxes)


def words(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


# the verdicts


def test_no_error_at_all_and_six_digits_are_right_and_five_are_not():
    assert verdict(log10_error=None) == RIGHT
    assert verdict(log10_error=-float(DIGITS)) == RIGHT
    assert verdict(log10_error=-DIGITS + 1e-6) == INSIDE
    assert verdict(log10_error=-DIGITS + 0.4, log10_norm=0.5) == RIGHT  # relative to x*
    assert verdict(log10_error=-DIGITS - 0.4, log10_norm=-0.5) == INSIDE


@pytest.mark.parametrize("name", ["residual", "excess"])
def test_a_wrong_answer_is_inside_up_to_the_stated_multiple_of_its_tolerance(name):
    limit = ALLOWANCE * 1e-12
    assert verdict(log10_error=0.0, tolerance=1e-12, **{name: limit}) == INSIDE
    assert verdict(log10_error=0.0, tolerance=1e-12, **{name: 1.001 * limit}) == WRONG
    assert verdict(log10_error=0.0, tolerance=1e-10, **{name: 1.001 * limit}) == INSIDE


def test_a_norm_below_the_least_is_the_residuals_matter_alone():
    assert verdict(log10_error=0.0, excess=-1e-3) == INSIDE
    assert verdict(log10_error=0.0, excess=-1e-3, residual=1e-3) == WRONG


def test_the_allowance_holds_what_linprog_and_osqp_document():
    # a reduced cost within 1e-7: (0, 1) at delta = 2^-24, and at 2^-18, which it must not return
    assert verdict(log10_error=0.15, excess=2.0**-24) == INSIDE
    assert verdict(log10_error=0.15, excess=2.0**-18) == WRONG
    # eps_abs + eps_rel max(...): (1/2, 1/2) at 2^-25, where the slopes are off by 1.5e-8
    assert verdict(method="osqp", log10_error=-0.15, tolerance=1e-8, excess=1.5e-8) == INSIDE


def test_the_penalty_of_lars_counts_m_times():
    cells = pd.DataFrame([answer(method=name, measurements=10, tolerance=1.2e-7) for name in ("lars", "highs-ds")])
    assert promised(cells).tolist() == pytest.approx([1.2e-6, 1.2e-7])
    far = {"log10_error": -2.0, "residual": 30 * 1e-6, "tolerance": 1.2e-7, "measurements": 10}
    assert (verdict(method="lars", **far), verdict(method="highs-ds", **far)) == (INSIDE, WRONG)


def test_what_is_not_said_to_be_solved_misleads_nobody():
    for status in ("stalled", "failed", "unresolved"):
        assert verdict(status=status, log10_error=0.15, excess=1.0) == REFUSED
        assert verdict(status=status) == REFUSED
    assert verdict(status="failed", is_answered=False, residual=None, excess=None) == REFUSED
    assert verdict(is_answered=False, residual=None, excess=None) == REFUSED


def test_an_exact_method_has_no_tolerance_to_hide_behind():
    assert verdict(method="exact", tolerance=0.0) == RIGHT
    assert verdict(method="exact", tolerance=0.0, log10_error=0.0, excess=1e-30) == WRONG


def test_no_answer_is_called_wrong_without_its_residual_excess_and_tolerance():
    for name in ("residual", "excess", "tolerance"):
        with pytest.raises(ValueError, match="cannot be judged"):
            verdict(log10_error=0.0, **{name: None})
    assert verdict(residual=None, excess=None) == RIGHT


def test_verdicts_keep_the_rows_of_the_table():
    cells = table(lambda method, reverse, k: WRONG if reverse else RIGHT).sample(frac=1, random_state=0)
    found = verdicts(cells)
    assert found.index.equals(cells.index)
    assert ((found == WRONG) == cells["reverse"]).all()
    assert verdicts(cells.iloc[:0]).empty
    digits = correct_digits(pd.DataFrame([answer(), answer(WRONG), answer(is_answered=False)]))
    assert digits.tolist() == pytest.approx([np.inf, 0.3, np.nan], nan_ok=True)


# the figure


def test_every_cell_is_drawn_once_with_the_look_and_the_digits_of_its_verdict():
    wanted = dict(zip(product(NAMES, (False, True), EXPONENTS), cycle(Answered), strict=False))
    cells = table(lambda *place: wanted[place], methods=tuple(NAMES)).sample(frac=1, random_state=1)
    figure = answers_figure(cells)
    boxes = drawn(figure)
    assert len({(left, top) for left, top, _ in boxes}) == len(boxes) == len(wanted)
    columns, rows = (sorted({box[i] for box in boxes}) for i in (0, 1))
    assert (len(columns), len(rows)) == (len(EXPONENTS), 2 * len(NAMES))
    places = [(m, r) for m in NAMES for r in (False, True)]
    for left, top, colour in boxes:
        method, reverse = places[rows.index(top)]
        expected = wanted[method, reverse, EXPONENTS[columns.index(left)]]
        assert colour == to_hex(mpl.colors.to_rgba(LOOKS[expected]["facecolor"]))
    for sign in ("all", "0†", "0‡", "–"):
        assert words(figure).count(sign) == len(wanted) // 4
    (legend,) = figure.legends
    counts = [int(text.get_text().rpartition(": ")[2]) for text in legend.get_texts()[:4]]
    assert counts == [len(wanted) // 4] * 4


def test_the_looks_are_told_apart_in_grey():
    luminance = {v: np.dot(mpl.colors.to_rgb(look["facecolor"]), [0.2126, 0.7152, 0.0722]) for v, look in LOOKS.items()}
    assert luminance[RIGHT] - luminance[INSIDE] > 0.1
    assert luminance[INSIDE] - luminance[WRONG] > 0.4
    assert [v for v, look in LOOKS.items() if "hatch" in look] == [REFUSED]


def test_digits_are_rounded_down_and_never_negative():
    assert [cell_text(value, RIGHT) for value in (np.inf, 15.9, 6.0)] == ["all", "15", "6"]
    assert [cell_text(value, INSIDE) for value in (5.9, -0.15)] == ["5†", "0†"]
    assert [cell_text(value, WRONG) for value in (-0.15,)] == ["0‡"]
    assert [cell_text(value, REFUSED) for value in (np.nan, 7.0)] == ["–", "–"]


def test_what_a_solver_says_and_its_last_wrong_answer_stand_beside_its_cells():
    figure = answers_figure(table(lambda m, r, k: INSIDE if r and k > 5 else REFUSED if k > 5 else RIGHT))
    assert words(figure).count("optimal") == 2
    assert words(figure).count("(1, 0)") == 2  # in the order x1, x2, though the columns stood the other way
    assert "inaccurate" not in words(figure)
    assert words(answers_figure(table(lambda m, r, k: REFUSED))).count("inaccurate") == 2
    quiet = answers_figure(table(lambda m, r, k: REFUSED, methods=("interval",), said="", resolution="not_resolved"))
    assert "not resolved" in words(quiet)
    many = answers_figure(table(lambda m, r, k: INSIDE, features=20, x=[0.0] * 20))
    assert "$x_{20} \\ldots x_1$" in words(many)
    assert not any(text.startswith("(") for text in words(many))


@pytest.mark.parametrize(("tolerance", "columns"), [(1e-7, 1), (1e-10, 2), (0.0, None), (1e-1, None)])
def test_a_bar_stands_where_delta_passes_the_tolerance(tolerance, columns):
    figure = answers_figure(table(lambda m, r, k: RIGHT, methods=("highs-ds",), tolerance=tolerance))
    places = sorted({left for left, _, _ in drawn(figure)})
    bars = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_color() == "black"]
    assert bars == ([] if columns is None else [pytest.approx(places[columns])])


@pytest.mark.parametrize("worth", list(Answered))
def test_one_cell_is_a_table_too(worth):
    figure = answers_figure(table(lambda *_: worth, methods=("mine",), orders=(True,), exponents=(7,)))
    assert len(drawn(figure)) == 1
    assert "mine" in words(figure)


def test_many_columns_fit_the_page_and_nothing_asked_is_a_note():
    figure = answers_figure(table(lambda *_: INSIDE, exponents=tuple(range(1, 53))))
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text() == "0†"]
    boxes.sort(key=lambda box: (round(box.y0), box.x0))
    assert not any(a.overlaps(b) for a, b in pairwise(boxes))
    assert max(left for left, _, _ in drawn(figure)) < style.WIDTH
    note = answers_figure(table(lambda *_: RIGHT).iloc[:0])
    assert "no solver" in note.texts[0].get_text()


def test_the_figure_is_the_same_bytes_each_time(tmp_path):
    cells = table(lambda method, reverse, k: list(Answered)[k % 4], ("scs",), (False,), (4, 5, 6, 7))
    first, second = (tmp_path / f"{k}.svg" for k in (1, 2))
    for path in (first, second):
        style.save(answers_figure(cells), [path])
    assert first.read_bytes() == second.read_bytes()


def test_the_script_draws_a_stored_table(tmp_path):
    cells = table(lambda method, reverse, k: list(Answered)[k % 4], ("scs",), (False,), (4, 5, 6, 7))
    stored = tmp_path / "answers.parquet"
    missing = dict.fromkeys(HARDNESS.names) | {"kinks": 1, "mixed": False, "message": ""}
    write_rows(stored, HARDNESS, [missing | row for row in cells.to_dict("records")])
    output = tmp_path / "answers.svg"
    draw(answers_figure, {"cells": stored, "output": output})
    assert output.read_text().startswith("<?xml")
