"""The figures of the recovery experiment: what is drawn is what the tables say, and nothing is missing."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, QuadMesh

from dlnflow.experiments.recovery.figures.diagram import diagram_figure, edges, heat_map
from dlnflow.experiments.recovery.figures.errors import errors_figure
from dlnflow.experiments.recovery.figures.samples import samples_figure, undersampling_at, wilson_interval
from dlnflow.experiments.recovery.figures.thresholds import thresholds_figure
from dlnflow.experiments.recovery.figures.times import FLOOR, times_figure
from dlnflow.kit import style

RATIOS = (0.2, 0.4, 0.6, 0.8)
SCALES = ("0.01", "1e-4", "1e-6")
TRIALS = 10


def threshold(depth, scale, undersampling):
    """A boundary as good as any: below undersampling, and the nearer the deeper and the smaller the scale."""
    return undersampling * (1 - (0 if pd.isna(depth) else float(scale) ** (1 / (8 - depth))))


def networks(depths, scales, solvers):
    for solver in solvers:
        yield {"method": solver, "depth": np.nan, "exact_depth": None, "scale": None, "log10_scale": np.nan}
    for depth in depths:
        for scale in scales:
            log10 = float(np.log10(float(scale)))
            yield {"method": "limit", "depth": depth, "exact_depth": f"{depth:g}", "scale": scale, "log10_scale": log10}


def cells(depths=(2.0, 3.0), scales=SCALES, solvers=("lars",), ratios=RATIOS, features=(100,), grid="gaussian", **more):
    """Rows of RECOVERY over every pair of ratios, s/m or, with density=, s/n."""
    density = more.pop("density", None)
    rows = []
    for n in features:
        for undersampling in ratios:
            for sparsity in (density,) if density else ratios:
                m = round(undersampling * n)
                s = round(sparsity * (n if density else m))
                for network in networks(depths, scales, solvers):
                    share = np.clip(0.5 + n / 50 * (threshold(network["depth"], network["scale"], m / n) - s / m), 0, 1)
                    cell = {"features": n, "measurements": m, "entries": s} | network
                    cell |= {"undersampling": undersampling, "sparsity": sparsity}
                    rows += [
                        cell | {"trial": k, "success": k < share * TRIALS, "log10_error": -1.0 - k / TRIALS}
                        for k in range(TRIALS)
                    ]
    more = {"grid": grid, "ensemble": "gaussian", "signal": "signed", "l1_norm": 1.0, "x0_norm": 3.0} | more
    return pd.DataFrame(rows).assign(**more)


def boundaries(depths=(2.0, 3.0), scales=SCALES, grid="gaussian", signal="signed"):
    rows = [
        {"grid": grid, "signal": signal, "undersampling": ratio} | network
        for network in networks(depths, scales, ["basis pursuit"])
        for ratio in np.arange(1, 50) / 50
    ]
    table = pd.DataFrame(rows).drop(columns="method")
    return table.assign(sparsity=[threshold(r.depth, r.scale, r.undersampling) for r in table.itertuples()])


def fits(depths=(2.0, 3.0), scales=SCALES, solvers=("lars",), axis="sparsity", sizes=(100,), at=RATIOS, **more):
    rows = []
    for n in sizes:
        for ratio in at:
            for network in networks(depths, scales, solvers):
                predicted = threshold(network["depth"], network["scale"], ratio)
                rows.append(
                    {"grid": "gaussian", "ensemble": "gaussian", "signal": "signed", "features": n, "axis": axis}
                    | {"at": ratio, "status": "converged", "predicted": predicted, "trials": 100}
                    | {"midpoint": predicted + 0.01, "low": predicted - 0.01, "high": predicted + 0.04}
                    | {"width": n**-0.5, "width_low": 0.9 * n**-0.5, "width_high": 1.2 * n**-0.5}
                    | network
                )
    return pd.DataFrame(rows).assign(**more)


def evolution(depths=(2.0, 3.0), scales=SCALES, undersampling=0.5):
    table = boundaries(depths, scales, "errors").rename(columns={"undersampling": "at"}).drop(columns="sparsity")
    error = table["at"] ** 2 * 10 ** table["log10_scale"].fillna(0) * table["depth"].fillna(1)
    error = error.where(table["depth"].notna() | (table["at"] > 0.3), 0.0)
    return table.assign(undersampling=undersampling, mean_squared_error=error).rename(columns={"at": "sparsity"})


def titles(figure):
    return [text for ax in figure.axes if (text := ax.get_title(loc="left") or ax.get_title())]


def legend_texts(figure):
    parts = [figure, *figure.subfigs]
    return [text.get_text() for part in parts for legend in part.legends for text in legend.get_texts()]


def heat_maps(figure):
    """The axes with a heat map, without the colour bar's."""
    return [
        (ax, mesh)
        for ax in figure.axes
        for mesh in ax.collections
        if isinstance(mesh, QuadMesh) and ax.get_label() != "<colorbar>"
    ]


