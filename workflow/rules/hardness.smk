# Hardness: inputs of which only some bits are read, and what solvers and networks make of them.

from dlnflow.experiments.hardness import jobs as hardness


wildcard_constraints:
    family="[a-z][a-z0-9-]*",
    exponents=r"exponents-\d+-\d+",


use rule job as solve_readings with:
    output:
        output="results/hardness/solvers/{grid}/{solver}/{exponents}.parquet",
    pathvars:
        job="solve_readings/{grid}/{solver}/{exponents}",
    resources:
        **needs(2000, 60, hardness.solved_load),
    params:
        **told("solve_readings", hardness.solved),


use rule job as limit_readings with:
    output:
        output="results/hardness/limits/{grid}/depth-{depth}/{exponents}.parquet",
    pathvars:
        job="limit_readings/{grid}/depth-{depth}/{exponents}",
    resources:
        **needs(1000, 60, hardness.limits_load),
    params:
        **told("limit_readings", hardness.limits),


use rule job as merge_grid with:
    input:
        tables=of(hardness.cells),
    output:
        parquet="results/tables/hardness/{grid}.parquet",
    pathvars:
        job="merge_grid/{grid}",
    group:
        "tables"
    resources:
        **needs(2000, 20),
    params:
        **told("merge_tables"),


use rule job as measure_work with:
    output:
        cells="results/hardness/scales/depth-{depth}.parquet",
        times="results/timings/hardness/scales/depth-{depth}.parquet",
    pathvars:
        job="measure_work/depth-{depth}",
    resources:
        **needs(1000, 60, hardness.work_load),
    params:
        **told("measure_work", hardness.worked),
