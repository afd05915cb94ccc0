"""Which cells one job computes, and what the job's file is called.

Bands of decades and blocks of trials stand at absolute places (decades 0-24, 25-49, ...; trials 0-63, 64-127, ...),
so that a longer grid makes new files and leaves the old ones as they are.
"""

from collections.abc import Iterable
from fractions import Fraction

from dlnflow.arithmetic.exact import decade, to_text


def bands(scales: Iterable[Fraction], size: int) -> dict[str, list[str]]:
    """Name of the band -> the scales in it, as exact text: {"decades-000-024": ["1", "0.1", ...]}."""
    found: dict[str, list[str]] = {}
    for scale in scales:
        first = decade(scale) // size * size
        found.setdefault(f"decades-{first:03d}-{first + size - 1:03d}", []).append(to_text(scale))
    return found


def exponent_blocks(exponents: Iterable[int], size: int) -> dict[str, tuple[int, ...]]:
    """Name of the block -> the exponents in it: {"exponents-0000-0063": (1, 2, ...)}."""
    found: dict[str, list[int]] = {}
    for exponent in exponents:
        first = exponent // size * size
        found.setdefault(f"exponents-{first:04d}-{first + size - 1:04d}", []).append(exponent)
    return {name: tuple(inside) for name, inside in found.items()}


def trial_blocks(trials: int, size: int) -> list[str]:
    """The names of the blocks that hold so many trials: ["trials-0000-0063", ...]."""
    return [f"trials-{first:04d}-{first + size - 1:04d}" for first in range(0, trials, size)]


def trials_in(block: str, trials: int) -> range:
    """The trials that a block of that name holds, of so many in all."""
    first, last = (int(part) for part in block.split("-")[1:])
    return range(first, min(last + 1, trials))


def number_in(token: str) -> str:
    """The number that `path_token` made part of a path."""
    return token.replace("_", "/")
