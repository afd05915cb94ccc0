rule find_minimisers:
    input:
        "results/problems/{problem}/{trials}.npz",
    output:
        "results/minimisers/{problem}/{trials}.parquet",
    params:
        code=code("find_minimisers.py"),
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    log:
        "logs/find_minimisers/{problem}/{trials}.log",
    benchmark:
        "results/timings/find_minimisers/{problem}/{trials}.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/find_minimisers.py {input} {output} > {log} 2>&1"
