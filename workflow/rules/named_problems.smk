# Sharpness and asymptotics: problems -> limits, flow, exact minimisers -> tables.

from dlnflow.experiments.named_problems import jobs as named_problems


wildcard_constraints:
    experiment="sharpness|asymptotics",
    problem="[^/]+",
    trials=r"trials-\d+-\d+",
    band=r"decades-\d+-\d+",


use rule job as make_problem with:
    input:
        files=of(named_problems.user_files),
    output:
        output="results/problems/{problem}/{trials}.npz",
    pathvars:
        job="make_problem/{problem}/{trials}",
    group:
        "problems"
    resources:
        **needs(1000, 10, named_problems.made_load),
    params:
        **told("make_problem", named_problems.made),


use rule job as find_minimisers with:
    input:
        problem="results/problems/{problem}/{trials}.npz",
    output:
        output="results/minimisers/{problem}/{trials}.parquet",
    pathvars:
        job="find_minimisers/{problem}/{trials}",
    group:
        "problems"
    resources:
        **needs(1000, 10, named_problems.minimisers_load),
    params:
        **told("find_minimisers"),


use rule job as predict_rates with:
    input:
        problem="results/problems/{problem}/{trials}.npz",
        minimisers="results/minimisers/{problem}/{trials}.parquet",
    output:
        output="results/rates/{experiment}/{problem}/{trials}.parquet",
    pathvars:
        job="predict_rates/{experiment}/{problem}/{trials}",
    group:
        "problems"
    resources:
        **needs(1000, 30, named_problems.rates_load),
    params:
        **told("predict_rates", named_problems.predicted),


use rule job as solve_limits with:
    input:
        problem="results/problems/{problem}/{trials}.npz",
    output:
        output="results/limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    pathvars:
        job="solve_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}",
    resources:
        **needs(1000, 10, named_problems.solved_load),
    params:
        **told("solve_limits", named_problems.solved),


use rule job as certify_limits with:
    input:
        problem="results/problems/{problem}/{trials}.npz",
    output:
        output="results/certified/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    pathvars:
        job="certify_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}",
    resources:
        **needs(1000, 30, named_problems.solved_load),
    params:
        **told("certify_limits", named_problems.solved),


use rule job as integrate_flow with:
    input:
        problem="results/problems/{problem}/{trials}.npz",
    output:
        output="results/flow/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    pathvars:
        job="integrate_flow/{experiment}/{problem}/depth-{depth}/{trials}_{band}",
    resources:
        **needs(1000, 30, named_problems.solved_load),
    params:
        **told("integrate_flow", named_problems.solved),


use rule job as sample_trajectories with:
    input:
        problem="results/problems/{problem}/{trials}.npz",
    output:
        output="results/trajectories/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    pathvars:
        job="sample_trajectories/{experiment}/{problem}/depth-{depth}/{trials}_{band}",
    resources:
        **needs(1000, 30, named_problems.sampled_load),
    params:
        **told("sample_trajectories", named_problems.sampled),


# One table a problem first, so that no rule has more than about a thousand inputs and a figure reruns only when its own
# problems did.
use rule job as compare_cells with:
    input:
        cells=of(named_problems.cells),
        minimisers=of(named_problems.minimisers),
        rates=of(named_problems.rates),
        problems=of(named_problems.certified_problems),
    output:
        output="results/tables/{experiment}/{problem}.parquet",
    pathvars:
        job="compare_cells/{experiment}/{problem}",
    group:
        "tables"
    resources:
        **needs(1000, 10),
    params:
        **told("compare_cells"),


use rule job as explore_cells with:
    input:
        tables=of(named_problems.explored_tables),
        minimisers=of(named_problems.explored_minimisers),
        problems=of(named_problems.explored_problems),
    output:
        output="results/explorer/{experiment}.parquet",
    pathvars:
        job="explore_cells/{experiment}",
    group:
        "tables"
    resources:
        **needs(1000, 10),
    params:
        **told("explore_cells"),


use rule job as plot_explorer with:
    input:
        table="results/explorer/{experiment}.parquet",
    output:
        output=report(
            "figures/{experiment}/explorer.html",
            category="{experiment}",
            caption="../report/explorer.rst",
            labels={"figure": "every cell, interactive"},
        ),
    pathvars:
        job="plot_explorer/{experiment}",
    group:
        "tables"
    resources:
        **needs(1000, 10),
    params:
        **told(
            "plot_explorer",
            lambda config, w: {
                "experiment": w.experiment,
                "codes": {method: stage_identity(stage) for method, stage in named_problems.stages(config, w).items()},
            },
        ),
