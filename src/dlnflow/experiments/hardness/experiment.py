"""What hardness is made of."""

from dlnflow.experiments.hardness import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

_CELLS = "results/tables/hardness/{}.parquet"

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
            {"cells": _CELLS.format("map-{family}")},
            among="hardness.maps",
            depths=lambda config, w: config.hardness.maps[w.family].depths,
        ),
        Figure(
            "levels",
            "K, K - 1 and K - 2 digits",
            {"cells": _CELLS.format("levels")},
            among="hardness.levels",
            depths="hardness.levels.depths",
        ),
        Figure(
            "work",
            "scale and time against accuracy",
            {"cells": "hardness-work", "times": jobs.work_times},
            among="hardness.work",
            depths="hardness.work.depths",
            shows_times=True,
        ),
        Figure(
            "answers-{family}",
            "what solvers answer, and claim: {family}",
            {"cells": _CELLS.format("answers-{family}")},
            among="hardness.answers",
        ),
    ),
    claims=("hardness.claims",),
    summaries="hardness.summaries:SUMMARIES",
)
