"""dlnflow: the implicit regularisation of diagonal linear networks, as a library behind a paper pipeline."""

from importlib import import_module
from typing import Any

# Public name -> the module that defines it. Loaded on first use, so that a script pays only for what it runs.
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


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
