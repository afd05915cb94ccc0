"""What recovery is made of."""

from functools import partial

from dlnflow.experiments.recovery import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

_JUDGED = "results/tables/recovery/{}.parquet"

RECOVERY = Experiment(
    "recovery",
    tables=(
        Table("recovery", "a cell of a random instance", "recovery.tables:RECOVERY", jobs.tables),
        Table("recovery-fits", "a 50 % point of a row of a recovery grid", "recovery.tables:FITS", jobs.fits, False),
    ),
    figures=(
        Figure(
            "diagram-{grid}",
            "success over m/n and s/m: {grid}",
            {"cells": _JUDGED.format("{grid}"), "boundaries": lambda c, w: jobs.curves("boundaries", w.grid, c)},
            told=jobs.judged,
            among="recovery.diagrams",
            depths=lambda config, w: config.recovery.diagrams[w.grid].depths,
        ),
        Figure(
            "thresholds",
            "50 % points, measured and predicted",
            {"fits": jobs.diagram_fits, "boundaries": jobs.diagram_curves},
            among="recovery.diagrams",
        ),
        Figure(
            "errors",
            "mean squared error and state evolution",
            {"cells": _JUDGED.format("errors"), "evolution": partial(jobs.curves, "errors", "errors")},
            among="recovery.errors",
            depths="recovery.errors.depths",
        ),
        Figure(
            "samples",
            "success against measurements",
            {
                "cells": _JUDGED.format("transitions"),
                "fits": "results/recovery/fits/transitions.parquet",
                "boundaries": partial(jobs.curves, "boundaries", "transitions"),
            },
            among="recovery.transitions",
            depths="recovery.transitions.depths",
        ),
        Figure(
            "times",
            "time against accuracy",
            {"cells": _JUDGED.format("times"), "times": jobs.times},
            among="recovery.times",
            depths="recovery.times.depths",
            shows_times=True,
        ),
    ),
    claims=("recovery.claims",),
    summaries="recovery.summaries:SUMMARIES",
)
