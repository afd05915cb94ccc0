"""The hardness experiment as a workflow: what it makes, and what of it anew when its grid grows."""

import pytest
from workflow_tools import first_run, planned

pytestmark = pytest.mark.long

SMALL = """
problems:
  line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}
hardness:
  maps:
    small: {exponents: [3, 9], bits: [8], solvers: [exact], depths: [3], scales: [1e-9]}
"""
MERGED = {
    "results/tables/hardness/map-small.parquet",
    "results/tables/hardness.parquet",
    "results/tables/claims.parquet",
    "figures/hardness/map-small.pdf",
}


def solved(*solvers, exponents="0000-0063"):
    return {f"results/hardness/solvers/map-small/{solver}/exponents-{exponents}.parquet" for solver in solvers}


def limits(depth="3", exponents="0000-0063"):
    return {f"results/hardness/limits/map-small/depth-{depth}/exponents-{exponents}.parquet"}


@pytest.fixture(scope="module")
def first(repo, tmp_path_factory):
    return first_run(repo, tmp_path_factory.mktemp("hardness") / "a run", SMALL)


def test_a_second_run_does_nothing(repo, first):
    assert planned(repo, first, SMALL) == set()


@pytest.mark.parametrize(
    ("old", "new", "made"),
    [
        ("solvers: [exact]", "solvers: [exact, lars]", solved("lars")),
        ("depths: [3]", "depths: [3, 7/2]", limits("3.5")),
        (
            "exponents: [3, 9]",
            "exponents: [3, 9, 70]",
            solved("interval", "exact", exponents="0064-0127") | limits(exponents="0064-0127"),
        ),
        ("scales: [1e-9]", "scales: [1e-9, 1e-12]", limits()),
    ],
)
def test_a_grown_grid_computes_what_is_new_alone(repo, first, old, new, made):
    assert old in SMALL
    assert planned(repo, first, SMALL.replace(old, new)) == made | MERGED
