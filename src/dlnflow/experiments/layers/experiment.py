"""What layers is made of."""

from functools import partial

from dlnflow.experiments.layers import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

LAYERS = Experiment(
    "layers",
    tables=(
        Table(
            "layer-drifts",
            "a run and a conserved quantity",
            "layers.tables:DRIFTS",
            partial(jobs.network_files, "drifts"),
        ),
        Table(
            "layer-courses",
            "a time of a run",
            "layers.tables:COURSES",
            partial(jobs.network_files, "courses"),
            is_judged=False,
        ),
        Table("layer-starts", "a run from a tiny start", "layers.tables:STARTS", partial(jobs.network_files, "starts")),
        Table(
            "factorisations",
            "a run of descent",
            "layers.factorisation_tables:FACTORISATIONS",
            partial(jobs.factorisation_files, "factorisations"),
        ),
        Table(
            "factorisation-samples",
            "a step of such a run",
            "layers.factorisation_tables:FACTORISATION_SAMPLES",
            partial(jobs.factorisation_files, "samples"),
            is_judged=False,
        ),
        Table(
            "rank-one",
            "a run of descent",
            "layers.factorisation_tables:RANK_ONE",
            partial(jobs.rank_one_files, "runs"),
        ),
        Table(
            "rank-one-times",
            "a tolerance of such runs",
            "layers.factorisation_tables:RANK_ONE_TIMES",
            partial(jobs.rank_one_files, "times"),
            is_judged=False,
        ),
        Table(
            "rank-one-orbits",
            "a last iterate",
            "layers.factorisation_tables:RANK_ONE_ORBITS",
            partial(jobs.rank_one_files, "orbits"),
            is_judged=False,
        ),
    ),
    figures=(
        Figure(
            "invariants",
            "invariants in time",
            "layers.figures.invariants:invariants_figure",
            {"courses": "results/tables/layer-courses.parquet"},
        ),
        Figure(
            "drift",
            "drift against step and tolerance",
            "layers.figures.drift:drift_figure",
            {"drifts": "results/tables/layer-drifts.parquet"},
        ),
        Figure(
            "balance",
            "tiny starts balance",
            "layers.figures.balance:balance_figure",
            {"courses": "results/tables/layer-courses.parquet", "starts": "results/tables/layer-starts.parquet"},
            among=lambda config: bool(config.layers.tiny),
        ),
        Figure(
            "factorisation",
            "factorisation with falling steps",
            "layers.figures.factorisation:factorisation_figure",
            {
                "samples": "results/tables/factorisation-samples.parquet",
                "factorisations": "results/tables/factorisations.parquet",
            },
            among=lambda config: bool(config.layers.factorisation),
        ),
        Figure(
            "rank-one",
            "rank one with constant steps",
            "layers.figures.rank_one:rank_one_figure",
            {
                "runs": "results/tables/rank-one.parquet",
                "times": "results/tables/rank-one-times.parquet",
                "orbits": "results/tables/rank-one-orbits.parquet",
            },
            among=lambda config: bool(config.layers.rank_one),
        ),
    ),
    claims=("layers.claims", "layers.factorisation_claims"),
    summaries="layers.summaries:SUMMARIES",
)
