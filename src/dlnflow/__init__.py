"""dlnflow: the implicit regularisation of diagonal linear networks, as a library behind a paper pipeline.

The public names load on first use, so that a script pays only for what it runs.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlnflow.basis_pursuit import Minimiser as Minimiser
    from dlnflow.basis_pursuit import basis_pursuit as basis_pursuit
    from dlnflow.certified import CertifiedLimit as CertifiedLimit
    from dlnflow.certified import certified_limit as certified_limit
    from dlnflow.flow import flow as flow
    from dlnflow.limit import limit as limit
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

_HOME = {
    "CertifiedLimit": "certified",
    "Limit": "results",
    "Minimiser": "basis_pursuit",
    "Network": "network",
    "Problem": "problems",
    "ProblemError": "problems",
    "Rate": "rates",
    "SelectedMinimiser": "selection",
    "Status": "results",
    "Trajectory": "results",
    "basis_pursuit": "basis_pursuit",
    "certified_limit": "certified",
    "check_optimality": "optimality",
    "flow": "flow",
    "limit": "limit",
    "predicted_rate": "rates",
    "rho": "rho",
    "selected_minimiser": "selection",
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
