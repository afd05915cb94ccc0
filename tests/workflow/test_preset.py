"""The preset of the CI: every rule of the workflow, and the report, opened in a browser.

A file of its own: it keeps two cores busy. Everything here looks at one run.
"""

import json
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from browser import DEEP, chromium, faults, point_at, require_chromium, until
from places import ROOT
from workflow_rules import rules_of
from workflow_tools import command, forked

from dlnflow.experiments.named_problems.explored import MOST_TRIALS
from dlnflow.files.sealed import SEALED
from dlnflow.files.tables import read_table
from dlnflow.kernels import NATIVE
from dlnflow.report.columns_page import merged_tables
from dlnflow.reproduction.comparison_text import compare_runs
from dlnflow.reproduction.origins import foreign_files
from dlnflow.reproduction.reference import differences, files_of, reference_of
from dlnflow.reproduction.run_comparison import Verdict
from snakemake_logger_plugin_dlnflow.dry_runs import planned_jobs

pytestmark = pytest.mark.long

EXPERIMENTS = {"sharpness", "asymptotics", "recovery", "hardness", "laws", "linear_programs", "layers"}
ALL = "all experiments"
REFERENCE = ROOT / "docs" / "reference-ci.json"
CAPTION = ("Seen.", "Claim.", "Notice.")

CHOICE = "return Bokeh.documents[0].get_model_by_name(arguments[0]).value"
DATA = "return Bokeh.documents[0].get_model_by_name(arguments[0]).data"
IS_FILLED = """
return Boolean(window.Bokeh?.documents[0]?.get_model_by_name("points")?.data.x.length)
"""
# As a user's choice from the list does; the selects stand in the order problem, instance, method, depth.
CHOOSE = (
    DEEP
    + """
const select = deep("select")[arguments[0]]
select.value = arguments[1]
select.dispatchEvent(new Event("change", { bubbles: true }))
"""
)
PLACE = """
const document_ = Bokeh.documents[0], model = document_.get_model_by_name("errors")
const find = (view) => (view.model === model ? view : [...view.children()].map(find).find((found) => found))
const view = [...Bokeh.index.roots].map(find).find((found) => found)
const box = view.el.getBoundingClientRect(), points = document_.get_model_by_name("points").data, k = arguments[0]
return [box.left + view.frame.x_scale.compute(points.x[k]), box.top + view.frame.y_scale.compute(points.y[k])]
"""
TOOLTIP = DEEP + "return deep('.bk-tooltip-content').map((e) => e.innerText).join(' ')"


@pytest.fixture(scope="module")
def first(repo, tmp_path_factory):
    """The folder of the run, its report in it, and what the run said."""
    folder = tmp_path_factory.mktemp("preset") / "ci"
    call = command(repo, folder, repo / "workflow" / "presets" / "ci.yaml")
    result = forked([*call, "report_pages"], folder.parent)
    assert result.returncode == 0, result.stderr
    report = forked([*call, "--report", "report.html", "report_pages"], folder.parent)
    assert report.returncode == 0, report.stderr
    return folder, result.stdout + result.stderr


@pytest.fixture(scope="module")
def native(repo, tmp_path_factory):
    """The folder of a run with the kernels that this processor's libraries choose by themselves."""
    folder = tmp_path_factory.mktemp("native") / "ci"
    call = command(repo, folder, repo / "workflow" / "presets" / "ci.yaml")
    result = forked([*call, "all"], folder.parent, DLNFLOW_KERNELS=NATIVE)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    require_chromium()
    with chromium(tmp_path_factory.mktemp("profile") / "new") as driver:
        yield driver


def test_the_preset_of_the_ci_runs_every_rule(repo, first, tmp_path):
    folder, said = first
    started = set(re.findall(r"^ *(?:local)?rule (\w+):", said, re.MULTILINE))
    rules = rules_of(tmp_path, repo / "workflow" / "presets" / "ci.yaml")
    assert started - {"report_pages"} == {name for name, rule in rules.items() if rule["shell"]}
    # every cell of these easy problems converges
    rows = read_table(folder / "results/tables/sharpness.parquet").to_pylist()
    assert {row["status"] for row in rows} <= {"converged", "unresolved"}
    # line: depths 2, 3 once; two instances of small: the same; the kink: depth 3; five scales and two methods each
    assert len(rows) == (2 + 2 * 2 + 1) * 5 * 2


