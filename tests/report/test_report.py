"""What the report is made of: captions, its pages of tables, and the curves behind the interactive page.

That it opens in a browser is seen in test_workflow_preset.py.
"""

import json
import math
import re
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import jinja2
import numpy as np
import pandas as pd
import pytest
import yaml
from docutils.core import publish_parts
from places import ROOT
from workflow_rules import rules_of

from dlnflow import Problem, basis_pursuit, certified_limit
from dlnflow.assembly.config import read_config
from dlnflow.assembly.whole_config import as_yaml
from dlnflow.experiments.named_problems.cells import solve_cells
from dlnflow.experiments.named_problems.certificates import certified_columns
from dlnflow.experiments.named_problems.comparison import compare
from dlnflow.experiments.named_problems.explored import EXPLORED, MOST_FEATURES, MOST_TRIALS, digest, explored_rows
from dlnflow.experiments.named_problems.figures import explorer
from dlnflow.experiments.named_problems.minimisers import minimiser_rows
from dlnflow.experiments.named_problems.summaries import ASYMPTOTICS
from dlnflow.files.instance_files import Block
from dlnflow.network.certified_limits import certified_limits
from dlnflow.report.html import Part, page, shown
from dlnflow.report.run_pages import claims_page, config_page, software_page
from dlnflow.report.summaries import part_of, summary_page

CAPTIONS = sorted((ROOT / "workflow" / "report").glob("*.rst"))
WITHOUT_CLAIM = {"workflow", "summary", "claims", "software", "config"}
CODES = {"certified": "c0de"}
LINE = Problem([[1, 1, 1], [3, 0, 1]], [3, 3])


# captions


@pytest.mark.parametrize("path", CAPTIONS, ids=[path.stem for path in CAPTIONS])
def test_a_caption_is_sound_and_says_what_is_seen_which_claim_of_which_paper_and_what_to_notice(path):
    wildcards = SimpleNamespace(problem="line", grid="gaussian", family="kink")
    template = jinja2.Template(path.read_text(), undefined=jinja2.StrictUndefined)
    text = template.render(snakemake=SimpleNamespace(wildcards=wildcards))
    publish_parts(text, writer="html", settings_overrides={"halt_level": 2, "report_level": 2})
    if path.stem in WITHOUT_CLAIM:
        return
    parts = re.fullmatch(r"\*\*Seen\.\*\* (.+)\n\n\*\*Claim\.\*\* (.+)\n\n\*\*Notice\.\*\* (.+)", text, re.DOTALL)
    assert parts
    assert re.search(r"arXiv:\d{4}\.\d{5}\)", parts[2])


def test_every_caption_belongs_to_a_rule_or_the_whole(tmp_path):
    named = {Path(caption).stem for rule in rules_of(tmp_path).values() for caption in rule["captions"]}
    whole = set(re.findall(r"report/([a-z0-9-]+)\.rst", (ROOT / "Snakefile").read_text()))
    assert named | whole == {path.stem for path in CAPTIONS}


# pages


@pytest.mark.parametrize("name", ["config.yaml", "workflow/presets/ci.yaml"])
def test_the_effective_config_is_the_same_config_and_complete(name):
    typed = yaml.safe_load((ROOT / name).read_text())
    text = as_yaml(read_config(typed))
    again = yaml.safe_load(text)
    assert as_yaml(read_config(again)) == text
    assert again["seed"] == 2307
    assert again["sharpness"]["blocks"]["trials"] > 0
    assert len(again["asymptotics"]["scales"]) >= 3


def test_a_name_that_looks_like_a_number_stays_one_in_the_effective_config():
    typed = {
        "problems": {"2024": {"kink": "1/10"}},
        "sharpness": {"problems": ["2024"], "depths": [3], "scales": [1]},
    }
    text = as_yaml(read_config(typed))
    assert as_yaml(read_config(yaml.safe_load(text))) == text


def test_a_number_of_the_effective_config_is_written_as_one_would_type_it():
    config = read_config(
        {
            "problems": {"k": {"kink": 0.1}},
            "sharpness": {"problems": ["k"], "depths": ["7/3", 2.5], "scales": {"from": 1, "to": "1e-3"}},
        }
    )
    text = as_yaml(config)
    assert "{kink: 0.1}" in text
    assert "depths: [7/3, 2.5]" in text
    assert "scales: [1, 0.1, 0.01, 1e-3]" in text


def test_a_page_escapes_what_it_shows():
    text = page("a < b", "c & d", [Part("t", head=("x", "y"), rows=[("<i>", 1.0)]), Part(text="<pre>")])
    assert "a &lt; b" in text
    assert "c &amp; d" in text
    assert '<td class="short">&lt;i&gt;</td><td class="number">1</td>' in text
    assert "<pre>&lt;pre&gt;</pre>" in text


@pytest.mark.parametrize(("value", "text"), [(None, ""), (math.nan, ""), (0.123456, "0.123"), (7, "7"), ("a", "a")])
def test_a_cell_shows_three_digits_and_nothing_for_nothing(value, text):
    assert shown(value) == text


