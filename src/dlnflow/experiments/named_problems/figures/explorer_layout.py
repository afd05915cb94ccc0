"""The interactive page as Bokeh's models: three panels, the choices above them and the chosen cell beside them."""

from collections.abc import Mapping
from typing import Any

from bokeh.document import Document
from bokeh.layouts import column, row
from bokeh.models import (
    BasicTicker,
    ColumnDataSource,
    CustomJS,
    CustomJSTickFormatter,
    HoverTool,
    InlineStyleSheet,
    Range1d,
    TapTool,
)
from bokeh.models.annotations import Legend, LegendItem, Span, Title
from bokeh.models.widgets import Div, Select, Slider
from bokeh.plotting import figure

from dlnflow.experiments.named_problems.figures.explorer_script import CHOOSE, POWER_TICK, UPDATE

GREY = "#666666"
FONT = "Helvetica, Arial, sans-serif"
PLAIN: dict[str, Any] = {"text_font": FONT, "text_font_size": "13px", "text_font_style": "normal"}
TOOLS = "pan,box_zoom,wheel_zoom,reset,save"
TIPS = {
    "scale ε": "scale_text",
    "error": "error",
    "predicted": "predicted",
    "radius": "radius",
    "residual": "residual",
    "status": "status",
    "made by": "made_by",
    "work": "work",
    "identity": "identity",
}
"""What is said of a cell -> the column that says it."""

TABLE = """
table { border-collapse: collapse; font-size: 13px; }
th { text-align: left; font-weight: normal; color: #555; padding: 3px 14px 3px 0; white-space: nowrap; }
td { padding: 3px 0; font-variant-numeric: tabular-nums; }
tr { border-bottom: 1px solid #e5e5e5; }
"""


Panel = tuple[figure, dict[str, Any]]
"""A plot, and those of its models that the script fills, by the names that it knows."""


def explorer_document(curves: Mapping[str, list[Any]]) -> Document:
    """The page's models in a document of their own; `curves` has an entry a curve in every column."""
    cells = ColumnDataSource(data=dict(curves))
    choices = _choices()
    errors, error_models = _error_panel()
    coordinates = Range1d(start=0.5, end=1.5)
    minimiser, minimiser_models = _minimiser_panel(coordinates)
    certificate, certificate_models = _certificate_panel(coordinates)
    panel = Div(width=330, stylesheets=[InlineStyleSheet(css=TABLE)], margin=(28, 5, 5, 20))
    models = choices | error_models | minimiser_models | certificate_models
    models |= {"coordinates": coordinates, "panel": panel}
    update = CustomJS(args={"cells": cells} | models, code=UPDATE)
    for choice in choices.values():
        choice.js_on_change("value", update)
    points = models["points"]
    choose = CustomJS(args={"points": points, "depth": choices["depth"], "scale": choices["scale"]}, code=CHOOSE)
    points.selected.js_on_change("indices", choose)
    document = Document()
    document.add_root(
        column(
            row(*choices.values(), sizing_mode="stretch_width"),
            row(errors, panel, sizing_mode="stretch_width"),
            row(minimiser, certificate, sizing_mode="stretch_width"),
            sizing_mode="stretch_width",
        )
    )
    document.js_on_event("document_ready", update)
    return document


def _choices() -> dict[str, Any]:
    """Name -> widget. Their options come from the curves, in the browser."""
    titles = {"problem": "Problem", "trial": "Instance", "method": "Method", "depth": "Depth L"}
    selects = {
        name: Select(title=title, value="3" if name == "depth" else "", width=130, name=name)
        for name, title in titles.items()
    }
    # beyond all scales: the browser brings it back to the second largest, where the limit can be told from x°
    scale = Slider(
        title="Scale", start=0, end=10**6, value=10**6, step=1, show_value=False, name="scale", min_width=220
    )
    scale.sizing_mode = "stretch_width"
    return selects | {"scale": scale}


def _error_panel() -> Panel:
    measured = _empty("measured", "xs", "ys", "predicted", "colour", "alpha", "dashed_alpha", "label")
    drawn = ("x", "y", "colour", "fill", "alpha", "size", "marker", "depth", "place")
    points = _empty("points", *drawn, *TIPS.values())
    # until the browser fills it, or there were no ranges to begin with
    radii = ColumnDataSource(data={"x": [-1, 0], "y": [-1, 0]}, name="radii")
    ring = _empty("ring", "x", "y")
    plot = _plot(name="errors", height=350, tools=TOOLS)
    lines = plot.multi_line("xs", "ys", source=measured, line_width=5, line_color="colour", line_alpha="alpha")
    dashes: Any = {"line_dash": [7, 4], "line_color": "colour", "line_alpha": "dashed_alpha"}
    plot.multi_line("xs", "predicted", source=measured, line_width=1.5, **dashes)
    plot.line("x", "y", source=radii, line_color=GREY, line_width=1.5, line_dash="dotted")
    upright = Span(location=0, dimension="height", line_color=GREY, line_width=1, line_alpha=0.6)
    plot.add_layout(upright)
    marks = plot.scatter(
        "x",
        "y",
        source=points,
        marker="marker",
        size="size",
        line_color="colour",
        fill_color="fill",
        line_alpha="alpha",
        fill_alpha="alpha",
        nonselection_alpha=1,
    )
    plot.scatter("x", "y", source=ring, size=15, line_color="black", line_width=1.5, fill_color=None)
    tips = [("depth L", "@depth"), *((name, f"@{column}") for name, column in TIPS.items())]
    plot.add_tools(HoverTool(renderers=[marks], tooltips=tips, point_policy="snap_to_data"))
    plot.add_tools(TapTool(renderers=[marks]))
    plot.add_layout(_title("(a) Error against scale"), "above")
    plot.add_layout(_legend({"field": "label"}, lines), "right")
    for axis, label in ((plot.xaxis, "scale ε = αᴸ"), (plot.yaxis, "error ‖x − x°‖₂")):
        axis.axis_label = label
        axis.formatter = CustomJSTickFormatter(code=POWER_TICK)
        axis.ticker = BasicTicker(min_interval=1, mantissas=[1, 2, 5], desired_num_ticks=8)
    return plot, {"measured": measured, "points": points, "radii": radii, "ring": ring, "upright": upright}


