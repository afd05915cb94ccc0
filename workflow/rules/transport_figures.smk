# The figures of transport.


rule plot_programs_transport:
    input:
        lambda w: plan_files(),
    output:
        report(
            figure_files("linear_programs", "transport"),
            category="linear_programs",
            caption="../report/programs-transport.rst",
            labels={"figure": "transport plans"},
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
        report(
            figure_files("linear_programs", "transport-values"),
            category="linear_programs",
            caption="../report/programs-transport-values.rst",
            labels={"figure": "transport's value against lam"},
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
        report(
            figure_files("linear_programs", "transport-times"),
            category="linear_programs",
            caption="../report/programs-transport-times.rst",
            labels={"figure": "transport's time against size"},
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