def test_the_summary_counts_every_cell_once_and_measures_the_smallest_scale():
    cells = pd.DataFrame(
        {
            "problem": ["a", "a", "a", "b"],
            "exact_depth": ["2", "2", "2", "3"],
            "method": "certified",
            "status": ["converged", "unresolved", "failed", "converged"],
            "log10_scale": [-1.0, -2.0, -2.0, -4.0],
            "log10_error": [-1.0, -3.0, math.nan, -5.0],
            "log10_radius": [-9.0, -8.0, math.nan, -7.0],
            "exponent": [2.0, 2.0, 2.0, 1.0],
            "log10_constant": [0.5, 0.5, 0.5, 0.25],
        }
    )
    (part,) = [part_of(summary, cells) for summary in ASYMPTOTICS]
    assert part.rows == [
        ["a", "2", "certified", 3, 1, 1, 1, -2, -3, -8, 2, 0.5],
        ["b", "3", "certified", 1, 1, 0, 0, -4, -5, -7, 1, 0.25],
    ]
    assert "Summary of asymptotics" in summary_page("asymptotics", ASYMPTOTICS, {"asymptotics": cells})


def test_the_page_of_claims_shows_each_with_its_verdict_under_its_paper():
    row = {"id": "i", "tested": "line", "instances": 3, "typical": None, "measure": "|x|"}
    rows = [
        row | {"paper": "one", "statement": "first", "deviation": 1e-15, "verdict": "holds"},
        row | {"paper": "two", "statement": "second", "deviation": None, "verdict": "not resolved"},
        row | {"paper": "one", "statement": "third", "deviation": 0.25, "verdict": "holds"},
    ]
    text = claims_page(rows)
    assert "3 claims" in text
    assert "holds: 2, not resolved: 1" in text
    assert [text.index(word) for word in ("<h2>one", "first", "third", "<h2>two", "second")] == sorted(
        text.index(word) for word in ("<h2>one", "first", "third", "<h2>two", "second")
    )
    assert "&lt; 1e-12" in text


def test_the_page_of_software_names_what_runs_and_what_is_missing():
    text = software_page(["python", "numpy", "no-such-package"])
    assert f'<td class="short">{np.__version__}</td>' in text
    assert re.search("<td.*>no-such-package</td><td.*>not installed</td>", text)
    assert "processor" in text
    assert "FLINT" in text
    assert "<pre>seed: 1</pre>" in config_page("seed: 1")


# the cells of the interactive page


def experiment(problems, depths=("2", "3"), scales=("1", "1e-10", "1e-40"), name="mine"):
    """The rows of RESULTS of certified limits, the minimisers and the block behind them."""
    block = Block(name, 0, tuple(problems))
    cells = [
        row
        for depth in depths
        for row in solve_cells(block, depth, scales, "certified", certified_limits, certified_columns)
    ]
    minimisers = list(minimiser_rows(block))
    rate = {"exponent": 1.0, "log10_constant": 0.0}
    rates = [
        rate | {"problem": name, "trial": trial, "exact_depth": depth} for trial in block.trials for depth in depths
    ]
    return list(compare(cells, minimisers, rates, [block])), minimisers, [block]


def test_a_cell_stands_beside_the_minimiser_of_its_depth_and_its_certificate():
    rows = {(row["exact_depth"], row["scale"]): row for row in explored_rows(*experiment([LINE]))}
    assert set(rows[("2", "1")]) == set(EXPLORED.names)
    for (depth, scale), row in rows.items():
        best = certified_limit(LINE, depth, Fraction(1, 10**60)).x_float
        assert row["selected"] == pytest.approx(best, rel=1e-12)
        if (depth, scale) == ("2", "1"):
            assert row["certificate"] is None  # log(1/eps) is 0
        else:
            # z is 1 on the support but for eps^(1/3) at depth 3, and 1/log(1/eps), 1/23 at 1e-10, at depth 2
            room = 1.0 if scale == "1" else {"2": 1 / 23, "3": 1e-3}[depth]
            assert row["certificate"] == pytest.approx([1, 1, 1], abs=room)
    assert basis_pursuit(LINE).support == (0, 1, 2)


def test_the_first_instances_and_vectors_of_small_problems_alone_are_kept():
    rows = list(explored_rows(*experiment([LINE] * (MOST_TRIALS + 2), depths=["3"], scales=["1e-2"])))
    assert [row["trial"] for row in rows] == list(range(MOST_TRIALS))
    assert {row["trials"] for row in rows} == {MOST_TRIALS + 2}
    wide = Problem([[1] + [0.5] * MOST_FEATURES], [1])
    (row,) = explored_rows(*experiment([wide], depths=["3"], scales=["1e-2"]))
    assert row["features"] == MOST_FEATURES + 1
    assert row["x"] is row["certificate"] is row["selected"] is None


def test_the_identity_of_data_is_that_of_their_exact_numbers():
    assert digest(LINE) == digest(Problem([["1", "2/2", 1], [3.0, 0, 1]], ["3", 3]))
    assert digest(LINE) != digest(Problem([[1, 1, 1], [3, 0, 1]], [3, "3.0000000000000000000000001"]))
    assert digest(LINE) != digest(Problem([[1, 1, 1], [3, 0, 1]], [3, 3], nonnegative=True))


