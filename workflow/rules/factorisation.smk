# Asymmetric factorisation with falling steps, and rank one with constant ones.


rule measure_factorisation:
    output:
        factorisations="results/layers/factorisation/factorisations/constant-{constant}.parquet",
        samples="results/layers/factorisation/samples/constant-{constant}.parquet",
    log:
        "logs/measure_factorisation/constant-{constant}.log",
    benchmark:
        "results/timings/measure_factorisation/constant-{constant}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(60),
        cells=part("cells", factorisation_load),
        unknowns=part("unknowns", factorisation_load),
        work=part("work", factorisation_load),
    params:
        block=lambda w: CONFIG.layers.factorisation.blocks[f"constant-{w.constant}"].as_json(),
        seed=lambda w: CONFIG.seed,
        code=code("measure_factorisation.py"),
    shell:
        "python -m measure_factorisation {output.factorisations} {output.samples} --block {params.block:q}"
        " --seed {params.seed} > {log} 2>&1"


rule measure_rank_one:
    output:
        runs="results/layers/rank-one/runs/{kind}.parquet",
        times="results/layers/rank-one/times/{kind}.parquet",
        orbits="results/layers/rank-one/orbits/{kind}.parquet",
    log:
        "logs/measure_rank_one/{kind}.log",
    benchmark:
        "results/timings/measure_rank_one/{kind}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(60),
        cells=part("cells", rank_one_load),
        unknowns=part("unknowns", rank_one_load),
        work=part("work", rank_one_load),
    params:
        block=lambda w: CONFIG.layers.rank_one.blocks[w.kind].as_json(),
        seed=lambda w: CONFIG.seed,
        code=code("measure_rank_one.py"),
    shell:
        "python -m measure_rank_one {output.runs} {output.times} {output.orbits} --block {params.block:q}"
        " --seed {params.seed} > {log} 2>&1"


rule merge_factorisations:
    input:
        lambda w: factorisation_files("factorisations"),
    output:
        parquet="results/tables/factorisations.parquet",
        csv="results/tables/factorisations.csv",
    log:
        "logs/merge_factorisations.log",
    benchmark:
        "results/timings/merge_factorisations.tsv"
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


rule merge_factorisation_samples:
    input:
        lambda w: factorisation_files("samples"),
    output:
        parquet="results/tables/factorisation-samples.parquet",
        csv="results/tables/factorisation-samples.csv",
    log:
        "logs/merge_factorisation_samples.log",
    benchmark:
        "results/timings/merge_factorisation_samples.tsv"
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


rule merge_rank_one:
    input:
        lambda w: rank_one_files("runs"),
    output:
        parquet="results/tables/rank-one.parquet",
        csv="results/tables/rank-one.csv",
    log:
        "logs/merge_rank_one.log",
    benchmark:
        "results/timings/merge_rank_one.tsv"
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


rule merge_rank_one_times:
    input:
        lambda w: rank_one_files("times"),
    output:
        parquet="results/tables/rank-one-times.parquet",
        csv="results/tables/rank-one-times.csv",
    log:
        "logs/merge_rank_one_times.log",
    benchmark:
        "results/timings/merge_rank_one_times.tsv"
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


rule merge_rank_one_orbits:
    input:
        lambda w: rank_one_files("orbits"),
    output:
        parquet="results/tables/rank-one-orbits.parquet",
        csv="results/tables/rank-one-orbits.csv",
    log:
        "logs/merge_rank_one_orbits.log",
    benchmark:
        "results/timings/merge_rank_one_orbits.tsv"
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
