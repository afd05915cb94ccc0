# The figures of factorisation and of rank one.


rule plot_layers_factorisation:
    input:
        samples="results/tables/factorisation-samples.parquet",
        factorisations="results/tables/factorisations.parquet",
    output:
        reported(
            figure_files("layers", "factorisation"),
            "factorisation with falling steps",
            caption="layers-factorisation",
        ),
    log:
        "logs/plot_layers_factorisation.log",
    benchmark:
        "results/timings/plot_layers_factorisation.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        code=code("plot_layers_factorisation.py"),
    shell:
        "python -m plot_layers_factorisation {input.samples} --factorisations {input.factorisations} --output {output}"
        " > {log} 2>&1"


rule plot_layers_rank_one:
    input:
        runs="results/tables/rank-one.parquet",
        times="results/tables/rank-one-times.parquet",
        orbits="results/tables/rank-one-orbits.parquet",
    output:
        reported(
            figure_files("layers", "rank-one"),
            "rank one with constant steps",
            caption="layers-rank-one",
        ),
    log:
        "logs/plot_layers_rank_one.log",
    benchmark:
        "results/timings/plot_layers_rank_one.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        code=code("plot_layers_rank_one.py"),
    shell:
        "python -m plot_layers_rank_one {input.runs} --times {input.times} --orbits {input.orbits} --output {output}"
        " > {log} 2>&1"
