"""What is said of a mistake in a config: one sentence with the key, the value found and what was expected."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dlnflow.exact import parse_number


class ConfigError(ValueError):
    """A mistake in the config, in one sentence."""


def check_file(path: Path | str, name: str | None = None) -> None:
    """Refuse what YAML would misread without a word: a key given twice, a number that is not the one typed.

    Raises ConfigError naming the file (by `name`, if given) and the line.
    """
    name = name or str(path)
    try:
        node = yaml.compose(Path(path).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name} is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError(f"{name} holds no keys, expected a mapping with the key problems")
    for problem in _misreadings(node):
        raise ConfigError(f"{name}, {problem}")


def _misreadings(node: yaml.Node) -> Iterator[str]:
    line = f"line {node.start_mark.line + 1}"
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"line {key.start_mark.line + 1}: the key {key.value!r} stands twice, expected once"
            seen.add(key.value)
            yield from _misreadings(value)
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _misreadings(entry)
    elif isinstance(node, yaml.ScalarNode) and node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float"):
        read = yaml.safe_load(node.value)
        try:
            same = parse_number(node.value) == parse_number(repr(read) if isinstance(read, float) else read)
        except ValueError:
            same = False
        if not same:
            yield f"line {line[5:]}: {node.value} would be read as {read!r}; write it as \"...\" or as a decimal"


def describe(error: ValidationError) -> str:
    """The first mistake of a validation, and how many more there are."""
    details = error.errors()
    rest = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return _sentence(details[0]) + rest


def _sentence(detail: Any) -> str:
    key, found = _key(detail["loc"]), _shorten(detail["input"])
    cause = detail.get("ctx", {}).get("error")
    match detail["type"]:
        case "value_error" if isinstance(cause, ConfigError):
            return str(cause)
        case "value_error" if isinstance(detail["input"], Mapping):
            return f"{key}: {cause}"
        case "value_error":
            return f"{key} is {found}: {cause}"
        case "missing":
            return f"{key} is missing"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{key} is {found}, expected a mapping of keys to values"
        case "too_short":
            return f"{key} is {found}, expected at least one entry"
        case "problem_kind":
            return f"{key} is {found}: {detail['msg']}"
        case "string_pattern_mismatch":
            return f"{key}: the name {found}, expected letters, digits, '.', '_' and '-', the first a letter or a digit"
        case _:
            return f"{key} is {found}, {detail['msg'].replace('Input should be', 'expected')}"


def _key(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part != "[key]" and not _is_tag(part):
            text += f".{part}" if text else part
    return text or "the config"


def _is_tag(part: str) -> bool:
    """Whether pydantic, not the user, put this part there: the branch of a union that it tried."""
    return part in ("list", "range", "str") or part.endswith("Problem") or part.startswith(("list[", "function-"))


def _shorten(value: Any) -> str:
    if isinstance(value, Fraction):
        value = float(value)
    text = repr(dict(value) if isinstance(value, Mapping) else value)
    return text if len(text) <= 80 else text[:77] + "..."
