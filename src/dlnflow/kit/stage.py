"""Stages: what one job of the workflow computes, as a function from files and options to files.

    def predict_rhos(output: Output, *, undersampling: list[str], signal: str = "signed") -> None:

stands in the module `stages/predict_rhos.py` of its experiment; the rule of that name runs it. Parameters before the *
are files: `Output`, one that it writes, or `Inputs`, those that it reads. The others are what the config tells it.
`scripts/run_job.py` reads both from a command line, by the names and types of the parameters.
"""

import argparse
import inspect
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NewType, get_args, get_origin, get_type_hints

PACKAGE = Path(__file__).parents[1]

Output = NewType("Output", Path)
"""A file to write."""
Inputs = list[Path]
"""Files to read."""
NO_FILES: Inputs = []
"""The default of those of which there may be none."""

Seed = Annotated[int, "of every random instance"]
Name = Annotated[str, "the name in the config"]
Depth = Annotated[str, "L, such as 2.5 or 7/3"]
Depths = Annotated[list[str], "L, such as 2 2.5 7/3"]
Scales = Annotated[list[str], "eps = alpha^L, such as 1 0.1 1e-100"]
Tolerance = Annotated[str, "of ||x - x0|| / ||x0||, such as 1e-3"]

Stage = Callable[..., None]


class Job(NamedTuple):
    """A stage and its arguments. inputs: all files that it reads."""

    stage: Stage
    arguments: dict[str, Any]
    inputs: list[Path]

    def run(self) -> None:
        """Write its outputs."""
        self.stage(**self.arguments)


def stage_file(name: str) -> Path:
    """The module of a stage, which is the only one of its name. Raises ValueError if there is none."""
    found = [*PACKAGE.glob(f"*/stages/{name}.py"), *PACKAGE.glob(f"experiments/*/stages/{name}.py")]
    if len(found) != 1:
        raise ValueError(f"{len(found)} modules stages/{name}.py are in the package, expected one")
    return found[0]


def stage_of(name: str) -> Stage:
    """The function of a stage. Raises ValueError if there is none of that name."""
    parts = stage_file(name).relative_to(PACKAGE.parent).with_suffix("").parts
    stage: Stage = getattr(import_module(".".join(parts)), name)
    return stage


def resolve(place: str) -> Any:
    """What module:name stands for, below `dlnflow.experiments`. Raises ValueError, naming it, if that is nothing."""
    module_file(place)
    module, _, name = place.partition(":")
    try:
        return getattr(import_module(f"dlnflow.experiments.{module}"), name)
    except AttributeError:
        raise ValueError(f"{place} is declared, and its module has no {name}") from None


def module_file(place: str) -> Path:
    """The file of module or module:name, below `dlnflow.experiments`. Raises ValueError, naming it, without one."""
    module, _, _ = place.partition(":")
    file = PACKAGE.joinpath("experiments", *module.split(".")).with_suffix(".py")
    if not file.is_file():
        raise ValueError(f"{place} is declared, and dlnflow.experiments has no module {module}")
    return file


def read_job(name: str, words: list[str]) -> Job:
    """The job of a stage that the words of a command line tell; with --help they say what it can be told."""
    stage = stage_of(name)
    parameters = inspect.signature(stage).parameters.values()
    hints = get_type_hints(stage, include_extras=True)
    parser = argparse.ArgumentParser(f"run_job {name}", description=inspect.getdoc(stage), allow_abbrev=False)
    for parameter in parameters:
        add_option(parser, parameter, hints[parameter.name])
    arguments = vars(parser.parse_args(words))
    inputs = [path for name, hint in hints.items() if hint == Inputs for path in arguments[name]]
    return Job(stage, arguments, inputs)


def add_option(parser: argparse.ArgumentParser, parameter: inspect.Parameter, hint: Any) -> None:
    """The option of a parameter of that type."""
    hint = _without_none(hint)
    meaning = None
    if get_origin(hint) is Annotated and isinstance(get_args(hint)[1], str):
        hint, meaning, *_ = get_args(hint)
    told: dict[str, Any] = {"help": meaning, "dest": parameter.name}
    if hint is bool:
        told |= {"action": "store_true"}
    elif get_origin(hint) in (list, Sequence):
        told |= {"type": _reader(get_args(hint)[0]), "nargs": "*", "metavar": parameter.name.upper()}
    else:
        told |= {"type": _reader(hint), "metavar": parameter.name.upper()}
    if parameter.default is not parameter.empty:
        told |= {"default": parameter.default}
    else:
        told |= {"required": True}
    parser.add_argument(f"--{parameter.name.replace('_', '-')}", **told)


def _without_none(hint: Any) -> Any:
    """Of `this | None` this."""
    if type(None) not in get_args(hint):
        return hint
    (this,) = (part for part in get_args(hint) if part is not type(None))
    return this


def _reader(hint: Any) -> Callable[[str], Any]:
    """How a word is read; what is no number, text or file comes as JSON."""
    if hint is Output:
        return Path
    if get_origin(hint) is Literal:
        return str
    if hint in (str, int, float, Path):
        return hint
    from pydantic import TypeAdapter  # a tenth of a second, and few jobs need it

    return TypeAdapter(hint).validate_json
