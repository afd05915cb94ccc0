"""What sharpness and asymptotics are made of."""

from functools import partial
from typing import Any

from dlnflow.experiments.named_problems import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

_CLAIMS = "named_problems.claims"
_RESULTS = "named_problems.tables:RESULTS"


def _depths(*path: str) -> Any:
    """(config, wildcards) -> the depths of a grid of the config."""
    return lambda config, w: _part(config, *path).depths


def _part(config: Any, *path: str) -> Any:
    for key in path:
        config = config and getattr(config, key)
    return config


def _curves(*path: str) -> dict[str, Any]:
    """Of a figure of the error's curves on the problems of a grid, a curve or a column a depth."""
    return {
        "inputs": {"table": lambda config, w: jobs.tables(path[0], _part(config, *path))},
        "told": lambda config, w: {"depths": map(float, _part(config, *path).depths)},
        "among": lambda config: bool(_part(config, *path)),
        "depths": _depths(*path),
    }


def _kinks(*path: str) -> dict[str, Any]:
    """The same, of kinks."""

    def told(config: Any, w: Any) -> dict[str, Any]:
        grid = _part(config, *path)
        return {"depths": map(float, grid.depths), "deltas": jobs.deltas(config, grid)}

    return _curves(*path) | {"told": told}


SHARPNESS = Experiment(
    "sharpness",
    tables=(
        Table(
            "sharpness",
            "a cell: problem, trial, depth, scale and method",
            _RESULTS,
            partial(jobs.problem_tables, "sharpness"),
        ),
    ),
    figures=(
        Figure(
            "figure-1-errors",
            "1: error against scale",
            "named_problems.figures.errors:error_figure",
            **_curves("sharpness"),
        ),
        Figure(
            "figure-2-kinks", "2: kinks", "named_problems.figures.errors:kink_figure", **_kinks("sharpness", "kinks")
        ),
        Figure(
            "figure-3-potentials",
            "3: potentials",
            "named_problems.figures.potentials:potential_figure",
            **_curves("sharpness", "potentials") | {"inputs": {}},
        ),
        Figure(
            "trajectories-{problem}",
            "trajectories of {problem}",
            "named_problems.figures.trajectories:trajectory_figure",
            **_curves("sharpness", "trajectories")
            | {
                "inputs": {"table": jobs.trajectories},
                "among": lambda config: config.sharpness.trajectories and config.sharpness.trajectories.problems,
            },
        ),
    ),
    claims=(_CLAIMS,),
    summaries="named_problems.summaries:SHARPNESS",
    pages=("explorer.html",),
)

ASYMPTOTICS = Experiment(
    "asymptotics",
    tables=(Table("asymptotics", "a cell, as in sharpness", _RESULTS, partial(jobs.problem_tables, "asymptotics")),),
    figures=(
        Figure(
            "figure-1-asymptotes",
            "1 to 1e-100: error and asymptote",
            "named_problems.figures.asymptotes:asymptote_figure",
            **_curves("asymptotics"),
        ),
        Figure(
            "figure-2-asymptotes",
            "2 to 1e-100: kinks and asymptotes",
            "named_problems.figures.asymptotes:kink_asymptote_figure",
            **_kinks("asymptotics", "kinks"),
        ),
        Figure(
            "crossover",
            "crossover near depth 2",
            "named_problems.figures.crossover:crossover_figure",
            **_curves("asymptotics", "crossover"),
        ),
    ),
    claims=(_CLAIMS,),
    summaries="named_problems.summaries:ASYMPTOTICS",
    pages=("explorer.html",),
)
