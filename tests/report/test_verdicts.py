"""Claims are judged by the tables alone: each can hold, each can fail, and without tables none is resolved."""

import math
import re

import numpy as np
import pyarrow as pa
import pytest
from stage_tools import all_claims, run_script, run_stage

import dlnflow.experiments.hardness.claims as claims_hardness
import dlnflow.experiments.laws.claims as claims_laws
import dlnflow.experiments.layers.claims as claims_layers
import dlnflow.experiments.layers.factorisation_claims as claims_factorisation
import dlnflow.experiments.linear_programs.claims as claims_programs
import dlnflow.experiments.linear_programs.transport_claims as claims_transport
from dlnflow import basis_pursuit, limit
from dlnflow.assembly.experiments import EXPERIMENTS, claim_modules
from dlnflow.experiments.named_problems.curves import curves, left_of
from dlnflow.experiments.named_problems.tables import RESULTS
from dlnflow.experiments.recovery.claims import kappa_deep, kappa_deep_sharper, kappa_shallow
from dlnflow.experiments.recovery.tables import RECOVERY
from dlnflow.files.tables import read_table, write_rows
from dlnflow.network.network import Network
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import RANDOM
from dlnflow.report.verdicts import CLAIMS_TABLE, claims_section, judged, verdicts_section, with_claims

CLAIMS = all_claims()
JUDGES = {claim.id: claim.judge for claim in CLAIMS}
THEOREMS = {"gha-theorem", "gha-sharp"}
DECADES = -np.arange(0.0, 41)


def frame(schema, rows):
    """As `tables.read_frame` would give it."""
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema).to_pandas()


def curve(problem, depth, error, exponent=1.0, constant=1.0, scales=DECADES, **columns):
    """Rows of RESULTS whose errors are a function of the scale."""
    return [
        {
            "problem": problem, "trial": 0, "depth": depth, "exact_depth": f"{depth:g}", "method": "certified",
            "status": "converged", "log10_scale": scale, "log10_error": math.log10(error(10**scale)),
            "log10_radius": -300.0, "exponent": exponent, "log10_constant": math.log10(constant), "x": [1.0, 0.0],
        } | columns
        for scale in scales
    ]  # fmt: skip


def errors(*rows):
    return {"asymptotics": frame(RESULTS, [row for group in rows for row in group])}


def kinks(constant, depth=3.0):
    gaps = (0.1, 0.03, 0.01)
    return errors(*(curve(f"kink-{gap}", depth, lambda eps, gap=gap: constant(gap) * eps) for gap in gaps))


def selecting(error, apart=0.1):
    ends = {2.0: [1.0, 0.0], 3.0: [1.0 - apart, apart]}
    return errors(*(curve("line", depth, error, x=end) for depth, end in ends.items()))


KEY = {"grid": "g", "signal": "signed", "features": 200, "measurements": 100, "entries": 5}


def instance(trial, depth, scales, layers=10.0, found=(True,), solver_norm=10.0, residual=1e-15, **columns):
    """Rows of RECOVERY of one instance: a solver's, and the network's at each scale."""
    at = KEY | {"trial": trial, "status": "converged", "success": True} | columns
    yield at | {"method": "lars", "l1_norm": solver_norm, "residual": residual}
    for scale, success in zip(scales, found, strict=True):
        yield at | {
            "method": "limit", "depth": depth, "exact_depth": f"{depth:g}", "log10_scale": scale, "l1_norm": layers,
            "layers_l1_norm": layers, "log10_radius": -12.0, "success": success, "residual": 1e-12,
        }  # fmt: skip


def bounded_rows(kappa, depth, share, least=10.0, scale=-6.0):
    """An instance whose excess is this share of its bound."""
    start = 10**scale
    bound = least * float(kappa(np.array(depth), np.array(least), np.array(400 * start), np.array(start)))
    return list(instance(0, depth, [scale], least + share * bound, solver_norm=least))


def bounded(*arguments, **options):
    return {"recovery": frame(RECOVERY, bounded_rows(*arguments, **options))}


