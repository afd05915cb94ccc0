"""The linear programs of the config: what each is made from, and the data behind it."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, Tag, TypeAdapter

from dlnflow.config.types import Count, FileName, Model, Number, Trial, examples, refuse_large, told_by_key
from dlnflow.files.model_files import read_program
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.ensembles import Family, planted_program


def _size(size: list[int]) -> tuple[int, int]:
    m, n = size
    if not m < n:
        raise ValueError(f"{size} is no size, expected [m, n] with m < n")
    refuse_large(m, n, "a matrix of")
    return m, n


Size = Annotated[list[Count], Field(min_length=2, max_length=2), AfterValidator(_size)]
Sizes = Annotated[list[Size], Field(min_length=1), AfterValidator(lambda sizes: tuple(dict.fromkeys(sizes)))]


class ProgramSpec(Model):
    """A linear program of the config: what it is made from, not yet the data."""

    @property
    def files(self) -> list[str]:
        """The user's files behind it."""
        return []

    @abstractmethod
    def program(self, seed: int) -> StandardForm:
        """The data. Raises ProblemError if they are none."""


class RandomProgram(ProgramSpec):
    """One instance of a family, a function of the seed, the sizes and the trial alone."""

    model_config = examples({"family": "vertex", "size": [4, 9], "trial": 1})

    family: Family = Field(description="what is planted: see dlnflow.programs.ensembles")
    size: Size = Field(description="[m, n]: constraints, variables")
    trial: Trial = Field(0, description="number of the instance")

    def program(self, seed: int) -> StandardForm:
        m, n = self.size
        return planted_program(self.family, seed, m, n, self.trial)


class TypedProgram(ProgramSpec):
    """min c.x subject to A x = b, x >= 0, typed into the config."""

    model_config = examples({"A": [[1, 1, 1]], "b": [1], "c": [0, "1/3", 1]})

    A: list[list[Number]] = Field(min_length=1, description="(m, n) rows of numbers")
    b: list[Number] = Field(min_length=1, description="(m,)")
    c: list[Number] = Field(min_length=1, description="(n,)")

    def program(self, seed: int) -> StandardForm:
        return StandardForm(self.A, self.b, self.c)


class FileProgram(ProgramSpec):
    """A user's own: an .npz file with the arrays A, b and c, or an .mps file (or .lp) as HiGHS reads it."""

    model_config = examples({"file": "data/mine.mps"})

    file: FileName = Field(description="an .npz file with A (m, n), b (m,) and c (n,), or an .mps or .lp file")

    @property
    def files(self) -> list[str]:
        return [self.file]

    def program(self, seed: int) -> StandardForm:
        return read_program(self.file)


_KINDS = {"A": TypedProgram, "b": TypedProgram, "c": TypedProgram, "file": FileProgram, "family": RandomProgram}


AnyProgram = Annotated[
    Annotated[TypedProgram, Tag("TypedProgram")]
    | Annotated[FileProgram, Tag("FileProgram")]
    | Annotated[RandomProgram, Tag("RandomProgram")],
    told_by_key(_KINDS, "expected A, b and c, or one of the keys file and family"),
]


def program_spec(entry: Mapping[str, Any]) -> ProgramSpec:
    """The spec behind an entry of the config, or behind `as_json`."""
    spec: ProgramSpec = TypeAdapter(AnyProgram).validate_python(entry)
    return spec
