# The figures of the linear programs' limits.


rule plot_program_errors:
    input:
        "results/tables/program-cells.parquet",
    output:
        reported(
            figure_files("linear_programs", "program-errors"),
            "errors against lam",
            caption="program-errors",
        ),
    log:
        "logs/plot_program_errors.log",
    benchmark:
        "results/timings/plot_program_errors.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
    params:
        code=code("plot_program_errors.py"),
    shell:
        "python -m plot_program_errors {input} --output {output} > {log} 2>&1"


rule plot_program_laws:
    input:
        "results/tables/program-laws.parquet",
    output:
        reported(
            figure_files("linear_programs", "program-laws"),
            "measured laws of random programs",
            caption="program-laws",
        ),
    log:
        "logs/plot_program_laws.log",
    benchmark:
        "results/timings/plot_program_laws.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
    params:
        code=code("plot_program_laws.py"),
    shell:
        "python -m plot_program_laws {input} --output {output} > {log} 2>&1"