def test_every_table_of_a_run_has_the_columns_that_the_docs_name(first):
    folder, _ = first
    written = {path.stem: pq.read_schema(path) for path in (folder / "results" / "tables").glob("*.parquet")}
    assert written.keys() == merged_tables().keys()
    for name, (_, schema) in merged_tables().items():
        assert written[name].equals(schema), name
        assert [field.metadata for field in written[name]] == [field.metadata for field in schema], name


def test_each_file_is_of_the_config_and_a_copy_of_them_computes_nothing_again(repo, first, tmp_path):
    folder, _ = first
    options = command(repo, folder, repo / "workflow" / "presets" / "ci.yaml")[3:]
    assert list(foreign_files(folder / "results", planned_jobs([*options, "--forceall"]))) == []
    shutil.copytree(folder / "results", tmp_path / "results")
    jobs = planned_jobs([*options, f"--directory={tmp_path}"])
    assert jobs
    # pictures, exports and pages are made again, for they say nothing of their jobs
    assert [job for job in jobs if job.outputs and all(Path(file).suffix in SEALED for file in job.outputs)] == []


def test_tables_figures_and_verdicts_are_those_of_the_reference(first):
    folder, _ = first
    expected = json.loads(REFERENCE.read_text())
    found = reference_of(folder, files_of(expected))
    off = list(differences(expected, found))
    assert not [line for line, must in off if must]
    others = {what for what, there in expected["made_with"].items() if found["made_with"].get(what) != there}
    if others:  # which are another C library, other packages, or native kernels
        pytest.skip(f"the reference was made with other {', '.join(sorted(others))}")
    assert not off  # the same bits, on whatever processor


def test_native_kernels_give_the_same_within_what_each_column_may_be_off_by(first, native):
    folder, _ = first
    said, verdict = compare_runs(folder / "results", native / "results")
    assert said[1].startswith(f"{native / 'results'}: {NATIVE} kernels of ")
    assert verdict is not Verdict.DIFFERENT, "\n".join(said)


def click(driver, text):
    """The entry of the report's menu with that text."""
    menu = ("css selector", "nav li a")
    until(lambda: [a for a in driver.find_elements(*menu) if a.text == text])[0].click()


def open_report(driver, folder):
    driver.get((folder / "report.html").as_uri())
    until(lambda: driver.find_elements("css selector", "nav li a"))


def entry(driver, index, entries):
    """One of the entries of the category that is open: its text and its two buttons, for the view and the caption."""
    css = ("css selector", "nav tbody tr")
    until(lambda: len(driver.find_elements(*css)) == entries)
    row = driver.find_elements(*css)[index]
    return row.text, *row.find_elements("css selector", "a")


def back(driver, to):
    """By the path at the top of the report's menu; the first, a house, has no text."""
    path = driver.find_elements("css selector", "nav nav a")
    (path[0] if to is None else next(a for a in path if a.text == to)).click()


