# What the rules ask the config: slices of its grids, as text. No mathematics here.


def code(script):
    """The identity of the code behind a script, so that a rule reruns when what it computes has changed."""
    return code_identity(SCRIPTS / script)


def grows(amount):
    """A resource that doubles with every retry of a job that had too little of it."""
    return lambda wildcards, attempt: amount * 2 ** (attempt - 1)


def part(name, load):
    """A resource that is a part of a job's load; its time and the size of its files are predicted from those."""
    return lambda wildcards: getattr(load(wildcards), name)


def planned_jobs():
    """Number of each job to be done -> what its costs are predicted from; for src/snakemake_logger_plugin_dlnflow."""
    return {
        workflow.dag.jobid(job): {
            "rule": job.rule.name,
            "wildcards": dict(job.wildcards_dict),
            "load": {name: job.resources[name] for name in loads.Load._fields if name in job.resources.keys()},
            "inputs": list(map(str, job.input)),
            "outputs": list(map(str, job.output)),
        }
        for job in workflow.dag.needrun_jobs()
    }


def trials_of(wildcards):
    """The trials of a problem that a block holds."""
    return blocks.trials_in(wildcards.trials, CONFIG.problems[wildcards.problem].instances)


def instances_load(wildcards):
    """Of what is done once an instance, before there are cells."""
    return loads.problem_load(CONFIG.problems[wildcards.problem], len(trials_of(wildcards))).without_cells


def minimisers_load(wildcards):
    return loads.exact_load(CONFIG.problems[wildcards.problem], len(trials_of(wildcards)))


def rates_load(wildcards):
    depths = len(depths_of(wildcards))
    return loads.exact_load(CONFIG.problems[wildcards.problem], len(trials_of(wildcards)), depths)


def limits_load(wildcards):
    scales = len(scales_in_band(wildcards))
    return loads.problem_load(CONFIG.problems[wildcards.problem], len(trials_of(wildcards)), scales)


def trajectories_load(wildcards):
    scales = len(trajectory_scales_in_band(wildcards))
    return loads.problem_load(CONFIG.problems[wildcards.problem], len(trials_of(wildcards)), scales)


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


# method -> its folder in results/, and the script behind it
STAGE_OF_METHOD = {"flow": "flow", "limit": "limits", "certified": "certified"}
SCRIPT_OF_METHOD = {"flow": "integrate_flow.py", "limit": "solve_limits.py", "certified": "certify_limits.py"}


def cells_of(wildcards):
    experiment = getattr(CONFIG, wildcards.experiment)
    depths = experiment.depths_of(wildcards.problem)
    return [
        file
        for method in experiment.methods
        for file in cell_files(
            STAGE_OF_METHOD[method],
            wildcards.experiment,
            wildcards.problem,
            depths,
            experiment.scales,
            experiment.blocks,
        )
    ]


def trial_files(pattern, wildcards):
    """One file for each block of a problem's trials."""
    experiment = getattr(CONFIG, wildcards.experiment)
    trials = problem_blocks(wildcards.problem, experiment.blocks.trials)
    return expand(pattern, experiment=wildcards.experiment, problem=wildcards.problem, trials=trials)


def minimisers_of(wildcards):
    return trial_files("results/minimisers/{problem}/{trials}.parquet", wildcards)


def rates_of(wildcards):
    return trial_files("results/rates/{experiment}/{problem}/{trials}.parquet", wildcards)


def problem_files_of(wildcards):
    """The instances behind the certified cells, if there are any."""
    if "certified" not in getattr(CONFIG, wildcards.experiment).methods:
        return []
    return trial_files("results/problems/{problem}/{trials}.npz", wildcards)


def depths_of(wildcards):
    """The depths at which a problem has cells, as text."""
    return [to_text(depth) for depth in getattr(CONFIG, wildcards.experiment).depths_of(wildcards.problem)]


def problem_tables(wildcards):
    experiment = getattr(CONFIG, wildcards.experiment)
    return expand(
        "results/tables/{experiment}/{problem}.parquet",
        experiment=wildcards.experiment,
        problem=experiment.cell_problems,
    )


FORMATS = ("pdf", "svg", "png")


def figure_files(experiment, name):
    return multiext(f"figures/{experiment}/{name}.", *FORMATS)


def reported(files, figure, caption, depths=None, shown="svg"):
    """The files of a figure, of which the report shows one: the svg, or the png of what has a mark an instance.

    figure: what it shows, in a few words.  depths: wildcards -> the depths drawn in it.  At least one entry of every
    experiment goes without depths, for a label with two values, each in half of the entries, becomes a switch that
    the report cannot fill.
    """

    def labels(wildcards):
        drawn = {"depth L": ", ".join(map(to_text, depths(wildcards)))} if depths else {}
        return {"figure": figure} | drawn

    _, experiment, _ = files[0].split("/")
    flags = {"category": experiment.replace("_", " "), "caption": f"../report/{caption}.rst", "labels": labels}
    return [report(file, **flags) if file.endswith(f".{shown}") else file for file in files]


def tables_of(experiment, grid):
    return expand("results/tables/{experiment}/{problem}.parquet", experiment=experiment, problem=grid.problems)


def targets(experiment, figures):
    """The tables and figures of an experiment, if the config has it."""
    if experiment not in CONFIG.experiments:
        return []
    tables = multiext(f"results/tables/{experiment}.", "parquet", "csv")
    drawn = [file for name, wanted in figures.items() if wanted for file in figure_files(experiment, name)]
    return [*tables, *drawn, f"figures/{experiment}/explorer.html"]


def sharpness_targets(wildcards):
    experiment = CONFIG.sharpness
    trajectories = experiment.trajectories.problems if experiment and experiment.trajectories else []
    figures = {
        "figure-1-errors": True,
        "figure-2-kinks": experiment and experiment.kinks,
        "figure-3-potentials": experiment and experiment.potentials,
    }
    return targets("sharpness", figures | {f"trajectories-{problem}": True for problem in trajectories})


def asymptotics_targets(wildcards):
    experiment = CONFIG.asymptotics
    figures = {
        "figure-1-asymptotes": True,
        "figure-2-asymptotes": experiment and experiment.kinks,
        "crossover": experiment and experiment.crossover,
    }
    return targets("asymptotics", figures)