def recovering(depth, *found):
    """40 instances, of which so many are found at the scales 1e-2, 1e-4, ..."""
    scales = [-2.0 * (k + 1) for k in range(len(found))]
    rows = [instance(t, depth, scales, found=[t < count for count in found]) for t in range(40)]
    return {"recovery": frame(RECOVERY, [row for group in rows for row in group])}


def slower(eps):
    return eps**0.9


EXAMPLES = {
    # id: (tables by which it holds, by which it fails)
    "limit-minimises": (
        errors(curve("mine", 3.0, lambda eps: 2 * eps)),
        errors(curve("mine", 3.0, lambda eps: 0.1 + 0 * eps)),
    ),
    "deep-rate": (
        errors(curve("mine", 3.0, lambda eps: 2 * eps * (1 + eps ** (1 / 3)))),
        errors(curve("mine", 3.0, slower)),
    ),
    "shallow-rate": (
        errors(curve("mine", 2.0, lambda eps: 2 * eps**0.7, exponent=0.7)),
        errors(curve("mine", 2.0, lambda eps: 2 * eps**0.69, exponent=0.7)),
    ),
    "shallow-sharp": (
        errors(curve("mine", 2.0, lambda eps: 2 * eps**0.7, exponent=0.7)),
        errors(curve("mine", 2.0, lambda eps: 2 * eps**0.71, exponent=0.7)),
    ),
    "constants": (
        errors(curve("mine", 2.5, lambda eps: 2 * eps * (1 + eps**0.2), constant=2)),
        errors(curve("mine", 2.5, lambda eps: 2 * eps * (1 + eps**0.2), constant=2.01)),
    ),
    "face-rates": (
        errors(curve("line", 2.0, lambda eps: eps**2, exponent=2)),
        errors(curve("line", 2.0, lambda eps: eps**1.99, exponent=2)),
    ),
    "kink-constant": (
        kinks(lambda gap: math.hypot(1, 1 - gap) * (gap**-3 - (2 - gap) ** -3)),
        kinks(lambda gap: gap**-2.8),
    ),
    "selection": (selecting(lambda eps: eps), selecting(lambda eps: 0.1 + eps)),
    "l1-bound-shallow": (bounded(kappa_shallow, 2.0, 0.9), bounded(kappa_shallow, 2.0, 1.001)),
    "l1-bound-deep": (bounded(kappa_deep, 3.0, 0.9), bounded(kappa_deep, 3.0, 1.001)),
    "l1-bound-deep-sharper": (bounded(kappa_deep_sharper, 3.0, 0.9), bounded(kappa_deep_sharper, 3.0, 1.001)),
    "recovery-shallow": (recovering(2.0, 0, 40), recovering(2.0, 20, 20)),
    "recovery-deep": (recovering(3.0, 0, 39), recovering(3.0, 20, 19)),
}


def test_every_claim_has_examples():
    modules = [claims_factorisation, claims_hardness, claims_laws, claims_layers, claims_programs, claims_transport]
    elsewhere = {claim.id for module in modules for claim in module.CLAIMS}  # in tests of their own
    assert set(EXAMPLES) == {claim.id for claim in CLAIMS} - elsewhere
    assert len(JUDGES) == len(CLAIMS)


class Asked(dict):
    """No tables; `names`: those that were asked for."""

    def __init__(self):
        self.names = set()

    def __contains__(self, name):
        self.names.add(name)
        return False


def test_claims_are_judged_by_tables_that_experiments_have():
    asked = Asked()
    assert len(list(judged(CLAIMS, asked))) == len(CLAIMS)
    told = {table.name for each in EXPERIMENTS for table in each.tables if table.is_judged}
    told |= {name for each in EXPERIMENTS for name in each.judged_besides}
    assert asked.names == {name.replace("-", "_") for name in told}


@pytest.mark.parametrize("claim", EXAMPLES)
def test_a_claim_holds_and_fails_by_its_tables(claim):
    for tables, verdict in zip(EXAMPLES[claim], ("holds", "fails"), strict=True):
        judgement = JUDGES[claim](tables)
        assert judgement.verdict == verdict
        assert judgement.instances > 0
        assert judgement.deviation >= judgement.typical


