# The interactive page of an experiment on named problems.


rule explore_cells:
    input:
        tables=problem_tables,
        minimisers=lambda w: first_blocks("results/minimisers/{problem}/{trials}.parquet", w),
        problems=lambda w: first_blocks("results/problems/{problem}/{trials}.npz", w),
    output:
        "results/explorer/{experiment}.parquet",
    log:
        "logs/explore_cells/{experiment}.log",
    benchmark:
        "results/timings/explore_cells/{experiment}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        code=code("explore_cells.py"),
    shell:
        "python -m explore_cells {input.tables} --minimisers {input.minimisers} --problems {input.problems}"
        " --output {output} > {log} 2>&1"


rule plot_explorer:
    input:
        "results/explorer/{experiment}.parquet",
    output:
        report(
            "figures/{experiment}/explorer.html",
            category="{experiment}",
            caption="../report/explorer.rst",
            labels={"figure": "every cell, interactive"},
        ),
    log:
        "logs/plot_explorer/{experiment}.log",
    benchmark:
        "results/timings/plot_explorer/{experiment}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        codes=codes_of,
        code=code("plot_explorer.py"),
    shell:
        "python -m plot_explorer {input} --experiment {wildcards.experiment} --codes {params.codes}"
        " --output {output} > {log} 2>&1"
