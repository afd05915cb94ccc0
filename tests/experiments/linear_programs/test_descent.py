"""Flow and descent of the network on linear programs: limits, rates, departure, instability; rows, figures, claims."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp
from stage_tools import read_again

from dlnflow.config.errors import ConfigError
from dlnflow.experiments.linear_programs.descent import descent_rows
from dlnflow.experiments.linear_programs.descent_config import DescentGrid, DescentProgram
from dlnflow.experiments.linear_programs.descent_tables import DESCENT_TRACES, DESCENTS, PROGRAM_FLOWS
from dlnflow.experiments.linear_programs.figures.descent import descent_figure
from dlnflow.experiments.linear_programs.figures.transport import half_way, transport_figure
from dlnflow.experiments.linear_programs.figures.transport_times import transport_times_figure
from dlnflow.experiments.linear_programs.figures.transport_values import transport_values_figure
from dlnflow.experiments.linear_programs.transport import plan_rows, value_rows
from dlnflow.experiments.linear_programs.transport_claims import CLAIMS
from dlnflow.experiments.linear_programs.transport_config import TransportGrid, transport_spec
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_PLANS, TRANSPORT_TIMES, TRANSPORT_VALUES
from dlnflow.experiments.linear_programs.transport_times import time_rows
from dlnflow.files.tables import write_rows
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.descent import departure, entropic_descent, stability_threshold
from dlnflow.programs.flow import entropic_flow, slowest_mode
from dlnflow.programs.limit import entropic_limit
from dlnflow.results import Status
from dlnflow.transport.clouds_and_pictures import clouds

PROGRAM = StandardForm([[1, 1, 0, 0.5], [0, 1, 1, 1]], [1, 1.5], [0.25, 0, 0.5, 1])
LAM = "0.5"
POINTS = {"sources": 3, "targets": 4}


@pytest.fixture(scope="module")
def run():
    return entropic_flow(PROGRAM, LAM)


# --- the flow


def test_the_flow_is_that_of_the_definition(run):
    A, b, c = PROGRAM.A, PROGRAM.b, PROGRAM.c
    times = run.times[[5, len(run.times) // 2, -1]]

    def velocity(_, u):
        return -2 * u * (A.T @ (A @ u**2 - b))

    direct = solve_ivp(velocity, (0, times[-1]), np.exp(-c), t_eval=times, method="Radau", rtol=1e-11, atol=1e-13)
    # both integrators have 1e-11 a step, a few hundred steps each
    np.testing.assert_allclose(direct.y.T**2, run.x[[5, len(run.times) // 2, -1]], rtol=1e-8)


def test_the_flow_ends_at_the_entropic_limit_at_its_last_rate(run):
    limit = entropic_limit(PROGRAM, LAM)
    assert run.status == Status.CONVERGED
    # the last residual is 1e-11 ||b||, and the condition number about 10
    np.testing.assert_allclose(run.x[-1], limit.x, rtol=1e-9)
    mu, mode = slowest_mode(PROGRAM, limit.x)
    assert np.linalg.norm((PROGRAM.A * limit.x @ PROGRAM.A.T) @ mode - mu * mode) < 1e-14
    # what is nonlinear at a residual of 1e-5, times the condition number, over the decades that are averaged
    assert run.rate == pytest.approx(4 * mu, rel=1e-3)


def test_squares_are_the_integral_of_the_squared_gradient(run):
    gradients = (run.x @ PROGRAM.A.T - PROGRAM.b) @ PROGRAM.A
    # the trapezoidal rule on the integrator's hundreds of steps
    np.testing.assert_allclose(np.trapezoid(gradients**2, run.times, axis=0), run.squares, rtol=1e-3)


def test_a_flow_that_is_cut_short_says_so():
    assert entropic_flow(PROGRAM, LAM, max_steps=5).status == Status.STALLED


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lam": 0}, "lam is 0, expected a number above 0"),
        ({"lam": "1", "rtol": 1.0}, "rtol is 1.0, expected"),
        ({"lam": "1", "max_steps": 0}, "max_steps is 0, expected"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        entropic_flow(PROGRAM, **options)


# --- descent


def test_descent_takes_the_steps_of_the_definition():
    u = np.exp(-PROGRAM.c)
    for _ in range(20):
        u = u - 0.05 * 2 * u * (PROGRAM.A.T @ (PROGRAM.A @ u**2 - PROGRAM.b))
    found = entropic_descent(PROGRAM, LAM, 0.05, max_steps=20)
    assert found.status == Status.STALLED
    assert len(found.residuals) == 21
    np.testing.assert_allclose(found.x, u**2, rtol=1e-13)  # twenty steps, a few roundings each


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_residual_contracts_by_the_spectral_factor(share, run):
    found = entropic_descent(PROGRAM, LAM, share * stability_threshold(PROGRAM, run.x[-1]))
    assert found.status == Status.CONVERGED
    # rounding of the residual at 1e-11 is 1e-5, over several steps
    assert (1 - found.factor) / (1 - found.contraction) == pytest.approx(1, abs=1e-4)


def test_descent_departs_from_the_flow_as_predicted(run):
    change, threshold = departure(PROGRAM, run), stability_threshold(PROGRAM, run.x[-1])
    np.testing.assert_allclose(PROGRAM.A @ change, 0, atol=1e-12)
    steps = threshold * np.array([0.02, 0.04])
    low, high = ((entropic_descent(PROGRAM, LAM, eta).x - run.x[-1]) / eta for eta in steps)
    # the extrapolated one is off by the square of the step, (1/50)(1/25) of the departure; neither of the two is
    np.testing.assert_allclose(2 * low - high, change, atol=8e-4 * np.abs(change).max())
    assert np.abs(low - change).max() > 8e-4 * np.abs(change).max()


def test_limits_are_stable_and_huge_steps_diverge(run):
    threshold = stability_threshold(PROGRAM, run.x[-1])
    for share in (0.5, 0.95, 1.1, 1.3):
        found = entropic_descent(PROGRAM, LAM, share * threshold, max_steps=20_000)
        assert found.status != Status.CONVERGED or found.sharpness <= 2
    assert entropic_descent(PROGRAM, LAM, 50 * threshold).status == Status.FAILED


@pytest.mark.parametrize(("lam", "eta", "steps"), [(0, 1, 1), ("1", 0, 1), ("1", float("inf"), 1), ("1", 1, 0)])
def test_steps_that_are_none_are_refused(lam, eta, steps):
    with pytest.raises(ValueError, match="expected a number"):
        entropic_descent(PROGRAM, lam, eta, steps)


@pytest.mark.parametrize(
    ("A", "b", "c", "message"),
    [
        ([[1, 1, 1]], [1], [-100, 0, 0], "at lam = 0.5 is beyond float64"),
        ([[1, 1, 1]], [1], [0, 0, "1e16"], "at lam = 0.5 is beyond float64"),
        ([[1, 1, 1]], [0], [1, 0, 0], "b is zero"),
        ([[1, 1, 1], [2, 2, 2]], [1, 2], [1, 0, 0], "row 2 of A depends on those before it"),
        ([[1, 1, 1], [2, 2, 2]], [1, 3], [1, 0, 0], "no solution x >= 0"),
    ],
)
def test_degenerate_starts_are_refused(A, b, c, message):
    program = StandardForm(A, b, c)
    for follow in (lambda: entropic_flow(program, "1/2"), lambda: entropic_descent(program, "1/2", 0.1)):
        with pytest.raises(ValueError, match=message):
            follow()


# --- rows, claims, figures


def entry(**more):
    program = {"A": [["1", "1", "0", "0.5"], ["0", "1", "1", "1"]], "b": ["1", "1.5"], "c": ["0.25", "0", "0.5", "1"]}
    return DescentProgram.model_validate({"program": program, "lam": LAM} | more)


@pytest.fixture(scope="module")
def rows():
    return descent_rows("typed", entry(), 1, [0.025, 0.05, 0.5, 1.2, 40.0], [0.5, 40.0], 20_000)


@pytest.fixture(scope="module")
def tables(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("descent")
    transport = descent_rows(
        "transport",
        entry(program=None, transport=POINTS, lam="0.2", descends=False),
        1,
        [],
        [],
        1,
    )
    assert not transport.descents
    frames = {}
    values = [*value_rows("clouds", clouds(3, 5, 7), ["1e-1", "1e-2", "1e-4", "1e-5"], 20)]
    values += value_rows("assignment", clouds(2307, 12, 12, "equal", 10), ["1e-1", "1e-4"], 0)
    written = {
        "descents": (DESCENTS, rows.descents),
        "traces": (DESCENT_TRACES, rows.traces),
        "program_flows": (PROGRAM_FLOWS, rows.flows + transport.flows),
        "transport_values": (TRANSPORT_VALUES, values),
    }
    for name, (schema, found) in written.items():
        write_rows(folder / name, schema, found)
        frames[name] = pd.DataFrame(found)
    return frames


def test_claims_hold_on_their_rows(tables):
    verdicts = {claim.id: claim.row(tables) for claim in CLAIMS}
    assert {name: row["verdict"] for name, row in verdicts.items()} == dict.fromkeys(verdicts, "holds")
    assert verdicts["descent-rate"]["instances"] >= 3


def test_claims_fail_on_rows_that_break_them(tables):
    broken = {name: frame.copy() for name, frame in tables.items()}
    broken["descents"]["sharpness"] = 2.1
    broken["descents"]["rate_off"] = 0.01
    broken["program_flows"] = broken["program_flows"].assign(
        distance=1e-3, plan_distance=1e-3, extrapolated_departure=0.0, rate=1.0
    )
    broken["transport_values"] = broken["transport_values"].assign(ratio_off=1e-3)
    assert {claim.row(broken)["verdict"] for claim in CLAIMS} == {"fails"}
    assert {claim.row({})["verdict"] for claim in CLAIMS} == {"not resolved"}


def test_what_ought_to_converge_and_does_not_breaks_its_claim(tables):
    judges = {claim.id: claim.judge for claim in CLAIMS}
    descents, flows = tables["descents"], tables["program_flows"]
    gone = {"status": "stalled", "rate_off": None, "factor": None}
    first = descents.assign(**{name: descents[name].where(descents.step != 0.5, value) for name, value in gone.items()})
    assert judges["descent-rate"](tables | {"descents": first}).verdict == "fails"
    last = descents.assign(**{name: descents[name].where(descents.step != 40, value) for name, value in gone.items()})
    assert judges["descent-rate"](tables | {"descents": last}).verdict == "holds"
    none = {"program_flows": flows.assign(rate=None, extrapolated_departure=None, sinkhorn_distance=None)}
    for claim in ("program-flow-rate", "descent-departure", "transport-sinkhorn"):
        values = none["program_flows"].astype(
            {"rate": float, "extrapolated_departure": float, "sinkhorn_distance": float}
        )
        assert judges[claim](tables | {"program_flows": values}).verdict == "fails"


def test_a_program_that_fails_is_a_row():
    failing = descent_rows("none", entry(program={"A": [[1, 1]], "b": [-1], "c": [1, 1]}), 1, [0.5], [], 10)
    (row,) = failing.flows
    assert row["status"] == Status.FAILED
    assert "InfeasibleError" in row["message"]
    assert not failing.descents


def test_reduced_costs_have_the_same_limit():
    there, reduced = (descent_rows("p", entry(reduced=which), 1, [0.1], [], 20_000).flows[0] for which in (False, True))
    assert reduced["threshold"] == pytest.approx(there["threshold"], rel=1e-14)
    assert reduced["departure"] != pytest.approx(there["departure"], rel=1e-3)  # from another start


def test_the_figures_show_every_program_problem_and_method(tables, rows):
    figure = descent_figure(tables["descents"], pd.DataFrame(rows.traces), tables["program_flows"])
    titles = [ax.get_title(loc="left") for subfigure in figure.subfigs for ax in subfigure.axes]
    assert titles == ["(a) typed", "(b) factor of a step", "(c) stability of the end", "(d) departure from the flow"]
    lines = figure.subfigs[0].axes[0].lines
    assert len(lines) == 4  # two steps, and a prediction for each, empty where there is none
    predicted = lines[1].get_ydata()
    np.testing.assert_allclose(lines[0].get_ydata()[-len(predicted) :], predicted, rtol=0.05)
    assert len(transport_values_figure(tables["transport_values"]).axes) == 2
    plans = pd.DataFrame(plan_rows("clouds", clouds(3, 5, 7), ["1e-1", "1e-2"], None))
    assert [ax.get_title(loc="left") for ax in transport_figure(plans).axes] == [
        "(a) $\\lambda = 10^{-1}$",
        "(b) $\\lambda = 10^{-2}$",
        "(c) optimum",
    ]
    times = pd.DataFrame(time_rows(6, 1, "1e-1", 1e-9, 1, 10))
    assert set(times["method"]) == {"newton", "sinkhorn-log", "network-simplex", "highs-ds"}
    assert (times["status"] == "converged").all()
    assert len(transport_times_figure(times).axes) == 2


def test_tables_without_rows_leave_a_note():
    frames = [pd.DataFrame(columns=schema.names) for schema in (DESCENTS, DESCENT_TRACES, PROGRAM_FLOWS)]
    notes = [descent_figure(*frames), transport_values_figure(pd.DataFrame(columns=TRANSPORT_VALUES.names))]
    notes += [transport_figure(pd.DataFrame(columns=TRANSPORT_PLANS.names))]
    notes += [transport_times_figure(pd.DataFrame(columns=TRANSPORT_TIMES.names))]
    assert all(len(figure.texts) == 1 for figure in notes)


def test_half_way_keeps_the_mass():
    placed = transport_spec({"side": 6, "source": "disc", "target": "cross"}).placed(1)
    plan = pd.DataFrame(plan_rows("p", placed, ["1e-1"], 6))
    optimum = plan[plan["lam"] == "0"]
    picture = half_way(optimum, 6)
    assert picture.sum() == pytest.approx(optimum["mass"].sum(), rel=1e-14)
    still = optimum.assign(target_x=optimum["source_x"], target_y=optimum["source_y"])
    np.testing.assert_allclose(half_way(still, 6).ravel(), placed.transport.r, rtol=1e-12)


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        (DescentProgram, {"lam": 1}, "expected one of the keys program and transport"),
        (DescentGrid, {"programs": {"a": {"transport": POINTS, "lam": 1}}, "steps": [0], "traced": [1]},
         "above 0 and at most 100"),
        (TransportGrid, {"problems": {"a": {"problem": POINTS | {"masses": "equal"}}}}, "as many in each"),
        (TransportGrid, {"problems": {"a": {"problem": {"points": 3}}}}, "expected sources and targets"),
        (TransportGrid, {"problems": {"a": {"problem": {"source": "disc", "target": "cat"}}}}, "cat"),
    ],
)  # fmt: skip
def test_the_config_refuses_what_it_cannot_hold(model, given, message):
    with pytest.raises((ValueError, ConfigError), match=message):
        model.model_validate(given)


@pytest.mark.parametrize(
    "given",
    [
        {"program": {"family": "pursuit", "size": [5, 16]}, "lam": "1/3", "reduced": True},
        {"transport": {"side": 8, "source": "disc", "target": "ring"}, "lam": 0.2, "descends": False},
    ],
)
def test_entries_come_back_from_a_command_line(given):
    for entry_ in (entry(reduced=True), DescentProgram.model_validate(given)):
        assert read_again(entry_) == entry_
