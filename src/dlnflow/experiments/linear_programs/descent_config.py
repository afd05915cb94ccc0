"""Descent's part of the config: linear programs, each at one lam and with several step sizes."""

from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from dlnflow.config.program_entries import AnyProgram
from dlnflow.config.types import Count, GridName, Model, Scale, examples, to_number
from dlnflow.experiments.linear_programs.transport_config import AnyTransport
from dlnflow.minimisers.linear_programs import forced_zeros, linear_minimisers
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.limit import log_start
from dlnflow.transport.plan import Transport, as_standard_form

SMALLEST_STEP = Fraction(1, 10**16)
"""Below it a step changes nothing in float64."""


def _step(value: Any) -> float:
    step = to_number(value)
    if not SMALLEST_STEP <= step <= 100:
        raise ValueError("expected a number above 0 and at most 100, 1e-16 at least")
    return float(step)


Step = Annotated[float, BeforeValidator(_step)]
Steps = Annotated[list[Step], Field(min_length=1), AfterValidator(lambda steps: tuple(sorted(set(steps))))]


class DescentProgram(Model):
    """A linear program on which descent is run."""

    model_config = examples(
        {"program": {"family": "vertex", "size": [3, 8]}, "lam": 0.5, "reduced": True},
        {"transport": {"sources": 4, "targets": 5}, "lam": 0.05, "descends": False},
    )

    program: AnyProgram | None = Field(None, description="as in linear_programs.programs")
    transport: AnyTransport | None = Field(None, description="in its place, as in linear_programs.transport.problems")
    lam: Scale = Field(description="of the start exp(-c/(2 lam)), in units of c")
    reduced: bool = Field(
        False,
        strict=True,
        description="whether the costs are first reduced by an exact dual optimum, c - A^T nu: the same limits, from a "
        "start that is nowhere above 1",
    )
    descends: bool = Field(True, strict=True, description="whether descent is run, or the flow alone")

    @model_validator(mode="after")
    def _is_one_program(self) -> Self:
        if (self.program is None) == (self.transport is None):
            raise ValueError("expected one of the keys program and transport")
        return self

    def data(self, seed: int) -> tuple[StandardForm, Transport | None]:
        """The linear program, and the transport problem if it is one. Raises ProblemError if there is none."""
        transport = self.transport.placed(seed).transport if self.transport else None
        if transport:
            program = as_standard_form(transport.cost, transport.r, transport.s)
        else:
            assert self.program is not None  # one of them is there
            program = self.program.program(seed)
        if self.reduced:
            program = program.with_costs(linear_minimisers(program).reduced_costs)
        return program, transport

    def refuse_degenerate(self, seed: int) -> None:
        """Raise ValueError if the flow cannot start, or has nowhere to end."""
        program, transport = self.data(seed)
        log_start(program, self.lam)
        if not transport:  # which always has plans
            forced_zeros(program)

    @property
    def files(self) -> list[str]:
        """The user's files behind it."""
        return self.program.files if self.program else []


class DescentGrid(Model):
    """Gradient descent with constant steps, and the flow, on linear programs: rates, departure, and instability."""

    model_config = examples(
        {
            "programs": {"vertex": {"program": {"family": "vertex", "size": [3, 8]}, "lam": 0.5}},
            "steps": [0.1, 0.2, 1.1],
            "traced": [0.2],
            "most_steps": 2000,
        }
    )

    programs: dict[GridName, DescentProgram] = Field(min_length=1, description="by name")
    steps: Steps = Field(description="over the step at which the flow's limit ceases to be stable")
    traced: Steps = Field(description="those of the steps whose residuals are drawn")
    most_steps: Count = Field(30_000, description="after which descent is given up")

    @model_validator(mode="after")
    def _traced_steps_are_taken(self) -> Self:
        for step in self.traced:
            if step not in self.steps:
                raise ValueError(f"traced holds {step:g}, expected one of the steps")
        return self
