"""What the interactive page shows: cells beside the minimiser that their depth selects, with their certificates."""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlnflow.arithmetic.exact import ratio_to_text
from dlnflow.experiments.named_problems.minimisers import read_minimiser
from dlnflow.experiments.named_problems.tables import RESULTS
from dlnflow.files.column_kinds import kind_of
from dlnflow.files.instance_files import Block
from dlnflow.files.tables import COUNT, TEXT, VECTOR, Row, columns_of, schema_of
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.problems.problem import Problem

MOST_FEATURES = 64
"""Vectors of longer ones are no bars that can be told apart."""

MOST_TRIALS = 4
"""Instances of one problem."""


_OF_THE_CELL = (
    *("problem", "trial", "depth", "exact_depth", "scale", "log10_scale", "method", "engine", "status", "residual"),
    *("log10_radius", "log10_error", "exponent", "log10_constant", "iterations", "precision_bits", "x"),
)

EXPLORED = schema_of(
    "problem features trial method depth exponent -log10_scale",
    **columns_of(RESULTS, _OF_THE_CELL),
    instance=(TEXT, "the first twelve digits of a hash of the exact A and y"),
    trials=(COUNT, "instances of the problem in all, of which the first few are here"),
    features=(COUNT, "n"),
    certificate=(
        VECTOR,
        "(n,) A^T nu, at depth 2 over log(1/eps); null at its scale 1, where the limit needs none, and like x "
        "where n is large",
        kind_of(RESULTS.field("nu")),
    ),
    selected=(VECTOR, "(n,) the exact minimiser that the depth selects, rounded; null likewise"),
)
"""A row a cell of an experiment."""


def explored_rows(cells: Iterable[Row], minimisers: Iterable[Row], blocks: Iterable[Block]) -> Iterator[Row]:
    """The rows of EXPLORED for the instances of the blocks up to MOST_TRIALS of each problem.

    cells: rows of `tables.RESULTS`; minimisers: of `tables.MINIMISERS`.
    """
    instances = {
        (block.name, trial): problem for block in blocks for trial, problem in block.instances() if trial < MOST_TRIALS
    }
    exact = {(row["problem"], row["trial"]): row for row in minimisers}
    cells = list(cells)
    trials = {cell["problem"]: cell["trial"] + 1 for cell in sorted(cells, key=lambda cell: cell["trial"])}
    beside: dict[tuple[str, int, str], _Beside] = {}
    for cell in cells:
        instance = (cell["problem"], cell["trial"])
        if instance not in instances:
            continue
        key = (*instance, cell["exact_depth"])
        if key not in beside:
            beside[key] = _Beside.of(instances[instance], exact[instance], cell["exact_depth"])
        yield (
            {name: cell[name] for name in _OF_THE_CELL}
            | {"trials": trials[cell["problem"]]}
            | beside[key].columns(cell)
        )


@dataclass(frozen=True)
class _Beside:
    """What cells of one instance and depth have in common."""

    problem: Problem
    instance: str
    selected: list[float] | None
    """None where there are too many features to show."""

    @classmethod
    def of(cls, problem: Problem, minimiser: Row, depth: str) -> "_Beside":
        small = problem.features <= MOST_FEATURES
        selected = selected_minimiser(read_minimiser(minimiser), depth).x_float.tolist() if small else None
        return cls(problem, digest(problem), selected)

    def columns(self, cell: Mapping[str, Any]) -> Row:
        """The columns that stand beside those of the cell, and x."""
        shown = self.selected is not None
        return {
            "instance": self.instance,
            "features": self.problem.features,
            "x": cell["x"] if shown else None,
            "certificate": self._certificate(cell) if shown else None,
            "selected": self.selected,
        }

    def _certificate(self, cell: Mapping[str, Any]) -> list[float] | None:
        if cell["nu"] is None or (cell["depth"] == 2 and cell["log10_scale"] == 0):
            return None
        if (
            not any(cell["nu"]) and cell["log10_scale"] < 0
        ):  # `limit` had no need of one: a single x satisfies A x = y, x >= 0
            return None
        unit = -cell["log10_scale"] * math.log(10) if cell["depth"] == 2 else 1.0
        z: list[float] = (self.problem.A.T @ np.array(cell["nu"]) / unit).tolist()
        return z


def digest(problem: Problem) -> str:
    """Twelve hexadecimal digits of the exact data."""
    entries = [*(entry for row in problem.rational_A for entry in row), *problem.rational_y]
    shape = f"{problem.measurements} {problem.features} {problem.nonnegative}"
    text = " ".join([shape, *map(ratio_to_text, entries)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
