"""What sharpness and asymptotics are made of."""

from functools import partial
from typing import Any

from dlnflow.experiments.named_problems import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table, asked

_HOME = "named_problems"


def _curves(name: str, shows: str, draw: str, place: str, **others: Any) -> Figure:
    """A figure of the problems of a grid at its depths, which stands at a place in the config."""
    told = {
        "inputs": {"table": lambda config, w: jobs.tables(place.split(".")[0], asked(place, config).problems)},
        "told": lambda config, w: jobs.drawn(config, asked(place, config)),
        "among": place,
        "depths": f"{place}.depths",
        "draw": f"{_HOME}.figures.{draw}",
    }
    return Figure(name, shows, **told | others)  # type: ignore[arg-type]


def _experiment(name: str, row: str, *figures: Figure) -> Experiment:
    return Experiment(
        name,
        tables=(Table(name, row, f"{_HOME}.tables:RESULTS", partial(jobs.problem_tables, name)),),
        figures=figures,
        claims=(f"{_HOME}.claims",),
        summaries=f"{_HOME}.summaries:{name.upper()}",
        pages=("explorer.html",),
        home=_HOME,
    )


SHARPNESS = _experiment(
    "sharpness",
    "a cell: problem, trial, depth, scale and method",
    _curves("figure-1-errors", "1: error against scale", "errors:error_figure", "sharpness"),
    _curves("figure-2-kinks", "2: kinks", "errors:kink_figure", "sharpness.kinks", told=jobs.kinks_drawn("sharpness")),
    _curves("figure-3-potentials", "3: potentials", "potentials:potential_figure", "sharpness.potentials", inputs={}),
    _curves(
        "trajectories-{problem}",
        "trajectories of {problem}",
        "trajectories:trajectory_figure",
        "sharpness.trajectories",
        inputs={"table": jobs.trajectories},
        among="sharpness.trajectories.problems",
    ),
)

ASYMPTOTICS = _experiment(
    "asymptotics",
    "a cell, as in sharpness",
    _curves("figure-1-asymptotes", "1 to 1e-100: error and asymptote", "asymptotes:asymptote_figure", "asymptotics"),
    _curves(
        "figure-2-asymptotes",
        "2 to 1e-100: kinks and asymptotes",
        "asymptotes:kink_asymptote_figure",
        "asymptotics.kinks",
        told=jobs.kinks_drawn("asymptotics"),
    ),
    _curves("crossover", "crossover near depth 2", "crossover:crossover_figure", "asymptotics.crossover"),
)
