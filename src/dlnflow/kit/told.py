"""What a job is told of the config, as the options of a command line; `stage` reads them."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from dlnflow.arithmetic.exact import to_text


def options(told: Mapping[str, Any]) -> str:
    """The options that say name -> value: what is None, False or an empty list is left out."""
    words: list[str] = []
    for name, value in told.items():
        several = isinstance(value, Iterable) and not (isinstance(value, str | Mapping) or hasattr(value, "as_json"))
        values = list(value) if several else [value]
        if value is None or value is False or not values:
            continue
        words.append(f"--{name.replace('_', '-')}")
        words += [] if value is True else map(_text, values)
    return shlex.join(words)


def _text(value: Any) -> str:
    if isinstance(value, Fraction):
        return to_text(value)
    if hasattr(value, "as_json"):
        return str(value.as_json())
    if isinstance(value, Mapping):
        return json.dumps(value)
    if is_dataclass(value):
        return _adapter(value.__class__).dump_json(value).decode()
    return str(value)


@cache
def _adapter(kind: Any) -> "TypeAdapter[Any]":
    return TypeAdapter(kind)