def test_without_tables_or_applicable_rows_nothing_is_resolved():
    empty = {"sharpness": frame(RESULTS, []), "asymptotics": frame(RESULTS, []), "recovery": frame(RECOVERY, [])}
    unusable = {
        "sharpness": frame(RESULTS, curve("line", 2.0, lambda eps: eps, status="unresolved")),
        "recovery": frame(RECOVERY, [row for row in instance(0, 3.0, [-4.0]) if row["method"] == "limit"]),
    }
    for tables in ({}, empty, unusable):
        rows = list(judged(CLAIMS, tables))
        assert [row["id"] for row in rows] == list(JUDGES)
        assert all(set(row) == set(CLAIMS_TABLE.names) for row in rows)
        assert {(row["instances"], row["deviation"]) for row in rows} == {(0, None)}
        assert {row["verdict"] for row in rows if row["id"] not in THEOREMS} == {"not resolved"}
        assert {row["verdict"] for row in rows if row["id"] in THEOREMS} == {"theorem"}


@pytest.mark.parametrize(
    ("claim", "tables"),
    [
        ("selection", selecting(lambda eps: 1e3 * eps**0.1)),  # 25 at 1e-16, and falling as predicted
        ("recovery-deep", recovering(3.0, 0, 20)),  # half are found, at first none
        ("recovery-deep", recovering(3.0, 20)),  # half are found, with no other scale to tell a trend by
    ],
)
def test_what_the_scales_do_not_decide_is_not_resolved(claim, tables):
    if claim == "selection":
        tables["asymptotics"].exponent = 0.1
    assert JUDGES[claim](tables).verdict == "not resolved"


def test_a_scale_that_recovers_too_few_instances_to_say_is_not_resolved():
    rows = [row for trial in range(19) for row in instance(trial, 3.0, [-6.0])]
    assert JUDGES["recovery-deep"]({"recovery": frame(RECOVERY, rows)}).verdict == "not resolved"


def test_a_late_regime_is_left_out_and_not_taken_for_another_rate():
    # the law of the crossover near L = 2 (docs/theory.md, Rates): a local slope of 2/(2 - w), w = scale^((L-2)/L), from
    # 2 at scale 1, creeps by less than the noise of float64's errors, and is far from its limit 1
    scales = -np.linspace(0, 9, 1000)
    slopes = 2 / (2 - 10 ** (scales * (0.01 / 2.01)))
    log_errors = np.concatenate([[0], np.cumsum((slopes[1:] + slopes[:-1]) / 2 * np.diff(scales))])
    decades = np.interp(DECADES[9::-1], scales[::-1], log_errors[::-1])[::-1]
    rows = curve("mine", 2.01, lambda eps: 1.0, scales=DECADES[:10])
    late = [row | {"log10_error": error, "log10_radius": error - 2.5} for row, error in zip(rows, decades, strict=True)]
    (found,) = curves(errors(late))
    assert found.slopes[-1] > 1.5
    assert found.settled_slope() is None
    assert JUDGES["deep-rate"](errors(late)).instances == 0


def test_what_is_left_of_a_geometric_sequence():
    values = 3 + 0.25 ** np.arange(5.0)
    assert left_of(values, 0.0, 0.0) == pytest.approx(values[-1] - 3, rel=1e-12)  # Aitken's is exact for one term
    assert left_of(values, 0.0, 0.5) > values[-1] - 3  # the predicted ratio is the slower one here
    assert left_of(np.array([1.0, 2.0, 4.0]), 0.0, 0.0) == math.inf
    assert left_of(np.array([1.0, 1.0, 1.0]), 1e-3, 0.5) == pytest.approx(1e-3)
    assert left_of(np.array([1.0, 1.0, 2.0]), 1e-3, 0.5) == math.inf


def test_a_gap_is_read_from_the_name_of_a_kink_alone():
    rows = [curve(name, 3.0, lambda eps: eps) for name in ("kinky", "kink-", "kink-a", "kink-0.1")]
    assert JUDGES["kink-constant"](errors(*rows)).instances == 0  # no pair


