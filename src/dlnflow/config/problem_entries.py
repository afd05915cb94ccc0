"""The problems of the config: what each is made from, and the data behind it."""

from abc import abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, Tag, TypeAdapter, ValidationInfo, field_validator, model_validator

from dlnflow.arithmetic.exact import to_text
from dlnflow.config.types import Count, FileName, Model, Number, Trials, examples, refuse_large, told_by_key
from dlnflow.files.instance_files import read_csv, read_npz
from dlnflow.problems.ensembles import PARAMETERS, Ensemble, Signal, parameter_of, planted
from dlnflow.problems.problem import Problem, kink


class ProblemSpec(Model):
    """A problem of the config: what it is made from, not yet the data."""

    untold: ClassVar = ("trials",)

    @property
    def files(self) -> list[str]:
        """The user's files behind it."""
        return []

    @property
    def instances(self) -> int:
        """How many instances it has."""
        return 1

    @property
    def is_random(self) -> bool:
        """Whether the instances depend on the seed."""
        return False

    @abstractmethod
    def instance(self, seed: int, trial: int) -> Problem:
        """The data of one instance. Raises ProblemError if they are none."""


class MatrixProblem(ProblemSpec):
    """Data typed into the config, or the names of two .csv files."""

    model_config = examples(
        {"A": [[1, 1, 1], [3, 0, "1/3"]], "y": [3, 0.111], "nonnegative": True}, {"A": "data/A.csv", "y": "data/y.csv"}
    )

    A: list[list[Number]] | FileName = Field(description="rows of numbers, or the name of a .csv file of them")
    y: list[Number] | FileName = Field(description="numbers, or the name of a .csv file of them")
    nonnegative: bool = Field(False, strict=True, description="x = u^L in place of x = u^L - v^L")

    @property
    def files(self) -> list[str]:
        return [entry for entry in (self.A, self.y) if isinstance(entry, str)]

    def instance(self, seed: int, trial: int) -> Problem:
        if isinstance(self.A, str) and isinstance(self.y, str):
            return read_csv(self.A, self.y, self.nonnegative)
        return Problem(self.A, self.y, self.nonnegative)

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if len(self.files) == 1:
            raise ValueError("one of A and y names a file, expected both or neither")
        return self


class FileProblem(ProblemSpec):
    """A user's own data: an .npz file with the arrays A and y."""

    model_config = examples({"file": "data/mine.npz", "nonnegative": False})

    file: FileName = Field(description="an .npz file with the arrays A (m, n) and y (m,)")
    nonnegative: bool = Field(False, strict=True, description="x = u^L in place of x = u^L - v^L")

    @property
    def files(self) -> list[str]:
        return [self.file]

    def instance(self, seed: int, trial: int) -> Problem:
        return read_npz(self.file, self.nonnegative)


class KinkProblem(ProblemSpec):
    """A = [1, 1 - delta], y = 1."""

    model_config = examples({"kink": 0.1})

    kink: Number = Field(description="delta")

    def instance(self, seed: int, trial: int) -> Problem:
        return kink(self.kink)


_SIGNALS = "its entries: N(0, 1), |N(0, 1)| with x = u^L in place of x = u^L - v^L, +-1, or +-1/k"
_PARAMETERS = "; ".join(f"{name}: {known} (default {to_text(known.default)})" for name, known in PARAMETERS.items())


class EnsembleProblem(ProblemSpec):
    """Random instances with a planted sparse signal, a function of the seed, the sizes and the trial alone."""

    model_config = examples(
        {"ensemble": "gaussian", "measurements": 20, "features": 40, "sparsity": 4, "signal": "signs", "trials": 3},
        {"ensemble": "ar1", "parameter": 0.5, "measurements": 10, "features": 20, "sparsity": 3},
    )

    ensemble: Ensemble = Field(description="the distribution of A")
    parameter: Number | None = Field(None, description=_PARAMETERS)
    measurements: Count = Field(description="m")
    features: Count = Field(description="n, more than m")
    sparsity: Count = Field(description="entries of the signal that are not 0, at most m")
    signal: Signal = Field("signed", description=_SIGNALS)
    trials: Trials = Field(1, description="instances")

    @property
    def instances(self) -> int:
        return self.trials

    @property
    def is_random(self) -> bool:
        return True

    def instance(self, seed: int, trial: int) -> Problem:
        sizes = self.measurements, self.features, self.sparsity
        return planted(self.ensemble, seed, *sizes, trial, self.signal, self.parameter)

    @model_validator(mode="after")
    def _is_small(self) -> Self:
        refuse_large(self.measurements, self.features, "a matrix of")
        return self

    @field_validator("parameter")
    @classmethod
    def _default_has_one_spelling(cls, parameter: Fraction | None, info: ValidationInfo) -> Fraction | None:
        if "ensemble" not in info.data:  # a mistake itself
            return parameter
        ensemble = info.data["ensemble"]
        return None if parameter_of(ensemble, parameter) == parameter_of(ensemble, None) else parameter


_KINDS = {"A": MatrixProblem, "y": MatrixProblem, "file": FileProblem, "kink": KinkProblem, "ensemble": EnsembleProblem}


AnyProblem = Annotated[
    Annotated[MatrixProblem, Tag("MatrixProblem")]
    | Annotated[FileProblem, Tag("FileProblem")]
    | Annotated[KinkProblem, Tag("KinkProblem")]
    | Annotated[EnsembleProblem, Tag("EnsembleProblem")],
    told_by_key(_KINDS, "expected A and y, or one of the keys file, kink and ensemble"),
]


def problem_spec(entry: Mapping[str, Any]) -> ProblemSpec:
    """The spec behind an entry of the config, or behind `as_json`."""
    spec: ProblemSpec = TypeAdapter(AnyProblem).validate_python(entry)
    return spec
