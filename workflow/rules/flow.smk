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
        mem_mb=grows(1000),
        runtime=grows(30),
        cells=part("cells", limits_load),
        unknowns=part("unknowns", limits_load),
        work=part("work", limits_load),
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
        cells=part("cells", trajectories_load),
        unknowns=part("unknowns", trajectories_load),
        work=part("work", trajectories_load),
    params:
        depth=depth_text,
        scales=trajectory_scales_in_band,
        code=code("sample_trajectories.py"),
    shell:
        "python -m sample_trajectories {input} {output} --depth {params.depth} --scales {params.scales}" " > {log} 2>&1"
