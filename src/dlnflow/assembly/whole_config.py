"""The config that a run follows, whole: what was typed, with every default filled in and every range spelled out."""

import re
from fractions import Fraction
from typing import Any

import yaml

from dlnflow.arithmetic.exact import to_text
from dlnflow.assembly.config import Config

_RATIO = re.compile(r"-?[0-9]+/[0-9]+")
_QUOTED_NUMBER = re.compile(r"'(-?[0-9]{1,12}(?:\.[0-9]{1,12})?(?:e-?[0-9]+)?)'")


def as_yaml(config: Config) -> str:
    """The config as text that is a config again, and the same one."""
    # lists that are tuples by now are what the models make of them: no reason to warn
    values = _plain(config.model_dump(exclude_none=True, warnings=False))
    text = yaml.dump(values, default_flow_style=None, sort_keys=False, allow_unicode=True, width=110)
    # a problem may be called 2024, and only quotes tell that from the number
    return _QUOTED_NUMBER.sub(lambda quoted: quoted[0] if quoted[1] in config.problems else quoted[1], text)


def _plain(value: Any) -> Any:
    """Lists and dictionaries of text and numbers, exact ones as they may be typed."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Fraction) or (isinstance(value, str) and _RATIO.fullmatch(value)):
        return to_text(Fraction(value))
    return value