@pytest.mark.parametrize("depth", [2.01, 2.1, 2.5, 3.0, 4.0, 10.0])
def test_the_published_bound_needs_its_condition(depth):
    total, start = np.array(4e-4), np.array(1e-6)
    edge = (depth / 2) ** (depth / (depth - 2)) * total
    # the powers lose nothing: 1e-9 off the edge is far more than their rounding, at p >= 0.005, divided by p
    assert np.isnan(kappa_deep(np.array(depth), edge * (1 - 1e-9), total, start))
    assert kappa_deep(np.array(depth), edge * (1 + 1e-9), total, start) > 1e6
    assert kappa_deep_sharper(np.array(depth), edge, total, start) > 0
    assert np.isnan(kappa_deep_sharper(np.array(depth), total * (1 - 1e-9), total, start))
    for least in (1.01 * edge, 2 * edge, 1e6 * edge):
        published, sharper = (k(np.array(depth), least, total, start) for k in (kappa_deep, kappa_deep_sharper))
        assert published > sharper > 0


def test_the_sharper_bound_tends_to_that_of_depth_two():
    arguments = np.array(10.0), np.array(4e-4), np.array(1e-6)
    shallow = kappa_shallow(np.array(2.0), *arguments)
    assert shallow == pytest.approx(math.log(400) / math.log(10 / 4e-4), rel=1e-14)
    # linear in L - 2 = 1e-6, with a factor of logarithms of size 10; rounding is 1e-16 / 1e-6
    assert kappa_deep_sharper(np.array(2 + 1e-6), *arguments) == pytest.approx(shallow, rel=1e-5)


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("problem", [RANDOM, gaussian(7, 8, 20, 3)], ids=["random", "gaussian"])
def test_the_bound_holds_for_the_network_itself(problem, depth):
    scale, n = 1e-5, problem.features
    network = Network(depth, scale)
    u, v = network.layers(*network.dual(limit(problem, depth, scale).x))
    least = float(basis_pursuit(problem).l1_norm)
    excess = (u**depth).sum() + (v**depth).sum() - least
    arguments = np.array(float(depth)), np.array(least), np.array(2 * n * scale), np.array(scale)
    assert excess > 0
    for kappa in (kappa_shallow,) if depth == 2 else (kappa_deep, kappa_deep_sharper):
        assert excess <= kappa(*arguments) * least


def test_a_cell_outside_the_condition_is_not_used():
    rows = instance(0, 2.0, [-2.0], 4.1, solver_norm=3.9)  # beta_1 = 4
    assert JUDGES["l1-bound-shallow"]({"recovery": frame(RECOVERY, rows)}).instances == 0
    tables = bounded(kappa_deep_sharper, 4.0, 0.5, least=10.0, scale=-2.0)  # (L/2)^(L/(L-2)) beta_1 = 16
    assert JUDGES["l1-bound-deep"](tables).instances == 0
    assert JUDGES["l1-bound-deep-sharper"](tables).deviation == pytest.approx(0.5, rel=1e-12)


def test_a_nonnegative_network_has_half_the_coordinates():
    start = 1e-6
    bound = 10 * float(kappa_shallow(np.array(2.0), np.array(10.0), np.array(200 * start), np.array(start)))
    rows = instance(0, 2.0, [-6.0], 10 + bound / 2, signal="nonnegative")
    assert JUDGES["l1-bound-shallow"]({"recovery": frame(RECOVERY, rows)}).deviation == pytest.approx(0.5, rel=1e-9)


def test_a_norm_that_is_too_small_for_want_of_feasibility_is_not_used():
    # LARS as seen: converged by its own word, 6e-5 below the least norm at a residual of 2e-5
    wrong = next(instance(0, 4.0, [], solver_norm=10 - 6e-4, residual=2e-5, found=())) | {"method": "other"}
    right, network = bounded_rows(kappa_deep, 4.0, 0.9)
    judgement = JUDGES["l1-bound-deep"]({"recovery": frame(RECOVERY, [right, network, wrong])})
    assert judgement.deviation == pytest.approx(0.9, rel=1e-9)
    assert JUDGES["l1-bound-deep"]({"recovery": frame(RECOVERY, [network, wrong])}).instances == 0


