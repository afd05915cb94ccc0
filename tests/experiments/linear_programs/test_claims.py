"""The claims of linear programs: each holds by what is computed here, and fails by tables that are altered."""

import pyarrow as pa
import pytest

from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.claims import CLAIMS
from dlnflow.experiments.linear_programs.rows import cell_rows, law_rows
from dlnflow.experiments.linear_programs.tables import PROGRAM_CELLS, PROGRAM_LAWS
from dlnflow.programs.ensembles import planted_program

JUDGES = {claim.id: claim.judge for claim in CLAIMS if claim.id.startswith("program-")}
FAMILIES = ("vertex", "degenerate", "face", "balanced")


@pytest.fixture(scope="module")
def computed():
    """What the workflow's tables hold, of a few instances."""
    laws = [row for family in FAMILIES for row in law_rows(family, ProgramBlock(family, 3, 9, (0, 1)), 1, 2**16)]
    cells = list(cell_rows("vertex", planted_program("vertex", 1, 3, 9), [8, 32, 128]))
    return {
        "program_laws": pa.Table.from_pylist(laws, schema=PROGRAM_LAWS).to_pandas(),
        "program_cells": pa.Table.from_pylist(cells, schema=PROGRAM_CELLS).to_pandas(),
    }


ALTERED = {
    "program-limit": ("program_cells", "log10_error", lambda rows: -rows.log10_error),
    "program-exponent": ("program_laws", "measured_exponent", lambda rows: rows.measured_exponent + 2e-5),
    "program-vertex-constant": ("program_laws", "ratio_off", lambda rows: rows.ratio_off + 2e-6),
    "program-degenerate-constant": ("program_laws", "ratio_off", lambda rows: rows.ratio_off + 2e-6),
    "program-faces": ("program_laws", "ratio_off", lambda rows: rows.ratio_off - 2e-6),
    "program-entropy": ("program_laws", "ratio_off", lambda rows: rows.ratio_off - 2e-6),
    "program-share": ("program_laws", "meets", lambda rows: rows.trial > 0),
    "program-referee": ("program_laws", "highs_is_vertex_optimal", lambda rows: rows.trial > 0),
}


def test_every_claim_is_altered():
    assert set(ALTERED) == set(JUDGES)


@pytest.mark.parametrize("name", ALTERED)
def test_a_claim_holds_and_fails(computed, name):
    table, column, change = ALTERED[name]
    found = JUDGES[name](computed)
    assert (found.verdict, found.instances > 0) == ("holds", True)
    altered = computed | {table: computed[table].assign(**{column: change(computed[table])})}
    assert JUDGES[name](altered).verdict == "fails"
    assert JUDGES[name]({}).verdict == "not resolved"


def test_what_failed_is_missing(computed):
    laws = computed["program_laws"]
    failed = laws.assign(status="failed", is_regular=None, meets=False)
    assert JUDGES["program-share"]({"program_laws": failed}).verdict == "fails"
    assert JUDGES["program-vertex-constant"]({"program_laws": failed}).verdict == "not resolved"
