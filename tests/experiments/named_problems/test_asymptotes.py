"""The figures of errors beside their predictions: what is drawn is what theory and the table say."""

import flint
import numpy as np
import pandas as pd
import pytest

from dlnflow.experiments.named_problems.figures.asymptotes import (
    PREDICTED,
    RADIUS,
    asymptote_figure,
    beside_prediction,
    kink_asymptote_figure,
)
from dlnflow.experiments.named_problems.figures.crossover import (
    crossing,
    crossover_figure,
    limiting_exponent,
    local_exponents,
)
from dlnflow.kit import style
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.certified_limits import certified_limits
from dlnflow.network.limit import limits
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, kink
from dlnflow.theory.rates import predicted_rate

SCALES = [f"1e-{k}" for k in range(41)]


def log10(ball):
    with flint.ctx.workprec(256):
        return float(ball.log() / flint.arb(10).log())


def rows(name, problem, depth, scales=SCALES, trial=0):
    minimiser, rate = selected_minimiser(problem, depth), predicted_rate(problem, depth)
    for scale, limit in zip(scales, certified_limits(problem, depth, scales), strict=True):
        error = limit.distance(minimiser)
        yield {
            "problem": name,
            "trial": trial,
            "depth": float(depth),
            "log10_scale": -float(scale[3:]),
            "method": "certified",
            "status": "converged",
            "log10_error": log10(error.mid()),
            "log10_radius": log10(error.rad()),
            "exponent": float(rate.exponent),
            "log10_constant": np.log10(rate.constant),
        }


def frame(problems, depths, **options):
    names = [(name, depth) for name in problems for depth in depths]
    return pd.DataFrame([row for name, depth in names for row in rows(name, problems[name], depth, **options)])


@pytest.fixture(scope="module")
def errors():
    return frame({"line": LINE, "plane": PLANE}, ["2", "3"])


@pytest.fixture(scope="module")
def near_two():
    return frame({"line": LINE}, ["2", "2.1", "2.5", "3"])


def drawn_as(ax, key):
    return [line for line in ax.lines if line.get_linewidth() == key["linewidth"]]


def at(line, scale):
    return line.get_ydata()[np.argmin(abs(np.log10(line.get_xdata()) - np.log10(scale)))]


