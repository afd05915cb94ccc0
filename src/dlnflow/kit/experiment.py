"""What an experiment declares of itself, once: the Snakefile and the report read it, and no job does.

Modules are named as text, below `dlnflow.experiments`, so that reading a declaration imports none of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMATS = ("pdf", "svg", "png")
"""Of every figure."""

Files = Callable[[Any], Sequence[str]]
"""The whole config, which has the experiment -> files."""


@dataclass(frozen=True)
class Table:
    """A merged table, results/tables/<name>.parquet and .csv.

    row: what a row is.  schema: its columns, as module:NAME.  files: what is merged; none where the config has none.
    is_judged: whether claims are judged by it.
    """

    name: str
    row: str
    schema: str
    files: Files
    is_judged: bool = True

    @property
    def parquet(self) -> str:
        """Where it stands."""
        return f"results/tables/{self.name}.parquet"

    @property
    def csv(self) -> str:
        """The same as text."""
        return f"results/tables/{self.name}.csv"


Asked = str | Callable[[Any, Any], Any]
"""A place in the config, such as laws.faces.depths, or (config, wildcards) -> what is there."""


@dataclass(frozen=True)
class Figure:
    """A figure, figures/<experiment>/<name>.pdf and so on; the name may hold a wildcard.

    shows: in a few words.  inputs: its parameters that are tables: a merged table by its name, a file, which may hold
    a wildcard, or (config, wildcards) -> files.  told: its other ones, (config, wildcards) -> name -> value.
    among: a place in the config: the figure is drawn if something is there, and with a wildcard for each name there.
    depths: those drawn; at least one entry of every experiment goes without, for a label with two values, each in half
    of the entries, becomes a switch that the report cannot fill.  shown: the format in the report, png where there is
    a mark an instance.  shows_times: it is another one after each run.  draw: the function that draws it, as
    module:name, where it is not figures.<name>:<name>_figure of the experiment.
    """

    name: str
    shows: str
    inputs: Mapping[str, Asked]
    told: Callable[[Any, Any], Mapping[str, Any]] = lambda config, w: {}
    among: Asked = ""
    depths: Asked = lambda config, w: ()
    shown: str = "svg"
    shows_times: bool = False
    draw: str = ""

    @property
    def stem(self) -> str:
        """Its name without a wildcard, as rule and caption have it."""
        return re.sub(r"-?\{\w+\}", "", self.name)

    def names(self, config: Any) -> list[str]:
        """Of the figures that a config has."""
        found = asked(self.among, config)
        if "{" not in self.name:
            return [self.name] if found else []
        return [re.sub(r"\{\w+\}", value, self.name) for value in found or ()]

    @property
    def files(self) -> dict[str, Asked]:
        """Its inputs as a rule has them: a file, which may hold a wildcard, or (config, wildcards) -> files."""
        return {
            name: told if not isinstance(told, str) or "/" in told else f"results/tables/{told}.parquet"
            for name, told in self.inputs.items()
        }

    def order(self, config: Any, wildcards: Any) -> list[str]:
        """Its tables as they go into it: Snakemake looks at the set of its inputs, and a figure at their order."""
        return [
            f"{name}={files if isinstance(files, str) else ' '.join(files(config, wildcards))}"
            for name, files in self.files.items()
        ]


def asked(what: Asked, config: Any, wildcards: Any = None) -> Any:
    """What is asked of a config; None where a part of a place is missing."""
    if callable(what):
        return what(config, wildcards)
    for key in filter(None, what.split(".")):
        config = config and getattr(config, key)
    return config


@dataclass(frozen=True)
class Experiment:
    """An experiment: its key in the config, and what it makes.

    home: its folder below dlnflow.experiments and its file of rules, where they are not called by its name.
    claims: modules whose CLAIMS are judged by its tables, and by the files of `judged_besides` by name.
    summaries: what the report sums up, as module:NAME.  pages: other files in its folder of figures.
    """

    name: str
    tables: Sequence[Table]
    figures: Sequence[Figure]
    claims: Sequence[str]
    summaries: str
    judged_besides: Mapping[str, Files] = field(default_factory=dict)
    pages: Sequence[str] = ()
    home: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError if a figure is drawn from a table that is not declared."""
        known = {table.name for table in self.tables}
        for figure in self.figures:
            for what in figure.inputs.values():
                if isinstance(what, str) and "/" not in what and what not in known:
                    raise ValueError(
                        f"the figure {figure.name} of {self.name} reads the table {what}, expected one that "
                        f"{self.name} declares, or a file"
                    )

    @property
    def folder(self) -> str:
        """Its folder below dlnflow.experiments, and its file of rules."""
        return self.home or self.name

    def is_in(self, config: Any) -> bool:
        """Whether a config has it."""
        return getattr(config, self.name) is not None

    def made_tables(self, config: Any) -> list[Table]:
        """The tables that a config has."""
        return [table for table in self.tables if table.files(config)] if self.is_in(config) else []

    def targets(self, config: Any) -> list[str]:
        """The tables and figures that a config has."""
        if not self.is_in(config):
            return []
        tables = [file for table in self.made_tables(config) for file in (table.parquet, table.csv)]
        names = [name for figure in self.figures for name in figure.names(config)]
        pages = [f"figures/{self.name}/{page}" for page in self.pages]
        return [*tables, *(file for name in names for file in self.figure_files(name)), *pages]

    def draws(self, figure: Figure) -> str:
        """The function that draws a figure, as module:name."""
        name = figure.stem.replace("-", "_")
        return figure.draw or f"{self.folder}.figures.{name}:{name}_figure"

    def figure_files(self, name: str) -> list[str]:
        """A figure in all of its formats."""
        return [f"figures/{self.name}/{name}.{ending}" for ending in FORMATS]

    def judged(self, config: Any) -> Iterator[tuple[str, str]]:
        """(name of a table in the claims, file) of all that its claims are judged by."""
        if self.is_in(config):
            yield from ((table.name, table.parquet) for table in self.made_tables(config) if table.is_judged)
            yield from ((name, file) for name, files in self.judged_besides.items() for file in files(config))
