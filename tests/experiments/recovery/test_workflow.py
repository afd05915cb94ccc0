"""The recovery experiment as a workflow: what it makes, and what of it anew when its grid grows."""

import pytest
from workflow_tools import first_run, hashes, planned, run

from dlnflow.files.tables import read_table

pytestmark = pytest.mark.long

SMALL = """
problems:
  line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}
recovery:
  tolerance: 1e-2
  diagrams:
    small:
      features: 20
      undersampling: [0.4, 0.6]
      sparsity: [0.2, 0.4]
      trials: 2
      depths: [3]
      scales: [1e-4]
      solvers: [highs-ds]
      blocks: {trials: 2, sparsity: 0.1, decades: 5}
"""
TILE = "n-20_sparsity-{rows}_undersampling-0-1_trials-{trials}"
ROWS = ("0.2-0.3", "0.4-0.5")
JUDGED = {
    "results/tables/recovery/small.parquet",
    "results/recovery/fits/small.parquet",
    "results/tables/recovery.parquet",
    "results/tables/recovery-fits.parquet",
    "results/tables/claims.parquet",
    "figures/recovery/diagram-small.pdf",
    "figures/recovery/thresholds.pdf",
}


def limits(rows=ROWS, depth="3", trials="0000-0001", band="decades-000-004"):
    tiles = [TILE.format(rows=row, trials=trials) for row in rows]
    return {f"results/recovery/limits/small/depth-{depth}/{tile}_{band}.parquet" for tile in tiles}


def baselines(rows=ROWS, solver="highs-ds", trials="0000-0001"):
    return {f"results/recovery/baselines/small/{solver}/{TILE.format(rows=r, trials=trials)}.parquet" for r in rows}


def curves(*names):
    return {f"results/predictions/boundaries/small/{name}.parquet" for name in names}


@pytest.fixture(scope="module")
def first(repo, tmp_path_factory):
    return first_run(repo, tmp_path_factory.mktemp("recovery") / "a run", SMALL)


def test_a_run_makes_every_cell_and_nothing_twice(repo, first):
    rows = read_table(first / "results/tables/recovery.parquet").to_pylist()
    cells = [(row["measurements"], row["entries"], row["trial"], row["method"]) for row in rows]
    sizes = {(8, 2), (8, 3), (12, 2), (12, 5)}
    assert sorted(cells) == sorted((m, s, t, k) for m, s in sizes for t in (0, 1) for k in ("limit", "highs-ds"))
    assert {row["status"] for row in rows} == {"converged"}
    assert planned(repo, first, SMALL) == set()


CHANGES = {
    "a row": ({"[0.2, 0.4]": "[0.2, 0.4, 0.9]"}, limits(["0.9-1"]) | baselines(["0.9-1"]) | JUDGED),
    "trials": (
        {"trials: 2\n": "trials: 4\n"},
        limits(trials="0002-0003") | baselines(trials="0002-0003") | JUDGED,
    ),
    "a scale": (
        {"scales: [1e-4]": "scales: [1e-4, 1e-6]"},
        limits(band="decades-005-009") | curves("depth-3") | JUDGED,
    ),
    "a depth": ({"depths: [3]": "depths: [3, 7/3]"}, limits(depth="7_3") | curves("depth-7_3") | JUDGED),
    "a solver": ({"[highs-ds]": "[highs-ds, lars]"}, baselines(solver="lars") | JUDGED),
    "another tolerance": ({"tolerance: 1e-2": "tolerance: 1e-3"}, curves("depth-3", "basis-pursuit") | JUDGED),
    "another way to write the same": (
        {"sparsity: [0.2, 0.4]": "sparsity: {from: 1/5, to: 0.5, by: '1/5'}", "features: 20": "features: [20]"},
        set(),
    ),
}


@pytest.mark.parametrize(("edits", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_a_longer_grid_computes_its_new_blocks_alone(repo, first, edits, expected):
    config = SMALL
    for old, new in edits.items():
        assert config.count(old) == 1, old
        config = config.replace(old, new)
    before = hashes(first, "results", "figures")
    assert planned(repo, first, config) == expected
    assert hashes(first, "results", "figures") == before


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[highs-ds]", "[simplex]", "solver 'simplex' is not known, expected one of exact, highs-ds"),
        ("[0.4, 0.6]", "[0.4, 0.99]", "m/n 0.99 of 20 features makes 20 measurements, expected at least 1 and fewer"),
        ("[0.4, 0.6]", "{from: 0.6, to: 0.4, by: 0.1}", "from 0.6 to 0.4 holds no ratio, expected from <= to"),
        ("sparsity: [0.2, 0.4]", "depths: [2]", "the key 'depths' stands twice"),
        ("sparsity: [0.2, 0.4]", "density: [0.2]\n      sparsity: [0.1]", "one of sparsity and density is expected"),
        ("small:", "times:", "recovery.diagrams has the name 'times', expected one that is no key of recovery"),
        ("ures: 20", "ures: 0", "features[0] is 0, expected at least 1"),
        ("tolerance: 1e-2", "tolerance: 0", "recovery.tolerance is 0: expected a number above 0 and at most 1"),
    ],
)
def test_a_mistake_is_one_sentence_before_any_job(repo, tmp_path, old, new, sentence):
    assert SMALL.count(old) == 1
    result = run(repo, tmp_path, config=SMALL.replace(old, new))
    assert result.returncode != 0
    assert sentence in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "results").exists()