def legend_texts(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_a_column_a_problem_holds_the_errors_above_and_the_ratios_below(errors):
    figure = asymptote_figure(errors, [2.0, 3.0])
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["(a) line", "(b) plane", "", ""]
    assert legend_texts(figure)[:2] == ["$L = 2$", "$L = 3$"]
    for ax in figure.axes[:2]:
        assert [len(drawn_as(ax, PREDICTED)), len(drawn_as(ax, RADIUS))] == [2, 2]
        for line in ax.lines:
            assert len(line.get_xdata()) == len(SCALES)


@pytest.mark.parametrize(
    ("panel", "curve", "exponent", "constant"),
    [(0, 0, 2, 0.204219661463), (0, 1, 1, 0.00826762262), (1, 0, 0.5, 0.900107117281), (1, 1, 1, 8.59508488)],
)
def test_asymptotes_are_those_of_theory(errors, panel, curve, exponent, constant):
    asymptote = drawn_as(asymptote_figure(errors, [2.0, 3.0]).axes[panel], PREDICTED)[curve]
    for scale in (1.0, 1e-20, 1e-40):
        assert at(asymptote, scale) == pytest.approx(constant * scale**exponent, rel=1e-8)  # nine digits known


@pytest.mark.parametrize(
    ("problem", "depth", "scale", "error", "predicted"),
    [
        ("line", 2.0, 1e-2, 2.04110752282e-5, 0.204219661463 * 1e-4),
        ("plane", 3.0, 1e-4, 7.28747927839e-4, 8.59508488 * 1e-4),
    ],
)
def test_ratios_are_those_of_known_errors(errors, problem, depth, scale, error, predicted):
    cells = errors[(errors["problem"] == problem) & (errors["depth"] == depth)]
    marks, curve, radius = asymptote_figure(cells, [depth]).axes[1].lines
    # the twelfth digit of the errors, and the ninth of the constant at depth 3, in a difference from 1
    assert at(curve, scale) == pytest.approx(abs(error / predicted - 1), rel=1e-7)
    assert at(marks, scale) == at(curve, scale)
    assert at(radius, scale) < 1e-13


def test_the_ratio_falls_to_the_rounding_of_the_logarithms_and_ends_there(errors):
    for depth in (2.0, 3.0):
        curve = asymptote_figure(errors, [depth]).axes[2].lines[1]
        shown = np.isfinite(curve.get_ydata())
        small = curve.get_ydata()[shown][0]  # at the least scale that is resolved
        # the next-order term, eps^((L-2)/L) at depth 3, is 2e-14 at the last scale
        assert small < (1e-12 if depth == 2 else 1e-11)
        assert small > 1e-16
        assert curve.get_xdata()[shown].min() == pytest.approx(1e-7 if depth == 2 else 1e-40)


def test_the_gap_at_depth_l_falls_with_the_predicted_next_order(errors):
    cells = beside_prediction(errors[errors["depth"] == 3]).set_index(["problem", "log10_scale"])
    for problem in ("line", "plane"):
        fall = np.log10(cells.loc[(problem, -20.0), "gap"] / cells.loc[(problem, -26.0), "gap"])
        # eps^((L-2)/L), and the term after that eps^(2(L-2)/L), below 1e-6 here
        assert fall == pytest.approx(6 / 3, abs=1e-5)


def test_kinks_hold_a_column_a_depth_and_their_closed_constants():
    table = frame({"k": kink("0.1"), "line": LINE}, ["3", "4"], scales=SCALES[:20])
    figure = kink_asymptote_figure(table, [3.0, 4.0], {"k": "1/10"})
    assert [ax.get_title(loc="left") for ax in figure.axes[:2]] == ["(a) $L = 3$", "(b) $L = 4$"]
    assert legend_texts(figure)[:2] == [r"$\delta = 1/10$", "line"]
    for ax, k in zip(figure.axes, (3, 2), strict=False):
        constant = np.hypot(1, 0.9) * (0.1**-k - 1.9**-k)  # x_2/eps -> delta^-k - (2 - delta)^-k
        assert at(drawn_as(ax, PREDICTED)[0], 1.0) == pytest.approx(constant, rel=1e-12)


def test_bounds_and_failures_are_seen_and_no_ratio_is_drawn_of_them(errors):
    status = errors["log10_scale"].map({-5.0: "unresolved", -9.0: "failed"}).fillna("converged")
    numbers = errors[["log10_error", "log10_radius"]].where(errors["log10_scale"] != -9)
    figure = asymptote_figure(errors.assign(status=status, **numbers), [2.0, 3.0])
    assert {"bound: unresolved", "not converged"} < set(legend_texts(figure))
    for mark, scale in (("v", 1e-5), ("x", 1e-9)):
        drawn = [line.get_xdata() for line in figure.axes[0].lines if line.get_marker() == mark]
        assert np.ravel(drawn) == pytest.approx([scale, scale])
    curve = figure.axes[2].lines[4]  # depth 3
    for scale in (1e-5, 1e-9):
        assert np.isnan(at(curve, scale))
    assert np.isfinite(at(curve, 1e-6))


@pytest.mark.parametrize("status", ["failed", "unresolved"])
def test_tables_without_a_single_error_or_prediction_leave_the_figures_standing(errors, status):
    empty = dict.fromkeys(("log10_error", "log10_radius", "log10_constant", "exponent"))
    table = errors.assign(status=status, **empty)
    figure = asymptote_figure(table, [2.0, 3.0])
    assert ("not converged" in legend_texts(figure)) == (status == "failed")
    crossover_figure(table, [2.0, 3.0])


def test_an_unknown_constant_leaves_the_error_alone(errors):
    figure = asymptote_figure(errors.assign(log10_constant=None), [2.0, 3.0])
    assert not any("predicted" in text for text in legend_texts(figure))
    assert np.isfinite(figure.axes[0].lines[1].get_ydata()).all()
    assert not np.isfinite(figure.axes[2].lines[1].get_ydata()).any()


def test_float64_ends_where_its_radius_meets_the_error():
    table = frame({"line": LINE}, ["3"], scales=SCALES[:20])
    solved = list(limits(LINE, "3", SCALES[:20]))
    point = selected_minimiser(LINE, "3").x_float
    found = np.array([np.linalg.norm(limit.x - point) for limit in solved]) + 1e-18  # a log10 that is finite
    radii = np.array([limit.radius for limit in solved])
    status = np.where(found > 2 * radii, "converged", "unresolved")
    table = table.assign(log10_error=np.log10(found), log10_radius=np.log10(radii), status=status, method="limit")
    figure = asymptote_figure(pd.concat([table, table.iloc[:5].assign(method="flow")]), [3.0])
    assert {"radius (below: relative)", "flow in time", "bound: unresolved"} < set(legend_texts(figure))
    gap = next(line for line in figure.axes[1].lines if len(line.get_xdata()) == 20)
    radius = drawn_as(figure.axes[1], RADIUS)[0]
    shown = np.isfinite(gap.get_ydata())
    assert 3 < shown.sum() < 15
    assert (gap.get_ydata()[shown] > radius.get_ydata()[shown]).all()


def test_of_many_instances_the_median_is_drawn():
    problems = [gaussian(1, 3, 6, 1, trial) for trial in range(3)]
    table = pd.DataFrame(
        [row for trial, item in enumerate(problems) for row in rows("g", item, "3", ["1e-5", "1e-9"], trial)]
    )
    curve = asymptote_figure(table, [3.0]).axes[0].lines[1]
    middle = table.groupby("log10_scale")["log10_error"].median()
    assert np.log10(curve.get_ydata()) == pytest.approx(middle.to_numpy(), abs=1e-12)
    crossover_figure(table, [3.0])


def test_local_exponents_go_from_that_of_depth_two_to_one(near_two):
    figure = crossover_figure(near_two, [2.0, 2.1, 2.5, 3.0])
    left, middle, right = figure.axes
    assert [ax.get_title(loc="left") for ax in figure.axes[:2]] == ["(a) line", "(b) line, local exponent"]
    curves = [line for line in middle.lines if len(line.get_xdata()) == len(SCALES) - 1]
    assert len(curves) == 4
    assert curves[0].get_ydata()[5:] == pytest.approx(2.0, abs=1e-9)
    # theory: slope 1.16 over the decade ending at 1e-4, 1.014 over that ending at 1e-9, at depth 2.5
    assert at(curves[2], 10**-3.5) == pytest.approx(1.16, abs=5e-3)
    assert at(curves[2], 10**-8.5) == pytest.approx(1.014, abs=5e-4)
    assert [line.get_ydata()[0] for line in middle.lines[:2]] == [1.0, 2.0]  # the predicted exponents
    assert len([line for line in right.lines if line.get_marker() in style.MARKERS[1:4]]) == 3
    assert left.get_ylim()[0] < 2e-8 < 2e-2 < left.get_ylim()[1]  # every plateau, but not the depth that has none


def test_crossings_stand_where_the_asymptotes_cross(near_two):
    figure = crossover_figure(near_two, [2.0, 2.1, 2.5, 3.0])
    marks = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "white"]
    assert len(marks) == 3
    constant = 0.00826762262
    assert marks[-1].get_xdata()[0] == pytest.approx(constant / 0.204219661463, rel=1e-8)  # C_L / c_2
    assert marks[-1].get_ydata()[0] == pytest.approx(constant, rel=1e-8)
    plane = [pd.DataFrame([{"exponent": e, "log10_constant": c}]) for e, c in ((0.5, 0.0), (1.0, 3.0))]
    assert crossing(*plane) == (-6.0, -3.0)  # eps^(1/2) = 1000 eps
    assert crossing(plane[0], plane[0]) is None


