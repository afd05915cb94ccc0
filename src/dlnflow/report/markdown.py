"""Markdown that the code writes: tables, and the sections of a page between their marker lines."""

import re
from collections.abc import Iterable, Mapping, Sequence


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """A table whose columns `numbers` are set to the right; bars in cells are escaped."""
    right = set(numbers)
    rule = ["--:" if column in right else "---" for column in range(len(head))]
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *escaped))


def with_sections(text: str, sections: Mapping[str, str]) -> str:
    """A text with what stands between <!-- name: begin --> and <!-- name: end --> rewritten, for each name it has.

    Raises ValueError if it has none of them, or a broken one.
    """
    written = text
    held = [name for name in sections if f"<!-- {name}: begin -->" in text or f"<!-- {name}: end -->" in text]
    if not held:
        raise ValueError(f"expected one line <!-- {' or '.join(sections)}: begin --> and after it one line with end")
    for name in held:
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        found = list(re.finditer(rf"^{begin}\n(.*?)^{end}$", written, re.MULTILINE | re.DOTALL))
        if len(found) != 1 or text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"expected one line {begin} and after it one line {end}")
        start, stop = found[0].span(1)
        written = f"{written[:start]}{sections[name]}{written[stop:]}"
    return written
