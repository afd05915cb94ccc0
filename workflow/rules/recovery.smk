# The recovery experiment: random instances drawn in the jobs, a tile of the grid and some trials in each.


rule recovery:
    input:
        recovery_targets,


rule recover_limits:
    output:
        cells="results/recovery/limits/{grid}/depth-{depth}/{tile}_{band}.parquet",
        times="results/timings/recovery/limits/{grid}/depth-{depth}/{tile}_{band}.parquet",
    log:
        "logs/recover_limits/{grid}/depth-{depth}/{tile}_{band}.log",
    benchmark:
        "results/timings/recover_limits/{grid}/depth-{depth}/{tile}_{band}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", tile_limits_load),
        unknowns=part("unknowns", tile_limits_load),
        work=part("work", tile_limits_load),
    params:
        depth=depth_text,
        scales=grid_scales_in_band,
        block=block_of,
        seed=lambda w: CONFIG.seed,
        code=code("recover_limits.py"),
    shell:
        "python -m recover_limits {output.cells} {output.times} --grid {wildcards.grid} --block {params.block:q}"
        " --seed {params.seed} --depth {params.depth} --scales {params.scales} > {log} 2>&1"


rule recover_baselines:
    output:
        cells="results/recovery/baselines/{grid}/{solver}/{tile}.parquet",
        times="results/timings/recovery/baselines/{grid}/{solver}/{tile}.parquet",
    log:
        "logs/recover_baselines/{grid}/{solver}/{tile}.log",
    benchmark:
        "results/timings/recover_baselines/{grid}/{solver}/{tile}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(60),
        cells=part("cells", tile_load),
        unknowns=part("unknowns", tile_load),
        work=part("work", tile_load),
    params:
        block=block_of,
        seed=lambda w: CONFIG.seed,
        code=code("recover_baselines.py"),
    shell:
        "python -m recover_baselines {output.cells} {output.times} --grid {wildcards.grid} --block {params.block:q}"
        " --seed {params.seed} --solver {wildcards.solver} > {log} 2>&1"


rule judge_recovery:
    input:
        grid_cells,
    output:
        "results/tables/recovery/{grid}.parquet",
    log:
        "logs/judge_recovery/{grid}.log",
    benchmark:
        "results/timings/judge_recovery/{grid}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(4000),
        runtime=grows(30),
    params:
        tolerance=lambda w: to_text(CONFIG.recovery.tolerance),
        code=code("judge_recovery.py"),
    shell:
        "python -m judge_recovery {input} --tolerance {params.tolerance} --output {output} > {log} 2>&1"


rule merge_recovery:
    input:
        grid_tables,
    output:
        parquet="results/tables/recovery.parquet",
        csv="results/tables/recovery.csv",
    log:
        "logs/merge_recovery.log",
    benchmark:
        "results/timings/merge_recovery.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(4000),
        runtime=grows(30),
    params:
        code=code("merge_tables.py"),
    shell:
        "python -m merge_tables {input} --output {output.parquet} --csv {output.csv} > {log} 2>&1"


rule predict_boundaries:
    output:
        "results/predictions/boundaries/{grid}/{curve}.parquet",
    log:
        "logs/predict_boundaries/{grid}/{curve}.log",
    benchmark:
        "results/timings/predict_boundaries/{grid}/{curve}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(30),
        cells=part("cells", curve_load),
        unknowns=part("unknowns", curve_load),
        work=part("work", curve_load),
    params:
        signal=lambda w: grid_of(w).signal,
        tolerance=lambda w: to_text(CONFIG.recovery.tolerance),
        options=curve_options,
        code=code("predict_boundaries.py"),
    shell:
        "python -m predict_boundaries {output} --grid {wildcards.grid} --signal {params.signal}"
        " --tolerance {params.tolerance} {params.options} > {log} 2>&1"


rule predict_errors:
    output:
        "results/predictions/errors/{grid}/{curve}.parquet",
    log:
        "logs/predict_errors/{grid}/{curve}.log",
    benchmark:
        "results/timings/predict_errors/{grid}/{curve}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(30),
        cells=part("cells", curve_load),
        unknowns=part("unknowns", curve_load),
        work=part("work", curve_load),
    params:
        signal=lambda w: grid_of(w).signal,
        undersampling=lambda w: [to_text(ratio) for ratio in grid_of(w).undersampling],
        options=curve_options,
        code=code("predict_errors.py"),
    shell:
        "python -m predict_errors {output} --grid {wildcards.grid} --signal {params.signal}"
        " --undersampling {params.undersampling} {params.options} > {log} 2>&1"


rule fit_transitions:
    input:
        "results/tables/recovery/{grid}.parquet",
    output:
        "results/recovery/fits/{grid}.parquet",
    log:
        "logs/fit_transitions/{grid}.log",
    benchmark:
        "results/timings/fit_transitions/{grid}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(60),
    params:
        tolerance=lambda w: to_text(CONFIG.recovery.tolerance),
        density=lambda w: "--density" if grid_of(w).density else "",
        code=code("fit_transitions.py"),
    shell:
        "python -m fit_transitions {input} --tolerance {params.tolerance} {params.density} --output {output}"
        " > {log} 2>&1"


rule merge_fits:
    input:
        lambda w: expand("results/recovery/fits/{grid}.parquet", grid=fitted_grids()),
    output:
        parquet="results/tables/recovery-fits.parquet",
        csv="results/tables/recovery-fits.csv",
    log:
        "logs/merge_fits.log",
    benchmark:
        "results/timings/merge_fits.tsv"
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