def curves(ax):
    """The lines of more than two points, in the order in which they were drawn."""
    return [line for line in ax.lines if len(line.get_xdata()) > 2]


def bars(ax):
    """The ends of every error bar: (k, 2, 2), or nothing."""
    found = [
        segment for group in ax.collections if isinstance(group, LineCollection) for segment in group.get_segments()
    ]
    return np.array([segment for segment in found if len(segment) == 2])


# the diagram


def test_heat_maps_hold_the_rates_of_basis_pursuit_and_of_every_network():
    table = cells()
    figure = diagram_figure(table, boundaries(), "1e-3")
    drawn = [mesh.get_array() for _, mesh in heat_maps(figure)]
    wanted = [table[table["method"] == "lars"]]
    wanted += [table[(table["depth"] == depth) & (table["scale"] == scale)] for depth in (2.0, 3.0) for scale in SCALES]
    assert len(drawn) == len(wanted) == 7
    for array, rows in zip(drawn, wanted, strict=True):
        rates = rows.groupby(["sparsity", "undersampling"])["success"].mean().unstack().to_numpy()
        assert np.array_equal(array, rates)
    assert not np.array_equal(drawn[0], drawn[1])


def test_the_diagram_names_its_rows_columns_tolerance_and_size():
    figure = diagram_figure(cells(), boundaries(), "1e-3")
    assert titles(figure) == ["basis pursuit", *(style.scale_label(scale) for scale in SCALES)]
    assert [ax.get_ylabel() for ax, _ in heat_maps(figure)][::3] == ["$s/m$", "", ""]
    assert [ax.get_ylabel() for ax, _ in heat_maps(figure)][1::3] == ["$L = 2$\n$s/m$", "$L = 3$\n$s/m$"]
    beside = [bar for ax in figure.axes for bar in ax.child_axes]
    below = diagram_figure(cells((3.0,)), boundaries(), "1e-3").axes[-1]
    for label in (beside[0].get_xlabel(), below.get_ylabel()):
        assert "share of 10 instances ($n = 100$)" in label
        assert r"\leq 10^{-3}" in label


def test_every_panel_has_the_weak_threshold_and_its_own_boundary():
    theory = boundaries()
    panels = [ax for ax, _ in heat_maps(diagram_figure(cells(), theory, "1e-3"))]
    weak = theory[theory["depth"].isna()]
    for ax in panels:
        assert np.array_equal(curves(ax)[0].get_ydata(), weak["sparsity"])
        assert curves(ax)[0].get_linestyle() == "--"
    assert len(curves(panels[0])) == 1
    networks = [(depth, scale) for depth in (2.0, 3.0) for scale in SCALES]
    for ax, (depth, scale) in zip(panels[1:], networks, strict=True):
        own = theory[(theory["depth"] == depth) & (theory["scale"] == scale)]
        assert np.array_equal(curves(ax)[1].get_ydata(), own["sparsity"])
        assert curves(ax)[1].get_linestyle() == "-"


def test_a_grid_without_solvers_has_no_panel_of_basis_pursuit():
    figure = diagram_figure(cells(solvers=()), boundaries(), "1e-3")
    assert len(heat_maps(figure)) == 6
    assert "basis pursuit" not in titles(figure)
    assert len(legend_texts(figure)) == 2


@pytest.mark.parametrize(
    ("depths", "scales", "panels"),
    [
        ((3.0,), ("1e-4",), 2),
        ((2.0, 3.0, 4.0), ("1e-4",), 4),
        ((2.0, 3.0), [f"1e-{k}" for k in range(2, 11)], 19),
    ],
)
def test_diagrams_of_any_shape_keep_their_panels_apart(depths, scales, panels):
    figure = diagram_figure(cells(depths, scales), boundaries(depths, scales), "1e-3")
    figure.draw_without_rendering()
    shown = [ax.get_window_extent() for ax, _ in heat_maps(figure)]
    assert len(shown) == panels
    for index, box in enumerate(shown):
        assert box.width == pytest.approx(box.height, rel=1e-3)
        assert box.width > 0.5 * figure.dpi  # half an inch
        assert not any(box.overlaps(other) for other in shown[:index])


