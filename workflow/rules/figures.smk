rule sharpness:
    input:
        sharpness_targets,


rule plot_errors:
    input:
        lambda w: tables_of("sharpness", CONFIG.sharpness),
    output:
        report(
            figure_files("sharpness", "figure-1-errors"),
            category="sharpness",
            caption="../report/figure-1-errors.rst",
            labels={"figure": "1: error against scale"},
        ),
    log:
        "logs/plot_errors.log",
    benchmark:
        "results/timings/plot_errors.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.depths),
        code=code("plot_errors.py"),
    shell:
        "python -m plot_errors {input} --depths {params.depths} --output {output} > {log} 2>&1"


rule plot_kinks:
    input:
        lambda w: tables_of("sharpness", CONFIG.sharpness.kinks),
    output:
        report(
            figure_files("sharpness", "figure-2-kinks"),
            category="sharpness",
            caption="../report/figure-2-kinks.rst",
            labels={"figure": "2: kinks"},
        ),
    log:
        "logs/plot_kinks.log",
    benchmark:
        "results/timings/plot_kinks.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.kinks.depths),
        deltas=lambda w: deltas_of(CONFIG.sharpness.kinks.problems),
        code=code("plot_kinks.py"),
    shell:
        "python -m plot_kinks {input} --depths {params.depths} --deltas {params.deltas}"
        " --output {output} > {log} 2>&1"


rule plot_potentials:
    output:
        report(
            figure_files("sharpness", "figure-3-potentials"),
            category="sharpness",
            caption="../report/figure-3-potentials.rst",
            labels={"figure": "3: potentials"},
        ),
    log:
        "logs/plot_potentials.log",
    benchmark:
        "results/timings/plot_potentials.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.potentials.depths),
        code=code("plot_potentials.py"),
    shell:
        "python -m plot_potentials --depths {params.depths} --output {output} > {log} 2>&1"


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
            figure_files("sharpness", "trajectories-{problem}"),
            category="sharpness",
            caption="../report/trajectories.rst",
            labels={"figure": "trajectories of {problem}"},
        ),
    log:
        "logs/plot_trajectories/{problem}.log",
    benchmark:
        "results/timings/plot_trajectories/{problem}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(10),
    params:
        depths=lambda w: depths_as_floats(CONFIG.sharpness.trajectories.depths),
        code=code("plot_trajectories.py"),
    shell:
        "python -m plot_trajectories {input} --depths {params.depths} --output {output} > {log} 2>&1"


rule asymptotics:
    input:
        asymptotics_targets,


rule plot_asymptotes:
    input:
        lambda w: tables_of("asymptotics", CONFIG.asymptotics),
    output:
        report(
            figure_files("asymptotics", "figure-1-asymptotes"),
            category="asymptotics",
            caption="../report/figure-1-asymptotes.rst",
            labels={"figure": "1 to 1e-100: error and asymptote"},
        ),
    log:
        "logs/plot_asymptotes.log",
    benchmark:
        "results/timings/plot_asymptotes.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        depths=lambda w: depths_as_floats(CONFIG.asymptotics.depths),
        code=code("plot_asymptotes.py"),
    shell:
        "python -m plot_asymptotes {input} --depths {params.depths} --output {output} > {log} 2>&1"


rule plot_kink_asymptotes:
    input:
        lambda w: tables_of("asymptotics", CONFIG.asymptotics.kinks),
    output:
        report(
            figure_files("asymptotics", "figure-2-asymptotes"),
            category="asymptotics",
            caption="../report/figure-2-asymptotes.rst",
            labels={"figure": "2 to 1e-100: kinks and asymptotes"},
        ),
    log:
        "logs/plot_kink_asymptotes.log",
    benchmark:
        "results/timings/plot_kink_asymptotes.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        depths=lambda w: depths_as_floats(CONFIG.asymptotics.kinks.depths),
        deltas=lambda w: deltas_of(CONFIG.asymptotics.kinks.problems),
        code=code("plot_kink_asymptotes.py"),
    shell:
        "python -m plot_kink_asymptotes {input} --depths {params.depths} --deltas {params.deltas}"
        " --output {output} > {log} 2>&1"


rule plot_crossover:
    input:
        lambda w: tables_of("asymptotics", CONFIG.asymptotics.crossover),
    output:
        report(
            figure_files("asymptotics", "crossover"),
            category="asymptotics",
            caption="../report/crossover.rst",
            labels={"figure": "crossover near depth 2"},
        ),
    log:
        "logs/plot_crossover.log",
    benchmark:
        "results/timings/plot_crossover.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        depths=lambda w: depths_as_floats(CONFIG.asymptotics.crossover.depths),
        code=code("plot_crossover.py"),
    shell:
        "python -m plot_crossover {input} --depths {params.depths} --output {output} > {log} 2>&1"
