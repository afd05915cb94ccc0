"""The parts that the config's models are made of: numbers that mean what was typed, and lists of them."""

import json
import os
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from dlnflow.arithmetic.exact import decade, parse_number, to_text
from dlnflow.arithmetic.quoting import shortened, shown

MOST_ENTRIES = 2**24
"""Of a matrix: 128 MB, of which a job holds a few."""
MOST_TRIALS = 10**6
"""Of one ensemble: each block of them is a job."""
MOST_IN_RANGE = 10**4
"""A range is written out when it is read."""


def to_number(value: Any) -> Fraction:
    """The number that was typed. Raises ValueError for what is none."""
    # YAML made a float of what was typed, and its repr is what was typed: config_errors.check_file sees to that
    return parse_number(repr(value) if isinstance(value, float) and isfinite(value) else value)


def _depth(value: Any) -> Fraction:
    depth = to_number(value)
    if not 2 <= depth <= 10**6:
        raise ValueError("expected a number that is at least 2 and at most 1e6")
    return depth


def _ratio(value: Any) -> Fraction:
    ratio = to_number(value)
    if not 0 < ratio <= 1:
        raise ValueError("expected a number above 0 and at most 1")
    return ratio


def _seen_from_here(name: str, told: ValidationInfo) -> str:
    folder = (told.context or {}).get("folder", ".")
    return os.path.normpath(os.path.join(folder, name))


def _number_schema(**bounds: float) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": ["number", "string"], "description": 'a number; text is exact: "1/3", 1e-100', **bounds}
    )


FileName = Annotated[str, AfterValidator(_seen_from_here)]
"""Of the user's data, as seen from the folder of the config; after validation, from the folder of the run."""
Number = Annotated[Fraction, BeforeValidator(to_number), _number_schema()]
Depth = Annotated[Fraction, BeforeValidator(_depth), _number_schema(minimum=2)]
Ratio = Annotated[Fraction, BeforeValidator(_ratio), _number_schema(exclusiveMinimum=0, maximum=1)]
Scale = Ratio
LARGEST = 10**9
"""Of a count: what 32 bits hold, too."""
Count = Annotated[int, Field(ge=1, le=LARGEST, strict=True)]
Trials = Annotated[int, Field(ge=1, le=MOST_TRIALS, strict=True)]
_COUNT_SCHEMA = {"type": "integer", "minimum": 1, "maximum": LARGEST}


def examples(*entries: dict[str, Any]) -> ConfigDict:
    """What editors and tests are shown of a model: sound entries, as YAML gives them."""
    return ConfigDict(json_schema_extra={"examples": list(entries)})


def refuse_large(rows: int, columns: int, what: str) -> None:
    """Raise ValueError if a matrix is beyond the memory of a job; what: of which matrix, as in "A is"."""
    if rows * columns > MOST_ENTRIES:
        raise ValueError(f"{what} {shown(rows)} x {shown(columns)}, expected at most {MOST_ENTRIES} entries")


def refuse_long(length: Fraction | int) -> None:
    """Raise ValueError for a range of so many numbers, if they are too many to be written out."""
    if length > MOST_IN_RANGE:
        raise ValueError(f"the range holds more than {MOST_IN_RANGE} numbers, expected fewer")


class Model(BaseModel):
    """Frozen, and without keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _knows_its_keys(cls, values: Any) -> Any:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in values if isinstance(values, Mapping) else ():
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                raise ValueError(f"the key {shown(key)} is not known here, expected one of {', '.join(known)}{hint}")
        return values

    untold: ClassVar[tuple[str, ...]] = ()
    """Keys that no job depends on."""

    def as_json(self) -> str:
        """In one spelling, for a job's command line."""
        # tuples that a validator made of lists are no reason to warn
        told = self.model_dump(exclude=set(self.untold), exclude_none=True, warnings=False)
        return json.dumps(told, sort_keys=True, default=to_text)


LIST, RANGE = "<list>", "<range>"
"""The two ways of writing several numbers, as no key is written."""


class ScaleRange(Model):
    """The scales 10^(-k/per_decade), k = 0, 1, 2, ..., between two bounds.

    They are rounded to three digits (0.316) and do not depend on the bounds, so that a longer range only adds to a
    shorter one.
    """

    model_config = examples({"from": 1, "to": 1e-9, "per_decade": 2})

    largest: Scale = Field(alias="from", description="the largest scale, at most 1")
    smallest: Scale = Field(alias="to", description="the smallest scale, above 0")
    per_decade: Annotated[int, Field(ge=1, le=100, strict=True)] = Field(1, description="scales in a decade")

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        decades = decade(self.smallest) - decade(self.largest)
        refuse_long((decades + 1) * self.per_decade)
        if not self.scales():
            raise ValueError(
                f"from {to_text(self.largest)} to {to_text(self.smallest)} holds none of the scales "
                f"10^(-k/{self.per_decade}), expected from >= to and one of them between"
            )
        return self

    def scales(self) -> list[Fraction]:
        """The scales, falling."""
        found: list[Fraction] = []
        k = decade(self.largest) * self.per_decade
        while (scale := _lattice_scale(k, self.per_decade)) >= self.smallest:
            if scale <= self.largest:
                found.append(scale)
            k += 1
        return found


