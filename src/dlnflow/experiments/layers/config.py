"""The layers experiment's part of the config: networks, starts, tolerances of the flow and steps of descent."""

from abc import abstractmethod
from fractions import Fraction
from functools import cached_property
from math import log10, prod
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from dlnflow.arithmetic.exact import to_text
from dlnflow.arithmetic.quoting import shown
from dlnflow.config.types import Count, GridName, Model, Number, Ratio, Trials, examples, no_name_twice, refuse_large
from dlnflow.experiments.layers.factorisation_config import FactorisationGrid, RankOneGrid
from dlnflow.layers.architecture import Activation, Architecture
from dlnflow.layers.starts import growth_time

LEAST_TOLERANCE, LARGEST_TOLERANCE = Fraction(1, 10**11), Fraction(1, 100)
"""Beyond them the integrators refuse, or rounding is what is measured."""
MOST_STEPS = 10**6
"""Of one run of gradient descent."""
LONGEST = 10**12
"""Of a flow, whose times are float64."""
MOST_WEIGHTS = 4000
"""The implicit integrator's Jacobian is a square of them: 128 MB."""
TINIEST = Fraction(1, 10**100)
"""Squared norms stay in float64."""

StartName = Literal["balanced", "unbalanced"]


def _positive(value: Fraction) -> Fraction:
    if not value > 0:
        raise ValueError("expected a number above 0")
    if not TINIEST <= value <= LONGEST:
        raise ValueError("expected a number from 1e-100 to 1e12")
    return value


def _tolerance(value: Fraction) -> Fraction:
    if not LEAST_TOLERANCE <= value <= LARGEST_TOLERANCE:
        raise ValueError("expected a number from 1e-11 to 1e-2")
    return value


def _tiny(value: Fraction) -> Fraction:
    if value < TINIEST:
        raise ValueError("expected at least 1e-100")
    return value


def _falling(values: list[Fraction]) -> tuple[Fraction, ...]:
    return tuple(sorted(set(values), reverse=True))


Positive = Annotated[Number, AfterValidator(_positive)]
Falling = AfterValidator(_falling)
Tolerances = Annotated[list[Annotated[Number, AfterValidator(_tolerance)]], Field(min_length=1), Falling]
Steps = Annotated[list[Positive], Field(min_length=1), Falling]
Sizes = Annotated[list[Annotated[Ratio, AfterValidator(_tiny)]], Falling]
Starts = Annotated[list[StartName], Field(min_length=1), AfterValidator(no_name_twice)]
Widths = Annotated[list[Count], AfterValidator(tuple)]


class NetworkSpec(Model):
    """What networks of every kind have."""

    samples: Count = Field(description="of the made data; of a diagonal network its measurements")
    end_time: Positive = Field(Fraction(4), description="of the flow and of descent")
    trials: Trials = Field(1, description="instances: other data, other starts")

    @property
    @abstractmethod
    def architecture(self) -> Architecture:
        """The network behind the keys. Raises ProblemError if there is none."""

    @model_validator(mode="after")
    def _is_a_network(self) -> Self:
        network = self.architecture
        if network.size > MOST_WEIGHTS:
            raise ValueError(f"it has {network.size} weights, expected at most {MOST_WEIGHTS}")
        refuse_large(self.samples, max(network.widths) * prod(network.image), "its data are")
        return self


class DiagonalNetwork(NetworkSpec):
    """x = the product of the layers, entry by entry; regression on A x = y."""

    model_config = examples({"kind": "diagonal", "depth": 3, "features": 6, "samples": 3, "end_time": 2})

    kind: Literal["diagonal"]
    depth: Annotated[int, Field(ge=2, le=MOST_WEIGHTS, strict=True)] = Field(description="layers")
    features: Count = Field(description="n, entries of x; more than samples")

    @property
    def architecture(self) -> Architecture:
        return Architecture("diagonal", "linear", (self.features,) * (self.depth + 1), self.samples)

    @model_validator(mode="after")
    def _is_underdetermined(self) -> Self:
        if self.samples >= self.features:
            raise ValueError(f"features is {self.features}, expected more than samples, {self.samples}")
        return self


class DenseNetwork(NetworkSpec):
    """Fully connected layers without biases."""

    model_config = examples({"kind": "dense", "activation": "relu", "widths": [2, 4, 2], "samples": 4, "trials": 2})

    kind: Literal["dense"]
    activation: Activation = Field(description="after each layer but the last")
    widths: Annotated[Widths, Field(min_length=3)] = Field(description="inputs, units of each layer, outputs")

    @property
    def architecture(self) -> Architecture:
        return Architecture("dense", self.activation, tuple(self.widths), self.samples)


