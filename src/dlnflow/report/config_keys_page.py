"""The keys of the config as markdown tables, from the schema that its model generates."""

from collections.abc import Iterator
from typing import Any

from dlnflow.report.markdown import markdown_table

Schema = dict[str, Any]


def keys_section(schema: Schema) -> str:
    """A table of the top level, then one of each kind of entry, in the order in which they are met."""
    parts = [_table(schema, schema)]
    for name in dict.fromkeys(_entries(schema, schema)):
        entry = schema["$defs"][name]
        parts.append(f"### {name}\n\n{_first_paragraph(entry)}\n\n{_table(entry, schema)}")
    return "\n".join(parts)


def _table(entry: Schema, schema: Schema) -> str:
    required = entry.get("required", [])
    rows = (
        (f"`{key}`", _meaning(value, schema), "required" if key in required else _default(value))
        for key, value in entry["properties"].items()
    )
    return markdown_table(("key", "meaning", "default"), rows)


def _meaning(value: Schema, schema: Schema) -> str:
    entries = [name for name in _references(value) if "properties" in schema["$defs"][name]]
    links = ", ".join(f"[{name}](#{name.lower()})" for name in dict.fromkeys(entries))
    choices = ", ".join(f"`{choice}`" for choice in dict.fromkeys(_choices(value)))
    return ": ".join(part for part in (value.get("description", ""), links or choices) if part)


def _default(value: Schema) -> str:
    default = value.get("default")
    return "" if default is None or default in ({}, []) else f"`{_short(default)}`"


def _short(default: Any) -> str:
    """A default as it is typed; a power of ten in short."""
    text = str(default).replace("'", "")
    digits = text.removeprefix("1/1")
    return f"1e-{len(digits)}" if text.startswith("1/10") and set(digits) == {"0"} else text


def _entries(entry: Schema, schema: Schema) -> Iterator[str]:
    """The names of the entries below one, depth first; a schema of the config has no cycles."""
    for name in _references(entry.get("properties", {})):
        below = schema["$defs"][name]
        if "properties" in below:
            yield name
        yield from _entries({"properties": below}, schema)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in value.items():
            if key == "$ref":
                yield inside.rsplit("/", 1)[1]
            else:
                yield from _references(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _references(inside)


def _choices(value: Any) -> Iterator[str]:
    """The texts that a key may hold, if they are listed."""
    if isinstance(value, dict):
        yield from (text for text in (value.get("const"), *value.get("enum", [])) if isinstance(text, str))
        for key in ("items", "anyOf", "oneOf"):
            yield from _choices(value.get(key))
    elif isinstance(value, list):
        for inside in value:
            yield from _choices(inside)


def _first_paragraph(entry: Schema) -> str:
    return entry.get("description", "").split("\n\n")[0].replace("\n", " ")
