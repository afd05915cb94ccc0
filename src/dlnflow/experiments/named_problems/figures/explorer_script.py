"""What the interactive page does in the browser, most of it run by Bokeh with its models as arguments."""

from pathlib import Path


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


_SUPERSCRIPT = _read("explorer_superscript.js")

POWER_TICK = _SUPERSCRIPT + _read("explorer_power_tick.js")
"""A tick of an axis of logarithms."""

CHOOSE = _read("explorer_choose.js")
"""A mark of the error's axes that is clicked becomes the cell that is shown."""

UPDATE = _SUPERSCRIPT + _read("explorer_update.js")
"""Fills every source from the curves behind the choices."""

UNPACK = _read("explorer_unpack.js")
"""Runs the packed scripts of the page, Bokeh's own first: a page of over 2 MiB would not open in the report."""
