"""The report's summary of an experiment, a few tables computed from those of its cells."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

from dlnflow.kit.measures import Summary
from dlnflow.report.html import Part, page


def summary_page(experiment: str, summaries: Sequence[Summary], frames: Mapping[str, "pd.DataFrame"]) -> str:
    """The page of an experiment, from its tables by name, of which some may be missing."""
    parts = [part_of(summary, frames[summary.table]) for summary in summaries if summary.table in frames]
    return page(
        f"Summary of {experiment.replace('_', ' ')}",
        "Computed from the tables of this run (results/tables/, which hold every cell). Logarithms are to base 10.",
        parts,
    )


def part_of(summary: Summary, frame: "pd.DataFrame") -> Part:
    """One table, as a part of a page."""
    # in the order of the table
    groups = frame.groupby(list(summary.by), sort=False, dropna=False)
    rows = [
        [*(_plain(key) for key in keys), *(_plain(measure(rows)) for measure in summary.measures.values())]
        for keys, rows in groups
    ]
    return Part(summary.title, summary.intro, [*summary.by.values(), *summary.measures], rows)


def _plain(value: Any) -> Any:
    """Numbers as Python's own, counts whole."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if value != value:
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
