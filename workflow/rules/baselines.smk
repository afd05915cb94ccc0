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
        mem_mb=grows(1000),
        runtime=grows(10),
        cells=part("cells", minimisers_load),
        unknowns=part("unknowns", minimisers_load),
        work=part("work", minimisers_load),
    params:
        code=code("find_minimisers.py"),
    shell:
        "python -m find_minimisers {input} {output} > {log} 2>&1"


rule predict_rates:
    input:
        problem="results/problems/{problem}/{trials}.npz",
        minimisers="results/minimisers/{problem}/{trials}.parquet",
    output:
        "results/rates/{experiment}/{problem}/{trials}.parquet",
    log:
        "logs/predict_rates/{experiment}/{problem}/{trials}.log",
    benchmark:
        "results/timings/predict_rates/{experiment}/{problem}/{trials}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(30),
        cells=part("cells", rates_load),
        unknowns=part("unknowns", rates_load),
        work=part("work", rates_load),
    params:
        depths=depths_of,
        code=code("predict_rates.py"),
    shell:
        "python -m predict_rates {input.problem} {input.minimisers} {output} --depths {params.depths} > {log} 2>&1"
