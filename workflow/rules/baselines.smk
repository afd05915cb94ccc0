rule find_minimisers:
    input:
        "results/problems/{problem}/{trials}.npz",
    output:
        "results/minimisers/{problem}/{trials}.parquet",
    log:
        "logs/find_minimisers/{problem}/{trials}.log",
    benchmark:
        "results/timings/find_minimisers/{problem}/{trials}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        code=code("find_minimisers.py"),
    shell:
        "python -m find_minimisers {input} {output} > {log} 2>&1"
