"""What is said of a mistake in a config: one sentence with the key, the value found and what was expected."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from dlnflow.arithmetic.exact import to_text
from dlnflow.arithmetic.quoting import one_line, shortened, shown

MOST_CHARACTERS = 600
"""Of a sentence; the longest list the keys of an experiment, or name a file in a deep folder."""


class ConfigError(ValueError):
    """A mistake in the config, in one sentence on one line."""

    def __init__(self, sentence: str) -> None:
        super().__init__(shortened(one_line(sentence), MOST_CHARACTERS))


def describe(error: ValidationError) -> str:
    """The first mistake of a validation, and how many more there are."""
    # where text would do in place of a list, pydantic says so too
    details = [detail for detail in error.errors() if detail["loc"][2:][-1:] != ("str",)] or error.errors()
    rest = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return _sentence(details[0]) + rest


_EXPECTED = {
    "list_type": "a list",
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "model_type": "a mapping of keys to values",
    "dict_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}
_BOUNDS = {"greater_than_equal": "at least", "less_than_equal": "at most"}
_LENGTHS = {"too_short": ("at least", "min_length"), "too_long": ("at most", "max_length")}


def _sentence(detail: Any) -> str:
    key, found = _key(detail["loc"]), _found(detail["input"])
    context = detail.get("ctx", {})
    cause = context.get("error")
    match detail["type"]:
        case "value_error" if isinstance(cause, ConfigError) or not key:
            return str(cause)
        case "value_error" if isinstance(detail["input"], Mapping) or str(cause).startswith(found):
            return f"{key}: {cause}"
        case "value_error":
            return f"{key} is {found}: {cause}"
        case "missing":
            return f"{key} is missing, expected among the keys of {key.rpartition('.')[0] or 'the config'}"
        case "problem_kind":
            return f"{key} is {found}: {detail['msg']}"
        case kind if kind in _BOUNDS:
            return f"{key} is {found}, expected {_BOUNDS[kind]} {next(iter(context.values()))}"
        case kind if kind in _LENGTHS:
            said, bound = _LENGTHS[kind]
            entries = "one entry" if context[bound] == 1 else f"{context[bound]} entries"
            return f"{key} is {found}, expected {said} {entries}"
        case _ if detail["loc"][-1:] == ("[key]",):
            return f"{_key(detail['loc'][:-2])}: a name is {found}, expected {_name_of(detail['loc'])}"
        case kind if kind in _EXPECTED:
            return f"{key} is {found}, expected {_EXPECTED[kind]}"
        case _:
            return f"{key} is {found}, {detail['msg'].replace('Input should be', 'expected')}"


_PLAIN = re.compile(r"[\w.-]{1,100}")


def _name_of(location: tuple[int | str, ...]) -> str:
    """What may stand as a name there."""
    if location[0] == "problems":
        said = "letters, digits, '.', '_' and '-', the first a letter or a digit"
    else:
        said = "small letters, digits and '-', the first a letter"
    return f"{said}, 100 at most, in quotes where YAML reads it as something else"


def _key(location: tuple[int | str, ...]) -> str:
    text = ""
    for place, part in enumerate(location):
        is_name = location[0] == "problems" and place == 1
        if isinstance(part, int):
            text += f"[{part}]"
        elif is_name or not _is_tag(part, location[0] == "problems"):
            said = part if _PLAIN.fullmatch(part) else shown(part)
            text += f".{said}" if text else said
    return text


def _is_tag(part: str, has_texts: bool) -> bool:
    """Whether pydantic, not the user, put this part there: the branch of a union that it tried.

    has_texts: whether text may stand in place of a list there.
    """
    is_class = len(part) > 1 and part[0].isupper()  # names but those of problems begin with a small letter
    return is_class or part == "[key]" or part.startswith("<") or (has_texts and part.startswith(("str", "list[")))


def _found(value: Any) -> str:
    return to_text(value) if isinstance(value, Fraction) else shown(value)