def test_cells_stand_around_their_ratios_and_missing_ones_are_blank():
    assert edges(np.array([0.1, 0.2, 0.5])) == pytest.approx([0.05, 0.15, 0.35, 0.65])
    assert edges(np.array([0.02, 0.5, 0.98])) == pytest.approx([0.0, 0.26, 0.74, 1.0])
    assert edges(np.array([0.5])) == pytest.approx([0.475, 0.525])
    table = cells(ratios=(0.1, 0.2, 0.5))
    x, y, rates = heat_map(table[~((table["undersampling"] == 0.5) & (table["sparsity"] == 0.1))])
    assert x == pytest.approx(y)
    assert np.array_equal(np.ma.getmaskarray(rates), [[False, False, True], [False] * 3, [False] * 3])


def test_of_several_sizes_the_largest_is_drawn():
    both, one = (diagram_figure(cells((3.0,), features=n), boundaries(), "1e-3") for n in ((100, 400), (400,)))
    for (_, first), (_, second) in zip(heat_maps(both), heat_maps(one), strict=True):
        assert np.array_equal(first.get_array(), second.get_array())


# the thresholds


def test_fifty_per_cent_points_stand_with_their_intervals_over_the_predicted_curves():
    table, theory = fits(), boundaries()
    figure = thresholds_figure(table, theory)
    assert titles(figure) == ["(a) basis pursuit", "(b) $L = 2$", "(c) $L = 3$"]
    assert legend_texts(figure)[:4] == [*(style.scale_label(scale) for scale in SCALES), "basis pursuit"]
    deep = figure.axes[2]
    assert len(curves(deep)) == 1 + 2 * len(SCALES)  # the weak threshold, then a curve and its marks for each scale
    for scale, curve, marks in zip(SCALES, curves(deep)[1::2], curves(deep)[2::2], strict=True):
        rows = table[(table["depth"] == 3) & (table["scale"] == scale)]
        own = theory[(theory["depth"] == 3) & (theory["scale"] == scale)]
        assert np.array_equal(curve.get_ydata(), own["sparsity"])
        assert np.array_equal(marks.get_xydata(), rows[["at", "midpoint"]])
    assert bars(deep)[:4, :, 1] == pytest.approx(
        table[(table["depth"] == 3) & (table["scale"] == "0.01")][["low", "high"]].to_numpy()
    )


def test_other_ensembles_are_open_marks_and_each_signal_starts_a_row():
    others = [fits((3.0,), ("1e-4",), grid=name, ensemble=name) for name in ("rademacher", "dct")]
    positive = fits((3.0,), ("1e-4",), grid="nonnegative", signal="nonnegative")
    theory = pd.concat([boundaries(), boundaries((3.0,), ("1e-4",), "nonnegative", "nonnegative")])
    figure = thresholds_figure(pd.concat([fits(), *others, positive]), theory)
    panels = ["basis pursuit", "$L = 2$", "$L = 3$", "basis pursuit", "$L = 3$"]
    assert titles(figure) == [f"({letter}) {panel}" for letter, panel in zip("abcde", panels, strict=True)]
    assert [ax.get_visible() for ax in figure.axes] == [True] * 5 + [False]
    assert [figure.axes[i].get_ylabel().split()[0] for i in (0, 3)] == ["signed", "nonnegative"]
    marks = {
        line.get_marker(): line.get_markerfacecolor() for line in curves(figure.axes[2]) if line.get_marker() != ""
    }
    assert [marks[name] for name in ("s", "D")] == ["none", "none"]
    assert "none" not in [marks["o"]]
    assert {"measured, Rademacher", "measured, partial cosine transform"} < set(legend_texts(figure))


