"""Sound configs, the places in them, and what is asked of the sentence by which a malformed one is refused."""

import copy
import json
import re

import jsonschema
import yaml
from places import ROOT

from dlnflow.config.errors import MOST_CHARACTERS

SCHEMA = json.loads((ROOT / "workflow" / "schemas" / "config.schema.json").read_text(encoding="utf-8"))
FILES = [ROOT / "config.yaml", *sorted((ROOT / "workflow" / "presets").glob("*.yaml"))]
IS_VALID = jsonschema.Draft202012Validator(SCHEMA).is_valid
"""The schema's own word, by another library's reading of it: the oracle wherever a schema can know."""

# words of Python, of pydantic and of its models, which nobody who writes a config knows
FOREIGN = re.compile(
    r"Traceback|Input should|type=|value_error|pydantic|validation|<class|datetime|OrderedDict|Fraction\(|PosixPath"
    r"|Errno|NoneType|function-|list\[|dict\[|object at 0x|codec|set_int_max|<list>|<range>|\bNone\b|"
    + "|".join(rf"\b{name}\b" for name in SCHEMA["$defs"])
)


def faults(sentence, source):
    """What is wrong with a sentence that refuses, [] if nothing is."""
    found = []
    if not sentence.startswith(source):
        found.append(f"does not begin with {source}")
    if not sentence.isprintable():
        found.append("is more than a line")
    if len(sentence) > MOST_CHARACTERS:
        found.append(f"has {len(sentence)} characters")
    if "expected" not in sentence:
        found.append("does not say what was expected")
    if sentence[-1] in " :,;":
        found.append("does not end")
    if word := FOREIGN.search(re.sub(r"'[^']*'", "", sentence)):  # but for what is quoted
        found.append(f"speaks of {word[0]}")
    return found


def _references(schema):
    """The names of the definitions that a schema may be."""
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    return [name for kind in ("anyOf", "oneOf", "allOf") for part in schema.get(kind, ()) for name in _references(part)]


def _children(schema):
    """(keys, definition) of what may stand below a mapping; a name that the user chooses is "added"."""
    for key, value in schema.get("properties", {}).items():
        yield from (((key,), name) for name in _references(value))
        branches = [value, *value.get("anyOf", ())]
        for named in [part for branch in branches for part in branch.get("patternProperties", {}).values()]:
            yield from (((key, "added"), name) for name in _references(named))


def _places(most=6):
    """Definition -> the chains of (keys, definition) that lead to it from the top, few of each."""
    found, ahead = {}, [((), SCHEMA)]
    while ahead:
        chain, schema = ahead.pop(0)
        for keys, name in _children(schema):
            if len(found.setdefault(name, [])) < most:
                found[name].append((*chain, (keys, name)))
                ahead.append((found[name][-1], SCHEMA["$defs"][name]))
    return found


PLACES = _places()
EXAMPLES = [(name, k) for name, schema in SCHEMA["$defs"].items() for k in range(len(schema["examples"]))]


def configs_with(name, k):
    """Whole configs made of the schema's examples, the k-th of a definition where that may stand."""
    for chain in PLACES[name]:
        config = copy.deepcopy(SCHEMA["examples"][0])
        at = config
        for depth, (keys, kind) in enumerate(chain):
            example = SCHEMA["$defs"][kind]["examples"][k if depth == len(chain) - 1 else 0]
            for key in keys[:-1]:
                at = at.setdefault(key, {})
            at[keys[-1]] = copy.deepcopy(example)
            at = at[keys[-1]]
        yield config, tuple(key for keys, _ in chain for key in keys)


def slices():
    """The repository's configs, an experiment at a time with the problems."""
    for path in FILES:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key in values:
            if key not in ("problems", "seed"):
                yield f"{path.stem}: {key}", {"problems": values["problems"], key: values[key]}


def places(values, above=()):
    """(path, value) of every entry below a config, parents first."""
    pairs = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, value in pairs:
        yield (*above, key), value
        yield from places(value, (*above, key))


def changed(config, path, change):
    """A copy of the config in which change(parent, key) was called on an entry."""
    config = copy.deepcopy(config)
    at = config
    for key in path[:-1]:
        at = at[key]
    change(at, path[-1])
    return config


def key_text(path):
    """A path as sentences have it."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
