"""What the jobs of sharpness and asymptotics are told of the config: their files, their options, their loads."""

import json
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from typing import Any

from dlnflow.arithmetic.exact import path_token, to_text
from dlnflow.config.problem_entries import EnsembleProblem, ProblemSpec, problem_spec
from dlnflow.experiments.named_problems.config import Grid
from dlnflow.kit.blocks import bands, number_in, trial_blocks, trials_in
from dlnflow.kit.load import Load, load, size_of

STAGES = {
    "flow": ("flow", "integrate_flow"),
    "limit": ("limits", "solve_limits"),
    "certified": ("certified", "certify_limits"),
}
"""method -> its folder in results/, and the stage that computes its cells"""


def _experiment(config: Any, w: Any) -> Any:
    """Sharpness or asymptotics, as the wildcard says."""
    return getattr(config, w.experiment)


# --- problems --------------------------------------------------------------------------------------------------------


def _trials_of(config: Any, w: Any) -> range:
    """The trials of a problem that a block holds."""
    return trials_in(w.trials, config.problems[w.problem].instances)


def made(config: Any, w: Any) -> dict[str, Any]:
    """What make_problem is told."""
    spec, trials = config.problems[w.problem], _trials_of(config, w)
    seed = config.seed if spec.is_random else 0
    return {"name": w.problem, "spec": spec, "first": trials.start, "last": trials.stop - 1, "seed": seed}


def user_files(config: Any, w: Any) -> list[str]:
    """The user's files behind a problem."""
    files: list[str] = config.problems[w.problem].files
    return files


def _files_of_trials(pattern: str, config: Any, w: Any) -> list[str]:
    """A file for each block of a problem's trials."""
    names = trial_blocks(config.problems[w.problem].instances, _experiment(config, w).blocks.trials)
    return [pattern.format(experiment=w.experiment, problem=w.problem, trials=name) for name in names]


def minimisers(config: Any, w: Any) -> list[str]:
    """The exact minimisers of a problem."""
    return _files_of_trials("results/minimisers/{problem}/{trials}.parquet", config, w)


def rates(config: Any, w: Any) -> list[str]:
    """The predicted rates of a problem."""
    return _files_of_trials("results/rates/{experiment}/{problem}/{trials}.parquet", config, w)


def certified_problems(config: Any, w: Any) -> list[str]:
    """The instances behind the certified cells, if there are any."""
    if "certified" not in _experiment(config, w).methods:
        return []
    return _files_of_trials("results/problems/{problem}/{trials}.npz", config, w)


# --- cells -----------------------------------------------------------------------------------------------------------


def _cell_files(
    config: Any, folder: str, experiment: str, problem: str, depths: Iterable[Fraction], scales: Iterable[Fraction]
) -> list[str]:
    """The files of a folder that hold the cells of a problem at some depths and scales."""
    blocks = getattr(config, experiment).blocks
    return [
        f"results/{folder}/{experiment}/{problem}/depth-{path_token(depth)}/{trials}_{band}.parquet"
        for depth in depths
        for trials in trial_blocks(config.problems[problem].instances, blocks.trials)
        for band in bands(scales, blocks.decades)
    ]


def cells(config: Any, w: Any) -> list[str]:
    """All cells of a problem in an experiment."""
    experiment = _experiment(config, w)
    depths = experiment.depths_of(w.problem)
    return [
        file
        for method in experiment.methods
        for file in _cell_files(config, STAGES[method][0], w.experiment, w.problem, depths, experiment.scales)
    ]


def predicted(config: Any, w: Any) -> dict[str, Any]:
    """What predict_rates is told."""
    return {"depths": _experiment(config, w).depths_of(w.problem)}


def solved(config: Any, w: Any) -> dict[str, Any]:
    """What the stages that compute cells are told."""
    return {"depth": number_in(w.depth), "scales": _scales(config, w)}


def sampled(config: Any, w: Any) -> dict[str, Any]:
    """What sample_trajectories is told."""
    return {"depth": number_in(w.depth), "scales": _sampled_scales(config, w)}


def _scales(config: Any, w: Any) -> list[str]:
    experiment = _experiment(config, w)
    return bands(experiment.scales, experiment.blocks.decades)[w.band]


def _sampled_scales(config: Any, w: Any) -> list[str]:
    experiment = _experiment(config, w)
    return bands(experiment.trajectories.scales, experiment.blocks.decades)[w.band]


