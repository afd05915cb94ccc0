"""The figures of linear programs: what is drawn is what was measured, and gaps in it leave no figure behind."""

import numpy as np
import pandas as pd
import pytest
from stage_tools import draw

from dlnflow.experiments.linear_programs.figures.program_errors import program_errors_figure
from dlnflow.experiments.linear_programs.figures.program_laws import program_laws_figure
from dlnflow.experiments.linear_programs.tables import PROGRAM_CELLS, PROGRAM_LAWS
from dlnflow.files.tables import write_rows

INVERSE = (8, 64, 128, 256)


def cell(name, inverse_lam, unique=True, exponent=0.5, **more):
    log10 = -exponent * inverse_lam / np.log(10)
    return dict.fromkeys(PROGRAM_CELLS.names) | {
        "program": name,
        "inverse_lam": float(inverse_lam),
        "status": "converged",
        "message": "",
        "precision_bits": 64,
        "log10_error": log10,
        "log10_radius": log10 - 15,
        "log10_predicted": log10,
        "ratio_off": float(np.exp(-0.1 * inverse_lam)),
        "log10_gap": log10,
        "float_status": "converged" if inverse_lam < 100 else "stalled",
        "float_message": "",
        "log10_float_error": max(log10, -14.0),
        "is_unique": unique,
        "has_unique_dual": True,
        "is_sum_constant": True,
        "exponent": exponent,
        "log10_constant": 0.0,
        "next_exponent": 0.1,
    } | more  # fmt: skip


def law(trial, family="vertex", off=1e-9, **more):
    return dict.fromkeys(PROGRAM_LAWS.names) | {
        "grid": family,
        "family": family,
        "constraints": 3,
        "variables": 8,
        "trial": trial,
        "status": "converged",
        "message": "",
        "exponent": 0.3 + trial / 10,
        "measured_exponent": 0.3 + trial / 10,
        "ratio_off": off,
        "next_term": abs(off),
        "meets": True,
        "reason": "",
    } | more  # fmt: skip


def cells():
    return [
        cell(name, inverse_lam, unique, exponent)
        for name, unique, exponent in (("corner", True, 0.5), ("side", False, 1.0), ("flat", False, 2.0))
        for inverse_lam in INVERSE
    ]


def lines(ax):
    return [line for line in ax.get_lines() if len(line.get_xdata()) > 2]


def test_errors_and_predictions_are_drawn_as_they_are():
    figure = program_errors_figure(pd.DataFrame(cells()))
    assert len(figure.axes) == 4
    one, many = figure.axes[:2]
    certified, predicted = lines(one)[:2]
    assert certified.get_ydata() == pytest.approx([-0.5 * k / np.log(10) for k in INVERSE])
    assert predicted.get_ydata() == pytest.approx(certified.get_ydata())
    assert (certified.get_linestyle(), predicted.get_linestyle()) == ("-", "--")
    labels = [text.get_text() for text in many.get_legend().get_texts()]
    assert [label.split(",")[0] for label in labels] == ["side", "flat"]
    # below float64's smallest number too
    far = pd.DataFrame([cell("far", k, exponent=10.0) for k in INVERSE])
    assert lines(program_errors_figure(far).axes[0])[0].get_ydata()[-1] < -1000


def test_only_float64_that_converged_is_drawn():
    figure = program_errors_figure(pd.DataFrame([cell("corner", k) for k in INVERSE]))
    open_marks = [line for line in figure.axes[0].get_lines() if line.get_markerfacecolor() == "none"]
    assert [list(line.get_xdata()) for line in open_marks] == [[8.0, 64.0]]


def test_the_slope_of_the_next_order_goes_through_the_last_point():
    figure = program_errors_figure(pd.DataFrame([cell("corner", k) for k in INVERSE]))
    below = figure.axes[1]
    measured, slope = lines(below)[:2]
    assert slope.get_ydata()[-1] == pytest.approx(measured.get_ydata()[-1])
    assert np.diff(slope.get_ydata())[0] == pytest.approx(-0.1 * np.diff(slope.get_xdata())[0] / np.log(10))


def test_gaps_leave_no_figure_behind():
    failed = dict.fromkeys(PROGRAM_CELLS.names) | {"program": "x", "inverse_lam": 8.0, "status": "failed"}
    assert "no program" in program_errors_figure(pd.DataFrame([failed])).texts[0].get_text()
    exact = [cell("exact", k, log10_error=None, log10_predicted=None, ratio_off=None) for k in INVERSE]
    figure = program_errors_figure(pd.DataFrame([*exact, *cells()]))
    assert len(figure.axes) == 4
    assert "no random program" in program_laws_figure(pd.DataFrame([law(0, ratio_off=None)])).texts[0].get_text()


def test_random_programs_are_a_mark_each_and_counted():
    rows = [law(k) for k in range(4)] + [law(0, "face", off=0.0), law(1, "face", off=-1e-3, meets=False)]
    figure = program_laws_figure(pd.DataFrame(rows))
    left, right = figure.axes
    assert sum(len(line.get_xdata()) for line in left.get_lines() if line.get_linestyle() == "None") == 6
    assert "5 of 6" in figure.legends[0].get_title().get_text()
    low, high = right.get_ylim()
    assert low <= 1e-20 < 1e-3 < high


@pytest.mark.parametrize(
    ("figure", "table", "schema", "rows"),
    [
        (program_errors_figure, "cells", PROGRAM_CELLS, cells()),
        (program_laws_figure, "laws", PROGRAM_LAWS, [law(k) for k in range(3)]),
    ],
    ids=["errors", "laws"],
)
def test_the_script_writes_every_format(tmp_path, figure, table, schema, rows):
    write_rows(tmp_path / "table.parquet", schema, rows)
    outputs = [tmp_path / f"figure.{kind}" for kind in ("pdf", "svg", "png")]
    draw(figure, {table: tmp_path / "table.parquet", "output": outputs})
    assert all(output.stat().st_size > 1000 for output in outputs)
