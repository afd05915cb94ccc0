"""The config as a file: what YAML cannot read, and what it would read as something else than was typed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dlnflow.arithmetic.exact import parse_number
from dlnflow.arithmetic.quoting import shown
from dlnflow.config.errors import ConfigError

MOST_ENTRIES = 10**6
"""Of a config, those behind an alias counted wherever it stands."""


def check_file(path: Path | str, name: str | None = None) -> None:
    """Refuse what cannot be read, and what would be misread without a word: a key given twice, a number or a text that
    is not the one typed.

    Raises ConfigError naming the file (by `name`, if given) and the line.
    """
    name = name or str(path)
    text = _text(Path(path), name)
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode) or not node.value:
            raise ConfigError(f"{name} holds no keys, expected a mapping with the key problems")
        for problem in _misreadings(node):
            raise ConfigError(f"{name}, {problem}")
        if _entries(node, {}) > MOST_ENTRIES:
            raise ConfigError(f"{name} stands for more than {MOST_ENTRIES} entries by its aliases, expected fewer")
        loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{name}{line}: not valid YAML: {_reason(error)}") from None
    except RecursionError:
        raise ConfigError(f"{name} nests too deeply to be read, expected a few levels of keys and lists") from None
    _check_json(text, name)


def _text(path: Path, name: str) -> str:
    try:
        if path.exists() and not path.is_file():
            raise ConfigError(f"{name} is a {'folder' if path.is_dir() else 'device'}, expected a YAML file")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error.strerror}, expected a YAML file") from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{name} is no text: byte {error.start + 1} is {error.object[error.start]:#04x}, expected YAML in UTF-8"
        ) from None
    if strange := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise ConfigError(f"{name}, line {line}: not valid YAML: the character {strange[0]!r}, expected plain text")
    return text


def _reason(error: yaml.MarkedYAMLError) -> str:
    """What a parser of YAML found, in what, and what it expected."""
    if "another document" in str(error.problem):
        return "there is another document, expected one"
    reason = f"{error.problem} {error.context or ''}".strip()
    return reason if "expected" in reason.replace("unexpected", "") else f"{reason}, expected plain YAML"


def _check_json(text: str, name: str) -> None:
    """Refuse numbers that Snakemake would misread in a config that is JSON, which it tries before YAML."""

    def number(typed: str) -> float:
        if not _is_same(typed, float(typed)):
            raise ConfigError(f"{name}: {shown(typed)[1:-1]} would be read as {float(typed)!r}, expected it in quotes")
        return float(typed)

    try:
        json.loads(text, parse_float=number)
    except json.JSONDecodeError:
        return


_TAG = "tag:yaml.org,2002:"
_READ = {_TAG + kind for kind in ("null", "bool", "int", "float", "str", "seq", "map", "merge")}
"""What a config is made of."""


def _misreadings(node: yaml.Node, above: tuple[yaml.Node, ...] = (), seen: set[int] | None = None) -> Iterator[str]:
    """What would be read as something else, each node once."""
    line = f"line {node.start_mark.line + 1}"
    seen = set() if seen is None else seen
    if any(node is parent for parent in above):
        yield f"{line}: an alias refers to what it stands in, expected one to something else"
    elif id(node) in seen:
        return
    elif node.tag.endswith(":timestamp"):
        yield f"{line}: {shown(node.value)} would be read as a date, expected a number, or text in quotes"
    elif node.tag not in _READ:
        yield f"{line}: the tag {shown(node.tag.removeprefix(_TAG))}, expected plain values"
    elif isinstance(node, yaml.MappingNode):
        yield from _misread_keys(node)
        for key, value in node.value:
            yield from _misreadings(key, (*above, node), seen)
            yield from _misreadings(value, (*above, node), seen)
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _misreadings(entry, (*above, node), seen)
    elif node.tag in (f"{_TAG}int", f"{_TAG}float"):
        yield from (f"{line}: {problem}" for problem in _misread_number(node.value))
    seen.add(id(node))


def _misread_keys(node: yaml.MappingNode) -> Iterator[str]:
    seen: set[str] = set()
    for key, _ in node.value:
        line = f"line {key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            yield f"{line}: a key is a list or a mapping, expected text"
        elif key.value in seen:
            yield f"{line}: the key {shown(key.value)} stands twice, expected once"
        elif key.value == "__use_yte__":
            yield f"{line}: the key '__use_yte__' makes a template of the file, expected plain YAML"
        else:
            seen.add(key.value)


def _misread_number(typed: str) -> Iterator[str]:
    try:
        read = yaml.safe_load(typed)
    except ValueError:
        yield f"{shown(typed)} has {len(typed)} digits, expected fewer"
        return
    if not _is_same(typed, read):
        yield f"{shown(typed)[1:-1]} would be read as {shown(read)}, expected a decimal (or text in quotes)"


def _is_same(typed: str, read: Any) -> bool:
    try:
        return parse_number(typed) == parse_number(repr(read) if isinstance(read, float) else read)
    except ValueError:
        return False


def _entries(node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes there are from this one on down, each wherever an alias puts it."""
    if id(node) not in known:
        parts = node.value if isinstance(node, yaml.CollectionNode) else []
        below = [part for entry in parts for part in (entry if isinstance(entry, tuple) else (entry,))]
        known[id(node)] = 1 + sum(_entries(part, known) for part in below)
    return known[id(node)]
