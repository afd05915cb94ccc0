"""What laws is made of."""

from functools import partial

from dlnflow.experiments.laws import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

_CELLS_AND_LAWS = {"cells": "law-cells", "laws": "laws"}

LAWS = Experiment(
    "laws",
    tables=(
        Table("laws", "a random instance at a depth", "laws.tables:LAWS", partial(jobs.law_files, "laws")),
        Table("law-cells", "the same at one scale", "laws.tables:LAW_CELLS", partial(jobs.law_files, "cells")),
        Table("rhos", "a random instance", "laws.rho_tables:RHOS", jobs.rho_files),
    ),
    figures=(
        Figure("exponents", "measured exponents and constants", {"laws": "laws"}, depths="laws.depths", shown="png"),
        Figure(
            "constants", "constants against the scale", {"cells": "law-cells", "laws": "laws"}, depths="laws.depths"
        ),
        Figure("depths", "which depth is nearest", {"cells": "law-cells", "laws": "laws"}, depths="laws.depths"),
        Figure("rho", "rho and its limit", {"rhos": "rhos", "limits": jobs.rho_limit_files}, among="laws.rho"),
        Figure(
            "faces",
            "which minimiser, as the depth moves",
            {"table": "results/laws/faces.parquet"},
            among="laws.faces",
            depths="laws.faces.depths",
        ),
    ),
    claims=("laws.claims",),
    summaries="laws.summaries:SUMMARIES",
    judged_besides={"rho-limits": jobs.rho_limit_files},
)
