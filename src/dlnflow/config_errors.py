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
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is not valid YAML: {error}") from None
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{name}{line}: not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{name} is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError(f"{name} holds no keys, expected a mapping with the key problems")
    for problem in _misreadings(node):
        raise ConfigError(f"{name}, {problem}")


def _misreadings(node: yaml.Node, above: tuple[yaml.Node, ...] = ()) -> Iterator[str]:
    line = f"line {node.start_mark.line + 1}"
    if any(node is parent for parent in above):
        yield f"{line}: an alias refers to what it stands in"
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"line {key.start_mark.line + 1}: the key {key.value!r} stands twice, expected once"
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
            yield from _misreadings(value, (*above, node))
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _misreadings(entry, (*above, node))
    elif isinstance(node, yaml.ScalarNode) and node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float"):
        read = yaml.safe_load(node.value)
        try:
            same = parse_number(node.value) == parse_number(repr(read) if isinstance(read, float) else read)
        except ValueError:
            same = False
        if not same:
            yield f"{line}: {node.value} would be read as {read!r}, expected a decimal (or text in quotes)"


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
    "too_short": "at least one entry",
}


def _sentence(detail: Any) -> str:
    key, found = _key(detail["loc"]), _shorten(detail["input"])
    cause = detail.get("ctx", {}).get("error")
    match detail["type"]:
        case "value_error" if isinstance(cause, ConfigError) or not key:
            return str(cause)
        case "value_error" if isinstance(detail["input"], Mapping) or str(cause).startswith(repr(detail["input"])):
            return f"{key}: {cause}"
        case "value_error":
            return f"{key} is {found}: {cause}"
        case "missing":
            return f"{key} is missing, expected among the keys of {key.rpartition('.')[0] or 'the config'}"
        case "problem_kind":
            return f"{key} is {found}: {detail['msg']}"
        case "greater_than_equal" | "less_than_equal" as kind:
            bound = "at least" if kind == "greater_than_equal" else "at most"
            return f"{key} is {found}, expected {bound} {next(iter(detail['ctx'].values()))}"
        case _ if detail["loc"][-1:] == ("[key]",):
            return (
                f"{_key(detail['loc'][:-2])}: a name is {found}, expected letters, digits, '.', '_' and '-', "
                "the first a letter or a digit, in quotes where YAML reads it as something else"
            )
        case kind if kind in _EXPECTED:
            return f"{key} is {found}, expected {_EXPECTED[kind]}"
        case _:
            return f"{key} is {found}, {detail['msg'].replace('Input should be', 'expected')}"


def _key(location: tuple[int | str, ...]) -> str:
    text = ""
    for place, part in enumerate(location):
        if location[0] == "problems" and place == 1:
            text += f".{part}"
        elif isinstance(part, int):
            text += f"[{part}]"
        elif part != "[key]" and not _is_tag(part):
            text += f".{part}" if text else part
    return text


def _is_tag(part: str) -> bool:
    """Whether pydantic, not the user, put this part there: the branch of a union that it tried."""
    return (
        part in ("list", "range", "str")
        or part.endswith(("Problem", "Program", "Network"))
        or part.startswith(("list[", "function-"))
    )


def _shorten(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, Fraction):
        value = float(value)
    text = repr(dict(value) if isinstance(value, Mapping) else value)
    return text if len(text) <= 80 else text[:77] + "..."
