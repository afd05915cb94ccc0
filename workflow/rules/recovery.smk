# Recovery: random instances drawn in the jobs, a tile of the grid and some trials in each.

from dlnflow.experiments.recovery import jobs as recovery


wildcard_constraints:
    tile=r"n-\d+_[^/]+_trials-\d+-\d+",
    band=r"decades-\d+-\d+",
    curve="basis-pursuit|depth-[^/]+",


use rule job as recover_limits with:
    output:
        cells="results/recovery/limits/{grid}/depth-{depth}/{tile}_{band}.parquet",
        times="results/timings/recovery/limits/{grid}/depth-{depth}/{tile}_{band}.parquet",
    pathvars:
        job="recover_limits/{grid}/depth-{depth}/{tile}_{band}",
    resources:
        **needs(1000, 60, recovery.limits_load),
    params:
        **told("recover_limits", recovery.limits),


use rule job as recover_baselines with:
    output:
        cells="results/recovery/baselines/{grid}/{solver}/{tile}.parquet",
        times="results/timings/recovery/baselines/{grid}/{solver}/{tile}.parquet",
    pathvars:
        job="recover_baselines/{grid}/{solver}/{tile}",
    resources:
        **needs(2000, 60, recovery.baselines_load),
    params:
        **told("recover_baselines", recovery.baselines),


use rule job as judge_recovery with:
    input:
        cells=of(recovery.cells),
    output:
        output="results/tables/recovery/{grid}.parquet",
    pathvars:
        job="judge_recovery/{grid}",
    group:
        "tables"
    resources:
        **needs(4000, 30),
    params:
        **told("judge_recovery", recovery.judged),


use rule job as predict_boundaries with:
    output:
        output="results/predictions/boundaries/{grid}/{curve}.parquet",
    pathvars:
        job="predict_boundaries/{grid}/{curve}",
    resources:
        **needs(1000, 30, recovery.curve_load),
    params:
        **told("predict_boundaries", recovery.boundaries),


use rule job as predict_errors with:
    output:
        output="results/predictions/errors/{grid}/{curve}.parquet",
    pathvars:
        job="predict_errors/{grid}/{curve}",
    resources:
        **needs(1000, 30, recovery.curve_load),
    params:
        **told("predict_errors", recovery.errors),


use rule job as fit_transitions with:
    input:
        judged="results/tables/recovery/{grid}.parquet",
    output:
        output="results/recovery/fits/{grid}.parquet",
    pathvars:
        job="fit_transitions/{grid}",
    group:
        "tables"
    resources:
        **needs(2000, 60),
    params:
        **told("fit_transitions", recovery.fitted),
