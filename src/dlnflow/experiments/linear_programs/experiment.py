"""What the experiment on linear programs is made of."""

from functools import partial

from dlnflow.experiments.linear_programs import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

LINEAR_PROGRAMS = Experiment(
    "linear_programs",
    tables=(
        Table(
            "program-cells", "a linear program at one lam", "linear_programs.tables:PROGRAM_CELLS", jobs.program_cells
        ),
        Table("program-laws", "a random linear program", "linear_programs.tables:PROGRAM_LAWS", jobs.program_laws),
        Table(
            "transport-values",
            "a transport problem at one lam",
            "linear_programs.transport_tables:TRANSPORT_VALUES",
            jobs.transport_values,
        ),
        Table(
            "descents",
            "a run of descent on a linear program",
            "linear_programs.descent_tables:DESCENTS",
            partial(jobs.descents, "descents"),
        ),
        Table(
            "program-flows",
            "a linear program followed in time",
            "linear_programs.descent_tables:PROGRAM_FLOWS",
            partial(jobs.descents, "flows"),
        ),
    ),
    figures=(
        Figure(
            "program-errors",
            "errors against lam",
            "linear_programs.figures.errors:errors_figure",
            {"cells": "results/tables/program-cells.parquet"},
        ),
        Figure(
            "program-laws",
            "measured laws of random programs",
            "linear_programs.figures.laws:laws_figure",
            {"laws": "results/tables/program-laws.parquet"},
            among=lambda config: bool(config.linear_programs.ensembles),
        ),
        Figure(
            "transport",
            "transport plans",
            "linear_programs.figures.transport:transport_figure",
            {"plans": jobs.plans},
            among=lambda config: bool(jobs.plans(config)),
        ),
        Figure(
            "transport-values",
            "transport's value against lam",
            "linear_programs.figures.transport_values:values_figure",
            {"values": "results/tables/transport-values.parquet"},
            among=lambda config: bool(jobs.transport_values(config)),
        ),
        Figure(
            "transport-times",
            "transport's time against size",
            "linear_programs.figures.transport_times:times_figure",
            {"times": jobs.transport_times},
            among=lambda config: bool(jobs.transport_times(config)),
            shows_times=True,
        ),
        Figure(
            "descent",
            "descent and its rate",
            "linear_programs.figures.descent:descent_figure",
            {
                "descents": "results/tables/descents.parquet",
                "traces": partial(jobs.descents, "descent-traces"),
                "flows": "results/tables/program-flows.parquet",
            },
            among=lambda config: bool(config.linear_programs.descent),
        ),
    ),
    claims=("linear_programs.claims", "linear_programs.transport_claims"),
    summaries="linear_programs.summaries:SUMMARIES",
)
