# The figures of the hardness experiment.


rule plot_hardness_map:
    input:
        "results/tables/hardness/map-{family}.parquet",
    output:
        report(
            figure_files("hardness", "map-{family}"),
            category="hardness",
            caption="../report/hardness-map.rst",
            labels={"figure": "correct digits over k and b: {family}"},
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
        report(
            figure_files("hardness", "levels"),
            category="hardness",
            caption="../report/hardness-levels.rst",
            labels={"figure": "K, K - 1 and K - 2 digits"},
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
        report(
            figure_files("hardness", "work"),
            category="hardness",
            caption="../report/hardness-work.rst",
            labels={"figure": "scale and time against accuracy"},
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
        report(
            figure_files("hardness", "answers-{family}"),
            category="hardness",
            caption="../report/hardness-answers.rst",
            labels={"figure": "what solvers answer, and claim: {family}"},
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
