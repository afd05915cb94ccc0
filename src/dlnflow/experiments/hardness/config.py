"""The hardness experiment's part of the config: families of kinks, the bits read of them, and who tries them."""

from functools import cached_property
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from dlnflow.arithmetic.exact import to_text
from dlnflow.config.types import (
    Count,
    Counts,
    Depths,
    GridName,
    Model,
    Ratios,
    Scales,
    examples,
    no_name_twice,
    refuse_large,
)
from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.intervals.problem import MOST_BITS
from dlnflow.problems.kink_families import EXACT_BITS, LARGEST_ACCURACY
from dlnflow.solvers.names import INTERVAL, check_solvers

MOST_KINKS = 49
"""Of each height: half the distance of their minimisers is about (2 kinks 1.01)^(1/2) 10^-(K-1), and is to be below
10^-(K-2)."""
WIDEST = 100
"""Columns of the block beside the kinks for each of its rows. Its least singular value is 1 or more, and the square of
its largest at most 1 + (n - m)/(4 m) (`kinks`): a condition number of 5."""
BAND = 64
"""Exponents in a job, at absolute places."""

Solvers = Annotated[list[str], AfterValidator(no_name_twice), AfterValidator(lambda names: _checked(names))]


def _checked(names: tuple[str, ...]) -> tuple[str, ...]:
    check_solvers(names)
    return names


def _few(counts: tuple[int, ...]) -> tuple[int, ...]:
    if counts[-1] > MOST_BITS:
        raise ValueError(f"{counts[-1]} is too large, expected at most {MOST_BITS}")
    return counts


Bits = Annotated[Counts, AfterValidator(_few)]
Exponent = Annotated[int, Field(ge=1, le=MOST_BITS, strict=True)]


class Company(Model):
    """The well-conditioned block [I, C] beside the kinks."""

    model_config = examples({"measurements": 2, "features": 5})

    measurements: Count = Field(description="its rows")
    features: Count = Field(description="its columns, more than its rows")

    @model_validator(mode="after")
    def _is_wide(self) -> Self:
        if self.features <= self.measurements:
            raise ValueError(
                f"features is {self.features}, expected more than the {self.measurements} measurements of the block"
            )
        if self.features > WIDEST * self.measurements:
            raise ValueError(
                f"features is {self.features}, expected at most {WIDEST} times the {self.measurements} measurements of "
                "the block, so that it is well-conditioned"
            )
        return self


class FamilyGrid(Model):
    """A family of problems made of kinks [1, 1 - delta], delta = +-2^-k, and the solvers that try it."""

    kinks: Count = Field(1, description="how many, all with one delta")
    mixed: bool = Field(False, strict=True, description="rows mixed by a rational rotation, columns permuted")
    beside: Company | None = Field(None, description="a well-conditioned block beside the kinks")
    nonnegative: bool = Field(False, strict=True, description="x >= 0, and x = u^L in place of x = u^L - v^L")
    solvers: Solvers = Field([], description="baselines, by name")

    @model_validator(mode="after")
    def _is_small(self) -> Self:
        rows, columns = (self.beside.measurements, self.beside.features) if self.beside else (0, 0)
        refuse_large(self.kinks + rows, 2 * self.kinks + columns, "the family's matrices are")
        return self

    @property
    def family(self) -> tuple[int, tuple[int, int], bool, bool]:
        """What a block is told of it: kinks, (measurements, features) of the block beside them, mixed, nonnegative."""
        beside = (self.beside.measurements, self.beside.features) if self.beside else (0, 0)
        return self.kinks, beside, self.mixed, self.nonnegative

    @property
    def methods(self) -> list[str]:
        """What is asked besides the networks: basis pursuit on intervals, and the solvers."""
        return [INTERVAL, *self.solvers]


class ReadGrid(FamilyGrid):
    """Families of which only some bits are read, and the networks that try them too."""

    bits: Bits = Field(description="b, a list or a range {from, to, by}: the data are read to within 2^-b")
    depths: Depths = Field(description="depths L >= 2, any real numbers")
    scales: Scales = Field(description="scales eps = alpha^L, a list or a range")


class DigitMap(ReadGrid):
    """Correct digits over k and the bits b that are read, a figure with a panel for each solver and network."""

    model_config = examples(
        {
            "kinks": 3,
            "mixed": True,
            "beside": {"measurements": 2, "features": 6},
            "exponents": [4, 20],
            "bits": {"from": 8, "to": 32, "by": 8},
            "solvers": ["highs-ds"],
            "depths": [3],
            "scales": [1e-20],
            "digits": 2,
        }
    )

    digits: Annotated[int, Field(ge=1, le=100, strict=True)] | None = Field(
        None, description="K: the kinks' height is 2 10^-K in place of 1"
    )
    exponents: Bits = Field(description="k, a list or a range {from, to, by}")

    def block(self, exponents: tuple[int, ...]) -> HardnessBlock:
        """What one job is told."""
        digits = () if self.digits is None else (self.digits,)
        return HardnessBlock(*self.family, exponents, self.bits, digits=digits)


