# One table a problem first, so that no rule has more than about a thousand inputs and a figure reruns only when
# its own problems did.


rule compare_cells:
    input:
        cells=cells_of,
        minimisers=minimisers_of,
        rates=rates_of,
        problems=problem_files_of,
    output:
        "results/tables/{experiment}/{problem}.parquet",
    log:
        "logs/compare_cells/{experiment}/{problem}.log",
    benchmark:
        "results/timings/compare_cells/{experiment}/{problem}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        code=code("compare_cells.py"),
    shell:
        "python -m compare_cells {input.cells} --minimisers {input.minimisers} --rates {input.rates}"
        " --problems {input.problems} --output {output} > {log} 2>&1"


rule merge_tables:
    input:
        problem_tables,
    output:
        parquet="results/tables/{experiment}.parquet",
        csv="results/tables/{experiment}.csv",
    log:
        "logs/merge_tables/{experiment}.log",
    benchmark:
        "results/timings/merge_tables/{experiment}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        code=code("merge_tables.py"),
    shell:
        "python -m merge_tables {input} --output {output.parquet} --csv {output.csv} > {log} 2>&1"
