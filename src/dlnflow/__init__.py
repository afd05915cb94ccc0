"""dlnflow: the implicit regularisation of diagonal linear networks, as a library behind a paper pipeline.

The public names load on first use, so that a script pays only for what it runs.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlnflow.basis_pursuit import basis_pursuit as basis_pursuit
    from dlnflow.flow import flow as flow
    from dlnflow.limit import limit as limit
    from dlnflow.network import Network as Network
    from dlnflow.problems import Problem as Problem
    from dlnflow.problems import ProblemError as ProblemError
    from dlnflow.results import Status as Status

_HOME = {
    "Network": "network",
    "Problem": "problems",
    "ProblemError": "problems",
    "Status": "results",
    "basis_pursuit": "basis_pursuit",
    "flow": "flow",
    "limit": "limit",
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