def trajectories(config: Any, w: Any) -> list[str]:
    """The samples of a problem's flow."""
    grid = config.sharpness.trajectories
    return _cell_files(config, "trajectories", "sharpness", w.problem, grid.depths, grid.scales)


# --- tables and pages ------------------------------------------------------------------------------------------------


def tables(experiment: str, problems: Iterable[str]) -> list[str]:
    """A table for each of the problems."""
    return [f"results/tables/{experiment}/{problem}.parquet" for problem in problems]


def problem_tables(experiment: str, config: Any) -> list[str]:
    """A table for each problem of an experiment."""
    return tables(experiment, getattr(config, experiment).cell_problems)


def explored_tables(config: Any, w: Any) -> list[str]:
    """All tables of an experiment, for its interactive page."""
    return problem_tables(w.experiment, config)


def explored_minimisers(config: Any, w: Any) -> list[str]:
    """The exact minimisers of the first instances of each problem, which are all that the page shows."""
    return _first_blocks("results/minimisers/{problem}/{trials}.parquet", config, w)


def explored_problems(config: Any, w: Any) -> list[str]:
    """These instances."""
    return _first_blocks("results/problems/{problem}/{trials}.npz", config, w)


def _first_blocks(pattern: str, config: Any, w: Any) -> list[str]:
    experiment = _experiment(config, w)
    first = {name: config.problems[name].instances for name in experiment.cell_problems}
    return [
        pattern.format(problem=name, trials=trial_blocks(count, experiment.blocks.trials)[0])
        for name, count in first.items()
    ]


def stages(config: Any, w: Any) -> dict[str, str]:
    """method -> the stage behind the cells of an experiment."""
    return {method: STAGES[method][1] for method in _experiment(config, w).methods}


def drawn(config: Any, grid: Grid) -> dict[str, Any]:
    """What a figure of the problems of a grid is told."""
    return {"depths": map(float, grid.depths)}


def kinks_drawn(experiment: str) -> Callable[[Any, Any], dict[str, Any]]:
    """What a figure of the kinks of an experiment is told: their deltas besides, where there is one."""

    def told(config: Any, w: Any) -> dict[str, Any]:
        grid = getattr(config, experiment).kinks
        specs = {name: config.problems[name] for name in grid.problems}
        deltas = {name: to_text(spec.kink) for name, spec in specs.items() if hasattr(spec, "kink")}
        return drawn(config, grid) | {"deltas": deltas}

    return told


# --- loads -----------------------------------------------------------------------------------------------------------


@cache
def _size(entry: str) -> tuple[int, int]:
    spec = problem_spec(json.loads(entry))
    if isinstance(spec, EnsembleProblem):
        return spec.measurements, spec.features
    return size_of(lambda: spec.instance(0, 0))


def problem_load(spec: ProblemSpec, trials: int, scales: int = 1) -> Load:
    """Of so many trials of a problem, at so many scales each."""
    return load(trials * scales, *_size(spec.as_json()))


def exact_load(spec: ProblemSpec, trials: int, depths: int = 1) -> Load:
    """Of what is computed of so many trials in exact arithmetic before there are cells."""
    m, n = _size(spec.as_json())
    return load(trials * depths, m, n).in_fractions(m).without_cells


def made_load(config: Any, w: Any) -> Load:
    """Of make_problem."""
    return problem_load(config.problems[w.problem], len(_trials_of(config, w))).without_cells


def minimisers_load(config: Any, w: Any) -> Load:
    """Of find_minimisers."""
    return exact_load(config.problems[w.problem], len(_trials_of(config, w)))


def rates_load(config: Any, w: Any) -> Load:
    """Of predict_rates."""
    depths = len(_experiment(config, w).depths_of(w.problem))
    return exact_load(config.problems[w.problem], len(_trials_of(config, w)), depths)


def solved_load(config: Any, w: Any) -> Load:
    """Of the stages that compute cells."""
    return problem_load(config.problems[w.problem], len(_trials_of(config, w)), len(_scales(config, w)))


def sampled_load(config: Any, w: Any) -> Load:
    """Of sample_trajectories."""
    return problem_load(config.problems[w.problem], len(_trials_of(config, w)), len(_sampled_scales(config, w)))
