"""What recovery is made of."""

from dlnflow.experiments.recovery import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

RECOVERY = Experiment(
    "recovery",
    tables=(
        Table("recovery", "a cell of a random instance", "recovery.tables:RECOVERY", jobs.tables),
        Table(
            "recovery-fits",
            "a 50 % point of a row of a recovery grid",
            "recovery.tables:FITS",
            jobs.fits,
            is_judged=False,
        ),
    ),
    figures=(
        Figure(
            "diagram-{grid}",
            "success over m/n and s/m: {grid}",
            "recovery.figures.diagram:diagram_figure",
            {
                "cells": "results/tables/recovery/{grid}.parquet",
                "boundaries": lambda config, w: jobs.curves(config, "boundaries", w.grid),
            },
            told=jobs.judged,
            among=lambda config: list(config.recovery.diagrams),
            depths=lambda config, w: config.recovery.diagrams[w.grid].depths,
        ),
        Figure(
            "thresholds",
            "50 % points, measured and predicted",
            "recovery.figures.thresholds:thresholds_figure",
            {"fits": jobs.diagram_fits, "boundaries": jobs.diagram_curves},
            among=lambda config: bool(config.recovery.diagrams),
        ),
        Figure(
            "errors",
            "mean squared error and state evolution",
            "recovery.figures.errors:errors_figure",
            {
                "cells": "results/tables/recovery/errors.parquet",
                "evolution": lambda config, w: jobs.curves(config, "errors", "errors"),
            },
            among=lambda config: bool(config.recovery.errors),
            depths=lambda config, w: config.recovery.errors.depths,
        ),
        Figure(
            "samples",
            "success against measurements",
            "recovery.figures.samples:samples_figure",
            {
                "cells": "results/tables/recovery/transitions.parquet",
                "fits": "results/recovery/fits/transitions.parquet",
                "boundaries": lambda config, w: jobs.curves(config, "boundaries", "transitions"),
            },
            among=lambda config: bool(config.recovery.transitions),
            depths=lambda config, w: config.recovery.transitions.depths,
        ),
        Figure(
            "times",
            "time against accuracy",
            "recovery.figures.times:times_figure",
            {"cells": "results/tables/recovery/times.parquet", "times": jobs.times},
            among=lambda config: bool(config.recovery.times),
            depths=lambda config, w: config.recovery.times.depths,
            shows_times=True,
        ),
    ),
    claims=("recovery.claims",),
    summaries="recovery.summaries:SUMMARIES",
)
