"""What the report sums up of a table: measures of a group of its rows, a number each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Measure = Callable[["pd.DataFrame"], Any]
"""rows of one group -> a number, or None where there is none"""


def count(rows: "pd.DataFrame") -> int:
    return len(rows)


def with_status(*statuses: str) -> Measure:
    return lambda rows: int(rows["status"].isin(statuses).sum())


def but(*statuses: str) -> Measure:
    return lambda rows: int((~rows["status"].isin(statuses)).sum())


def of(column: str, how: str) -> Measure:
    """min, max, median or mean of a column, without what is missing."""
    return lambda rows: getattr(rows[column].dropna().astype(float), how)()


def true(column: str) -> Measure:
    return lambda rows: int(rows[column].fillna(False).astype(bool).sum())


def share(column: str) -> Measure:
    return lambda rows: float(rows[column].astype(float).mean())


def worst(first: str, second: str) -> Measure:
    """The largest distance of two columns."""
    return lambda rows: (rows[first] - rows[second]).abs().max()


def worst_of(column: str) -> Measure:
    return lambda rows: rows[column].abs().max()


def at_smallest(column: str) -> Measure:
    """The median of a column over the cells of the smallest scale."""
    return lambda rows: rows.loc[rows["log10_scale"] == rows["log10_scale"].min(), column].median()


def answered(rows: "pd.DataFrame") -> int:
    return int(rows["is_answered"].sum())


def wrong(rows: "pd.DataFrame") -> int:
    return int((rows["is_answered"] & (rows["log10_error"] > -1)).sum())


@dataclass(frozen=True)
class Summary:
    """One table: a row a group, a column a measure."""

    table: str
    """of results/tables/, without its ending"""

    title: str
    by: Mapping[str, str]
    """column -> its heading"""

    measures: Mapping[str, Measure]
    intro: str = ""
