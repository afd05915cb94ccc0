# How rules ask the config and the experiments. No mathematics here.

LOAD = Load._fields


def of(function):
    """(config, wildcards) -> something, as a function of the wildcards."""
    return lambda wildcards: function(CONFIG, wildcards)


def needs(megabytes, minutes, load=None):
    """Resources, the double with every retry of a job that had too little; its load, from which its costs are told."""
    parts = {name: of(lambda config, w, name=name: getattr(load(config, w), name)) for name in LOAD} if load else {}
    return {"mem_mb": grows(megabytes), "runtime": grows(minutes)} | parts


def grows(amount):
    return lambda wildcards, attempt: amount * 2 ** (attempt - 1)


def told(stage, says=lambda config, w: {}, *modules):
    """The params of a stage. says: (config, wildcards) -> what it is told besides its files.

    modules: below dlnflow.experiments, which the stage imports by name.
    """
    told = of(lambda config, w: options(says(config, w)))
    return {"stage": stage, "code": stage_identity(stage, *modules), "options": told} | FILES


def stage_identity(stage, *modules):
    return code_identity(SCRIPTS / "run_job.py", stage_file(stage), *map(module_file, modules))


def by_name(files):
    """Files as options, by their names in a rule."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in files.items()}


FILES = {"files": lambda wildcards, input, output: options(by_name(input) | by_name(output))}


def planned_jobs():
    """Number of each job to be done -> what its costs are predicted from; for src/snakemake_logger_plugin_dlnflow."""
    return {
        workflow.dag.jobid(job): {
            "rule": job.rule.name,
            "wildcards": dict(job.wildcards_dict),
            "load": {name: job.resources[name] for name in LOAD if name in job.resources.keys()},
            "inputs": list(map(str, job.input)),
            "outputs": list(map(str, job.output)),
        }
        for job in workflow.dag.needrun_jobs()
    }


# --- experiments -----------------------------------------------------------------------------------------------------

TABLES = {table.name: table for experiment in EXPERIMENTS for table in experiment.tables}


def targets(experiment):
    return lambda wildcards: experiment.targets(CONFIG)


def figure_rule(experiment, figure):
    return f"plot_{experiment.name}_{figure.stem}".replace("-", "_")


def figure_job(experiment, figure):
    """What log and benchmark of a figure are called: its rule, then its wildcard."""
    wildcard = figure.name.removeprefix(figure.stem).removeprefix("-")
    return "/".join(filter(None, [figure_rule(experiment, figure), wildcard]))


def figure_inputs(figure):
    return {name: file if isinstance(file, str) else of(file) for name, file in figure.files.items()}


def reported(experiment, figure):
    """The files of a figure, of which the report shows one: the svg, or the png of what has a mark an instance."""

    def labels(wildcards):
        drawn = asked(figure.depths, CONFIG, wildcards)
        return {"figure": figure.shows} | ({"depth L": ", ".join(map(to_text, drawn))} if drawn else {})

    caption = f"report/{experiment.name}-{figure.stem}.rst"
    if not (SCRIPTS.parent / "workflow" / caption).is_file():
        raise ValueError(f"workflow/{caption} is not there, expected the caption of {figure.name} of {experiment.name}")
    flags = {"category": experiment.name.replace("_", " "), "caption": f"../{caption}", "labels": labels}
    files = experiment.figure_files(figure.name)
    return [report(file, **flags) if file.endswith(f".{figure.shown}") else file for file in files]


def drawn(experiment, figure):
    """The params of a figure."""
    draws = experiment.draws(figure)
    code = code_identity(SCRIPTS / "draw_figure.py", module_file(draws))
    told = of(lambda config, w: options(dict(figure.told(config, w)) | {"shows_times": figure.shows_times}))
    return {"figure": draws, "code": code, "options": told, "order": of(figure.order)} | FILES


# --- the report ------------------------------------------------------------------------------------------------------


def claims_told(config, w):
    """The tables that claims are judged by, each by its name, and where the claims are."""
    names = [name for experiment in EXPERIMENTS for name, _ in experiment.judged(config)]
    return {"names": names, "claims": claim_modules()}


def summary_tables(wildcards):
    """The tables behind a summary, as far as the config has them made."""
    wanted = {summary.table for summary in resolve(summarised(wildcards).summaries)}
    return [table.parquet for table in summarised(wildcards).made_tables(CONFIG) if table.name in wanted]


def summarised(wildcards):
    (found,) = (experiment for experiment in EXPERIMENTS if experiment.name == wildcards.summarised)
    return found


def software_told(config, w):
    """The packages of environment.yml, without their bounds, and which versions are installed."""
    named = yaml.safe_load((SCRIPTS.parent / "environment.yml").read_text())["dependencies"]
    packages = [entry.split(">=")[0] for entry in named]
    return {"packages": packages, "versions": map(version_of, packages)}
