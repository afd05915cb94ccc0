"""The claims of generalised hardness: each holds by what is computed here, and fails by tables that are altered."""

import numpy as np
import pyarrow as pa
import pytest

from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.claims import CLAIMS
from dlnflow.experiments.hardness.limits import limit_rows
from dlnflow.experiments.hardness.solvers import solver_rows
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.experiments.hardness.work import work_rows
from dlnflow.experiments.hardness.work_tables import WORK

JUDGES = {claim.id: claim.judge for claim in CLAIMS}
MAP = HardnessBlock(2, (2, 5), True, False, (3, 20), (6, 16, 30))
LEVELS = HardnessBlock(1, (2, 5), False, False, (40,), tuple(range(4, 49, 4)), digits=(1, 3, 5), slow=28)
GIVEN = HardnessBlock(3, (0, 0), True, False, (10, 40), (52,), as_given=True)


def frame(schema, rows):
    return pa.Table.from_pylist(list(rows), schema=schema).to_pandas()


@pytest.fixture(scope="module")
def computed():
    """What the workflow's tables hold, of a few small grids."""
    cells = [row for method in ("exact", "highs-ds", "interval") for row in solver_rows("map-small", MAP, 1, method)]
    cells += limit_rows("map-small", MAP, 1, "3", ["1e-30"])
    cells += solver_rows("levels", LEVELS, 1, "exact")
    cells += [row for method in ("linprog-ds", "exact") for row in solver_rows("answers-few", GIVEN, 1, method)]
    work = [row for depth in ("2", "3") for row, _ in work_rows(depth, [7], ["1e-1", "1e-3"])]
    return {"hardness": frame(HARDNESS, cells), "hardness_work": frame(WORK, work)}


def changed(tables, name, column, chosen, change):
    """The tables with one column of the chosen rows changed."""
    frame = tables[name].copy()
    rows = chosen(frame)
    assert rows.any()
    frame.loc[rows, column] = change(frame.loc[rows, column])
    return tables | {name: frame}


def worse(by):
    return lambda values: values.fillna(-300) + by


def has(**values):
    return lambda cells: np.logical_and.reduce([cells[name] == value for name, value in values.items()])


TAMPERED = {
    # below the floor, on both signs
    "gha-barrier": ("hardness", "log10_error", lambda cells: cells.log10_floor.notna(), worse(-0.1)),
    # no digits where K - 1, K - 2 are promised
    "gha-k-minus-1": ("hardness", "log10_error", has(grid="levels", bits=32), lambda values: 0 * values),
    "gha-k-minus-2": ("hardness", "log10_error", has(grid="levels", bits=32), lambda values: 0 * values),
    # a jump that is late
    "gha-k-minus-1-unbounded": ("hardness", "log10_error", has(grid="levels", bits=28), lambda values: 0 * values),
    "gha-k-unbounded": ("hardness", "log10_error", has(grid="levels", bits=40), lambda values: 0 * values.fillna(0)),
    # solvers that are never wrong
    "gha-software": ("hardness", "log10_error", has(grid="answers-few"), lambda values: 0 * values - 16),
    "gha-honest": ("hardness", "log10_error", has(method="interval", bits=30), lambda values: 0 * values.fillna(0)),
    "gha-scale-deep": ("hardness_work", "log10_scale", has(exact_depth="3"), lambda values: 1.2 * values),
    "gha-scale-shallow": ("hardness_work", "log10_scale", has(exact_depth="2"), lambda values: 1.2 * values),
    "gha-scale-exact": ("hardness_work", "log10_scale", has(exact_depth="3"), lambda values: values + 0.01),
    "gha-time": ("hardness_work", "log10_time", has(exact_depth="3"), lambda values: values + 0.1),
}


def test_every_claim_is_tampered_with_but_for_the_theorems():
    assert set(TAMPERED) == set(JUDGES) - {"gha-theorem", "gha-sharp"}


@pytest.mark.parametrize("claim", TAMPERED)
def test_a_claim_holds_by_what_is_computed_and_fails_by_what_is_tampered_with(claim, computed):
    judgement = JUDGES[claim](computed)
    assert judgement.verdict == "holds"
    assert judgement.instances > 0
    assert judgement.deviation >= judgement.typical
    assert JUDGES[claim](changed(computed, *TAMPERED[claim])).verdict == "fails"


@pytest.mark.parametrize("claim", ["gha-theorem", "gha-sharp"])
def test_a_theorem_is_not_judged_by_tables(claim, computed):
    judgement = JUDGES[claim](computed)
    assert (judgement.instances, judgement.deviation, judgement.verdict) == (0, None, "theorem")


def test_an_input_without_an_answer_says_nothing_of_the_barrier(computed):
    cells = computed["hardness"]
    alone = {"hardness": cells[(cells.method == "interval") & cells.log10_floor.notna()]}
    assert JUDGES["gha-barrier"](alone).verdict == "not resolved"
