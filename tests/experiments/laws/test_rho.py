"""rho over ensembles: the exact value beside both linear programs, its limit for large n, and the figure of both."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from stage_tools import run_stage

from dlnflow.experiments.laws import rho as module
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.figures.rho import censored_quantiles, fitted_power, rho_figure, width_with_error
from dlnflow.experiments.laws.rho import AGREEMENT, rho_columns, rho_rows
from dlnflow.experiments.laws.rho_limits import rho_limit_rows
from dlnflow.experiments.laws.rho_tables import RHO_LIMITS, RHOS
from dlnflow.files.tables import read_frame
from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.problems.ensembles import planted
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem
from dlnflow.theory.phase_transition import bp_threshold
from dlnflow.theory.rho_in_floats import rho_by_certificates, rho_by_directions


@pytest.mark.parametrize(
    ("problem", "value"),
    [(RANDOM, 0.255140843264286), (PLANE, 0.5), (Problem([[1, -2]], [1], nonnegative=True), -2.0)],
)
def test_both_linear_programs_find_the_rho_of_named_problems(problem, value):
    minimiser = basis_pursuit(problem)
    # theory, section 4, to fifteen digits; problems this small leave HiGHS nothing to round but its last division
    assert rho_by_certificates(problem, minimiser) == pytest.approx(value, abs=1e-13)
    assert rho_by_directions(problem, minimiser) == pytest.approx(value, abs=1e-13)


@pytest.mark.parametrize("size", [(12, 50, 2), (25, 50, 6), (25, 50, 12), (38, 50, 10)])
@pytest.mark.parametrize("signal", ["signed", "nonnegative"])
def test_both_linear_programs_agree_with_the_exact_rho(size, signal):
    for row in rho_rows("a", LawBlock("gaussian", signal, *size, (0, 1)), seed=1):
        assert set(row) == set(RHOS.names)
        assert row["status"] == "converged" or "every feasible point" in row["message"], row["message"]
        if row["rho"] is not None:
            numerator, denominator = row["exact_rho"].split("/")
            assert row["rho"] == float(Fraction(int(numerator), int(denominator)))
            values = [row["rho"], row["rho_primal"], row["rho_dual"]]
            assert row["disagreement"] == max(values) - min(values) <= AGREEMENT
            assert row["rho"] < 1
            assert row["is_unique"]


def test_a_row_says_where_the_programs_disagree_or_do_not_end(monkeypatch):
    problem = planted("gaussian", 0, 5, 10, 1)
    exact = rho_columns(problem)
    monkeypatch.setattr(module, "rho_by_directions", lambda *_: exact["rho"] + 1e-6)
    row = rho_columns(problem)
    assert (row["status"], row["exact_rho"]) == ("stalled", exact["exact_rho"])
    assert "differ by 1.0e-06" in row["message"]

    def fails(*_):
        raise ArithmeticError("HiGHS ends with 'Infeasible'")

    monkeypatch.setattr(module, "rho_by_directions", fails)
    row = rho_columns(problem)
    assert (row["status"], row["rho_dual"], row["disagreement"]) == ("stalled", None, None)
    assert row["rho"] == exact["rho"]
    assert "Infeasible" in row["message"]


def test_where_rho_is_not_defined_the_row_says_why():
    row = rho_columns(Problem(LINE.A, LINE.y, x0=[1, 2, 0]))  # line: everything is in the face, nothing off it
    assert (row["status"], row["rho"], row["is_unique"], row["is_recovered"]) == ("failed", None, False, False)
    assert row["message"].startswith("NoDirectionError")


@pytest.mark.parametrize(("x0", "is_recovered"), [([1, 0], True), ([0, 1], False)])
def test_the_signal_is_recovered_where_it_is_the_only_minimiser(x0, is_recovered):
    # 1 unit along the first column costs 1, along the second 2, and 1 - rho = 1/2 by hand: n = (-1/2, 1)
    row = rho_columns(Problem([[1, 0.5]], [x0[0] + 0.5 * x0[1]], x0=x0))
    assert (row["is_unique"], row["is_recovered"], row["exact_rho"]) == (True, is_recovered, "1/2")


def test_the_limit_rises_to_one_at_basis_pursuits_threshold():
    for delta in (0.25, 0.5, 0.75):
        rows = list(rho_limit_rows([str(delta)]))
        assert set(rows[0]) == set(RHO_LIMITS.names)
        assert (rows[-1]["rho"], rows[-1]["density"]) == (1.0, pytest.approx(bp_threshold(delta) * delta, rel=1e-15))
        assert (np.diff([row["rho"] for row in rows]) > 0).all()
        # no jump at the end: the curve comes to within the slope of its last step
        assert rows[-2]["rho"] > 0.97
    at = [
        (0.5, 0.1, 0.5764),
        (0.75, 0.2, 0.4679),
    ]  # theory, section 6; linear interpolation on the rows is good to 1e-4
    for delta, density, value in at:
        rows = list(rho_limit_rows([str(delta)]))
        found = np.interp(density, [row["density"] for row in rows], [row["rho"] for row in rows])
        assert found == pytest.approx(value, abs=1.5e-4)
    assert all(row["rho"] > -math.inf for row in rho_limit_rows(["3/4"], "nonnegative"))


def test_instances_lie_around_the_limit_and_above_the_threshold_near_one():
    rows = list(rho_rows("a", LawBlock("gaussian", "signed", 25, 50, 5, tuple(range(60))), seed=0))
    values = np.array([row["rho"] for row in rows])
    # four standard errors; theory, section 6: the means of n = 400 are within 0.003 of the limit
    assert abs(values.mean() - 0.5764) < 4 * values.std() / np.sqrt(len(values)) + 0.01
    above = list(rho_rows("a", LawBlock("gaussian", "signed", 25, 50, 15, tuple(range(8))), seed=0))
    # measured at n = 50, 100, 200: 1 - rho about 2/n to 3/n beyond the threshold
    assert not any(row["is_recovered"] for row in above)
    assert np.median([row["rho"] for row in above]) > 0.85


def test_the_stages_write_what_the_figure_reads(tmp_path):
    blocks = [LawBlock("gaussian", "signed", 10, 20, 2, (trial,)) for trial in (0, 1)]
    run_stage("measure_rhos", {"output": tmp_path / "rhos.parquet"}, grid="a", blocks=blocks, seed=1)
    run_stage("predict_rhos", {"output": tmp_path / "limits.parquet"}, undersampling=["1/2"])
    rhos, limits = read_frame([tmp_path / "rhos.parquet"]), read_frame([tmp_path / "limits.parquet"])
    assert list(rhos["trial"]) == [0, 1]
    assert len(limits) == 100
    assert visible_titles(rho_figure(rhos, limits)) == ["(a) $m/n = 0.5$, $n = 20$"]


def made_up(law, sizes=(50, 100, 200), densities=(0.1, 0.2), trials=30):
    """Rows with rho = law(n, s/n, a number in (-1, 1) for each trial)."""
    shares = np.linspace(-0.99, 0.99, trials)
    rows = [
        {"signal": "signed", "features": n, "undersampling": 0.5, "density": density, "trial": trial}
        | {"rho": law(n, density, share), "is_recovered": law(n, density, share) < 1}
        for n in sizes
        for density in densities
        for trial, share in enumerate(shares)
    ]
    return pd.DataFrame(rows)


def visible_titles(figure):
    return [ax.get_title(loc="left") for ax in figure.axes if ax.get_visible()]


def test_the_last_panel_has_the_guide_where_the_measured_power_agrees_with_it():
    limits = pd.DataFrame(list(rho_limit_rows(["0.5"])))
    for power, is_drawn in ((-0.5, True), (-1.2, False)):
        rhos = made_up(lambda n, density, share, power=power: 0.5 + density + 2 * share * n**power)
        figure = rho_figure(rhos, limits)
        assert visible_titles(figure) == ["(a) $m/n = 0.5$, $n = 200$", "(b) $m/n = 0.5$, $s/n = 0.1$"]
        labels = [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
        assert any("n^{-1/2}" in label for label in labels) == is_drawn
        assert any(f"fitted power ${power:.2f}" in label for label in labels)


def test_where_half_of_the_signals_are_missed_there_is_no_width_to_draw():
    rhos = made_up(lambda n, density, share: 0.95 + 0.1 * share).assign(is_recovered=False)
    figure = rho_figure(rhos, pd.DataFrame(list(rho_limit_rows(["0.5"]))))
    figure.draw_without_rendering()
    assert figure.axes[1].get_legend() is None


def test_a_table_without_rho_makes_a_note():
    rhos = made_up(lambda *_: np.nan)
    figure = rho_figure(rhos, pd.DataFrame(list(rho_limit_rows(["0.5"]))))
    assert not figure.axes
    assert "no instance" in figure.texts[0].get_text()


def test_instances_with_another_minimiser_count_as_at_least_one_among_the_quantiles():
    rho, recovered = np.array([0.2, 0.9, 0.4, 0.6, 0.1]), np.array([True, False, True, True, False])
    assert list(censored_quantiles(rho, recovered, (0.0, 0.5, 1.0))) == [0.2, 0.6, np.inf]
    assert width_with_error(pd.DataFrame({"rho": rho, "is_recovered": recovered}))[0] == np.inf


def test_the_fitted_power_is_that_of_the_widths():
    sizes = np.array([20.0, 50.0, 200.0])
    power, error = fitted_power(sizes, 3 * sizes**-0.7, np.array([0.1, 0.2, 0.1]))
    assert power == pytest.approx(-0.7, rel=1e-13)  # a sum of three logarithms
    # two equal weights at the ends alone: error sqrt(2) 0.1 / log 10; the middle one lowers it a little
    assert 0.9 * np.sqrt(2) * 0.1 / np.log(10) < error < np.sqrt(2) * 0.1 / np.log(10)
