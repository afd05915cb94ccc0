# What the rules of the interactive pages ask the config. No mathematics here.


def first_blocks(pattern, wildcards):
    """The files of the first instances of each problem, which are all that the page shows."""
    experiment = getattr(CONFIG, wildcards.experiment)
    return [
        pattern.format(problem=problem, trials=next(iter(problem_blocks(problem, experiment.blocks.trials))))
        for problem in experiment.cell_problems
    ]


def codes_of(wildcards):
    """method=identity of the code behind its cells."""
    methods = getattr(CONFIG, wildcards.experiment).methods
    return [f"{method}={code(SCRIPT_OF_METHOD[method])}" for method in methods]
