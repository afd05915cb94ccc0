"""Pages of the report that hold tables and text: HTML that stands alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

_STYLE = """
body { margin: 0 auto; max-width: 1200px; padding: 12px 24px 40px; color: #222; background: white;
       font: 14px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 8px 0; font-size: 20px; font-weight: 600; }
h2 { margin: 24px 0 4px; font-size: 16px; font-weight: 600; }
p { margin: 0 0 8px; max-width: 900px; }
pre { font-size: 12.5px; line-height: 1.4; }
table { border-collapse: collapse; margin: 8px 0; font-size: 13px; }
th, td { padding: 3px 14px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e5e5e5; }
th { color: #555; font-weight: 600; border-bottom: 1px solid #999; vertical-align: bottom; }
td.number, td.short { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
"""


@dataclass(frozen=True)
class Part:
    """A heading, a sentence or two, and a table or a text under it."""

    title: str = ""
    intro: str = ""
    head: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = field(default=())
    text: str = ""
    """As it is, in a fixed width."""

    def html(self) -> str:
        """The part as HTML."""
        found = [f"<h2>{escape(self.title)}</h2>" if self.title else ""]
        found.append(f"<p>{escape(self.intro)}</p>" if self.intro else "")
        found.append(_table(self.head, self.rows) if self.head else "")
        found.append(f"<pre>{escape(self.text)}</pre>" if self.text else "")
        return "\n".join(filter(None, found))


def page(title: str, intro: str, parts: Iterable[Part]) -> str:
    """A whole page."""
    body = "\n".join(part.html() for part in parts)
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>
<body>
<h1>{escape(title)}</h1>
<p>{escape(intro)}</p>
{body}
</body>
</html>
"""


def shown(value: Any) -> str:
    """A cell of a table as text: nothing for what is missing, three digits of a float."""
    if value is None or value != value:  # nan is not itself
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    keys = [_class([row[i] for row in rows]) for i in range(len(head))]
    top = "".join(f"<th{key}>{escape(name)}</th>" for key, name in zip(keys, head, strict=True))
    lines = (
        "".join(f"<td{key}>{escape(shown(value))}</td>" for key, value in zip(keys, row, strict=True)) for row in rows
    )
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>\n<tr>{top}</tr>\n{body}\n</table>"


def _class(column: Sequence[Any]) -> str:
    """Numbers stand to the right; they, and what is about as short, are not broken into lines."""
    if all(value is None or isinstance(value, int | float) for value in column):
        return ' class="number"'
    return ' class="short"' if max(len(shown(value)) for value in column) <= 14 else ""
