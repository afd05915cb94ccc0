"""The interactive page: one HTML file in which a reader picks a cell and sees what was computed of it.

Bokeh, for its 1.6 MB of scripts pack into half a megabyte (Plotly's 4.8 MB into one and a half), and what its models
do in the browser needs neither a server nor the net.
"""

import base64
import gzip
import html
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bokeh.document import Document
from bokeh.resources import Resources
from matplotlib.colors import to_hex

from dlnflow.experiments.named_problems.figures.explorer_layout import explorer_document
from dlnflow.experiments.named_problems.figures.explorer_script import UNPACK
from dlnflow.files.sealed import write_atomically
from dlnflow.files.tables import Row
from dlnflow.kit.style import colours

MOST_CELLS, MOST_VECTOR_ENTRIES = 15_000, 50_000
"""So many, with so many entries of x and certificates, stay below LARGEST_PAGE (a test says so)."""

LARGEST_PAGE = 1_500_000
"""Bytes. Snakemake's report opens a page as a data: URI in a frame, and Chromium none of more than 2 MiB."""

MARKERS = ("circle", "square", "triangle", "diamond", "hex", "star", "plus", "asterisk")

# Columns of EXPLORED that are the same along a curve, and those that are not.
_OF_CURVES = ("problem", "instance", "features", "exponent", "log10_constant")
_OF_CELLS = (
    *("scale", "log10_scale", "engine", "status", "log10_error", "log10_radius", "residual"),
    *("iterations", "precision_bits", "x", "certificate"),
)

_STYLE = """
body { margin: 0 auto; max-width: 1400px; padding: 12px 20px; color: #222; background: white;
       font: 14px/1.4 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0 0 4px; font-size: 20px; font-weight: 600; }
p { margin: 0 0 6px; max-width: 1200px; }
.aside { color: #555; font-size: 12.5px; }
"""

_KEY = (
    "(a) Marks on lines: distance of the flow's limit to the basis pursuit minimiser x° that its depth selects; white "
    "triangles only bound it, crosses are no sound answers. Dashed: the predicted C ε<sup>e</sup>, nothing fitted. "
    "Dotted: how far the computed limit may be from the true one, at the chosen depth. (b) The limit at the chosen "
    "scale beside x°. (c) Its dual certificate, at most 1 and for signed problems at least −1, but for depth 2 at "
    "large scales; squares: the support of x°, where it touches. Hover over a mark for its proof and provenance, click "
    "it to choose its cell."
)


def explorer_page(rows: Sequence[Row], experiment: str, codes: Mapping[str, str]) -> str:
    """The page, whole, from rows of `explored.EXPLORED` in the order in which problems are to be offered.

    codes: method -> identity of the code that computed its cells. Of many instances the page holds the first that fit
    into the report. Raises ValueError if not even one does.
    """
    instances = dict.fromkeys(_instance(row) for row in rows)
    for most in _halved(len(instances)):
        first = set(list(instances)[:most])
        curves, left_out = _curves([row for row in rows if _instance(row) in first], codes)
        if most < len(instances):
            left_out.insert(0, f"Of {len(instances)} instances the first {most} are here.")
        text = _page(explorer_document(curves), f"The cells of {experiment}", left_out)
        if len(text.encode()) <= LARGEST_PAGE:
            return text
    raise ValueError(
        f"the page of {experiment} has {len(text.encode())} bytes, expected at most {LARGEST_PAGE}: fewer depths fit"
    )


def _instance(row: Row) -> tuple[Any, ...]:
    return row["problem"], row["trial"]


def _halved(number: int) -> Iterator[int]:
    """The number, half of it, and so on down to 1."""
    while number:
        yield number
        number //= 2


def save_page(text: str, path: Path | str) -> None:
    """Write a page whole or not at all."""
    write_atomically(path, text.encode())


