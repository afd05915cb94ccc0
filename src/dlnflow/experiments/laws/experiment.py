"""What laws is made of."""

from functools import partial

from dlnflow.experiments.laws import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

_LAWS, _CELLS = "results/tables/laws.parquet", "results/tables/law-cells.parquet"

LAWS = Experiment(
    "laws",
    tables=(
        Table("laws", "a random instance at a depth", "laws.tables:LAWS", partial(jobs.law_files, "laws")),
        Table("law-cells", "the same at one scale", "laws.tables:LAW_CELLS", partial(jobs.law_files, "cells")),
        Table("rhos", "a random instance", "laws.rho_tables:RHOS", jobs.rho_files),
    ),
    figures=(
        Figure(
            "exponents",
            "measured exponents and constants",
            "laws.figures.exponents:exponents_figure",
            {"laws": _LAWS},
            depths=lambda config, w: config.laws.depths,
            shown="png",
        ),
        Figure(
            "constants",
            "constants against the scale",
            "laws.figures.constants:constants_figure",
            {"cells": _CELLS, "laws": _LAWS},
            depths=lambda config, w: config.laws.depths,
        ),
        Figure(
            "depths",
            "which depth is nearest",
            "laws.figures.depths:depths_figure",
            {"cells": _CELLS, "laws": _LAWS},
            depths=lambda config, w: config.laws.depths,
        ),
        Figure(
            "rho",
            "rho and its limit",
            "laws.figures.rho:rho_figure",
            {"rhos": "results/tables/rhos.parquet", "limits": lambda config, w: jobs.rho_limit_files(config)},
            among=lambda config: bool(config.laws.rho),
        ),
        Figure(
            "faces",
            "which minimiser, as the depth moves",
            "laws.figures.faces:faces_figure",
            {"table": "results/laws/faces.parquet"},
            among=lambda config: bool(config.laws.faces),
            depths=lambda config, w: config.laws.faces.depths,
        ),
    ),
    claims=("laws.claims",),
    summaries="laws.summaries:SUMMARIES",
    judged_besides={"rho-limits": jobs.rho_limit_files},
)
