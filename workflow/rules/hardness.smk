# The hardness experiment: inputs of which only some bits are read, and what solvers and networks make of them.


rule hardness:
    input:
        hardness_targets,


rule solve_readings:
    output:
        "results/hardness/solvers/{grid}/{solver}/{exponents}.parquet",
    log:
        "logs/solve_readings/{grid}/{solver}/{exponents}.log",
    benchmark:
        "results/timings/solve_readings/{grid}/{solver}/{exponents}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(60),
        cells=part("cells", readings_load),
        unknowns=part("unknowns", readings_load),
        work=part("work", readings_load),
    params:
        block=hardness_block,
        seed=lambda w: CONFIG.seed,
        code=code("solve_readings.py"),
    shell:
        "python -m solve_readings {output} --grid {wildcards.grid} --block {params.block:q} --seed {params.seed}"
        " --solver {wildcards.solver} > {log} 2>&1"


rule limit_readings:
    output:
        "results/hardness/limits/{grid}/depth-{depth}/{exponents}.parquet",
    log:
        "logs/limit_readings/{grid}/depth-{depth}/{exponents}.log",
    benchmark:
        "results/timings/limit_readings/{grid}/depth-{depth}/{exponents}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", reading_limits_load),
        unknowns=part("unknowns", reading_limits_load),
        work=part("work", reading_limits_load),
    params:
        block=hardness_block,
        seed=lambda w: CONFIG.seed,
        depth=depth_text,
        scales=lambda w: [to_text(scale) for scale in CONFIG.hardness.grids[w.grid].scales],
        code=code("limit_readings.py"),
    shell:
        "python -m limit_readings {output} --grid {wildcards.grid} --block {params.block:q} --seed {params.seed}"
        " --depth {params.depth} --scales {params.scales} > {log} 2>&1"


rule merge_grid:
    input:
        lambda w: hardness_files(w.grid),
    output:
        "results/tables/hardness/{grid}.parquet",
    log:
        "logs/merge_grid/{grid}.log",
    benchmark:
        "results/timings/merge_grid/{grid}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("merge_tables.py"),
    shell:
        "python -m merge_tables {input} --output {output} > {log} 2>&1"


rule merge_hardness:
    input:
        lambda w: hardness_tables(CONFIG.hardness.grids),
    output:
        parquet="results/tables/hardness.parquet",
        csv="results/tables/hardness.csv",
    log:
        "logs/merge_hardness.log",
    benchmark:
        "results/timings/merge_hardness.tsv"
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


rule measure_work:
    output:
        cells="results/hardness/scales/depth-{depth}.parquet",
        times="results/timings/hardness/scales/depth-{depth}.parquet",
    log:
        "logs/measure_work/depth-{depth}.log",
    benchmark:
        "results/timings/measure_work/depth-{depth}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", work_load),
        unknowns=part("unknowns", work_load),
        work=part("work", work_load),
    params:
        depth=depth_text,
        exponents=lambda w: CONFIG.hardness.work.exponents,
        accuracies=lambda w: [to_text(accuracy) for accuracy in CONFIG.hardness.work.accuracies],
        code=code("measure_work.py"),
    shell:
        "python -m measure_work {output.cells} {output.times} --depth {params.depth} --exponents {params.exponents}"
        " --accuracies {params.accuracies} > {log} 2>&1"


rule merge_work:
    input:
        lambda w: work_files("results/hardness/scales/depth-{depth}.parquet"),
    output:
        parquet="results/tables/hardness-work.parquet",
        csv="results/tables/hardness-work.csv",
    log:
        "logs/merge_work.log",
    benchmark:
        "results/timings/merge_work.tsv"
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