def test_the_curves_hold_every_cell_once_by_rising_scale():
    rows = list(explored_rows(*experiment([LINE, LINE])))
    curves, left_out = explorer._curves(rows, CODES)
    assert left_out == []
    assert list(zip(curves["trial"], curves["depth"], strict=True)) == [("0", "2"), ("0", "3"), ("1", "2"), ("1", "3")]
    assert curves["scale"] == [["1e-40", "1e-10", "1"]] * 4
    assert curves["code"] == ["c0de"] * 4
    errors = {(str(row["trial"]), row["exact_depth"], row["scale"]): row["log10_error"] for row in rows}
    for trial, depth, scales, found in zip(
        *(curves[name] for name in ("trial", "depth", "scale", "log10_error")), strict=True
    ):
        assert found == pytest.approx([errors[(trial, depth, scale)] for scale in scales], rel=1e-6)


def test_the_page_says_what_it_leaves_out(monkeypatch):
    rows = list(explored_rows(*experiment([LINE] * (MOST_TRIALS + 1), depths=["3"])))
    wide = Problem([[1] + [0.5] * MOST_FEATURES], [1])
    rows += explored_rows(*experiment([wide], depths=["3"], scales=["1e-2"], name="wide"))
    monkeypatch.setattr(explorer, "MOST_CELLS", 2 * MOST_TRIALS + 1)  # of three scales a problem, and one cell more
    monkeypatch.setattr(explorer, "MOST_VECTOR_ENTRIES", 2 * 3 * MOST_TRIALS + 3)
    curves, left_out = explorer._curves(rows, CODES)
    assert left_out == [
        f"Of many instances the first few are here: {MOST_TRIALS} of {MOST_TRIALS + 1} of mine.",
        f"Vectors of large problems are not shown: wide (n = {MOST_FEATURES + 1}).",
        "Cells are kept at every 2nd scale from the smallest on.",
        "x and certificate are kept at every 2nd of these scales.",
    ]
    assert [[vector is None for vector in vectors] for vectors in curves["x"][:MOST_TRIALS]] == [[False, True]] * 4
    text = explorer.explorer_page(rows, "asymptotics", CODES)
    assert all(sentence in text for sentence in left_out)


def test_the_largest_experiment_fits_into_a_page():
    generator = np.random.default_rng(0)
    features, scales = 16, 201

    def cell(depth, scale):
        """Numbers that nothing can pack."""
        numbers = ("log10_radius", "log10_error", "exponent", "log10_constant", "residual")
        vectors = {name: generator.normal(size=features).tolist() for name in ("x", "certificate", "selected")}
        return vectors | {
            **dict(zip(numbers, generator.uniform(-200, 0, len(numbers)).tolist(), strict=True)),
            "problem": "p",
            "trial": 0,
            "trials": 1,
            "instance": "0" * 12,
            "features": features,
            "depth": depth,
            "exact_depth": f"{depth:g}",
            "scale": f"1e-{scale}",
            "log10_scale": -float(scale),
            "method": "certified",
            "engine": "arb",
            "status": "converged",
            "iterations": int(generator.integers(1, 50)),
            "precision_bits": int(generator.integers(50, 5000)),
        }

    rows = [cell(depth, scale) for depth in np.linspace(2, 12, 150).tolist() for scale in range(scales)]
    assert len(rows) > 2 * explorer.MOST_CELLS
    text = explorer.explorer_page(rows, "asymptotics", CODES)
    assert "Cells are kept at every 3rd scale" in text
    assert len(text.encode()) > 0.8 * explorer.LARGEST_PAGE  # or more would fit


def test_of_more_instances_than_fit_the_page_holds_the_first(monkeypatch):
    rows = [
        row | {"trial": 0, "trials": 1, "problem": f"p{k}"}
        for row in explored_rows(*experiment([LINE], depths=["3"], scales=["1"]))
        for k in range(40)
    ]
    monkeypatch.setattr(explorer, "LARGEST_PAGE", len(explorer.explorer_page(rows[:15], "asymptotics", CODES)))
    text = explorer.explorer_page(rows, "asymptotics", CODES)
    assert "Of 40 instances the first 10 are here." in text
    assert "Every cell" not in text


def test_a_page_too_large_for_the_report_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr(explorer, "LARGEST_PAGE", 1000)
    rows = list(explored_rows(*experiment([LINE], depths=["3"], scales=["1"])))
    with pytest.raises(ValueError, match=r"the page of asymptotics has \d+ bytes, expected at most 1000: fewer depths"):
        explorer.explorer_page(rows, "asymptotics", CODES)


def test_the_page_stands_alone():
    rows = list(explored_rows(*experiment([LINE], depths=["3"], scales=["1"])))
    text = explorer.explorer_page(rows, "asymptotics", CODES)
    assert not re.search(r"(src|href)=|https?:|@import|url\(", text)
    assert json.dumps(text)
