"""Blocks of the hardness experiment: what one job is told, and the inputs behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from dlnflow.problems.kink_families import Family, Kinks, Signs
from dlnflow.problems.problem import Problem


@dataclass(frozen=True)
class HardnessBlock:
    """Families of kinks, their delta = +-2^-exponent, and the bits that are read of them.

    kinks, beside, mixed, nonnegative: of `kink_families.Family`.  digits: values of K in the kinks' height 2 10^-K;
    empty for height 1.  slow: the exponent of as many kinks again, of height 2 10^-(K-1); None for none.
    as_given: the reading itself is the input, in both orders of its columns, and the data are not read once more.
    """

    kinks: int
    beside: tuple[int, int]
    mixed: bool
    nonnegative: bool
    exponents: tuple[int, ...]
    bits: tuple[int, ...]
    digits: tuple[int, ...] = ()
    slow: int | None = None
    as_given: bool = False

    def inputs(self, seed: int) -> Iterator["Input"]:
        """Every input, each with every sign of its delta; as given, with delta > 0 alone, for the order turns it."""
        for digits in self.digits or (None,):
            for exponent in self.exponents:
                for reverse in (False, True) if self.as_given else (False,):
                    family = self._family(digits, exponent, reverse, seed)
                    for signs in [next(family.signs())] if self.as_given else family.signs():
                        truth = Truth(family, signs, digits, exponent, self.bits[0] if self.as_given else None)
                        for bits in self.bits:
                            yield Input(truth, bits)

    def _family(self, digits: int | None, exponent: int, reverse: bool, seed: int) -> Family:
        height = Fraction(1) if digits is None else Fraction(2, 10**digits)
        groups = [Kinks(exponent, height, self.kinks)]
        if self.slow is not None:
            groups.append(Kinks(self.slow, 10 * height, self.kinks))
        return Family(tuple(groups), self.beside, self.mixed, self.nonnegative, reverse, seed)


@dataclass(frozen=True)
class Truth:
    """One true input: a family with signs, or what is read of it to so many bits as given."""

    family: Family
    signs: Signs
    digits: int | None
    exponent: int
    bits_as_given: int | None

    @property
    def signs_text(self) -> str:
        """ "+", or "+-" for two groups of kinks."""
        return "".join("+" if sign > 0 else "-" for sign in self.signs)

    @cached_property
    def problem(self) -> Problem:
        """The data."""
        if self.bits_as_given is None:
            return self.family.problem(self.signs)
        return self.family.reading(self.signs, self.bits_as_given)

    @cached_property
    def condition(self) -> float:
        """The condition number of A."""
        return float(np.linalg.cond(self.problem.A))

    @cached_property
    def minimiser(self) -> tuple[Fraction, ...]:
        """The exact minimiser."""
        if self.bits_as_given is None:
            return tuple(self.family.minimiser(self.signs))
        from dlnflow.minimisers.basis_pursuit import (
            basis_pursuit,  # HiGHS takes a while to import, and few jobs need it
        )

        return basis_pursuit(self.problem).x


@dataclass(frozen=True)
class Input:
    """A true input, and how many bits are read of it."""

    truth: Truth
    bits: int

    @property
    def key(self) -> object:
        """What its reading depends on, within a block."""
        truth = self.truth
        return self.bits, truth.digits, truth.family.reverse, truth.family.visible(truth.signs, self.bits)

    def reading(self) -> Problem:
        """What is read. Raises ProblemError where so few bits leave no problem."""
        if self.truth.bits_as_given is not None:
            return self.truth.problem
        return self.truth.family.reading(self.truth.signs, self.bits)

    @property
    def floor(self) -> Fraction | None:
        """`Family.floor` of the reading."""
        return None if self.truth.bits_as_given is not None else self.truth.family.floor(self.truth.signs, self.bits)