def _curves(rows: Sequence[Row], codes: Mapping[str, str]) -> tuple[dict[str, list[Any]], list[str]]:
    """Column -> an entry a curve (problem, trial, method, depth), lists along rising scales; and what is left out."""
    grouped: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row["problem"], row["trial"], row["method"], row["depth"]), []).append(row)
    problems = list(dict.fromkeys(row["problem"] for row in rows))
    keys = sorted(grouped, key=lambda key: (problems.index(key[0]), *key[1:]))
    cell_step = -(-len(rows) // MOST_CELLS)
    entries = sum(2 * row["features"] for row in rows if row["x"] is not None) // max(cell_step, 1)
    vector_step = max(1, -(-entries // MOST_VECTOR_ENTRIES))
    depths: dict[str, list[float]] = {name: [] for name in problems}
    for name, depth in sorted({(key[0], key[3]) for key in keys}):
        depths[name].append(depth)
    columns: dict[str, list[Any]] = {}
    for key in keys:
        cells = sorted(grouped[key], key=lambda row: row["log10_scale"])[::cell_step]
        first, place = cells[0], depths[key[0]].index(key[3])
        curve = {name: first[name] for name in _OF_CURVES} | {
            "trial": str(first["trial"]),
            "method": first["method"],
            "depth": first["exact_depth"],
            "code": codes[first["method"]],
            "selected": first["selected"],
            "colour": to_hex(colours(len(depths[key[0]]))[place]),
            "marker": MARKERS[place % len(MARKERS)],
        }
        curve |= {name: [_rounded(name, cell[name]) for cell in cells] for name in _OF_CELLS}
        for name in ("x", "certificate"):
            curve[name] = [vector if k % vector_step == 0 else None for k, vector in enumerate(curve[name])]
        for name, value in curve.items():
            columns.setdefault(name, []).append(value)
    return columns, _left_out(rows, cell_step, vector_step)


def _left_out(rows: Sequence[Row], cell_step: int, vector_step: int) -> list[str]:
    """What the page does not show, a sentence each."""
    said = []
    shown: dict[str, set[int]] = {}
    for row in rows:
        shown.setdefault(row["problem"], set()).add(row["trial"])
    in_all = {row["problem"]: row["trials"] for row in rows}
    few = [f"{len(trials)} of {in_all[name]} of {name}" for name, trials in shown.items() if len(trials) < in_all[name]]
    large = {row["problem"]: row["features"] for row in rows if row["selected"] is None}
    if few:
        said.append(f"Of many instances the first few are here: {', '.join(few)}.")
    if large:
        names = ", ".join(f"{name} (n = {features})" for name, features in large.items())
        said.append(f"Vectors of large problems are not shown: {names}.")
    if cell_step > 1:
        said.append(f"Cells are kept at every {_ordinal(cell_step)} scale from the smallest on.")
    if vector_step > 1:
        said.append(f"x and certificate are kept at every {_ordinal(vector_step)} of these scales.")
    return said


def _ordinal(step: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(step % 10, "th")
    return f"{step}th" if step % 100 in (11, 12, 13) else f"{step}{ending}"


def _rounded(name: str, value: Any) -> Any:
    """What the page shows, and no more digits: x whole, for its difference from the selected minimiser."""
    if value is None or name in ("x", "selected") or not isinstance(value, float | list):
        return value
    if isinstance(value, list):
        return [float(f"{entry:.7g}") for entry in value]
    if name == "log10_radius":
        return math.ceil(1000 * value) / 1000  # a bound stays one
    return float(f"{value:.3g}") if name == "residual" else round(value, 7)


def _page(document: Document, title: str, left_out: Sequence[str]) -> str:
    item = {"doc": document.to_json(deferred=False), "root_id": document.roots[0].id, "target_id": "explorer"}
    scripts = Resources(mode="inline", components=["bokeh", "bokeh-widgets"]).js_raw
    program = "\n;\n".join([*scripts, f"Bokeh.embed.embed_item({json.dumps(item)})"])
    # no time and no name in the header of the archive, so that the bytes are the same every time
    packed = base64.b64encode(gzip.compress(program.encode(), 9, mtime=0)).decode()
    aside = html.escape(" ".join(left_out)) or "Every cell of the experiment is here."
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{html.escape(title)}</title><style>{_STYLE}</style></head>
<body>
<h1>{html.escape(title)}</h1>
<p>{_KEY}</p>
<p class="aside">{aside}</p>
<div id="explorer"></div>
<noscript>This page needs JavaScript.</noscript>
<script id="packed" type="text/plain">{packed}</script>
<script>{UNPACK}</script>
</body>
</html>
"""
