rule integrate_flow:
    input:
        "results/problems/{problem}/{trials}.npz",
    output:
        "results/flow/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    log:
        "logs/integrate_flow/{experiment}/{problem}/depth-{depth}/{trials}_{band}.log",
    benchmark:
        "results/timings/integrate_flow/{experiment}/{problem}/depth-{depth}/{trials}_{band}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(500),
        runtime=grows(30),
    params:
        depth=depth_text,
        scales=scales_in_band,
        code=code("integrate_flow.py"),
    shell:
        "python -m integrate_flow {input} {output} --depth {params.depth} --scales {params.scales}" " > {log} 2>&1"


rule sample_trajectories:
    input:
        "results/problems/{problem}/{trials}.npz",
    output:
        "results/trajectories/{experiment}/{problem}/depth-{depth}/{trials}_{band}.parquet",
    log:
        "logs/sample_trajectories/{experiment}/{problem}/depth-{depth}/{trials}_{band}.log",
    benchmark:
        "results/timings/sample_trajectories/{experiment}/{problem}/depth-{depth}/{trials}_{band}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(30),
    params:
        depth=depth_text,
        scales=trajectory_scales_in_band,
        code=code("sample_trajectories.py"),
    shell:
        "python -m sample_trajectories {input} {output} --depth {params.depth} --scales {params.scales}" " > {log} 2>&1"