class ConvolutionNetwork(NetworkSpec):
    """Convolutions of stride 1 without padding or biases, then a dense head."""

    model_config = examples(
        {
            "kind": "convolution",
            "activation": "tanh",
            "channels": [1, 2],
            "image": [4, 4],
            "kernel": 2,
            "outputs": 1,
            "samples": 4,
        }
    )

    kind: Literal["convolution"]
    activation: Activation = Field(description="after each convolution")
    channels: Annotated[Widths, Field(min_length=2)] = Field(description="of the input and after each convolution")
    image: Annotated[Widths, Field(min_length=1, max_length=2)] = Field(description="its sides: one or two")
    kernel: Count = Field(description="along each side")
    outputs: Count = Field(description="of the head")

    @property
    def architecture(self) -> Architecture:
        widths = (*self.channels, self.outputs)
        return Architecture("convolution", self.activation, widths, self.samples, tuple(self.image), self.kernel)


_TAGS = {"diagonal": "DiagonalNetwork", "dense": "DenseNetwork", "convolution": "ConvolutionNetwork"}


def _has_a_kind(value: Any) -> Any:
    if not isinstance(value, dict | NetworkSpec):
        raise ValueError("expected a mapping with the key kind")
    if isinstance(value, dict) and value.get("kind") not in list(_TAGS):  # it may be unhashable
        raise ValueError(f"its kind is {shown(value.get('kind'))}, expected one of {', '.join(_TAGS)}")
    return value


AnyNetwork = Annotated[
    Annotated[
        Annotated[DiagonalNetwork, Tag("DiagonalNetwork")]
        | Annotated[DenseNetwork, Tag("DenseNetwork")]
        | Annotated[ConvolutionNetwork, Tag("ConvolutionNetwork")],
        Discriminator(lambda value: _TAGS[value["kind"]] if isinstance(value, dict) else type(value).__name__),
    ],
    BeforeValidator(_has_a_kind),
]


class Layers(Model):
    """Layers that balance themselves: what gradient flow conserves of them, and how far descent drifts from it."""

    model_config = examples(
        {
            "networks": {"diagonal": {"kind": "diagonal", "depth": 2, "features": 12, "samples": 6}},
            "starts": ["balanced"],
            "tiny": [0.3, 0.1],
            "tolerances": [1e-4, 1e-8],
            "steps": [2e-2, 1e-2],
            "gate_width": 1e-3,
        }
    )

    networks: dict[GridName, AnyNetwork] = Field(min_length=1, description="networks without biases, by name")
    starts: Starts = Field(["balanced", "unbalanced"], description="of every network")
    tiny: Sizes = Field([], description="factors of further, tiny starts, each followed until its layers have grown")
    tolerances: Tolerances = Field(description="of the flow's integrator, relative to the weights' norm")
    steps: Steps = Field(description="of descent, each made smaller until whole steps end at the end time")
    gate_width: Positive = Field(
        Fraction(1, 1000), description="within which a ReLU of the flow changes its slope; descent has none"
    )
    factorisation: FactorisationGrid | None = Field(None, description="U V^T -> M with falling steps")
    rank_one: RankOneGrid | None = Field(None, description="u v^T -> p q^T with constant steps")

    @cached_property
    def architectures(self) -> dict[str, Architecture]:
        """Name -> the network."""
        return {name: spec.architecture for name, spec in self.networks.items()}

    @model_validator(mode="after")
    def _runs_end(self) -> Self:
        """Tiny starts take the longer, the tinier they are and the more layers there are; the largest also descends."""
        for name, spec in self.networks.items():
            depth, end = spec.architecture.depth, float(spec.end_time)
            if self.tiny:
                decades = (depth - 2) * -log10(min(self.tiny))  # before anything is raised to a power
                if decades > log10(LONGEST) or end * growth_time(float(min(self.tiny)), depth) > LONGEST:
                    raise ValueError(
                        f"networks.{name} of {depth} layers takes longer than {LONGEST:.0e} to grow from the tiny "
                        f"start {to_text(min(self.tiny))}, expected a larger one"
                    )
                end *= growth_time(float(max(self.tiny)), depth)
            if end / float(min(self.steps)) > MOST_STEPS:
                raise ValueError(
                    f"networks.{name} takes {end:.6g}/{to_text(min(self.steps))} steps, expected at most {MOST_STEPS}"
                )
        return self
