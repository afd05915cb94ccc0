"""Each published claim: where it is tested, and its verdict from the tables. Nothing is typed in but words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from dlnflow.files.column_kinds import COUNTED, ROW_KEY
from dlnflow.files.tables import LARGE_COUNT, REAL, TEXT, Row, schema_of
from dlnflow.kit.claim import Claim, Tables, Verdict
from dlnflow.report.markdown import markdown_table, with_sections

CLAIMS_TABLE = schema_of(
    id=(TEXT, "short name", ROW_KEY),
    paper=(TEXT, "where it is published, or what it is derived from here"),
    statement=(TEXT, "the claim in our words"),
    tested=(TEXT, "the experiment, and which cells of it"),
    instances=(LARGE_COUNT, "curves, pairs of problems, or cells that were used", COUNTED),
    deviation=(REAL, "the worst of them; null without instances", COUNTED),
    typical=(REAL, "their median; null without instances", COUNTED),
    measure=(TEXT, "what the deviation is"),
    verdict=(
        TEXT,
        "holds, fails, not resolved (no instances, or the scales computed do not decide), or theorem: proved, and "
        "nothing that computing could test",
    ),
)
"""A row a claim."""

LEAST_SHOWN = 1e-12
"""Deviations below are rounding, whose digits differ between machines."""


def judged(claims: Iterable[Claim], tables: Tables) -> Iterator[Row]:
    """The rows of CLAIMS_TABLE. Without the tables that it needs a claim is not resolved, with 0 instances."""
    return (claim.row(tables) for claim in claims)


def claims_section(rows: Iterable[Row]) -> str:
    """The rows as a markdown table."""
    head = ("claim", "paper", "instances", "worst deviation", "verdict")
    cells = (
        (row["statement"], _linked(row["paper"]), f"{row['instances']}", _shown(row), row["verdict"]) for row in rows
    )
    return markdown_table(head, cells, numbers=[2])


def verdicts_section(rows: Iterable[Row]) -> str:
    """How many claims of each paper have which verdict, as a markdown table; one of two papers counts with each."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        paper = row["paper"]
        for name in ["derived here"] if paper.startswith("derived here") else paper.split("; "):
            counts.setdefault(name, Counter())[row["verdict"]] += 1
    found = [verdict for verdict in Verdict if any(count[verdict] for count in counts.values())]
    cells = ((_linked(paper), *(f"{count[verdict] or ''}" for verdict in found)) for paper, count in counts.items())
    return markdown_table(("claims of", *found), cells, numbers=range(1, 1 + len(found)))


def with_claims(text: str, rows: Iterable[Row]) -> str:
    """A text with its sections `claims` and `verdicts` rewritten, as `with_sections` does."""
    judged = list(rows)
    return with_sections(text, {"claims": claims_section(judged), "verdicts": verdicts_section(judged)})


def _linked(paper: str) -> str:
    return re.sub(r"arXiv:(\d+\.\d+)", r"[\1](https://arxiv.org/abs/\1)", paper)


def _shown(row: Row) -> str:
    if row["deviation"] is None:
        return ""
    deviation = row["deviation"]
    is_shown = deviation == 0 or abs(deviation) >= LEAST_SHOWN
    return f"{row['measure']}: " + (f"{deviation:.2g}" if is_shown else f"< {LEAST_SHOWN:g}")
