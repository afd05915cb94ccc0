# What the rules ask the config: slices of its grids, as text. No mathematics here.


def code(script):
    """The identity of the code behind a script, so that a rule reruns when what it computes has changed."""
    return code_identity(SCRIPTS / script)


def depth_text(wildcards):
    return wildcards.depth.replace("_", "/")


def problem_blocks(problem, size):
    return blocks.trial_blocks(CONFIG.problems[problem].instances, size)


def cell_files(stage, experiment, problem, depths, scales, sizes):
    """The files of a stage that hold the cells of one problem at the given depths and scales."""
    return expand(
        "results/{stage}/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
        stage=stage,
        experiment=experiment,
        problem=problem,
        depth=[path_token(depth) for depth in depths],
        trials=problem_blocks(problem, sizes.trials),
        band=blocks.bands(scales, sizes.decades),
    )


def scales_in_band(wildcards):
    """The scales of an experiment's main grid that lie in the wildcards' band."""
    experiment = getattr(CONFIG, wildcards.experiment)
    return blocks.bands(experiment.scales, experiment.blocks.decades)[wildcards.band]


def trajectory_scales_in_band(wildcards):
    """The scales of an experiment's trajectories that lie in the wildcards' band."""
    experiment = getattr(CONFIG, wildcards.experiment)
    return blocks.bands(experiment.trajectories.scales, experiment.blocks.decades)[wildcards.band]


def depths_as_floats(depths):
    """Depths as the tables hold them."""
    return [float(depth) for depth in depths]


def deltas_of(problems):
    """problem=delta for each kink among the problems."""
    specs = {name: CONFIG.problems[name] for name in problems}
    return [f"{name}={to_text(spec.kink)}" for name, spec in specs.items() if hasattr(spec, "kink")]
