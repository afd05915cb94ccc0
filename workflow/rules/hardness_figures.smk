# The figures of the hardness experiment.


rule plot_hardness_map:
    input:
        "results/tables/hardness/map-{family}.parquet",
    output:
        reported(
            figure_files("hardness", "map-{family}"),
            "correct digits over k and b: {family}",
            caption="hardness-map",
            depths=lambda w: CONFIG.hardness.maps[w.family].depths,
        ),
    log:
        "logs/plot_hardness_map/{family}.log",
    benchmark:
        "results/timings/plot_hardness_map/{family}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_hardness_map.py"),
    shell:
        "python -m plot_hardness_map {input} --output {output} > {log} 2>&1"


rule plot_hardness_levels:
    input:
        "results/tables/hardness/levels.parquet",
    output:
        reported(
            figure_files("hardness", "levels"),
            "K, K - 1 and K - 2 digits",
            caption="hardness-levels",
            depths=lambda w: CONFIG.hardness.levels.depths,
        ),
    log:
        "logs/plot_hardness_levels.log",
    benchmark:
        "results/timings/plot_hardness_levels.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_hardness_levels.py"),
    shell:
        "python -m plot_hardness_levels {input} --output {output} > {log} 2>&1"


rule plot_hardness_work:
    input:
        cells="results/tables/hardness-work.parquet",
        times=lambda w: work_files("results/timings/hardness/scales/depth-{depth}.parquet"),
    output:
        reported(
            figure_files("hardness", "work"),
            "scale and time against accuracy",
            caption="hardness-work",
            depths=lambda w: CONFIG.hardness.work.depths,
        ),
    log:
        "logs/plot_hardness_work.log",
    benchmark:
        "results/timings/plot_hardness_work.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_hardness_work.py"),
    shell:
        "python -m plot_hardness_work {input.cells} --times {input.times} --output {output} > {log} 2>&1"


rule plot_hardness_answers:
    input:
        "results/tables/hardness/answers-{family}.parquet",
    output:
        reported(
            figure_files("hardness", "answers-{family}"),
            "what solvers answer, and claim: {family}",
            caption="hardness-answers",
        ),
    log:
        "logs/plot_hardness_answers/{family}.log",
    benchmark:
        "results/timings/plot_hardness_answers/{family}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_hardness_answers.py"),
    shell:
        "python -m plot_hardness_answers {input} --output {output} > {log} 2>&1"
