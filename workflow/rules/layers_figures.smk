# The figures of the layers experiment.


rule plot_layers_invariants:
    input:
        "results/tables/layer-courses.parquet",
    output:
        reported(
            figure_files("layers", "invariants"),
            "invariants in time",
            caption="layers-invariants",
        ),
    log:
        "logs/plot_layers_invariants.log",
    benchmark:
        "results/timings/plot_layers_invariants.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_layers_invariants.py"),
    shell:
        "python -m plot_layers_invariants {input} --output {output} > {log} 2>&1"


rule plot_layers_drift:
    input:
        "results/tables/layer-drifts.parquet",
    output:
        reported(
            figure_files("layers", "drift"),
            "drift against step and tolerance",
            caption="layers-drift",
        ),
    log:
        "logs/plot_layers_drift.log",
    benchmark:
        "results/timings/plot_layers_drift.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_layers_drift.py"),
    shell:
        "python -m plot_layers_drift {input} --output {output} > {log} 2>&1"


rule plot_layers_balance:
    input:
        courses="results/tables/layer-courses.parquet",
        starts="results/tables/layer-starts.parquet",
    output:
        reported(
            figure_files("layers", "balance"),
            "tiny starts balance",
            caption="layers-balance",
        ),
    log:
        "logs/plot_layers_balance.log",
    benchmark:
        "results/timings/plot_layers_balance.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_layers_balance.py"),
    shell:
        "python -m plot_layers_balance {input.courses} --starts {input.starts} --output {output} > {log} 2>&1"