class Levels(ReadGrid):
    """K digits, K - 1 and K - 2: kinks of height 2 10^-K and of 2 10^-(K-1), each told by a number of bits."""

    model_config = examples(
        {
            "digits": [2, 4],
            "exponent": 40,
            "slow_exponent": 24,
            "beside": {"measurements": 2, "features": 5},
            "bits": [4, 8, 16],
            "solvers": ["exact"],
            "depths": [3],
            "scales": [1e-40],
        }
    )

    digits: Counts = Field(description="K, a list or a range {from, to, by}")
    exponent: Exponent = Field(description="k of the kinks that keep K digits away while b < k")
    slow_exponent: Exponent = Field(description="k of those that keep K - 1 digits away, smaller")

    @property
    def exponents(self) -> tuple[int, ...]:
        """Those of one job."""
        return (self.exponent,)

    def block(self, exponents: tuple[int, ...]) -> HardnessBlock:
        """What one job is told."""
        return HardnessBlock(*self.family, exponents, self.bits, digits=self.digits, slow=self.slow_exponent)

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.slow_exponent >= self.exponent:
            raise ValueError(f"slow_exponent is {self.slow_exponent}, expected less than exponent, {self.exponent}")
        if self.mixed:
            raise ValueError("mixed is true, expected false: rounded rows tell a kink a bit later, and levels blur")
        if self.kinks > MOST_KINKS:
            raise ValueError(f"kinks is {self.kinks}, expected at most {MOST_KINKS}, so that K - 2 digits are left")
        if self.beside is None:
            raise ValueError("the key beside is missing, expected a block whose solution is of size 1")
        if self.digits[-1] > 100:
            raise ValueError(f"digits holds {self.digits[-1]}, expected at most 100")
        return self


class Answers(FamilyGrid):
    """What each method answers to data that float64 holds, and claims of that, in both orders of the columns."""

    model_config = examples({"nonnegative": True, "exponents": [10, 40], "solvers": ["linprog-ds", "exact"]})

    exponents: Bits = Field(description="k, a list or a range {from, to, by}, at most 52")
    depths: ClassVar[tuple[()]] = ()

    def block(self, exponents: tuple[int, ...]) -> HardnessBlock:
        """What one job is told."""
        return HardnessBlock(*self.family, exponents, (EXACT_BITS,), as_given=True)

    @model_validator(mode="after")
    def _are_floats(self) -> Self:
        if self.exponents[-1] > EXACT_BITS:
            raise ValueError(f"exponents holds {self.exponents[-1]}, expected at most {EXACT_BITS}, as float64 holds")
        return self


class Work(Model):
    """The scale, and the time of the flow, that a depth needs for an accuracy, as delta = 2^-k falls."""

    model_config = examples({"depths": [2, 3], "exponents": [2, 8], "accuracies": [1e-1, 1e-3]})

    depths: Depths = Field(description="depths L >= 2, any real numbers")
    exponents: Bits = Field(description="k, a list or a range {from, to, by}")
    accuracies: Ratios = Field(description="errors ||x_alpha - x||_2 to reach, at most 1/4")

    @model_validator(mode="after")
    def _are_near(self) -> Self:
        if self.accuracies[-1] > LARGEST_ACCURACY:
            raise ValueError(
                f"accuracies holds {to_text(self.accuracies[-1])}, expected at most {to_text(LARGEST_ACCURACY)}"
            )
        return self


class Hardness(Model):
    """Generalised hardness of approximation: where no algorithm can be right, and where solvers are not."""

    model_config = examples({"work": {"depths": [2, 3], "exponents": {"from": 2, "to": 8}, "accuracies": [1e-1]}})

    maps: dict[GridName, DigitMap] = Field({}, description="correct digits over k and b, a figure each")
    levels: Levels | None = Field(None, description="K, K - 1 and K - 2 digits against the bits read")
    work: Work | None = Field(None, description="scale and time against accuracy")
    answers: dict[GridName, Answers] = Field({}, description="what solvers say, a table each")

    @cached_property
    def grids(self) -> dict[str, DigitMap | Levels | Answers]:
        """Every grid of inputs by its name, which is its folder's."""
        levels = {"levels": self.levels} if self.levels else {}
        return (
            {f"map-{name}": grid for name, grid in self.maps.items()}
            | levels
            | {f"answers-{name}": grid for name, grid in self.answers.items()}
        )