def test_unresolved_transitions_leave_no_mark_and_none_at_all_a_note():
    table = fits()
    gone = table.assign(midpoint=table["midpoint"].where((table["depth"] != 2) & (table["at"] > 0.5)))
    figure = thresholds_figure(gone, boundaries())
    assert titles(figure) == ["(a) basis pursuit", "(b) $L = 3$"]
    assert max(len(line.get_xdata()) for line in figure.axes[0].lines if line.get_marker() == "o") == 2
    note = thresholds_figure(table.assign(midpoint=np.nan), boundaries())
    assert "no transition" in note.texts[0].get_text()


# the errors


def test_errors_are_means_per_entry_of_x_on_the_curves_of_state_evolution():
    table = cells(ratios=(0.5,), solvers=(), grid="errors")
    figure = errors_figure(table, evolution())
    assert titles(figure) == ["(a) $L = 2$", "(b) $L = 3$"]
    squared = (10 ** (-1.0 - np.arange(TRIALS) / TRIALS) * 3.0) ** 2 / 100
    weak, *others = (line for line in figure.axes[1].lines if len(line.get_xdata()))
    for curve, marks, scale in zip(others[::2], others[1::2], SCALES, strict=True):
        theory = evolution()[lambda t, scale=scale: (t["depth"] == 3) & (t["scale"] == scale)]
        assert curve.get_ydata() == pytest.approx(theory["mean_squared_error"])
        assert marks.get_xdata() == pytest.approx([25 / 50])
        assert marks.get_ydata() == pytest.approx([squared.mean()])
    assert weak.get_linestyle() == "--"
    assert weak.get_xdata().min() == pytest.approx(0.3)  # from the last zero on
    standard_error = squared.std(ddof=1) / np.sqrt(TRIALS)
    assert bars(figure.axes[1])[0, :, 1] == pytest.approx(
        [squared.mean() - standard_error, squared.mean() + standard_error]
    )


def test_median_and_quartiles_are_drawn_where_a_few_instances_carry_the_mean():
    light = pd.concat(
        [cells(ratios=(0.5,), grid="errors").assign(trial=lambda t, k=k: t["trial"] + 10 * k) for k in range(9)]
    )
    light = light.assign(log10_error=-2.0)
    assert not any("median" in text for text in legend_texts(errors_figure(light, evolution())))
    heavy = light.assign(log10_error=np.where(light["trial"] % 9 == 0, 0.0, -2.0))
    figure = errors_figure(heavy, evolution())
    assert legend_texts(figure)[-1] == "quartiles around the median"
    medians = [line for line in figure.axes[0].lines if line.get_marker() == "_"]
    assert [line.get_ydata() for line in medians] == [pytest.approx([0.03**2 / 100])] * len(SCALES)


def test_an_error_of_zero_and_a_cell_without_an_answer_leave_the_figure_standing():
    table = cells(ratios=(0.25, 0.5), grid="errors")
    table.loc[table["trial"] == 0, "log10_error"] = np.nan
    table.loc[table["trial"] == 1, ["log10_error", "l1_norm"]] = np.nan
    marks = errors_figure(table, evolution()).axes[0].lines[2]
    squared = (10 ** (-1.0 - np.arange(2, TRIALS) / TRIALS) * 3.0) ** 2 / 100
    assert marks.get_ydata()[0] == pytest.approx(squared.sum() / (TRIALS - 1))


# success against measurements


def transitions(**options):
    table = cells(features=(50, 100, 200), density=0.1, grid="gaussian", **options)
    curves = fits(axis="undersampling", sizes=(50, 100, 200), at=(0.1,), **options)
    shift = {"midpoint": 0.45, "low": 0.42, "high": 0.5, "predicted": 0.44}  # as if m/n had been fitted
    return table, curves.assign(**{name: value - curves["log10_scale"].fillna(0) / 50 for name, value in shift.items()})


def test_rates_fits_and_predictions_of_each_depth_are_drawn_at_the_largest_n():
    table, curve_fits = transitions()
    figure = samples_figure(table, curve_fits, boundaries())
    expected = ["$L = 2$", "$L = 3$", "measurements needed", "basis pursuit", "width of the transition"]
    assert titles(figure) == [f"({letter}) {title}" for letter, title in zip("abcde", expected, strict=True)]
    rows = table[(table["features"] == 200) & (table["depth"] == 3) & (table["scale"] == "1e-6")]
    rates = rows.groupby(rows["measurements"] / 200)["success"].mean()
    marks, fitted, predicted = figure.axes[1].lines[-3:]
    assert marks.get_xdata() == pytest.approx(rates.index)
    assert marks.get_ydata() == pytest.approx(rates)
    fit = curve_fits[(curve_fits["features"] == 200) & (curve_fits["depth"] == 3)].set_index("scale").loc["1e-6"]
    for steps, chance in ((-1, 1 / (1 + np.e)), (0, 1 / 2), (1, np.e / (1 + np.e))):
        at = fit["midpoint"] + steps * fit["width"]
        assert np.interp(at, fitted.get_xdata(), fitted.get_ydata()) == pytest.approx(chance, abs=1e-3)  # of 201 points
    assert (predicted.get_xdata()[0], predicted.get_ydata()[0]) == (fit["predicted"], 0.5)


