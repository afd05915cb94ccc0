"""What one job of the factorisation, or of rank one, is told."""

import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from dlnflow.arithmetic.exact import to_text


class _Told:
    """Frozen dataclasses of numbers and tuples of numbers, as text for a command line."""

    def as_json(self) -> str:
        """For a command line; `from_json` reads it."""
        return json.dumps(asdict(self), default=to_text)  # type: ignore[call-overload]

    @classmethod
    def from_json(cls, text: str) -> Any:
        """The block behind `as_json`."""
        return cls(**{name: _exact(value) for name, value in json.loads(text).items()})


def _exact(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_exact, value))
    return Fraction(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class FactorisationBlock(_Told):
    """Every trial with one constant: eta_t = constant (t + 1)^-decay for each of the decays.

    values: singular values of M.  start: the size of the entries of U and V.  steps: how many are taken.
    """

    rows: int
    columns: int
    values: tuple[Fraction, ...]
    start: Fraction
    constant: Fraction
    decays: tuple[Fraction, ...]
    steps: int
    trials: int


@dataclass(frozen=True)
class RankOneBlock(_Told):
    """Every trial, each step with each start: M = p q^T, so that a step is eta sigma.

    starts: sizes of a Gaussian start near 0.  imbalances: |u|/|v| of starts within `nearness` of a minimum.
    tolerances: of ||u v^T - M||, to be reached.  iterations: how many steps are taken.
    """

    rows: int
    columns: int
    steps: tuple[Fraction, ...]
    starts: tuple[Fraction, ...]
    imbalances: tuple[Fraction, ...]
    nearness: Fraction
    tolerances: tuple[Fraction, ...]
    iterations: int
    trials: int