def test_the_report_shows_every_figure_and_page_with_its_caption(first, browser):
    folder, _ = first
    open_report(browser, folder)
    shown = browser.execute_script("return Object.keys(results)")
    drawn = {path.with_suffix("").relative_to(folder).as_posix() for path in folder.glob("figures/*/*.*")}
    pages = {path.relative_to(folder).as_posix() for path in folder.glob("results/report/*.html")}
    assert {re.sub(r"\.(svg|png|html)$", "", name) for name in shown if name.startswith("figures/")} == drawn
    assert {name for name in shown if name.startswith("results/")} == pages
    assert len(pages) == 3 + len(EXPERIMENTS)
    assert len(shown) == len(drawn) + len(pages)

    categories = browser.execute_script("return categories")
    assert set(categories) == {name.replace("_", " ") for name in EXPERIMENTS} | {ALL}
    seen = []
    for category, (paths,) in ((name, entries.values()) for name, entries in categories.items()):
        click(browser, category)
        for index in range(len(paths)):
            label, view, _ = entry(browser, index, len(paths))
            view.click()
            seen.append(until(lambda: is_rendered(browser)))
            assert label
        # the caption of the last, as it is shown, and of the others, as it would be
        _, _, caption = entry(browser, index, len(paths))
        caption.click()
        said = until(lambda: browser.find_elements("css selector", "nav li.prose"))[0].text
        assert all(word in said for word in (CAPTION if seen[-1].startswith("figures/") else ["."]))
        back(browser, None)
    captions = browser.execute_script("return Object.entries(results).map(([path, { caption }]) => [path, caption])")
    for path, caption in captions:
        assert all(word in caption for word in (CAPTION if path.startswith("figures/") else ["."])), path
    assert sorted(seen) == sorted(shown)
    assert faults(browser) == []


def is_rendered(driver):
    """The path of the picture or page that was asked for, once it is there."""
    asked = driver.execute_script("return app.state.contentPath")
    pictures = driver.find_elements("css selector", "#app .h-screen.overflow-auto img")
    drawn = "const [e, asked] = arguments; return e.src === asked && e.complete && e.naturalWidth > 0"
    if not any(driver.execute_script(drawn, picture, asked) for picture in pictures):
        frames = driver.find_elements("css selector", "iframe")
        if not frames or driver.execute_script("return arguments[0].src !== arguments[1]", frames[0], asked):
            return None
        driver.switch_to.frame(frames[0])
        try:
            interactive = bool(driver.find_elements("id", "explorer"))
            headings = [heading.text for heading in driver.find_elements("css selector", "h1")]
            if not (driver.execute_script(IS_FILLED) if interactive else any(headings)):
                return None
        finally:
            driver.switch_to.default_content()
    return driver.execute_script("return app.state.resultPath")


def test_the_report_says_how_long_the_rules_took_and_what_they_are(first, browser):
    folder, _ = first
    open_report(browser, folder)
    assert "Implicit regularisation" in browser.find_element("css selector", "#app h1.title").text
    click(browser, "Statistics")
    until(lambda: len(browser.find_elements("css selector", "#runtimes canvas, #timeline canvas")) == 2)
    click(browser, "Workflow")
    until(lambda: browser.find_elements("css selector", "#rulegraph canvas"))
    assert faults(browser) == []


def open_explorer(driver, folder, experiment="asymptotics"):
    driver.get((folder / f"figures/{experiment}/explorer.html").as_uri())
    until(lambda: driver.execute_script(IS_FILLED))


def chosen_cells(folder, problem, trial, depth, experiment="asymptotics"):
    """The cells of the table behind a choice, by rising scale."""
    rows = read_table(folder / f"results/tables/{experiment}.parquet").to_pylist()
    found = [row for row in rows if (row["problem"], row["trial"], row["exact_depth"]) == (problem, trial, depth)]
    return sorted(found, key=lambda row: row["log10_scale"])


