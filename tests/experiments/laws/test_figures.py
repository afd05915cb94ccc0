"""The figures of laws over ensembles: what is drawn is what was measured, and gaps in it leave no figure behind."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from stage_tools import draw

from dlnflow.experiments.laws.figures import exponents as laws_exponents
from dlnflow.experiments.laws.figures.constants import constants_figure, gap_quantiles, next_order, regular_ratios
from dlnflow.experiments.laws.figures.depths import compared_errors, crossings, depths_figure, nearest_shares, share_by
from dlnflow.experiments.laws.figures.exponents import REASONS, distribution, exponents_figure, group_labels
from dlnflow.experiments.laws.rows import MOST_OFF, MOST_RATIO, reason
from dlnflow.experiments.laws.tables import LAW_CELLS, LAWS
from dlnflow.files.tables import write_rows

DEPTHS, PLACES = (2.0, 3.0, 4.0), (1, 2, 4, 8, 16)
CELL, LAW = dict.fromkeys(LAW_CELLS.names), dict.fromkeys(LAWS.names)


def key(trial, depth, ensemble="gaussian"):
    sizes = {"measurements": 10, "features": 20, "entries": 3}
    name = {"grid": ensemble, "ensemble": ensemble, "signal": "signed", "parameter": None}
    return name | sizes | {"trial": trial, "depth": depth, "exact_depth": f"{depth:g}"}


def law(trial, depth, off=1e-6, off_ratio=1e-5, **more):
    """An instance whose depth 2 has exponent 1/2 and p = (trial + 1)/10."""
    exponent = 0.5 if depth == 2 else 1.0
    return LAW | key(trial, depth) | {
        "status": "converged",
        "message": "",
        "is_unique": True,
        "exponent": exponent,
        "next_exponent": (trial + 1) / 10 if depth == 2 else 1 - 2 / depth,
        "log10_constant": 0.0,
        "measured_exponent": exponent + off,
        "ratio": 1 + off_ratio,
        "is_regular": True,
        "meets": True,
        "reason": "",
    } | more  # fmt: skip


def failed(trial, depth):
    return LAW | key(trial, depth) | {"status": "failed", "message": "no", "meets": False, "reason": "failed"}


def descent(trial, depth, places=PLACES, factor=-1.0, extra=True):
    """Errors eps^e (1 + factor eps^p / 2), and one a decade above the last."""
    numbers = law(trial, depth)
    rows = []
    for place in [*places, *([places[-1] - 1] if extra and places[-1] > 2 else [])]:
        log10_ratio = float(np.log10(1 + factor * 10.0 ** (-place * numbers["next_exponent"]) / 2))
        rows.append(
            CELL | key(trial, depth) | {
                "scale": f"1e-{place}",
                "log10_scale": -float(place),
                "status": "converged",
                "message": "",
                "log10_error": -place * numbers["exponent"] + log10_ratio,
                "log10_ratio": log10_ratio,
            }
        )  # fmt: skip
    return rows


def many_laws(trials=4, depths=DEPTHS):
    return pd.DataFrame([law(trial, depth) for trial in range(trials) for depth in depths])


def many_cells(trials=4, depths=DEPTHS):
    return pd.DataFrame([row for trial in range(trials) for depth in depths for row in descent(trial, depth)])


def texts(figure):
    return [text.get_text() for legend in figure.legends for text in [*legend.get_texts(), legend.get_title()]]


def panel(figure, start):
    return next(ax for ax in figure.axes if ax.get_title(loc="left").startswith(start))


# exponents


def test_every_instance_is_a_point_of_the_plane_or_of_the_strip():
    figure = exponents_figure(many_laws())
    plane, strip = panel(figure, "(a)"), panel(figure, "(b)")
    points = np.vstack([line.get_xydata() for line in plane.lines if line.get_marker() == "o"])
    assert points == pytest.approx(np.tile([0.5, 0.500001], (4, 1)))
    points = np.vstack([line.get_xydata() for line in strip.lines if line.get_marker() == "o"])
    assert sorted(np.rint(points[:, 0])) == [0] * 4 + [1] * 4
    assert points[:, 1] == pytest.approx(1e-6)
    (diagonal,) = (line for line in plane.lines if len(line.get_xdata()) > 4)
    assert np.array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    assert plane.get_xlim() == plane.get_ylim()
    assert "all 12 instances and depths meet both targets" in texts(figure)


def test_targets_are_those_that_the_rows_are_judged_by():
    assert (laws_exponents.MOST_OFF, laws_exponents.MOST_RATIO) == (MOST_OFF, MOST_RATIO)
    figure = exponents_figure(many_laws())
    assert [next(o.get_xdata()[0] for o in panel(figure, k).lines) for k in ("(c)", "(d)")] == [MOST_OFF, MOST_RATIO]


def test_every_reason_of_the_rows_has_words_and_a_mark_of_its_own():
    names = {name.strip().split(",")[0] for name in reason.__doc__.split("of: ")[1].split(".\n")[0].split(";")}
    assert names == set(REASONS)
    assert len({mark for _, mark in REASONS.values()}) == len(REASONS)


def test_an_instance_that_misses_a_target_has_its_reason_around_it_and_counts_in_the_legend():
    missing = {"meets": False, "reason": "second_exponent_close", "is_regular": False}
    rows = [law(0, 2.0), law(1, 2.0, off=5e-3, off_ratio=0.2, **missing), law(2, 2.0, off=-2e-3, **missing)]
    figure = exponents_figure(pd.DataFrame([*rows, failed(3, 2.0), failed(3, 3.0), law(0, 3.0)]))
    around = [o for o in panel(figure, "(a)").lines if o.get_markersize() == laws_exponents.AROUND["markersize"]]
    drawn = {line.get_marker(): line.get_ydata().tolist() for line in around if len(line.get_xdata())}
    assert drawn == {"s": pytest.approx([0.505, 0.498])}
    assert {"second exponent close: 2", "no limit found: 2 (2 not drawn)"} < set(texts(figure))
    assert any(text.startswith("2 of 6 ") for text in texts(figure))


def test_many_minimisers_are_open_marks_and_ensembles_have_their_own():
    rows = [law(0, 2.0), law(1, 2.0, is_unique=False, exponent=2.0, measured_exponent=2.0)]
    rows.append(law(0, 2.0, exponent=0.01, measured_exponent=-0.01) | {"grid": "b", "ensemble": "lattice"})
    figure = exponents_figure(pd.DataFrame(rows))
    ax = panel(figure, "(a)")
    lines = [o for o in ax.lines if o.get_marker() in "os" and len(o.get_xdata()) == 1]
    found = [(o.get_marker(), o.get_markerfacecolor() == "white", *o.get_xydata()[0]) for o in lines]
    low = ax.get_ylim()[0]  # where an exponent below 0 stands; grid b comes first
    assert found == [("o", False, 0.01, low), ("s", False, 0.5, 0.500001), ("s", True, 2, 2)]
    assert {"Gaussian", "lattice", "open: many minimisers"} < set(texts(figure))


def test_a_group_is_named_by_its_ensemble_parameter_and_signal():
    rows = pd.DataFrame([law(0, 2.0), law(0, 2.0, parameter=0.5, ensemble="ar1", signal="signs")])
    assert group_labels(rows) == ["Gaussian", "AR(1) 0.5, signs"]
    several = pd.DataFrame([law(0, 2.0, parameter=k / 20, ensemble="ar1") for k in range(11)])
    assert group_labels(several) == ["AR(1)"] * 11


def test_thousands_of_points_are_drawn_in_turns_and_each_once():
    laws = pd.concat([many_laws(300, (2.0,)), many_laws(300, (2.0,)).assign(grid="b", ensemble="sphere")])
    lines = [o for o in panel(exponents_figure(laws), "(a)").lines if o.get_markersize() == 2.0]
    counts = [(o.get_marker(), len(o.get_xdata())) for o in lines if len(o.get_xdata())]
    assert counts == [("o", 150), ("s", 150)] * 2


def test_the_share_of_all_instances_within_a_distance_counts_those_without_a_number_as_never_near():
    x, share = distribution(pd.Series([1e-3, np.nan, 0.0, 1e-5]))
    assert x.tolist() == [laws_exponents.FLOOR, 1e-5, 1e-3]
    assert share.tolist() == [0.25, 0.5, 0.75]


# constants


def test_ratios_are_of_the_regular_instances_on_the_ladder_whose_cells_all_converged():
    laws, cells = many_laws(), many_cells()
    laws.loc[laws["trial"] == 1, "is_regular"] = False
    laws = pd.concat([laws, pd.DataFrame([failed(9, 2.0)])], ignore_index=True)
    cells.loc[(cells["trial"] == 2) & (cells["log10_scale"] == -4), "status"] = "stalled"
    ratios = regular_ratios(cells, laws)
    assert list(ratios) == list(DEPTHS)
    for depth, table in ratios.items():
        assert table.columns.tolist() == [-1, -2, -4, -8, -16]  # not 1e-15, whose place is not a rung's
        assert table.index.get_level_values("trial").tolist() == [0, 3]
        gaps = 10.0 ** (table.columns.to_numpy() * law(3, depth)["next_exponent"]) / 2
        assert gap_quantiles(table, 0.05) == pytest.approx(gaps)


def test_a_quantile_ends_where_instances_that_stopped_would_decide_it():
    rows = [*descent(0, 3.0, (1, 2, 4, 8, 16, 32)), *descent(1, 3.0), *descent(2, 3.0)]
    table = regular_ratios(pd.DataFrame(rows), many_laws())[3.0]
    assert table.isna().sum().tolist() == [0, 0, 0, 0, 0, 2]
    assert np.isnan(gap_quantiles(table, 0.5)).tolist() == [False] * 5 + [True]
    slow = table.copy()
    slow.iloc[0] = -1e-1  # far above where the others stopped: the greatest is it
    assert gap_quantiles(slow, 0.95)[-1] == pytest.approx(1 - 10**-0.1)
    assert np.isnan(gap_quantiles(slow, 0.5)[-1])


def test_the_next_order_is_a_guide_where_it_is_one_number():
    laws = many_laws()
    assert next_order(laws, 2.0) is None
    assert next_order(laws, 3.0) == pytest.approx(1 / 3)
    assert next_order(laws, 7.0) is None
    figure = constants_figure(many_cells(), laws)
    below = [ax for ax in figure.axes if ax.get_xlabel()]
    dashed = [[line for line in ax.lines if line.get_color() == "black"] for ax in below]
    assert [len(lines) for lines in dashed] == [0, 1, 1]
    for (line,), order in zip(dashed[1:], (1 / 3, 1 / 2), strict=True):
        (x0, x1), (y0, y1) = np.log10(line.get_data())
        assert (y1 - y0) / (x1 - x0) == pytest.approx(order)
        assert y0 == pytest.approx(-16 * order - np.log10(2))  # through the last median
    assert [text.get_text() for ax in below for text in ax.texts] == ["$p = 1/3$", "$p = 1/2$"]


def test_bands_hold_the_instances_and_the_median_is_theirs():
    figure = constants_figure(many_cells(), many_laws())
    top, bottom = panel(figure, "(a)"), next(ax for ax in figure.axes if ax.get_xlabel())
    gaps = np.array([10.0 ** (-np.array(PLACES) * (k + 1) / 10) / 2 for k in range(4)])
    for ax, values in ((top, 1 - gaps), (bottom, gaps)):
        (median,) = (line for line in ax.lines if line.get_marker() == "o")
        assert median.get_xdata() == pytest.approx([10.0**-k for k in PLACES])
        assert median.get_ydata() == pytest.approx(np.sort(values, axis=0)[1])
        wide = next(band for band in ax.collections if isinstance(band, PolyCollection)).get_paths()[0].vertices
        assert (wide[:, 1].min(), wide[:, 1].max()) == pytest.approx((values.min(), values.max()))


# depths


def test_depths_are_compared_on_the_rungs_that_nearly_all_instances_have_at_all_depths():
    cells = many_cells(12)
    cells = pd.concat([cells, pd.DataFrame(descent(0, 2.0, (32,), extra=False))], ignore_index=True)
    cells = cells.drop(cells.index[(cells["trial"] == 5) & (cells["depth"] == 3) & (cells["log10_scale"] == -2)])
    errors = compared_errors(cells)
    assert sorted(errors.index.get_level_values("trial").unique()) == [k for k in range(12) if k != 5]
    assert errors.index.get_level_values("log10_scale")[:5].tolist() == [-1, -2, -4, -8, -16]
    assert errors.columns.tolist() == list(DEPTHS)


def errors_of(*instances, rungs=(-1.0, -2.0, -4.0)):
    """A row an instance and rung, from rows of (error at L = 2, at L = 3)."""
    names = ["grid", "measurements", "features", "entries", "trial", "log10_scale"]
    places = [("g", 1, 2, 1, trial, rung) for trial in range(len(instances)) for rung in rungs]
    return pd.DataFrame(np.vstack(instances), pd.MultiIndex.from_tuples(places, names=names), [2.0, 3.0])


ALWAYS = np.array([[0, -0.5], [0, -1], [0, -2]])
NEVER = np.array([[0, 0.5], [0, -1], [0, 0.25]])
AT_THREE = np.array([[0, -1.0], [0, 1], [0, -1]])  # on the way from 1 at 1e-2 to -1 at 1e-4


def test_a_crossing_is_the_last_one_between_rungs_in_logarithms():
    errors = errors_of(ALWAYS, NEVER, AT_THREE)
    assert crossings(errors, 3.0).tolist() == [np.inf, -np.inf, -3.0]
    by = share_by(crossings(errors, 3.0), np.array([-1.0, -2.0, -3.0, -4.0]))
    assert by == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3])


def test_shares_of_the_nearest_depth_are_of_the_instances_at_a_rung():
    shares = nearest_shares(errors_of(ALWAYS, NEVER, AT_THREE))
    assert shares.index.tolist() == [-1, -2, -4]
    assert shares[3.0].to_numpy() == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert shares.sum(axis=1).to_numpy() == pytest.approx([1, 1, 1])
    alone = nearest_shares(errors_of(ALWAYS))
    assert alone[2.0].tolist() == [0, 0, 0]  # a depth that is never nearest has its column


def test_unique_and_many_minimisers_have_a_column_each_with_shares_medians_and_crossings():
    laws, cells = many_laws(), many_cells()
    laws.loc[laws["trial"] == 3, "is_unique"] = False
    figure = depths_figure(cells, laws)
    assert len(figure.axes) == 6
    titles = [ax.get_title(loc="left") for ax in figure.axes[:2]]
    assert titles == ["(a) one minimiser, 3 instances", "(b) many minimisers, 1 instance"]
    # depth 3 errs by eps (1 - eps^(1/3)/2), depth 4 by eps (1 - eps^(1/2)/2): 3 is the nearest at every scale
    middle = figure.axes[0].collections[1].get_paths()[0].vertices
    assert middle[:, 1].max() - middle[:, 1].min() == pytest.approx(1.0)
    curves = figure.axes[3].lines
    for line, depth in zip(curves, DEPTHS, strict=True):
        errors = [row["log10_error"] for row in descent(3, depth, extra=False)]
        assert np.log10(line.get_ydata()) == pytest.approx(errors[::-1])
    assert all(line.get_ydata() == pytest.approx(1.0) for line in figure.axes[5].lines)
    assert len(depths_figure(cells, laws[laws["trial"] < 9].assign(is_unique=True)).axes) == 3


# all


def figures(cells, laws):
    return exponents_figure(laws), constants_figure(cells, laws), depths_figure(cells, laws)


@pytest.mark.parametrize(
    ("laws", "cells"),
    [
        (many_laws(1, (2.0,)), many_cells(1, (2.0,))),
        (
            many_laws(1, (2.0, 3.0)).assign(ratio=1.0, measured_exponent=[0.5, 1.0]),
            pd.DataFrame([*descent(0, 2.0, (1,)), *descent(0, 3.0, (1,))]).assign(log10_ratio=0.0),
        ),
        (pd.DataFrame([failed(0, 2.0), law(1, 3.0)]), pd.DataFrame(descent(1, 3.0)).assign(status="unresolved")),
    ],
)
def test_degenerate_tables_leave_the_figures_standing(laws, cells):
    for figure in figures(cells, laws):
        figure.draw_without_rendering()


def test_no_regular_instance_and_no_constant_leave_a_note_and_the_other_figures():
    laws = many_laws(2).assign(is_regular=False, is_unique=False, ratio=np.nan)
    assert [len(figure.axes) for figure in figures(many_cells(2), laws)] == [4, 0, 3]


def test_tables_of_failures_alone_are_said_to_hold_nothing():
    laws, cells = pd.DataFrame([failed(0, 2.0)]), pd.DataFrame(descent(0, 2.0)).assign(status="failed")
    assert all(not figure.axes and len(figure.texts) == 1 for figure in figures(cells, laws))


@pytest.mark.parametrize(
    ("figure", "tables", "endings"),
    [
        (exponents_figure, ("laws",), ["png"]),
        (constants_figure, ("cells", "laws"), ["svg"]),
        (depths_figure, ("cells", "laws"), ["png"] * 2),
    ],
    ids=["exponents", "constants", "depths"],
)
def test_the_script_makes_the_same_bytes_each_time(figure, tables, endings, tmp_path):
    rows = [law(k, depth) for k in range(2) for depth in (2.0, 3.0)]
    write_rows(tmp_path / "laws.parquet", LAWS, [*rows, failed(2, 2.0)])
    write_rows(tmp_path / "cells.parquet", LAW_CELLS, [cell for r in rows for cell in descent(r["trial"], r["depth"])])
    made = set()
    for ending in endings:
        output = tmp_path / f"made.{ending}"
        draw(figure, {name: tmp_path / f"{name}.parquet" for name in tables} | {"output": output})
        made.add(output.read_bytes())
    assert len(made) == 1