@pytest.mark.parametrize(("problem", "exponent"), [(LINE, 2.0), (PLANE, 0.5)])
def test_near_depth_two_the_local_exponent_nears_its_law(problem, exponent):
    difference = []
    for depth, power in (("2.02", 30), ("2.01", 60)):
        scales = [f"1e-{power}", f"1e-{power + 1}"]
        table = pd.DataFrame(rows("p", problem, depth, scales)).assign(relative_radius=0.0)
        slope = local_exponents(table)["slope"].iloc[0]
        w = 10 ** (-(power + 0.5) * (float(depth) - 2) / float(depth))
        difference.append(slope - limiting_exponent(exponent, np.array([w]))[0])
    assert abs(difference[1]) < 5e-3
    # the difference is of the order of L - 2, at nearly the same w
    assert difference[0] / difference[1] == pytest.approx(2, rel=0.05)


def test_the_law_joins_the_exponents_of_depth_two_and_of_the_others():
    for exponent in (2.0, 0.5, 0.744859156736):
        assert limiting_exponent(exponent, np.array([0.0, 1.0])) == pytest.approx([1.0, exponent])
    assert limiting_exponent(2.0, np.array([0.5])) == pytest.approx(4 / 3)


def test_slopes_that_the_radius_blurs_are_left_out():
    curve = pd.DataFrame({"log10_scale": [0.0, -1.0, -2.0], "log10_error": [0.0, -1.0, -3.0]})
    blurred = local_exponents(curve.assign(relative_radius=[0.0, 0.05, 0.1]))
    assert blurred["log10_scale"].to_list() == [-0.5, -1.5]
    assert blurred["slope"].iloc[0] == 1.0
    assert np.isnan(blurred["slope"].iloc[1])


def test_long_axes_have_few_labels_at_round_powers_of_ten(errors):
    for ax in asymptote_figure(errors, [2.0, 3.0]).axes:
        for axis, most in ((ax.xaxis, 5), (ax.yaxis, 9)):
            ticks = np.log10(axis.get_majorticklocs())
            assert 2 <= len(ticks) <= most
            assert len(set(np.round(np.diff(ticks), 6))) == 1
            assert 0.0 in np.round(ticks, 6)


def test_marks_are_few_and_those_of_two_curves_apart():
    places = [range(101)[slice(start, None, step)] for start, step in (style.sparse_marks(101, i, 4) for i in range(4))]
    assert all(len(marks) <= 6 for marks in places)
    assert len(set().union(*places)) == sum(map(len, places))
    assert style.sparse_marks(5, 3, 4) == (0, 1)


@pytest.mark.parametrize("ending", ["pdf", "svg"])
def test_a_figure_is_the_same_bytes_each_time(errors, near_two, tmp_path, ending):
    for name, draw in {
        "asymptotes": lambda: asymptote_figure(errors, [3.0]),
        "crossover": lambda: crossover_figure(near_two, [2.0, 2.1]),
    }.items():
        first, second = (tmp_path / f"{name}-{k}.{ending}" for k in (1, 2))
        style.save(draw(), [first])
        style.save(draw(), [second])
        assert first.read_bytes() == second.read_bytes()