def test_a_choice_on_the_interactive_page_shows_the_cells_of_the_table(first, browser):
    folder, _ = first
    open_explorer(browser, folder)
    choices = [("small", "0", "2"), ("small", "1", "3"), ("kink-0.1", "0", "3"), ("line", "0", "2.5")]
    for problem, trial, depth in choices:
        for place, value in ((0, problem), (1, trial), (3, depth)):
            browser.execute_script(CHOOSE, place, value)
        until(lambda depth=depth: browser.execute_script(CHOICE, "depth") == depth)
        cells = chosen_cells(folder, problem, int(trial), depth)
        points = browser.execute_script(DATA, "points")
        drawn = [y for y, of in zip(points["y"], points["depth"], strict=True) if of == depth]
        # seven digits are kept
        assert drawn == pytest.approx([row["log10_error"] for row in cells], rel=1e-6)
        lines = browser.execute_script(DATA, "measured")
        predicted = lines["predicted"][lines["label"].index(f"L = {depth}")]
        expected = [row["log10_constant"] + row["exponent"] * row["log10_scale"] for row in cells]
        assert predicted == pytest.approx(expected, rel=1e-6, abs=1e-6)
        cell = cells[browser.execute_script(CHOICE, "scale")]
        bars, stems = browser.execute_script(DATA, "bars"), browser.execute_script(DATA, "stems")
        assert bars["limit"] == pytest.approx(cell["x"], rel=1e-6)
        off = sum((x - best) ** 2 for x, best in zip(bars["limit"], bars["best"], strict=True)) ** 0.5
        assert off == pytest.approx(10 ** cell["log10_error"], rel=1e-5, abs=1e-15)  # float64's
        if depth != "2":
            assert max(map(abs, stems["z"])) <= 1
        browser.execute_script("Bokeh.documents[0].get_model_by_name('scale').value = 0")
        smallest = browser.execute_script(DATA, "stems")
        # at the smallest scale the certificate is 1 on the support but for eps^((L-2)/L), or 1/log(1/eps) at depth 2
        room = {"2": 2 / 30, "2.5": 1e-5, "3": 1e-9}[depth]
        touching = [abs(z) for z, kind in zip(smallest["z"], smallest["kind"], strict=True) if kind == "on the support"]
        assert touching == pytest.approx([1] * len(touching), abs=room)
        browser.execute_script("Bokeh.documents[0].get_model_by_name('scale').value = 1")
    assert faults(browser) == []


def test_a_mark_of_what_is_not_resolved_stands_at_a_bound_of_the_error(first, browser):
    folder, _ = first
    open_explorer(browser, folder, "sharpness")
    browser.execute_script(CHOOSE, 0, "line")
    points = browser.execute_script(DATA, "points")
    marks = {
        place: (y, marker)
        for place, y, depth, marker in zip(*(points[name] for name in ("place", "y", "depth", "marker")), strict=True)
        if depth == "2"
    }
    method = browser.execute_script(CHOICE, "method")
    cells = [cell for cell in chosen_cells(folder, "line", 0, "2", "sharpness") if cell["method"] == method]
    assert [cell["status"] for cell in cells] == ["unresolved", *["converged"] * 4]
    y, marker = marks.pop(0)
    assert marker == "inverted_triangle"
    # the page keeps a thousandth of a decade of the radius, rounded up
    assert 10**y == pytest.approx(10 ** cells[0]["log10_error"] + 10 ** cells[0]["log10_radius"], rel=3e-3)
    assert [y for y, _ in marks.values()] == pytest.approx([cell["log10_error"] for cell in cells[1:]], rel=1e-6)
    assert "inverted_triangle" not in {marker for _, marker in marks.values()}
    assert faults(browser) == []


def test_hovering_tells_the_proof_and_the_provenance_and_a_click_chooses(first, browser):
    folder, _ = first
    open_explorer(browser, folder)
    browser.execute_script(CHOOSE, 0, "small")
    browser.execute_script(CHOOSE, 3, "3")
    points = browser.execute_script(DATA, "points")
    index = list(zip(points["depth"], points["place"], strict=True)).index(("2", 1))
    x, y = browser.execute_script(PLACE, index)
    point_at(browser, x, y)
    said = until(lambda: browser.execute_script(TOOLTIP))
    cell = chosen_cells(folder, "small", 0, "2")[1]
    for words in ("(proved)", "certified, arb", "converged", f"{cell['precision_bits']} bits", "data ", "code "):
        assert words in said
    point_at(browser, x, y, click=True)
    until(lambda: browser.execute_script(CHOICE, "depth") == "2" and browser.execute_script(CHOICE, "scale") == 1)
    assert faults(browser) == []


def test_the_interactive_page_says_what_it_leaves_out(first, browser):
    folder, _ = first
    open_explorer(browser, folder)
    rows = read_table(folder / "results/explorer/asymptotics.parquet").to_pylist()
    assert all(row["trial"] < MOST_TRIALS for row in rows)
    assert len(rows) == len(read_table(folder / "results/tables/asymptotics.parquet"))
    assert "Every cell of the experiment is here." in browser.find_element("css selector", ".aside").text
