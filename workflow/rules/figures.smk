FORMATS = ("pdf", "svg", "png")


def figure_files(name):
    return multiext(f"figures/sharpness/{name}.", *FORMATS)


def tables_of(grid):
    return expand("results/tables/sharpness/{problem}.parquet", problem=grid.problems)


def sharpness_targets(wildcards):
    experiment = CONFIG.sharpness
    if experiment is None:
        return []
    figures = ["figure-1-errors"]
    if experiment.kinks:
        figures.append("figure-2-kinks")
    if experiment.potentials:
        figures.append("figure-3-potentials")
    if experiment.trajectories:
        figures += [f"trajectories-{problem}" for problem in experiment.trajectories.problems]
    tables = ["results/tables/sharpness.parquet", "results/tables/sharpness.csv"]
    return tables + [file for figure in figures for file in figure_files(figure)]


rule sharpness:
    input:
        sharpness_targets,


rule plot_errors:
    input:
        lambda w: tables_of(CONFIG.sharpness),
    output:
        report(
            figure_files("figure-1-errors"),
            category="sharpness",
            caption="../report/figure-1-errors.rst",
            labels={"figure": "1: error against scale"},
        ),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.depths),
        code=code("plot_errors.py"),
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    log:
        "logs/plot_errors.log",
    benchmark:
        "results/timings/plot_errors.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/plot_errors.py {input} --depths {params.depths} --output {output} > {log} 2>&1"


rule plot_kinks:
    input:
        lambda w: tables_of(CONFIG.sharpness.kinks),
    output:
        report(
            figure_files("figure-2-kinks"),
            category="sharpness",
            caption="../report/figure-2-kinks.rst",
            labels={"figure": "2: kinks"},
        ),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.kinks.depths),
        deltas=lambda w: deltas_of(CONFIG.sharpness.kinks.problems),
        code=code("plot_kinks.py"),
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    log:
        "logs/plot_kinks.log",
    benchmark:
        "results/timings/plot_kinks.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/plot_kinks.py {input} --depths {params.depths} --deltas {params.deltas}"
        " --output {output} > {log} 2>&1"


rule plot_potentials:
    output:
        report(
            figure_files("figure-3-potentials"),
            category="sharpness",
            caption="../report/figure-3-potentials.rst",
            labels={"figure": "3: potentials"},
        ),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.potentials.depths),
        code=code("plot_potentials.py"),
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    log:
        "logs/plot_potentials.log",
    benchmark:
        "results/timings/plot_potentials.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/plot_potentials.py --depths {params.depths} --output {output} > {log} 2>&1"


rule plot_trajectories:
    input:
        lambda w: cell_files(
            "trajectories",
            "sharpness",
            w.problem,
            CONFIG.sharpness.trajectories.depths,
            CONFIG.sharpness.trajectories.scales,
            CONFIG.sharpness.blocks,
        ),
    output:
        report(
            figure_files("trajectories-{problem}"),
            category="sharpness",
            caption="../report/trajectories.rst",
            labels={"figure": "trajectories of {problem}"},
        ),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.trajectories.depths),
        code=code("plot_trajectories.py"),
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    log:
        "logs/plot_trajectories/{problem}.log",
    benchmark:
        "results/timings/plot_trajectories/{problem}.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/plot_trajectories.py {input} --depths {params.depths} --output {output} > {log} 2>&1"
