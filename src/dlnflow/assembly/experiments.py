"""All experiments, in the order in which their claims are read."""

from dlnflow.experiments.hardness.experiment import HARDNESS
from dlnflow.experiments.laws.experiment import LAWS
from dlnflow.experiments.layers.experiment import LAYERS
from dlnflow.experiments.linear_programs.experiment import LINEAR_PROGRAMS
from dlnflow.experiments.named_problems.experiment import ASYMPTOTICS, SHARPNESS
from dlnflow.experiments.recovery.experiment import RECOVERY
from dlnflow.kit.experiment import Experiment

EXPERIMENTS: tuple[Experiment, ...] = (SHARPNESS, ASYMPTOTICS, LAWS, RECOVERY, HARDNESS, LAYERS, LINEAR_PROGRAMS)


def claim_modules() -> list[str]:
    """The modules of all claims, each once."""
    return list(dict.fromkeys(module for experiment in EXPERIMENTS for module in experiment.claims))
