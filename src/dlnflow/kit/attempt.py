"""What the rows of every experiment are made with: an attempt that may fail, and the columns that say which network."""

import math
from collections.abc import Callable
from time import perf_counter
from typing import Any

from dlnflow.files.tables import Row
from dlnflow.network.network import Network


def attempt(run: Callable[..., Any], *arguments: Any) -> tuple[Any, str, float]:
    """(answer, message, seconds); None and why, if it raised."""
    start = perf_counter()
    try:
        return run(*arguments), "", perf_counter() - start
    except Exception as error:  # whatever it is, the other cells are sound and are wanted
        return None, f"{type(error).__name__}: {error}", perf_counter() - start


def network_columns(depth: str, scale: str) -> Row:
    """The columns that say which network it is."""
    network = Network(depth, scale)
    return {
        "depth": float(network.depth),
        "exact_depth": depth,
        "scale": scale,
        "log10_scale": 0.0 - network.log_inverse_scale[0] / math.log(10),  # not -0 at scale 1
    }


def log10_or_none(value: float) -> float | None:
    """log10 of a positive finite number, else None."""
    return math.log10(value) if 0 < value < math.inf else None
