"""Each published claim: where it is tested, and its verdict from the tables. Nothing is typed in but words."""

import re
from collections.abc import Iterable, Iterator

import pyarrow as pa

from dlnflow import (
    claims_factorisation,
    claims_hardness,
    claims_laws,
    claims_layers,
    claims_programs,
    claims_rates,
    claims_recovery,
    claims_transport,
)
from dlnflow.claims_base import Claim, Tables
from dlnflow.tables import Row, schema_of

_TEXT, _REAL, _COUNT = pa.string(), pa.float64(), pa.int64()

CLAIMS: tuple[Claim, ...] = (
    *claims_rates.CLAIMS,
    *claims_laws.CLAIMS,
    *claims_recovery.CLAIMS,
    *claims_hardness.CLAIMS,
    *claims_layers.CLAIMS,
    *claims_factorisation.CLAIMS,
    *claims_programs.CLAIMS,
    *claims_transport.CLAIMS,
)
"""In the order of their table."""

CLAIMS_TABLE = schema_of(
    id=(_TEXT, "short name"),
    paper=(_TEXT, "where it is published, or what it is derived from here"),
    statement=(_TEXT, "the claim in our words"),
    tested=(_TEXT, "the experiment, and which cells of it"),
    instances=(_COUNT, "curves, pairs of problems, or cells that were used"),
    deviation=(_REAL, "the worst of them; null without instances"),
    typical=(_REAL, "their median; null without instances"),
    measure=(_TEXT, "what the deviation is"),
    verdict=(
        _TEXT,
        "holds, fails, not resolved (no instances, or the scales computed do not decide), or theorem: proved, and "
        "nothing that computing could test",
    ),
)
"""A row a claim."""

BEGIN, END = "<!-- claims: begin -->", "<!-- claims: end -->"

LEAST_SHOWN = 1e-12
"""Deviations below are rounding, whose digits differ between machines."""


def judge_claims(tables: Tables) -> Iterator[Row]:
    """The rows of CLAIMS_TABLE. Without the tables that it needs a claim is not resolved, with 0 instances."""
    return (claim.row(tables) for claim in CLAIMS)


def claims_section(rows: Iterable[Row]) -> str:
    """The rows as a markdown table."""
    head = ("claim", "paper", "instances", "worst deviation", "verdict")
    lines = [head, ("---", "---", "--:", "---", "---"), *map(_markdown_cells, rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def with_claims(text: str, rows: Iterable[Row]) -> str:
    """A text with the section between its lines BEGIN and END rewritten. Raises ValueError if there is none."""
    pattern = rf"^{re.escape(BEGIN)}\n(.*?)^{re.escape(END)}$"
    found = list(re.finditer(pattern, text, re.MULTILINE | re.DOTALL))
    if len(found) != 1 or text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"expected one line {BEGIN} and after it one line {END}")
    start, stop = found[0].span(1)
    return f"{text[:start]}{claims_section(rows)}{text[stop:]}"


def _markdown_cells(row: Row) -> tuple[str, ...]:
    links = re.sub(r"arXiv:(\d+\.\d+)", r"[\1](https://arxiv.org/abs/\1)", row["paper"])
    cells = (row["statement"], links, f"{row['instances']}", _shown(row), row["verdict"])
    return tuple(cell.replace("|", r"\|") for cell in cells)


def _shown(row: Row) -> str:
    if row["deviation"] is None:
        return ""
    size = abs(row["deviation"])
    return f"{row['measure']}: " + (f"{row['deviation']:.2g}" if size == 0 or size >= LEAST_SHOWN else "< 1e-12")
