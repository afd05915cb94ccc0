"""The figures and the claims of layers: what is drawn is what is in the tables, and altered tables fail."""

import numpy as np
import pandas as pd
import pytest

from dlnflow.experiments.layers.claims import CLAIMS
from dlnflow.experiments.layers.figures.balance import balance_figure
from dlnflow.experiments.layers.figures.drift import drift_figure
from dlnflow.experiments.layers.figures.invariants import invariants_figure
from dlnflow.experiments.layers.figures.marks import looks
from dlnflow.experiments.layers.tables import COURSES, DRIFTS, STARTS

NETWORKS = (("diagonal", "diagonal", "linear", 0), ("dense", "dense", "linear", 0), ("dense-relu", "dense", "relu", 0))
NETWORKS += (("image", "convolution", "leaky_relu", 2), ("dense-tanh", "dense", "tanh", 0))
JUDGES = {claim.id: claim.judge for claim in CLAIMS}


def keys(starts):
    for network, kind, activation, dimension in NETWORKS:
        for start, size in starts:
            yield {"network": network, "kind": kind, "activation": activation, "dimension": dimension, "layers": 3} | {
                "weights": 20, "trial": 0, "start": start, "start_size": size, "end_time": 4.0, "status": "converged"
            }  # fmt: skip


def drifts():
    """Invariants with drift 2 eta, predicted 2 eta, and the flow's 3 tolerance; tanh drifts by 0.1 whatever happens."""
    rows = []
    for key in keys([("unbalanced", 1.0), ("tiny", 0.1)]):
        names = ["coordinates"] if key["kind"] == "diagonal" else ["layers", "neurons"]
        names += ["matrices"] if (key["kind"], key["activation"]) == ("dense", "linear") else []
        control = key["activation"] == "tanh"
        blank = dict.fromkeys(DRIFTS.names) | key | {"norm": 2.0}
        for name in names:
            place = {"invariant": name, "pair": 1}
            for tolerance in (1e-3, 1e-6):
                found = 0.1 if control else 3 * tolerance
                more = {"relative_drift": found, "over_tolerance": found / tolerance, "drift": 2 * found}
                rows.append(blank | place | more | {"method": "flow", "tolerance": tolerance})
            for step in (1e-1, 1e-2, 1e-3):
                found = 0.2 if control else 2 * step
                more = {"drift": found, "relative_drift": found / 2, "predicted_drift": 2 * step, "cancellation": 0.5}
                more |= {"ratio": found / (2 * step), "off": step, "slope": 0.0 if control else 1.001}
                rows.append(blank | place | more | {"method": "descent", "step": step})
    return pd.DataFrame(rows)


