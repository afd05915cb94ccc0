rule sharpness:
    input:
        sharpness_targets,


rule plot_errors:
    input:
        lambda w: tables_of("sharpness", CONFIG.sharpness),
    output:
        reported(
            figure_files("sharpness", "figure-1-errors"),
            "1: error against scale",
            caption="figure-1-errors",
            depths=lambda w: CONFIG.sharpness.depths,
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
        reported(
            figure_files("sharpness", "figure-2-kinks"),
            "2: kinks",
            caption="figure-2-kinks",
            depths=lambda w: CONFIG.sharpness.kinks.depths,
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
        reported(
            figure_files("sharpness", "figure-3-potentials"),
            "3: potentials",
            caption="figure-3-potentials",
            depths=lambda w: CONFIG.sharpness.potentials.depths,
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
        reported(
            figure_files("sharpness", "trajectories-{problem}"),
            "trajectories of {problem}",
            caption="trajectories",
            depths=lambda w: CONFIG.sharpness.trajectories.depths,
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
        reported(
            figure_files("asymptotics", "figure-1-asymptotes"),
            "1 to 1e-100: error and asymptote",
            caption="figure-1-asymptotes",
            depths=lambda w: CONFIG.asymptotics.depths,
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
        reported(
            figure_files("asymptotics", "figure-2-asymptotes"),
            "2 to 1e-100: kinks and asymptotes",
            caption="figure-2-asymptotes",
            depths=lambda w: CONFIG.asymptotics.kinks.depths,
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
        reported(
            figure_files("asymptotics", "crossover"),
            "crossover near depth 2",
            caption="crossover",
            depths=lambda w: CONFIG.asymptotics.crossover.depths,
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
