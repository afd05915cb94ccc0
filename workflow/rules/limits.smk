rule solve_limits:
    input:
        "results/problems/{problem}/{trials}.npz",
    output:
        "results/limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    log:
        "logs/solve_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.log",
    benchmark:
        "results/timings/solve_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
        cells=part("cells", limits_load),
        unknowns=part("unknowns", limits_load),
        work=part("work", limits_load),
    params:
        depth=depth_text,
        scales=scales_in_band,
        code=code("solve_limits.py"),
    shell:
        "python -m solve_limits {input} {output} --depth {params.depth} --scales {params.scales}" " > {log} 2>&1"


rule certify_limits:
    input:
        "results/problems/{problem}/{trials}.npz",
    output:
        "results/certified/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    log:
        "logs/certify_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.log",
    benchmark:
        "results/timings/certify_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(30),
        cells=part("cells", limits_load),
        unknowns=part("unknowns", limits_load),
        work=part("work", limits_load),
    params:
        depth=depth_text,
        scales=scales_in_band,
        code=code("certify_limits.py"),
    shell:
        "python -m certify_limits {input} {output} --depth {params.depth} --scales {params.scales}" " > {log} 2>&1"
