"""What one job of the factorisation, or of rank one, is told."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class FactorisationBlock:
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
class RankOneBlock:
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
