"""The figures of the hardness experiment: the worst sign is drawn, theory stands where it should, no gap is silent."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.patches import PathPatch
from stage_tools import draw

from dlnflow.experiments.hardness.figures.levels import best_digits, ceilings, levels_figure
from dlnflow.experiments.hardness.figures.map import (
    CAP,
    NO_ANSWER,
    by_method,
    edges,
    heat_map,
    impossible_line,
    kink_exponent,
    map_figure,
    unanswered,
)
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.files.tables import write_rows
from dlnflow.kit import style

EXPONENTS, BITS = (2, 4, 6, 8, 10), (4, 8, 60)
FLOOR = float(np.log10(np.sqrt(0.5)))  # of a kink of height 1, to leading order
METHODS = (("exact", np.nan, None), ("scs", np.nan, None), ("limit", 2.0, "1e-30"), ("limit", 3.0, "1e-30"))
NOTHING = dict.fromkeys(HARDNESS.names)


def row(method, exponent, bits, signs, **more):
    """A row of HARDNESS: at the floor where k > b, else without an error if exact, and of as many digits as b."""
    name, depth, scale = method
    hidden = exponent > bits
    error = FLOOR if hidden else np.nan if name == "exact" else -float(bits)
    return NOTHING | {
        "method": name,
        "depth": depth,
        "exact_depth": None if scale is None else f"{depth:g}",
        "scale": scale,
        "log10_scale": np.nan if scale is None else float(np.log10(float(scale))),
        "exponent": exponent,
        "digits": np.nan,
        "bits": bits,
        "bits_seen": min(bits, 53) if name == "scs" else bits,
        "delta_signs": signs,
        "status": "converged",
        "is_answered": True,
        "log10_error": error,
        "log10_floor": FLOOR if hidden else np.nan,
    } | more  # fmt: skip


def kinks(methods=METHODS, exponents=EXPONENTS, bits=BITS):
    rows = [row(m, k, b, signs) for m in methods for k in exponents for b in bits for signs in "+-"]
    return pd.DataFrame(rows)


def silent(table, method="interval", **where):
    """The table with a method that gives no answer, but for what it says of them."""
    chosen = table[table["method"] == "exact"].assign(
        method=method, is_answered=False, log10_error=np.nan, status="unresolved", resolution="not_resolved", **where
    )
    return pd.concat([table, chosen], ignore_index=True)


def heat_maps(figure):
    return [
        (ax, mesh) for ax in figure.axes for mesh in ax.collections if isinstance(mesh, QuadMesh) and ax.get_title()
    ]


def legend_texts(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


# the map


def test_the_impossible_region_begins_where_delta_is_below_two_to_the_minus_b():
    x, y = impossible_line(kinks())
    assert np.array_equal(x, np.repeat([2, 6, 34, 86], 2)[1:-1])
    assert np.array_equal(y, np.repeat([5, 9, 11], 2))  # k <= 4, k <= 8 and all k below it
    assert np.array_equal(impossible_line(kinks(bits=(1,)))[1], [1, 1])  # none
    figure = map_figure(kinks())
    for ax, _ in heat_maps(figure):
        (line,) = (line for line in ax.lines if len(line.get_xdata()) > 2)
        assert np.array_equal(line.get_xdata(), [2, 6, 6, 34, 34])  # not along the frame, where nothing is hidden
        assert np.array_equal(line.get_ydata(), [5, 5, 9, 9, 11])
        hatching = next(lines for lines in ax.collections if isinstance(lines, LineCollection))
        region = hatching.get_clip_path().get_fully_transformed_path().transformed(ax.transData.inverted())
        inside = [region.contains_point((b, k)) for b in BITS for k in EXPONENTS]
        assert inside == [k > b for b in BITS for k in EXPONENTS]


def test_the_worse_sign_is_drawn_and_no_error_is_above_the_cap():
    table = kinks()
    worse = (table["method"] == "limit") & (table["delta_signs"] == "-") & (table["exponent"] == 2)
    table.loc[worse, "log10_error"] = -1.5
    drawn = {title: np.ma.getdata(heat_map(rows)[2]) for title, rows in by_method(table)}
    first = drawn[r"$L = 3$, $\varepsilon = 10^{-30}$"]
    assert first[0] == pytest.approx([1.5] * 3)
    assert first[1:, 2] == pytest.approx([60.0] * 4)
    hidden = np.array([[k > b for b in BITS] for k in EXPONENTS])
    for digits in drawn.values():
        assert digits[hidden] == pytest.approx(-FLOOR)
    assert np.all(drawn["exact"][~hidden] > CAP)
    figure = map_figure(table)
    for (_, mesh), digits in zip(heat_maps(figure), drawn.values(), strict=True):
        assert np.ma.allequal(mesh.get_array(), digits)
        assert mesh.get_clim() == (0.0, CAP)


def test_exact_comes_first_then_intervals_the_solvers_and_networks_by_depth_and_scale():
    more = (("limit", 3.0, "1e-9"), ("spgl1", np.nan, None), ("highs-ds", np.nan, None))
    table = silent(kinks((*more, *METHODS)))
    expected = ["exact", "intervals", "HiGHS ds", "SCS", "SPGL1", r"$L = 2$, $\varepsilon = 10^{-30}$"]
    expected += [rf"$L = 3$, $\varepsilon = 10^{{-{decade}}}$" for decade in (9, 30)]
    assert [label for label, _ in by_method(table)] == expected
    assert [ax.get_title() for ax, _ in heat_maps(map_figure(table))] == expected


@pytest.mark.parametrize(
    ("depth", "exponent"),
    # 30 log2(10) = 99.658; depth 2: log2(30 log 10) = log2(69.078)
    [(2.0, 6.1101), (2.5, 19.9316), (3.0, 33.2193), (4.0, 49.8289)],
)
def test_a_networks_kink_stands_where_its_scale_is_the_power_of_delta(depth, exponent):
    assert kink_exponent(depth, -30.0) == pytest.approx(exponent, abs=1e-4)
    line = map_figure(kinks([("limit", depth, "1e-30")], exponents=(2, 60))).axes[0].lines[-1]
    assert line.get_ydata() == pytest.approx([exponent] * 2, abs=1e-4)


def test_a_kink_of_another_height_needs_as_much_smaller_a_scale():
    assert kink_exponent(3.0, -30.0, -6.0) == kink_exponent(3.0, -24.0)
    assert np.isnan(kink_exponent(2.0, -3.0, -3.0))
    lower = kinks([("limit", 3.0, "1e-30")], exponents=(2, 60)).assign(digits=7)
    line = map_figure(lower).axes[0].lines[-1]
    assert line.get_ydata()[0] == pytest.approx((30 + np.log10(2) - 7) * np.log2(10) / 3)


def test_cells_without_an_answer_are_marked_by_what_is_said_of_them():
    table = silent(kinks())
    lone = (table["method"] == "interval") & (table["delta_signs"] == "+")
    table.loc[lone & (table["exponent"] == 2), "resolution"] = "undecided"
    table.loc[lone & (table["exponent"] == 4), "resolution"] = None
    table.loc[(table["method"] == "interval") & (table["exponent"] == 6), "is_answered"] = True
    kinds = unanswered(table[table["method"] == "interval"])
    not_resolved, undecided, failed = NO_ANSWER
    expected = {2: undecided, 4: failed, 8: not_resolved, 10: not_resolved}
    assert kinds.to_dict() == {(k, b): kind for k, kind in expected.items() for b in BITS}
    figure = map_figure(table)
    patches = {ax.get_title(): [p for p in ax.patches if isinstance(p, PathPatch)] for ax, _ in heat_maps(figure)}
    assert {title: len(found) for title, found in patches.items() if found} == {"intervals": 3}
    assert len({patch.get_facecolor() for patch in patches["intervals"]}) == 3
    boxes = patches["intervals"][0].get_path()
    assert [k for k in EXPONENTS if boxes.contains_point((60, k))] == [8, 10]
    assert set(NO_ANSWER) < set(legend_texts(figure))
    assert not set(NO_ANSWER) & set(legend_texts(map_figure(kinks())))
    assert np.ma.getmaskarray(heat_map(table[table["method"] == "interval"])[2]).sum(axis=1).tolist() == [3, 3, 0, 3, 3]


def test_answers_without_a_claim_have_a_dot_and_float_solvers_a_line_at_53_bits():
    table = kinks()
    table.loc[(table["method"] == "scs") & (table["exponent"] == 8) & (table["delta_signs"] == "-"), "status"] = (
        "stalled"
    )
    panels = {ax.get_title(): ax for ax, _ in heat_maps(map_figure(table))}
    dots = {
        title: [o for o in ax.lines if o.get_marker() == "o" and len(o.get_xdata())] for title, ax in panels.items()
    }
    assert {title: len(found) for title, found in dots.items() if found} == {"SCS": 1}
    assert np.array_equal(dots["SCS"][0].get_xydata(), [[b, 8] for b in BITS])
    upright = {t for t, ax in panels.items() if any(np.array_equal(o.get_xdata(), [53, 53]) for o in ax.lines)}
    assert upright == {"SCS"}
    few = legend_texts(map_figure(kinks(bits=(4, 8))))
    assert not any("53" in text or "claim" in text for text in few)


@pytest.mark.parametrize(
    ("methods", "exponents", "bits"),
    [
        (METHODS[:1], (5,), (4,)),
        ((METHODS[3],), (3, 5), (64,)),
        ([("limit", depth, scale) for depth in (2.0, 3.0) for scale in ("1e-9", "1e-30", "1e-99")], (3, 9), (4,)),
    ],
)  # fmt: skip
def test_panels_of_any_number_and_of_one_cell_are_square_and_apart(methods, exponents, bits):
    figure = map_figure(kinks(methods, exponents, bits))
    figure.draw_without_rendering()
    boxes = [ax.get_window_extent() for ax, _ in heat_maps(figure)]
    assert len(boxes) == len(methods)
    for index, box in enumerate(boxes):
        assert box.width == pytest.approx(box.height, rel=1e-3)
        assert box.width > 0.8 * figure.dpi
        assert not any(box.overlaps(other) for other in boxes[:index])
    assert figure.get_tightbbox().width < style.WIDTH + 0.05


def test_cells_stand_around_their_k_and_b():
    assert edges(np.array([4.0, 8.0, 60.0])) == pytest.approx([2, 6, 34, 86])
    assert edges(np.array([7.0])) == pytest.approx([6.5, 7.5])


# the levels

READ = tuple(range(4, 64, 4))
SLOW, FAST = 32, 48


def levels(methods=METHODS[:2], digits=(1, 2, 3), bits=READ):
    """K - 1.15 digits at most below 32 bits and K - 0.15 below 48, on the worst of the signs; the floats stay there."""
    rows = []
    for b in bits:
        for K in digits:
            height = next((h for h, end in ((K - 1, SLOW), (K, FAST)) if b < end), None)
            floor = np.nan if height is None else FLOOR + np.log10(2) - height
            for name, *rest in methods:
                error = floor if height is not None else FLOOR - K if name == "scs" else -b * np.log10(2)
                for signs in ("++", "+-", "-+", "--"):
                    lucky = -5.0 if signs == "++" and name == "scs" else 0.0
                    more = {"digits": K, "slow_exponent": SLOW, "log10_floor": floor, "log10_error": error + lucky}
                    rows.append(row((name, *rest), FAST, b, signs, **more))
    return pd.DataFrame(rows)


def test_digits_are_the_worst_over_signs_and_the_best_over_methods_that_answer():
    best = best_digits(silent(levels()))
    assert list(best.columns) == [1, 2, 3]
    for K in best.columns:
        level = np.select([best.index < SLOW, best.index < FAST], [K - 1.1505, K - 0.1505], best.index * np.log10(2))
        assert best[K].to_numpy() == pytest.approx(level, abs=1e-4)
    floats = best_digits(levels(METHODS[1:2]))  # one lucky sign does not count
    assert floats.loc[60].to_numpy() == pytest.approx([K + 0.1505 for K in (1, 2, 3)], abs=1e-4)


def test_no_algorithm_has_k_minus_one_digits_before_the_slow_kinks_are_told_nor_k_before_the_others():
    table = levels()
    for K in (1, 2, 3):
        (first, slow, low), (again, fast, high) = ceilings(table[table["digits"] == K])
        assert (first, slow, again, fast) == (4, SLOW, SLOW, FAST)
        assert K - 2 < low < K - 1 < high < K
    assert ceilings(table[table["bits"] >= FAST]) == []


def test_less_k_all_curves_are_one_and_lie_in_the_bands_named_for_them():
    _, collapsed, _ = levels_figure(levels()).axes
    curves = [line for line in collapsed.lines if len(line.get_xdata()) == len(READ)]
    assert len(curves) == 3
    hidden = np.array(READ) < FAST
    for curve in curves:
        assert curve.get_ydata()[hidden] == pytest.approx(curves[0].get_ydata()[hidden])
    heights = {text.get_text(): text.get_position()[1] for text in collapsed.texts}
    assert [int(np.floor(heights[f"${name}$ digits"])) for name in ("K - 2", "K - 1", "K")] == [-2, -1, 0]
    places = {tuple(line.get_xdata()) for line in collapsed.lines if len(line.get_xdata()) == 2}
    assert places == {(SLOW, SLOW), (FAST, FAST)}


def test_a_method_without_an_answer_has_crosses_and_no_curve():
    table = silent(levels())
    told = (table["method"] == "interval") & (table["bits"] >= 52)
    table.loc[told, ["is_answered", "log10_error"]] = [True, -16.0]
    figure = levels_figure(table)
    crosses = [line for line in figure.axes[2].lines if line.get_marker() == "x"]
    assert [line.get_xdata().tolist() for line in crosses] == [[b for b in READ if b < 52]]
    assert [text.get_text() for text in figure.axes[2].get_legend().get_texts()] == ["exact", "intervals", "SCS"]
    assert "no answer" in legend_texts(figure)
    assert "no answer" not in legend_texts(levels_figure(levels()))


def test_levels_of_one_b_one_method_and_no_error_or_answer_leave_the_figure_standing():
    table = levels(METHODS[:1], (2,), (32,))
    for shown in (table.assign(log10_error=np.nan), silent(table)[lambda t: t["method"] == "interval"]):
        levels_figure(shown).draw_without_rendering()


# both


@pytest.mark.parametrize(
    ("figure", "ending", "table"),
    [
        (map_figure, "pdf", silent(kinks(METHODS[:1], (2, 8)))),
        (levels_figure, "svg", levels(digits=(2,), bits=(4, 40, 60))),
    ],
    ids=["map-pdf", "levels-svg"],
)
def test_the_script_makes_the_same_bytes_each_time(figure, ending, table, tmp_path):
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    write_rows(tmp_path / "rows.parquet", HARDNESS, rows)
    outputs = [tmp_path / f"{k}.{ending}" for k in (1, 2)]
    for output in outputs:
        draw(figure, {"cells": tmp_path / "rows.parquet", "output": output})
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
