rule solve_limits:
    input:
        "results/problems/{problem}/{trials}.npz",
    output:
        "results/limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    params:
        depth=depth_text,
        scales=scales_in_band,
        code=code("solve_limits.py"),
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    log:
        "logs/solve_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.log",
    benchmark:
        "results/timings/solve_limits/{experiment}/{problem}/depth-{depth}/{trials}_{band}.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/solve_limits.py {input} {output} --depth {params.depth} --scales {params.scales}"
        " > {log} 2>&1"