def test_wilson_intervals_are_those_of_their_definition():
    rate, trials = np.array([0.0, 0.3, 1.0]), np.array([20.0, 20.0, 50.0])
    low, high = wilson_interval(rate, trials)
    assert (low[0], high[2]) == (0.0, 1.0)
    for k, end in ((0, high[0]), (1, low[1]), (1, high[1]), (2, low[2])):
        assert (rate[k] - end) ** 2 == pytest.approx(1.959963984540054**2 * end * (1 - end) / trials[k])


def test_needed_measurements_stand_beside_their_prediction_and_basis_pursuit():
    table, curve_fits = transitions()
    figure = samples_figure(table, curve_fits, boundaries())
    panel = figure.axes[2]
    rows = curve_fits[(curve_fits["features"] == 200) & (curve_fits["depth"] == 2)].sort_values("log10_scale")
    measured, theory, predicted, marks = panel.lines[:4]
    solved = curve_fits[(curve_fits["features"] == 200) & (curve_fits["method"] == "lars")].iloc[0]
    assert measured.get_ydata()[0] == solved["midpoint"]
    assert theory.get_ydata()[0] == pytest.approx(np.sqrt(0.1), abs=1e-3)  # s/m = m/n and s/n = 0.1
    assert predicted.get_ydata() == pytest.approx(rows["predicted"])
    assert marks.get_ydata() == pytest.approx(rows["midpoint"])
    assert marks.get_xdata() == pytest.approx(10 ** rows["log10_scale"])


def test_widths_stand_beside_guides_that_fall_like_the_root_of_n():
    table, curve_fits = transitions()
    panel = samples_figure(table, curve_fits, boundaries()).axes[4]
    guides = [line for line in panel.lines if line.get_linestyle() == ":" or len(line.get_xdata()) == 2]
    assert len(guides) == 3  # basis pursuit and two depths
    for line in guides:
        assert line.get_ydata() * np.sqrt(line.get_xdata()) == pytest.approx([1.0, 1.0])
    sudden = curve_fits.assign(width_low=0.0)
    panel = samples_figure(table, sudden, boundaries()).axes[4]
    marks = [line for line in panel.lines if len(line.get_xdata()) == 3]
    assert [line.get_markerfacecolor() for line in marks] == ["white"] * 3


def test_without_a_solver_the_deepest_network_shows_how_the_transition_sharpens():
    table, curve_fits = transitions(solvers=())
    figure = samples_figure(table, curve_fits, boundaries())
    assert titles(figure)[3] == r"(d) $L = 3$, $\varepsilon = 10^{-6}$"
    assert "basis pursuit" not in legend_texts(figure)
    sizes = [text.get_text() for text in figure.axes[3].get_legend().get_texts()]
    assert sizes == ["$n = 50$", "$n = 100$", "$n = 200$"]


def test_a_boundary_is_met_once_or_not_at_all():
    weak = boundaries()[lambda t: t["depth"].isna()]  # s/m = m/n
    assert undersampling_at(0.25, weak) == pytest.approx(0.5, abs=1e-3)
    assert np.isnan(undersampling_at(0.99, weak))
    assert np.isnan(undersampling_at(0.25, weak.iloc[:0]))


# the times


@pytest.fixture(scope="module")
def timed():
    table = cells(scales=("0.1", "1e-4"), solvers=("exact", "lars", "scs"), ratios=(0.2, 0.5), grid="times")
    table = table[table["undersampling"] == 0.5].reset_index(drop=True)
    error = table["method"].map({"exact": np.nan, "lars": -14.0, "scs": -6.0, "limit": 0.0}) + table["trial"] / 10
    table["log10_solution_error"] = error + table["log10_scale"].fillna(0.0)
    table["success"] = table["sparsity"] == 0.2
    times = table.drop(columns=["l1_norm", "x0_norm", "success", "log10_error", "log10_solution_error"])
    base = table["method"].map({"exact": 0.1, "lars": 0.01, "scs": 0.05, "limit": 0.002})
    return table, times.assign(seconds=base * (1 + table["trial"]))


