"""Take the screenshots of docs/screenshots: report and page of the default config, as Chromium shows them."""

import argparse
import tempfile
import time
from pathlib import Path

from browser import chromium, faults, until

FIGURE = "figures/asymptotics/figure-1-asymptotes.svg"
CLAIMS = "results/report/claims.html"
EXPLORER = "figures/asymptotics/explorer.html"

IS_DRAWN = """
const picture = document.querySelector("#app img[src^='data:image/svg'], #app img[src^='data:image/png']:not(.h-4)")
const frame = document.querySelector("iframe")
return Boolean(frame) || Boolean(picture && picture.naturalWidth > 0)
"""
IS_FILLED = "return Boolean(window.Bokeh?.documents[0]?.get_model_by_name('points')?.data.x.length)"
VIEW = """
const [path, category] = arguments, entry = results[path]
const content = entry.mime_type === "text/html" ? "html" : "img"
app.setView({ content, contentPath: entry.data_uri, resultPath: path, category, subcategory: "Other" })
"""
# The cell of the explorer's picture: errors that still can be told from the minimiser by eye.
CELL = """
const page = Bokeh.documents[0]
page.get_model_by_name("problem").value = "random"
page.get_model_by_name("depth").value = "2"
page.get_model_by_name("scale").value -= 1
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path, help="the report.html of the default config, beside its figures/")
    parser.add_argument("output", type=Path, help="the folder of the .png files")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile, chromium(profile) as driver:
        driver.get(arguments.report.absolute().as_uri())
        until(lambda: driver.find_elements("css selector", "nav li a"))
        show(driver, FIGURE, "asymptotics")
        driver.execute_script("app.showResultInfo(arguments[0])", FIGURE)
        save(driver, arguments.output / "report-figure.png")
        show(driver, CLAIMS, "all experiments")
        driver.execute_script("app.showCategory(arguments[0])", "all experiments")
        save(driver, arguments.output / "report-claims.png")
        driver.get((arguments.report.parent / EXPLORER).absolute().as_uri())
        until(lambda: driver.execute_script(IS_FILLED))
        driver.execute_script(CELL)
        save(driver, arguments.output / "explorer.png")
        assert faults(driver) == []


def show(driver, path, category):
    """Open an entry of the report in its main part."""
    driver.execute_script(VIEW, path, category)
    until(lambda: driver.execute_script(IS_DRAWN))


def save(driver, path):
    """A picture of the window once nothing in it moves any more."""
    before = None
    while (now := driver.get_screenshot_as_png()) != before:
        before = now
        time.sleep(1)
    path.write_bytes(now)


if __name__ == "__main__":
    main()
