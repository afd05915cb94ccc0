"""Pages in Debian's Chromium, without a screen and without a net: what they show, say and ask for."""

import json
import os
import shutil
import time
from contextlib import contextmanager

import pytest

# The third to the sixth keep it from asking the net for things of its own, and the rule from finding anybody there.
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND"),
)
INSTALL = "tests/system_packages.sh chromium=chromium chromedriver=chromium-driver"
WITHIN = ("file:", "data:", "blob:", "about:")

# Shadow roots hide Bokeh's elements from selectors.
DEEP = """
const deep = (selector, root = document) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? deep(selector, e.shadowRoot) : [])),
]
"""


def require_chromium():
    """Skip what needs a browser where there is none, but not where tests have to run."""
    if all(map(shutil.which, ("chromium", "chromedriver"))):
        return
    said = f"chromium and chromedriver are needed, and {INSTALL} installs them"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@contextmanager
def chromium(profile, width=1400, height=900):
    """A driver whose window shows so many pixels; the profile is a folder that is empty or absent."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = shutil.which("chromium")
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.set_script_timeout(60)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get("about:blank")
        driver.get_log("performance")  # of the page that a new window shows
        yield driver
    finally:
        driver.quit()


def until(found, seconds=120):
    """What `found` returns once that is true of it; an AssertionError if it never is."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "the page does not get there"
        time.sleep(0.05)
    return value


def faults(driver):
    """What the page complained of, and every address outside the file that it asked for, since this was last called."""
    said = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert asked  # the page itself at the least, or nobody listened
    return said + [url for url in asked if not url.startswith(WITHIN)]


def point_at(driver, x, y, click=False):
    """Move the mouse there, in pixels of the window, and press it."""
    place = {"x": x, "y": y, "button": "left", "clickCount": 1}
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})
    for kind in ("mousePressed", "mouseReleased") if click else ():
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", place | {"type": kind})
