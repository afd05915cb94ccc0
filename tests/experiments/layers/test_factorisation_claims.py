"""The claims of factorisation and rank one: each holds by what is computed here, and fails by altered tables."""

from fractions import Fraction

import pyarrow as pa
import pytest

from dlnflow.experiments.layers.factorisation import factorisation_rows
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock, RankOneBlock
from dlnflow.experiments.layers.factorisation_claims import CLAIMS
from dlnflow.experiments.layers.factorisation_tables import FACTORISATIONS, RANK_ONE
from dlnflow.experiments.layers.rank_one import rank_one_rows

JUDGES = {claim.id: claim.judge for claim in CLAIMS}


def fractions(*values):
    return tuple(map(Fraction, values))


@pytest.fixture(scope="module")
def computed():
    decays, values = fractions("0", "0.6", "1"), fractions("1", "0.6")
    cells = [
        row
        for constant in ("0.5", "4")
        for row, _ in factorisation_rows(
            FactorisationBlock(5, 4, values, Fraction(1, 25), Fraction(constant), decays, 3000, 1), 7
        )
    ]
    told = fractions("0.1", "0.3", "0.6", "0.8", "1", "1.2", "1.4", "2.2"), fractions("0.001"), fractions("4")
    block = RankOneBlock(4, 3, *told, Fraction(1, 100), fractions("0.1"), 1200, 1)
    tables = {
        "factorisations": (FACTORISATIONS, cells),
        "rank_one": (RANK_ONE, [r for r, _, _ in rank_one_rows(block, 7)]),
    }
    return {name: pa.Table.from_pylist(rows, schema=schema).to_pandas() for name, (schema, rows) in tables.items()}


ALTERED = {
    "layers-factorisation-balance": ("factorisations", "largest_imbalance", lambda rows: 3 * rows.largest_imbalance),
    "layers-factorisation-convergence": ("factorisations", "residual", lambda rows: 2 * rows.residual),
    "layers-factorisation-rate": ("factorisations", "ratio", lambda rows: rows.ratio + 0.05),
    "layers-rank-one-rate": ("rank_one", "factor", lambda rows: rows.factor + 0.002),
    "layers-rank-one-threshold": ("rank_one", "end", lambda rows: rows.end.replace("period-2", "converged")),
    "layers-rank-one-stability": ("rank_one", "u_square", lambda rows: rows.u_square + 20),
}
INSTANCES = {
    "layers-factorisation-balance": 2,  # c = 1/2, the two decays that are published
    "layers-factorisation-convergence": 2,
    "layers-factorisation-rate": 3,  # 1/t with c = 1/2 has no tail yet
    "layers-rank-one-threshold": 7,  # of eight steps, that at the threshold decides nothing
}


def test_every_claim_is_tested():
    assert set(ALTERED) == set(JUDGES)


@pytest.mark.parametrize("claim", ALTERED)
def test_a_claim_holds_by_what_is_computed_and_fails_by_what_is_altered(computed, claim):
    judgement = JUDGES[claim](computed)
    assert judgement.verdict == "holds", judgement
    assert judgement.instances == INSTANCES.get(claim, judgement.instances) > 0
    name, column, change = ALTERED[claim]
    assert JUDGES[claim](computed | {name: computed[name].assign(**{column: change})}).verdict == "fails"


@pytest.mark.parametrize("claim", ALTERED)
def test_without_tables_or_rows_nothing_is_resolved(computed, claim):
    empty = {name: table[:0] for name, table in computed.items()}
    for tables in ({}, empty):
        judgement = JUDGES[claim](tables)
        assert (judgement.instances, judgement.verdict) == (0, "not resolved")


def test_starts_that_are_not_small_decide_nothing_of_small_starts(computed):
    large = computed["factorisations"].assign(start_imbalance=0.1)
    for claim in ("layers-factorisation-balance", "layers-factorisation-convergence"):
        assert JUDGES[claim](computed | {"factorisations": large}).verdict == "not resolved"
    large = computed["rank_one"].assign(start=1.0)
    assert JUDGES["layers-rank-one-threshold"](computed | {"rank_one": large}).verdict == "not resolved"


def test_a_rate_is_not_measured_while_what_large_steps_threw_up_is_still_falling():
    # the fast part falls by |1 - eta x|, from a size of 1, where the slow one that is measured begins at the start's
    # square: with only a factor of 1e-3 between the two the ratio was 1.3
    told = fractions("1", "0.6"), Fraction(1, 50), Fraction(4), fractions("0.6"), 3000, 1
    ((row, _),) = factorisation_rows(FactorisationBlock(5, 4, *told), 7)
    assert row["ratio"] == pytest.approx(1, abs=2e-3)
