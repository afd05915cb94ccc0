# The figures of transport.


rule plot_programs_transport:
    input:
        lambda w: plan_files(),
    output:
        reported(
            figure_files("linear_programs", "transport"),
            "transport plans",
            caption="programs-transport",
        ),
    log:
        "logs/plot_programs_transport.log",
    benchmark:
        "results/timings/plot_programs_transport.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
    params:
        code=code("plot_programs_transport.py"),
    shell:
        "python -m plot_programs_transport {input} --output {output} > {log} 2>&1"


rule plot_programs_values:
    input:
        "results/tables/transport-values.parquet",
    output:
        reported(
            figure_files("linear_programs", "transport-values"),
            "transport's value against lam",
            caption="programs-transport-values",
        ),
    log:
        "logs/plot_programs_values.log",
    benchmark:
        "results/timings/plot_programs_values.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
    params:
        code=code("plot_programs_values.py"),
    shell:
        "python -m plot_programs_values {input} --output {output} > {log} 2>&1"


rule plot_programs_times:
    input:
        lambda w: transport_time_files(),
    output:
        reported(
            figure_files("linear_programs", "transport-times"),
            "transport's time against size",
            caption="programs-transport-times",
        ),
    log:
        "logs/plot_programs_times.log",
    benchmark:
        "results/timings/plot_programs_times.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
    params:
        code=code("plot_programs_times.py"),
    shell:
        "python -m plot_programs_times {input} --output {output} > {log} 2>&1"