def test_the_accuracy_of_the_numbers_is_allowed_for():
    tables = bounded(kappa_shallow, 2.0, 1.0)
    tables["recovery"].layers_l1_norm += 5e-9  # half of 1e-9 Q
    judgement = JUDGES["l1-bound-shallow"](tables)
    assert judgement.deviation > 1
    assert judgement.verdict == "holds"


BEGIN, END = "<!-- claims: begin -->", "<!-- claims: end -->"
TEXT = f"# a title\n\nbefore\n{BEGIN}\nold\n{END}\nafter\n"


@pytest.fixture(scope="module")
def rows():
    tables = EXAMPLES["deep-rate"][0] | EXAMPLES["l1-bound-deep"][0]
    return list(judged(CLAIMS, tables))


def test_only_the_section_is_rewritten(rows):
    once = with_claims(TEXT, rows)
    assert once == TEXT.replace("old\n", claims_section(rows))
    assert with_claims(once, rows) == once
    lines = claims_section(rows).splitlines()
    assert len(lines) == 2 + len(CLAIMS)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {6}  # the claims' own bars are escaped


def test_the_verdicts_are_counted_paper_by_paper(rows):
    text = TEXT.replace("claims:", "verdicts:")
    assert with_claims(text, rows) == text.replace("old\n", verdicts_section(rows))
    head, _, *lines = (line.strip("| ").split(" | ") for line in verdicts_section(rows).splitlines())
    assert set(head[1:]) == {row["verdict"] for row in rows}
    shared = sum("; " in row["paper"] for row in rows)
    assert sum(int(cell or 0) for line in lines for cell in line[1:]) == len(CLAIMS) + shared
    both = with_claims(TEXT + text, rows)
    assert both == with_claims(TEXT, rows) + with_claims(text, rows)


@pytest.mark.parametrize(
    "text", ["", f"{BEGIN}\n", f"{END}\n{BEGIN}\n", TEXT + TEXT, TEXT + BEGIN, f"a {BEGIN}\n{END}\n", f"{BEGIN}{END}"]
)
def test_a_text_without_one_section_is_refused(text, rows):
    with pytest.raises(ValueError, match="expected one line"):
        with_claims(text, rows)


def test_the_stage_judges_and_the_script_writes(tmp_path):
    examples = ("deep-rate", "asymptotics", RESULTS), ("l1-bound-deep", "recovery", RECOVERY)
    for claim, name, schema in examples:
        table = pa.Table.from_pandas(EXAMPLES[claim][0][name], schema=schema)
        write_rows(tmp_path / name, schema, table.to_pylist())
    claims, readme = tmp_path / "claims.parquet", tmp_path / "README.md"
    names = ["asymptotics", "recovery"]
    files = {"tables": [tmp_path / name for name in names], "parquet": claims, "csv": tmp_path / "claims.csv"}
    run_stage("judge_claims", files, names=names, claims=claim_modules())
    found = {row["id"]: row for row in read_table(claims).to_pylist()}
    assert list(found) == list(JUDGES)
    assert found["deep-rate"]["verdict"] == found["l1-bound-deep"]["verdict"] == "holds"
    assert found["selection"]["instances"] == 0
    assert (tmp_path / "claims.csv").read_text().count("\n") >= len(CLAIMS)

    readme.write_text(TEXT)
    with pytest.raises(SystemExit, match="is not what"):
        run_script("write_claims.py", claims, "--output", readme, "--check")
    assert readme.read_text() == TEXT
    run_script("write_claims.py", claims, "--output", readme)
    assert readme.read_text() == with_claims(TEXT, found.values())
    run_script("write_claims.py", claims, "--output", readme, "--check")
    readme.write_text(readme.read_text().replace("holds", "fails", 1))
    with pytest.raises(SystemExit, match="is not what"):
        run_script("write_claims.py", claims, "--output", readme, "--check")
    readme.write_text("# nothing\n")
    with pytest.raises(
        SystemExit, match=r"has no section of claims: expected one line .*begin.* one line .*end"
    ) as refused:
        run_script("write_claims.py", claims, "--output", readme)
    assert "\n" not in str(refused.value)
    assert readme.read_text() == "# nothing\n"
    with pytest.raises(SystemExit, match="is not there"):
        run_script("write_claims.py", claims, "--output", tmp_path / "none.md")
