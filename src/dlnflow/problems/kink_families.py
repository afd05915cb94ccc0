"""Families of problems on which basis pursuit is hard without being ill-conditioned: kinks, alone and in company.

A kink is the block [1, 1 - delta] x = h, delta = +-2^-k: its minimiser is (h, 0) or (0, h/(1 - delta)), as delta is
above 0 or below, so an input read to fewer than k bits leaves it open (generalised hardness of approximation:
Bastounis, Hansen and Vlacic, arXiv:2110.15734). Everything here is rational, and exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

import flint
import numpy as np

from dlnflow.arithmetic.exact import square_distance, to_fmpq, to_fraction
from dlnflow.problems.problem import Problem

DOUBLE_BITS = 53
"""What a float solver reads of any input."""
EXACT_BITS = 52
"""Multiples of 2^-52 are floats up to 2, and so are the data of every family read with so many bits."""
LARGEST_DELTA, LARGEST_ACCURACY = Fraction(1, 2), Fraction(1, 4)
"""Within these a scale below 1 is needed at every depth, and the flow starts farther away than twice the accuracy."""
LEAST_BITS = 4096
"""The least scale that `kink_work` tries is 2^-4096."""

Matrix = list[list[Fraction]]
Signs = tuple[int, ...]
"""That of delta, +1 or -1, for each group of kinks."""


@dataclass(frozen=True)
class Kinks:
    """So many copies of the block [1, 1 - delta] x = height, delta = +-2^-exponent."""

    exponent: int
    height: Fraction = Fraction(1)
    copies: int = 1

    def delta(self, sign: int) -> Fraction:
        """sign 2^-exponent."""
        return Fraction(sign, 2**self.exponent)


@dataclass(frozen=True)
class Family:
    """Groups of kinks, beside a well-conditioned block [I, C] x = y; rows mixed and columns permuted, or in order.

    beside: (measurements, features) of that block, (0, 0) for none: its minimiser is y on the columns of I, and stays
    there under changes of its entries below 1/(4 measurements), for the columns of C have l1 norms of at most 1/2.
    mixed: the rows are multiplied by a rational orthogonal matrix, the columns permuted, neither of which changes the
    minimiser but for the places of its entries.  reverse: the columns in reverse order.  nonnegative: x >= 0.
    seed: of C, y, the rotation and the permutation; none of them depends on a delta.
    """

    groups: tuple[Kinks, ...]
    beside: tuple[int, int] = (0, 0)
    mixed: bool = False
    nonnegative: bool = False
    reverse: bool = False
    seed: int = 0

    @property
    def kinks(self) -> int:
        """How many kinks there are."""
        return sum(group.copies for group in self.groups)

    @property
    def measurements(self) -> int:
        """m."""
        return self.kinks + self.beside[0]

    @property
    def features(self) -> int:
        """n."""
        return 2 * self.kinks + self.beside[1]

    def signs(self) -> Iterator[Signs]:
        """Every choice of signs, all positive first."""
        return product((1, -1), repeat=len(self.groups))

    def problem(self, signs: Signs) -> Problem:
        """The exact data."""
        A, y = self._data([group.delta(sign) for group, sign in zip(self.groups, signs, strict=True)])
        return Problem(A, y, self.nonnegative)

    def reading(self, signs: Signs, bits: int) -> Problem:
        """What an algorithm that reads 2^-bits sees of these data: multiples of 2^-bits, none farther off than that.

        Where 2^-bits allows it, the reading is the same for both signs of a delta, that of delta = 0: an oracle owes no
        more. Raises ProblemError where so few bits leave no problem.
        """
        unit = 2**bits
        A, y = self._data(self.visible(signs, bits))
        return Problem(
            [[_rounded(entry, unit) for entry in row] for row in A], [_rounded(v, unit) for v in y], self.nonnegative
        )

    def visible(self, signs: Signs, bits: int) -> tuple[Fraction, ...]:
        """The deltas of a reading: 0 for those that are hidden."""
        pairs = zip(self.groups, signs, strict=True)
        return tuple(Fraction(0) if self.is_hidden(group, bits) else group.delta(sign) for group, sign in pairs)

    def is_hidden(self, group: Kinks, bits: int) -> bool:
        """Whether both signs may have the same reading: |delta| and the rounding, half a unit each, are within 2^-bits.

        No entry of the data moves by more than |delta| with it, mixed or not: a kink has one such entry, and those of
        an orthogonal matrix are at most 1.
        """
        return group.exponent > bits

    def minimiser(self, signs: Signs) -> list[Fraction]:
        """The exact minimiser of the data, in closed form; unique."""
        x = [
            value
            for group, sign in zip(self.groups, signs, strict=True)
            for value in _kink_minimiser(group, sign) * group.copies
        ]
        x += self._company[1] + [Fraction(0)] * (self.beside[1] - self.beside[0])
        return [x[j] for j in self._columns]

    def floor(self, signs: Signs, bits: int) -> Fraction | None:
        """The square of half the distance to the minimiser with the hidden signs reversed; None where none is hidden.

        Both inputs have one reading, so whatever an algorithm answers is that wrong for one of them.
        """
        flipped = tuple(-s if self.is_hidden(g, bits) else s for g, s in zip(self.groups, signs, strict=True))
        if flipped == signs:
            return None
        return square_distance(self.minimiser(signs), self.minimiser(flipped)) / 4

    def _data(self, deltas: Sequence[Fraction]) -> tuple[Matrix, list[Fraction]]:
        kinks = [
            (delta, group.height) for group, delta in zip(self.groups, deltas, strict=True) for _ in range(group.copies)
        ]
        A = [[Fraction(0)] * self.features for _ in range(self.measurements)]
        for i, (delta, _) in enumerate(kinks):
            A[i][2 * i], A[i][2 * i + 1] = Fraction(1), 1 - delta
        block, heights = self._company
        for i, row in enumerate(block):
            A[self.kinks + i][2 * self.kinks :] = row
        y = [height for _, height in kinks] + heights
        if self.mixed:
            data = self._rotation * flint.fmpq_mat(
                [[to_fmpq(v) for v in (*row, h)] for row, h in zip(A, y, strict=True)]
            )
            rows = [[to_fraction(entry) for entry in row] for row in data.tolist()]
            A, y = [row[:-1] for row in rows], [row[-1] for row in rows]
        return [[row[j] for j in self._columns] for row in A], y

    @cached_property
    def _company(self) -> tuple[Matrix, list[Fraction]]:
        """[I, C] and y of the well-conditioned block, ninths and the like, which no number of bits holds."""
        m, n = self.beside
        rng = self._generator("company")
        unit = 8 * m + 1
        C = rng.integers(1, 5, (m, n - m)) * rng.choice([-1, 1], (m, n - m))
        heights = rng.integers(10, 18, m) * (1 if self.nonnegative else rng.choice([-1, 1], m))
        rows = [
            [Fraction(int(i == j)) for j in range(m)] + [Fraction(entry, unit) for entry in C[i].tolist()]
            for i in range(m)
        ]
        return rows, [Fraction(height, 9) for height in heights.tolist()]

    @cached_property
    def _rotation(self) -> flint.fmpq_mat:
        """The product of two reflections I - 2 v v^T/|v|^2 with v of small integers: orthogonal, and nowhere sparse."""
        rng = self._generator("rotation")
        first, second = (rng.choice([-3, -2, -1, 1, 2, 3], self.measurements).tolist() for _ in range(2))
        return _reflection(first) * _reflection(second)

    @cached_property
    def _columns(self) -> list[int]:
        """Which column stands where."""
        order = list(range(self.features))
        if self.mixed:
            order = self._generator("columns").permutation(self.features).tolist()
        return order[::-1] if self.reverse else order

    def _generator(self, purpose: str) -> np.random.Generator:
        sizes = [self.seed, int.from_bytes(purpose.encode()), self.measurements, self.features]
        return np.random.default_rng(np.random.SeedSequence(sizes))


def _kink_minimiser(group: Kinks, sign: int) -> list[Fraction]:
    return [group.height, Fraction(0)] if sign > 0 else [Fraction(0), group.height / (1 - group.delta(sign))]


def _rounded(value: Fraction, unit: int) -> Fraction:
    return Fraction(round(value * unit), unit)


def _reflection(v: Sequence[int]) -> flint.fmpq_mat:
    square = sum(entry * entry for entry in v)
    return flint.fmpq_mat(
        [[flint.fmpq(square * (i == j) - 2 * a * b, square) for j, b in enumerate(v)] for i, a in enumerate(v)]
    )
