"""Figures from a command line: tables and options go in by the names of a drawing function's parameters."""

import argparse
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
from matplotlib.figure import Figure

from dlnflow.files.tables import read_frame
from dlnflow.kit.stage import Inputs, add_option, resolve


@dataclass(frozen=True)
class Drawing:
    """A function and its arguments, tables not read yet. output: the files of the figure."""

    draw: Callable[..., Figure]
    tables: dict[str, list[Path]]
    told: dict[str, Any]
    output: list[Path]
    shows_times: bool

    def figure(self) -> Figure:
        """Drawn from the tables."""
        return self.draw(**{name: read_frame(paths) for name, paths in self.tables.items()}, **self.told)


def read_drawing(place: str, words: list[str]) -> Drawing:
    """The drawing of a function, as module:name, that the words of a command line tell."""
    draw = resolve(place)
    hints = get_type_hints(draw, include_extras=True)
    parser = argparse.ArgumentParser(f"draw_figure {place}", description=inspect.getdoc(draw), allow_abbrev=False)
    parser.add_argument("--output", nargs="+", type=Path, required=True, help="the .pdf, .svg and .png to write")
    parser.add_argument("--shows-times", action="store_true", help="it is another one after each run")
    parameters = inspect.signature(draw).parameters
    for name, parameter in parameters.items():
        add_option(parser, parameter, Inputs if hints[name] is pd.DataFrame else hints[name])
    told = vars(parser.parse_args(words))
    output, shows_times = told.pop("output"), told.pop("shows_times")
    tables = {name: told.pop(name) for name in parameters if hints[name] is pd.DataFrame}
    return Drawing(draw, tables, told, output, shows_times)