def _lattice_scale(k: int, per_decade: int) -> Fraction:
    decades, part = divmod(k, per_decade)
    return Fraction(round(10 ** (3 - part / per_decade)), 10 ** (3 + decades))


class SteppedRange(Model):
    """Numbers from one bound by a step, up to another that they do not exceed; a subclass says which numbers."""

    noun: ClassVar[str]

    @property
    def _ends(self) -> tuple[Any, Any, Any]:
        return self.smallest, self.largest, self.step  # type: ignore[attr-defined]

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        smallest, largest, step = self._ends
        refuse_long((largest - smallest) // step)
        if largest < smallest:
            low, high = (str(end) if isinstance(end, int) else to_text(end) for end in (smallest, largest))
            raise ValueError(f"from {low} to {high} holds no {self.noun}, expected from <= to")
        return self

    def values(self) -> list[Any]:
        """The numbers, rising."""
        smallest, largest, step = self._ends
        return [smallest + k * step for k in range(int((largest - smallest) // step) + 1)]


class RatioRange(SteppedRange):
    """The ratios from one bound by a step, up to another that they do not exceed."""

    model_config = examples({"from": 0.1, "to": 0.9, "by": 0.2})
    noun: ClassVar = "ratio"

    smallest: Ratio = Field(alias="from", description="the least ratio, above 0")
    largest: Ratio = Field(alias="to", description="a ratio that none exceeds, at most 1")
    step: Ratio = Field(alias="by", description="from each to the next")


class CountRange(SteppedRange):
    """The counts from one bound by a step, up to another that they do not exceed."""

    model_config = examples({"from": 4, "to": 64, "by": 4})
    noun: ClassVar = "count"

    smallest: Count = Field(alias="from", description="the least count, at least 1")
    largest: Count = Field(alias="to", description="a count that none exceeds")
    step: Count = Field(1, alias="by", description="from each to the next")


def rising_values(values: list[Any] | SteppedRange) -> tuple[Any, ...]:
    """The distinct numbers of a list or a range."""
    return tuple(sorted(set(values.values() if isinstance(values, SteppedRange) else values)))


def _falling(scales: list[Fraction] | ScaleRange) -> tuple[Fraction, ...]:
    return tuple(sorted(set(scales.scales() if isinstance(scales, ScaleRange) else scales), reverse=True))


def rising(depths: list[Fraction]) -> tuple[Fraction, ...]:
    """The distinct depths. Raises ValueError for two that the tables, which hold floats, could not tell apart."""
    found = tuple(sorted(set(depths)))
    for lower, upper in pairwise(found):
        if float(lower) == float(upper):
            one, other = shortened(to_text(lower), 40), shortened(to_text(upper), 40)
            raise ValueError(f"{one} and {other} agree in float64, expected depths that differ there")
    return found


def no_name_twice(names: list[str]) -> tuple[str, ...]:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{shown(name)} stands {names.count(name)} times, expected once")
    return tuple(names)


Depths = Annotated[list[Depth], Field(min_length=1), AfterValidator(rising)]
if TYPE_CHECKING:  # what the validators make of it
    Ratios = tuple[Fraction, ...]
    Counts = tuple[int, ...]
else:
    Ratios = Annotated[
        Annotated[Annotated[list[Ratio], Field(min_length=1)], Tag(LIST)] | Annotated[RatioRange, Tag(RANGE)],
        Discriminator(lambda value: RANGE if isinstance(value, Mapping) else LIST),
        AfterValidator(rising_values),
    ]
    Counts = Annotated[
        Annotated[
            list[Count],
            Field(min_length=1),
            BeforeValidator(lambda sizes: sizes if isinstance(sizes, list) else [sizes]),
            WithJsonSchema({"anyOf": [_COUNT_SCHEMA, {"type": "array", "items": _COUNT_SCHEMA, "minItems": 1}]}),
            Tag(LIST),
        ]
        | Annotated[CountRange, Tag(RANGE)],
        Discriminator(lambda value: RANGE if isinstance(value, Mapping) else LIST),
        AfterValidator(rising_values),
    ]
GridName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,99}$")]
Names = Annotated[list[str], Field(min_length=1), AfterValidator(no_name_twice)]
Scales = Annotated[
    Annotated[Annotated[list[Scale], Field(min_length=1)], Tag(LIST)] | Annotated[ScaleRange, Tag(RANGE)],
    Discriminator(lambda value: RANGE if isinstance(value, Mapping) else LIST),
    AfterValidator(_falling),
]

Trial = Annotated[int, Field(ge=0, le=LARGEST, strict=True)]
"""The number of an instance."""


def told_by_key(kinds: Mapping[str, type[Model]], expected: str) -> Discriminator:
    """The model of an entry by a key that it has, the first of kinds; tags are the models' names.

    expected: what is said of an entry with none of the keys.
    """

    def kind(value: Any) -> str | None:
        found = [model.__name__ for key, model in kinds.items() if isinstance(value, Mapping) and key in value]
        return found[0] if found else None

    return Discriminator(kind, custom_error_type="problem_kind", custom_error_message=expected)
