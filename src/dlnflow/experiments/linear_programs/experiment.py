"""What the experiment on linear programs is made of."""

from functools import partial

from dlnflow.experiments.linear_programs import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

_HOME = "linear_programs"

LINEAR_PROGRAMS = Experiment(
    "linear_programs",
    tables=(
        Table("program-cells", "a linear program at one lam", f"{_HOME}.tables:PROGRAM_CELLS", jobs.program_cells),
        Table("program-laws", "a random linear program", f"{_HOME}.tables:PROGRAM_LAWS", jobs.program_laws),
        Table(
            "transport-values",
            "a transport problem at one lam",
            f"{_HOME}.transport_tables:TRANSPORT_VALUES",
            jobs.transport_values,
        ),
        Table(
            "descents",
            "a run of descent on a linear program",
            f"{_HOME}.descent_tables:DESCENTS",
            partial(jobs.descents, "descents"),
        ),
        Table(
            "program-flows",
            "a linear program followed in time",
            f"{_HOME}.descent_tables:PROGRAM_FLOWS",
            partial(jobs.descents, "flows"),
        ),
    ),
    figures=(
        Figure("program-errors", "errors against lam", {"cells": "program-cells"}),
        Figure(
            "program-laws",
            "measured laws of random programs",
            {"laws": "program-laws"},
            among="linear_programs.ensembles",
        ),
        Figure("transport", "transport plans", {"plans": jobs.plans}, among=jobs.plans),
        Figure(
            "transport-values",
            "transport's value against lam",
            {"values": "transport-values"},
            among=jobs.transport_values,
        ),
        Figure(
            "transport-times",
            "transport's time against size",
            {"times": jobs.transport_times},
            among=jobs.transport_times,
            shows_times=True,
        ),
        Figure(
            "descent",
            "descent and its rate",
            {
                "descents": "descents",
                "traces": partial(jobs.descents, "descent-traces"),
                "flows": "program-flows",
            },
            among="linear_programs.descent",
        ),
    ),
    claims=("linear_programs.claims", "linear_programs.transport_claims"),
    summaries="linear_programs.summaries:SUMMARIES",
)
