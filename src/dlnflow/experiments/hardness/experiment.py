"""What hardness is made of."""

from dlnflow.experiments.hardness import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

HARDNESS = Experiment(
    "hardness",
    tables=(
        Table("hardness", "a method on an input, of which b bits are read", "hardness.tables:HARDNESS", jobs.tables),
        Table("hardness-work", "an accuracy on a kink at a depth", "hardness.work_tables:WORK", jobs.work),
    ),
    figures=(
        Figure(
            "map-{family}",
            "correct digits over k and b: {family}",
            "hardness.figures.map:map_figure",
            {"cells": "results/tables/hardness/map-{family}.parquet"},
            among=lambda config: list(config.hardness.maps),
            depths=lambda config, w: config.hardness.maps[w.family].depths,
        ),
        Figure(
            "levels",
            "K, K - 1 and K - 2 digits",
            "hardness.figures.levels:levels_figure",
            {"cells": "results/tables/hardness/levels.parquet"},
            among=lambda config: bool(config.hardness.levels),
            depths=lambda config, w: config.hardness.levels.depths,
        ),
        Figure(
            "work",
            "scale and time against accuracy",
            "hardness.figures.work:work_figure",
            {"cells": "results/tables/hardness-work.parquet", "times": jobs.work_times},
            among=lambda config: bool(config.hardness.work),
            depths=lambda config, w: config.hardness.work.depths,
            shows_times=True,
        ),
        Figure(
            "answers-{family}",
            "what solvers answer, and claim: {family}",
            "hardness.figures.answers:answers_figure",
            {"cells": "results/tables/hardness/answers-{family}.parquet"},
            among=lambda config: list(config.hardness.answers),
        ),
    ),
    claims=("hardness.claims",),
    summaries="hardness.summaries:SUMMARIES",
)
