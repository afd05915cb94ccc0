"""dlnflow: the implicit regularisation of diagonal linear networks, as a library behind a paper pipeline.

The public names load on first use, so that a script pays only for what it runs.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlnflow.answers import basis_pursuit as basis_pursuit
    from dlnflow.answers import certified_limit as certified_limit
    from dlnflow.basis_pursuit import Minimiser as Minimiser
    from dlnflow.certified import CertifiedLimit as CertifiedLimit
    from dlnflow.ensembles import planted as planted
    from dlnflow.flow import flow as flow
    from dlnflow.interval_limit import ResolvedLimit as ResolvedLimit
    from dlnflow.intervals import IntervalProblem as IntervalProblem
    from dlnflow.intervals import NotResolved as NotResolved
    from dlnflow.intervals import Resolution as Resolution
    from dlnflow.intervals import ResolvedMinimiser as ResolvedMinimiser
    from dlnflow.intervals import Undecided as Undecided
    from dlnflow.limit import limit as limit
    from dlnflow.mean_field import StateEvolution as StateEvolution
    from dlnflow.mean_field import basis_pursuit_evolution as basis_pursuit_evolution
    from dlnflow.mean_field import recovery_boundary as recovery_boundary
    from dlnflow.mean_field import state_evolution as state_evolution
    from dlnflow.network import Network as Network
    from dlnflow.optimality import check_optimality as check_optimality
    from dlnflow.problems import Problem as Problem
    from dlnflow.problems import ProblemError as ProblemError
    from dlnflow.rates import Rate as Rate
    from dlnflow.rates import predicted_rate as predicted_rate
    from dlnflow.results import Limit as Limit
    from dlnflow.results import Status as Status
    from dlnflow.results import Trajectory as Trajectory
    from dlnflow.rho import rho as rho
    from dlnflow.selection import SelectedMinimiser as SelectedMinimiser
    from dlnflow.selection import selected_minimiser as selected_minimiser
    from dlnflow.weak_threshold import bp_threshold as bp_threshold
    from dlnflow.weak_threshold import rho_limit as rho_limit

_HOME = {
    "CertifiedLimit": "certified",
    "IntervalProblem": "intervals",
    "Limit": "results",
    "Minimiser": "basis_pursuit",
    "Network": "network",
    "NotResolved": "intervals",
    "Problem": "problems",
    "ProblemError": "problems",
    "Rate": "rates",
    "Resolution": "intervals",
    "ResolvedLimit": "interval_limit",
    "ResolvedMinimiser": "intervals",
    "SelectedMinimiser": "selection",
    "StateEvolution": "mean_field",
    "Status": "results",
    "Trajectory": "results",
    "Undecided": "intervals",
    "basis_pursuit": "answers",
    "basis_pursuit_evolution": "mean_field",
    "bp_threshold": "weak_threshold",
    "certified_limit": "answers",
    "check_optimality": "optimality",
    "flow": "flow",
    "limit": "limit",
    "planted": "ensembles",
    "predicted_rate": "rates",
    "recovery_boundary": "mean_field",
    "rho": "rho",
    "rho_limit": "weak_threshold",
    "selected_minimiser": "selection",
    "state_evolution": "mean_field",
}
__all__ = sorted(_HOME)


class _Package(ModuleType):
    """Keeps `dlnflow.flow` the function: importing the module of that name would otherwise replace it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

    def __dir__(self) -> list[str]:
        return __all__


sys.modules[__name__].__class__ = _Package
