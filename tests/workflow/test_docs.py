"""The pages under docs/ say what the code and its figures are."""

import inspect
import json
import re

import numpy as np
import pytest
import yaml
from places import ROOT
from stage_tools import all_claims, run_script

import dlnflow
from dlnflow.assembly.config import read_config
from dlnflow.report.columns_page import columns_page, merged_tables
from dlnflow.report.config_keys_page import keys_section

DOCS = ROOT / "docs"
MODEL = """NAME mine
ROWS
 N cost
 E sum
COLUMNS
 x cost 1 sum 1
 y cost 2 sum 1
RHS
 RHS sum 1
ENDATA
"""
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md")), ROOT / "config" / "README.md"]


def anchors(page):
    """The headings of a page as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page):
    text = page.read_text()
    targets = re.findall(r"\]\((?!https?://)([^)]+)\)", text) + re.findall(r'(?:src|href)="(?!https?://)([^"]+)"', text)
    for target in targets:
        path, _, anchor = target.partition("#")
        assert not path or (page.parent / path).exists(), target
        if anchor:
            assert anchor in anchors(page.parent / path if path else page), target


def test_every_public_function_has_its_formula_source_and_figure():
    table = (DOCS / "theory.md").read_text().split("## Where each formula is")[1].split("\n## ")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row[0])}
    functions = {name for name in dlnflow.__all__ if inspect.isfunction(getattr(dlnflow, name))}
    assert functions <= named <= set(dlnflow.__all__)
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in rows)
    drawn = {path.stem for path in (DOCS / "figures").glob("*.png")}
    for row in rows:
        for figure in row[3].replace("under every error", "").replace("diagrams", "diagram-gaussian").split(","):
            assert not figure.strip() or any(name.startswith(figure.strip()) for name in drawn), figure


def test_every_figure_is_in_the_gallery_or_the_benchmarks():
    pages = "".join((DOCS / page).read_text() for page in ("gallery.md", "benchmarks.md"))
    assert set(re.findall(r"\(figures/([\w-]+\.png)\)", pages)) == {f.name for f in (DOCS / "figures").glob("*.png")}


def test_the_pages_of_columns_and_keys_are_what_the_code_says(tmp_path):
    run_script("write_pages.py", "--check")
    for page in ("docs/columns.md", "config/README.md"):
        (tmp_path / page).parent.mkdir()
        (tmp_path / page).write_text("<!-- keys: begin -->\nold\n<!-- keys: end -->\n")
    with pytest.raises(SystemExit, match="run python scripts/write_pages"):
        run_script("write_pages.py", "--check", "--output", tmp_path)
    run_script("write_pages.py", "--output", tmp_path)
    assert (tmp_path / "docs/columns.md").read_text() == columns_page()
    schemas = {id(schema): schema for _, schema in merged_tables().values()}
    rows = [line for line in columns_page().splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(schema) for schema in schemas.values())


def test_every_key_of_the_schema_has_its_line():
    schema = json.loads((ROOT / "workflow/schemas/config.schema.json").read_text())
    entries = [schema, *(entry for entry in schema["$defs"].values() if "properties" in entry)]
    lines = keys_section(schema).splitlines()
    assert sum(line.startswith("| `") for line in lines) == sum(len(entry["properties"]) for entry in entries)


@pytest.mark.parametrize("page", ["README.md", "config/README.md"])
def test_the_examples_of_configs_are_sound(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    np.savez(tmp_path / "data/mine.npz", A=[[1.0, 1, 1], [3, 0, 1]], y=[3.0, 3])
    (tmp_path / "data/A.csv").write_text("1,1,1\n3,0,1\n")
    (tmp_path / "data/y.csv").write_text("3\n3\n")
    (tmp_path / "data/mine.mps").write_text(MODEL)
    default = yaml.safe_load((ROOT / "config.yaml").read_text())
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert len(examples) >= 3
    for example in examples:
        read_config(merged(default, yaml.safe_load(example)))


def merged(default, change):
    """As Snakemake merges a second config file into the first."""
    if not (isinstance(default, dict) and isinstance(change, dict)):
        return change
    return default | {key: merged(default.get(key), value) for key, value in change.items()}


def test_the_page_of_claims_has_each_of_them():
    page = (DOCS / "claims.md").read_text()
    claims = all_claims()
    assert page.count("\n| ") - 2 == len(claims)
    for claim in claims:
        assert claim.statement.replace("|", r"\|") in page
