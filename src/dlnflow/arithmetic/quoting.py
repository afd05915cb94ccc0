"""How a value that somebody typed is quoted in a sentence: short, on one line, and as its author knows it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

MOST_CHARACTERS = 80
"""Of a quoted value, about a line."""


def shown(value: Any) -> str:
    """The value in at most MOST_CHARACTERS: its repr, but for what YAML knows by another name."""
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        value = dict(value)
    try:
        text = str(value) if isinstance(value, date) else repr(value)
    except ValueError:  # Python prints no integer of more than 4300 digits
        text = "a number of thousands of digits"
    return shortened(one_line(text), MOST_CHARACTERS)


def shortened(text: str, most: int) -> str:
    """The text, its end left out beyond so many characters."""
    return text if len(text) <= most else text[: most - 3] + "..."


def one_line(text: str) -> str:
    """The text without what would break a line or a terminal: white space is one blank, the rest is escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in " ".join(text.split())
    )
