"""The claims of laws: each holds by what is computed here, and fails by tables that are altered."""

import numpy as np
import pyarrow as pa
import pytest

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.claims import CLAIMS
from dlnflow.experiments.laws.rho_limits import rho_limit_rows
from dlnflow.experiments.laws.rho_tables import RHO_LIMITS, RHOS
from dlnflow.experiments.laws.rows import law_rows
from dlnflow.experiments.laws.tables import LAW_CELLS, LAWS

JUDGES = {claim.id: claim.judge for claim in CLAIMS}
BLOCKS = {
    "gaussian": LawBlock("gaussian", "signed", 5, 10, 2, tuple(range(6))),
    "lattice": LawBlock("lattice", "signed", 4, 12, 4, tuple(range(8))),
}


def frame(schema, rows):
    return pa.Table.from_pylist(list(rows), schema=schema).to_pandas()


@pytest.fixture(scope="module")
def computed():
    """What the workflow's tables hold, of a few instances; rho at n = 100 as its limit with normal noise."""
    found = [pair for name, block in BLOCKS.items() for depth in ("2", "3") for pair in law_rows(name, block, 1, depth)]
    limits = list(rho_limit_rows(["1/2"], "signed"))
    curve = {row["density"]: row["rho"] for row in limits}
    noise = np.random.default_rng(1).normal(0.0, 0.05, 40)
    density, rho = next((at, rho) for at, rho in curve.items() if at > 0.09)
    rhos = [
        dict.fromkeys(RHOS.names)
        | {"status": "converged", "ensemble": "gaussian", "features": 100, "undersampling": 0.5}
        | {"density": density, "rho": rho + step, "trial": trial}
        for trial, step in enumerate(noise.tolist())
    ]
    return {
        "laws": frame(LAWS, (law for law, _ in found)),
        "law_cells": frame(LAW_CELLS, (cell for _, cells in found for cell in cells)),
        "rhos": frame(RHOS, rhos),
        "rho_limits": frame(RHO_LIMITS, limits),
    }


def with_column(tables, name, column, value):
    """The tables with one column made of the old one."""
    return tables | {name: tables[name].assign(**{column: value})}


ALTERED = {
    "law-deep-rate": ("laws", "measured_exponent", lambda rows: rows.measured_exponent + 2e-3),
    "law-shallow-rate": ("laws", "measured_exponent", lambda rows: rows.measured_exponent - 2e-3),
    "law-face-rate": ("laws", "measured_exponent", lambda rows: rows.measured_exponent + 2e-3),
    "law-constants": ("laws", "ratio", lambda rows: 1.02 * rows.ratio),
    "law-selection": ("laws", "ratio", lambda rows: 0.9 * rows.ratio),
    "law-share": ("laws", "meets", lambda rows: rows.trial > 0),
    "law-depth": ("law_cells", "log10_error", lambda rows: -rows.log10_error * (rows.depth > 2)),
    "law-rho": ("rhos", "rho", lambda rows: rows.rho + 0.1),
}


def test_every_claim_is_altered():
    assert set(ALTERED) == set(JUDGES)


@pytest.mark.parametrize("claim", ALTERED)
def test_a_claim_holds_by_what_is_computed_and_fails_by_what_is_altered(claim, computed):
    judgement = JUDGES[claim](computed)
    assert judgement.verdict == "holds"
    assert judgement.instances > 0
    assert JUDGES[claim](with_column(computed, *ALTERED[claim])).verdict == "fails"


@pytest.mark.parametrize("claim", ALTERED)
def test_instances_that_have_not_settled_or_failed_decide_nothing(claim, computed):
    unusable = {name: table.assign(status="failed", is_regular=None, meets=False) for name, table in computed.items()}
    # but that an instance failed counts where a share of all is claimed
    assert JUDGES[claim](unusable).verdict == ("fails" if claim == "law-share" else "not resolved")