@pytest.fixture(scope="module")
def drawn_times(timed):
    return times_figure(*timed)


def test_times_and_accuracies_are_medians_with_quartiles_in_two_panels(drawn_times):
    figure = drawn_times
    assert titles(figure) == ["(a) recovered: $s/m = 0.2$", "(b) not recovered: $s/m = 0.5$"]
    solvers, exact, *depths = (line for line in figure.axes[0].lines if line.get_marker() != "None")
    assert solvers.get_xdata() == pytest.approx([0.055, 0.275])
    assert np.log10(solvers.get_ydata().astype(float)) == pytest.approx([-13.55, -5.55])
    assert exact.get_xdata()[0] == pytest.approx(0.55)
    assert exact.get_ydata()[0] == pytest.approx(10**FLOOR, rel=1e-12, abs=0)
    assert len(depths) == 2
    for line in depths:
        assert np.log10(line.get_ydata().astype(float)) == pytest.approx([-3.55, -0.55])  # along the scales
    drawn = bars(figure.axes[0])
    lars = drawn[np.isclose(drawn[:, 0, 1], 10**-13.55) & np.isclose(drawn[:, 1, 1], 10**-13.55)]
    assert lars[0, :, 0] == pytest.approx([0.0325, 0.0775])


def test_every_solver_is_named_beside_its_mark_and_no_two_names_overlap(drawn_times):
    figure = drawn_times
    figure.draw_without_rendering()
    for ax in figure.axes:
        names = [text for text in ax.texts if text.get_text()]
        words = [text.get_text() for text in names]
        assert {"exact", "lars", "scs"} < set(words)
        assert words.count(r"$\varepsilon = 10^{-4}$") == 2
        boxes = [text.get_tightbbox() for text in names]
        for index, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:index])


def test_without_an_exact_solver_there_is_nothing_to_measure_against(timed):
    table, times = timed
    figure = times_figure(table[table["method"] != "exact"], times)
    assert "no exact solver" in figure.texts[0].get_text()


def test_an_instance_that_was_not_solved_exactly_is_left_out_and_a_failed_cell_too(timed):
    table, times = timed
    lost = (table["method"] == "exact") & (table["trial"] == 9)
    failed = (table["method"] == "scs") & (table["trial"] < 5)
    table = table.assign(l1_norm=table["l1_norm"].where(~lost & ~failed))
    solvers = times_figure(table, times).axes[0].lines[0]
    assert solvers.get_xdata() == pytest.approx([0.05, 0.05 * 7.5])


# all of them


@pytest.mark.parametrize(
    ("name", "ending"),
    [("diagram", "pdf"), ("thresholds", "svg"), ("errors", "pdf"), ("samples", "png"), ("times", "svg")],
)
def test_a_figure_is_the_same_bytes_each_time(timed, tmp_path, name, ending):
    one = ((3.0,), ("1e-4",))
    draw = {
        "diagram": lambda: diagram_figure(cells(*one), boundaries(*one), "1e-3"),
        "thresholds": lambda: thresholds_figure(fits(*one), boundaries(*one)),
        "errors": lambda: errors_figure(cells(*one, ratios=(0.25, 0.5), grid="errors"), evolution(*one)),
        "samples": lambda: samples_figure(*transitions(depths=one[0], scales=one[1]), boundaries(*one)),
        "times": lambda: times_figure(*timed),
    }[name]
    first, second = (tmp_path / f"{k}.{ending}" for k in (1, 2))
    style.save(draw(), [first])
    style.save(draw(), [second])
    assert first.read_bytes() == second.read_bytes()


def test_scales_have_colours_that_grow_lighter_and_are_not_those_of_depths():
    luminance = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b, _ in style.scale_colours(6)]
    assert np.all(np.diff(luminance) > 0.02)
    assert not set(style.scale_colours(6)) & set(style.colours(6))
    assert [style.columns_for(k) for k in (0, 1, 4, 5, 7, 9, 12)] == [1, 1, 4, 3, 4, 3, 4]