def courses():
    """Squared norms that grow by t; D stays, but for tanh."""
    rows = []
    for key in keys([("unbalanced", 1.0), ("tiny", 0.1)]):
        for time in np.linspace(0, 4, 9).tolist():
            gone = time if key["activation"] == "tanh" else 0.0
            norms = [1 + time, 2 + time + gone, 4 + time + gone]
            rows.append(
                dict.fromkeys(COURSES.names) | key | {
                    "time": time,
                    "loss": 1.0,
                    "squared_norms": norms,
                    "invariant": "coordinates" if key["kind"] == "diagonal" else "layers",
                    "values": [1 + gone, 2.0],
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def starts():
    rows = []
    for key in keys([("unbalanced", 1.0), ("tiny", 0.3), ("tiny", 0.1)]):
        off = 0.5 if key["activation"] == "tanh" else key["start_size"] ** 2
        errors = {"step_error": 3e-16, "factor_error": 1e-16} if key["kind"] == "diagonal" else {}
        told = {"pair": 1, "first_ratio": 2.0, "growth": 20.0, "ratio": 1 + off}
        told |= {"predicted_ratio": 1 + key["start_size"] ** 2}
        identity = {"identity_error": 0.1 if key["activation"] == "tanh" else 1e-16}
        rows.append(dict.fromkeys(STARTS.names) | key | told | identity | errors)
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def tables():
    return {"layer_drifts": drifts(), "layer_starts": starts()}


def test_every_network_has_a_look_of_its_own():
    found = looks(starts())
    assert len(found) == len(NETWORKS)
    seen = {(tuple(look["color"]), look["marker"], str(look["markerfacecolor"])) for look in found.values()}
    assert len(seen) == len(NETWORKS)


def test_invariants_are_drawn_as_their_change_and_the_controls_moves():
    figure = invariants_figure(courses())
    panels = {ax.get_title(loc="left")[4:]: ax for ax in figure.axes if ax.get_visible()}
    assert set(panels) == {"diagonal", "dense", "dense-relu", "image", "dense-tanh (control)"}
    for title, ax in panels.items():
        norms, changes = ax.lines[:3], ax.lines[3:]
        assert norms[0].get_ydata()[-1] == 4
        assert max(np.abs(line.get_ydata()).max() for line in changes) == (4 if "tanh" in title else 0)


def test_drift_stands_beside_its_prediction_and_ten_tolerances():
    figure = drift_figure(drifts())
    descent, difference, flow = figure.axes
    lines = [line for line in descent.lines if line.get_marker() == "None"]
    assert len(lines) == len(NETWORKS) - 1  # nothing is predicted of the control
    assert lines[0].get_ydata() == pytest.approx([1e-3, 1e-2, 1e-1])
    assert max(line.get_ydata().max() for line in difference.lines) == pytest.approx(1e-1)
    dashed = flow.lines[-1]
    assert dashed.get_ydata() == pytest.approx([1e-5, 1e-2])
    assert sorted(line.get_ydata()[-1] for line in flow.lines[:-1])[-1] == 0.1


def test_balance_shows_the_tiniest_start_and_every_size():
    left, right = balance_figure(courses(), starts()).axes
    assert len(left.lines) == len(NETWORKS) + 1
    assert left.lines[0].get_ydata()[-1] == pytest.approx(6 / 5)
    marks = [line for line in right.lines if line.get_marker() != "None"]
    assert len(marks) == len(NETWORKS)
    assert min(line.get_ydata().min() for line in marks) == pytest.approx(0.01)


@pytest.mark.parametrize("missing", ["all", "unbalanced", "tiny"])
def test_gaps_leave_a_figure_that_says_so(missing):
    def left(rows):
        return rows[rows["start"] != missing] if missing != "all" else rows[:0]

    for figure in (
        invariants_figure(left(courses())),
        drift_figure(left(drifts())),
        balance_figure(left(courses()), left(starts())),
    ):
        figure.draw_without_rendering()
        assert figure.texts or figure.axes


ALTERED = {
    "layers-linear": ("layer_drifts", "over_tolerance", lambda rows: 4 * rows.over_tolerance),
    "layers-kinks": ("layer_drifts", "over_tolerance", lambda rows: 4 * rows.over_tolerance),
    "layers-neurons": ("layer_drifts", "over_tolerance", lambda rows: 4 * rows.over_tolerance),
    "layers-matrices": ("layer_drifts", "over_tolerance", lambda rows: 4 * rows.over_tolerance),
    "layers-coordinates": ("layer_drifts", "over_tolerance", lambda rows: 4 * rows.over_tolerance),
    "layers-identity": ("layer_starts", "identity_error", lambda rows: 1e-12),
    "layers-factor": ("layer_starts", "step_error", lambda rows: 1e-13),
    "layers-first-order": ("layer_drifts", "slope", lambda rows: 1.1),
    "layers-constant": ("layer_drifts", "off", lambda rows: 0.1),
    "layers-tiny": ("layer_starts", "ratio", lambda rows: rows.ratio + 0.1),
    "layers-control": ("layer_drifts", "over_tolerance", lambda rows: rows.over_tolerance / 1e3),
}


def test_every_claim_is_altered():
    assert set(ALTERED) == set(JUDGES)


@pytest.mark.parametrize("claim", ALTERED)
def test_a_claim_holds_by_its_tables_and_fails_by_altered_ones(claim, tables):
    judgement = JUDGES[claim](tables)
    assert judgement.verdict == "holds"
    assert judgement.instances > 0
    name, column, change = ALTERED[claim]
    altered = tables[name].assign(**{column: change(tables[name])})
    assert JUDGES[claim](tables | {name: altered}).verdict == "fails"
    assert JUDGES[claim]({}).verdict == "not resolved"


def test_a_flow_that_did_not_end_leaves_a_claim_unresolved_and_one_that_drifted_fails_it(tables):
    def judged(**columns):
        rows = tables["layer_drifts"]
        changed = (rows["network"] == "dense") & (rows["method"] == "flow") & (rows["invariant"] == "layers")
        rows = rows.assign(**{name: rows[name].mask(changed, value) for name, value in columns.items()})
        return JUDGES["layers-linear"](tables | {"layer_drifts": rows}).verdict

    assert judged(status="stalled") == "not resolved"
    assert judged(status="failed", invariant=None) == "not resolved"
    assert judged(status="stalled", over_tolerance=20.0) == "fails"


def test_a_constant_is_judged_where_two_slopes_are_settled_whatever_was_predicted(tables):
    rows = tables["layer_drifts"]
    coarse = rows.assign(slope=np.where(rows["step"] == 1e-3, 1.1, 1.15))  # falls with the step, by too little
    assert JUDGES["layers-first-order"](tables | {"layer_drifts": coarse}).verdict == "holds"
    assert JUDGES["layers-constant"](tables | {"layer_drifts": coarse}).verdict == "not resolved"
    flat = rows.assign(slope=0.5)
    assert JUDGES["layers-first-order"](tables | {"layer_drifts": flat}).verdict == "fails"
    two = rows[rows["step"] != 1e-1]
    two = two.assign(slope=two["slope"].where(two["step"] == 1e-3))  # the larger of two steps has none
    assert JUDGES["layers-first-order"](tables | {"layer_drifts": two}).verdict == "not resolved"


def test_tiny_starts_are_as_near_to_equal_as_they_have_grown(tables):
    starts = tables["layer_starts"]
    assert JUDGES["layers-tiny"](tables | {"layer_starts": starts.assign(growth=200.0)}).verdict == "fails"


def test_tolerances_that_leave_the_control_no_room_decide_nothing(tables):
    rows = tables["layer_drifts"]
    coarse = rows[rows["tolerance"] != 1e-6]
    assert JUDGES["layers-control"](tables | {"layer_drifts": coarse}).verdict == "not resolved"
