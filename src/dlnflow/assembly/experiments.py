"""All experiments, in the order in which their claims are read."""

from dlnflow.kit.experiment import Experiment
from dlnflow.kit.stage import resolve

EXPERIMENTS: tuple[Experiment, ...] = tuple(
    resolve(place)
    for place in (
        "named_problems.experiment:SHARPNESS",
        "named_problems.experiment:ASYMPTOTICS",
        "laws.experiment:LAWS",
        "recovery.experiment:RECOVERY",
        "hardness.experiment:HARDNESS",
        "layers.experiment:LAYERS",
        "linear_programs.experiment:LINEAR_PROGRAMS",
    )
)


def claim_modules() -> list[str]:
    """The modules of all claims, each once."""
    return list(dict.fromkeys(module for experiment in EXPERIMENTS for module in experiment.claims))


def rule_files() -> list[str]:
    """The names of the files of rules in workflow/rules/, each once."""
    return list(dict.fromkeys(experiment.folder for experiment in EXPERIMENTS))