def _minimiser_panel(coordinates: Range1d) -> Panel:
    bars = _empty("bars", "place", "left", "right", "limit", "best", "limit_text", "best_text", "off")
    heights = Range1d(start=0, end=1)
    plot = _plot(name="minimiser", height=280, tools=TOOLS, x_range=coordinates, y_range=heights)
    limit = plot.vbar("left", top="limit", source=bars, width=0.38, line_color="black", line_width=0.5)
    best = plot.vbar(
        "right",
        top="best",
        source=bars,
        width=0.38,
        fill_color="white",
        line_color="black",
        line_width=0.5,
        hatch_pattern="right_diagonal_line",
        hatch_color=GREY,
        hatch_scale=7,
        hatch_weight=0.8,
    )
    tips = [("i", "@place"), ("limit", "@limit_text"), ("x°", "@best_text"), ("limit − x°, in float64", "@off")]
    plot.add_tools(HoverTool(renderers=[limit, best], tooltips=tips))
    title = _title("(b) Minimiser")
    key = _legend("limit of the flow", limit, "basis pursuit x°", best)
    plot.add_layout(key, "above")
    plot.add_layout(title, "above")
    _coordinates(plot, "coordinate i", "xᵢ")
    return plot, {"bars": bars, "limit_bars": limit, "bars_title": title, "bar_range": heights}


def _certificate_panel(coordinates: Range1d) -> Panel:
    stems = _empty("stems", "place", "z", "foot", "kind", "fill", "marker", "text")
    shown = Range1d(start=-1.08, end=1.08)
    plot = _plot(name="certificate", height=280, tools=TOOLS, x_range=coordinates, y_range=shown)
    for level, dash in ((-1, [6, 4]), (0, []), (1, [6, 4])):
        plot.add_layout(Span(location=level, dimension="width", line_color=GREY, line_width=1, line_dash=dash))
    lines = plot.segment("place", "foot", "place", "z", source=stems, line_width=2)
    marks = plot.scatter("place", "z", source=stems, marker="marker", size=9, fill_color="fill", line_width=1.5)
    plot.add_tools(HoverTool(renderers=[marks], tooltips=[("i", "@place"), ("value", "@text"), ("", "@kind")]))
    title = _title("(c) Certificate")
    plot.add_layout(Title(text="■ on the support of x°   ○ off it", align="right", **PLAIN), "above")
    plot.add_layout(title, "above")
    _coordinates(plot, "coordinate i", "(Aᵀν)ᵢ")
    models = {"stem_lines": lines, "stem_marks": marks, "stems_title": title, "certificate_range": shown}
    return plot, {"stems": stems} | models


def _empty(name: str, *columns: str) -> ColumnDataSource:
    return ColumnDataSource(data={column: [] for column in columns}, name=name)


def _plot(**options: Any) -> figure:
    plot = figure(sizing_mode="stretch_width", toolbar_location="right", min_border_left=60, **options)
    plot.toolbar.logo = None
    plot.toolbar.autohide = True
    plot.outline_line_color = None
    plot.grid.grid_line_color = "#e5e5e5"
    for axis in (plot.xaxis, plot.yaxis):
        axis.minor_tick_line_color = None
        axis.axis_label_text_font = axis.major_label_text_font = FONT
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_font_size = "13px"
        axis.major_label_text_font_size = "12px"
    return plot


def _title(text: str) -> Title:
    return Title(text=text, text_font=FONT, text_font_size="14px", text_font_style="bold")


def _legend(*labels_and_renderers: Any) -> Legend:
    """Of label, renderer, label, renderer, ...; in a row if there are several."""
    pairs = zip(labels_and_renderers[::2], labels_and_renderers[1::2], strict=True)
    items = [LegendItem(label=label, renderers=[renderer]) for label, renderer in pairs]
    look: dict[str, Any] = {"padding": 0, "margin": 2, "label_text_font": FONT, "border_line_color": None}
    return Legend(items=items, orientation="horizontal" if len(items) > 1 else "vertical", **look)


def _coordinates(plot: figure, x: str, y: str) -> None:
    plot.xaxis.axis_label = x
    plot.yaxis.axis_label = y
    plot.xaxis.ticker = BasicTicker(min_interval=1, mantissas=[1, 2, 5])
    plot.xgrid.grid_line_color = None
