# The layers experiment: networks without biases, their invariants by gradient flow and by descent.


rule layers:
    input:
        layers_targets,


rule measure_layers:
    output:
        drifts="results/layers/networks/drifts/{network}.parquet",
        courses="results/layers/networks/courses/{network}.parquet",
        starts="results/layers/networks/starts/{network}.parquet",
    log:
        "logs/measure_layers/{network}.log",
    benchmark:
        "results/timings/measure_layers/{network}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(60),
        cells=part("cells", network_load),
        unknowns=part("unknowns", network_load),
        work=part("work", network_load),
    params:
        network=lambda w: CONFIG.layers.architectures[w.network].as_json(),
        seed=lambda w: CONFIG.seed,
        trials=lambda w: CONFIG.layers.networks[w.network].trials,
        starts=layer_starts,
        end=lambda w: to_text(CONFIG.layers.networks[w.network].end_time),
        tolerances=lambda w: [to_text(tolerance) for tolerance in CONFIG.layers.tolerances],
        steps=lambda w: [to_text(step) for step in CONFIG.layers.steps],
        width=lambda w: to_text(CONFIG.layers.gate_width),
        code=code("measure_layers.py"),
    shell:
        "python -m measure_layers {output.drifts} {output.courses} {output.starts} --name {wildcards.network}"
        " --network {params.network:q} --seed {params.seed} --trials {params.trials} {params.starts}"
        " --end-time {params.end} --tolerances {params.tolerances} --steps {params.steps} --gate-width {params.width}"
        " > {log} 2>&1"


rule merge_layer_drifts:
    input:
        lambda w: layer_files("drifts"),
    output:
        parquet="results/tables/layer-drifts.parquet",
        csv="results/tables/layer-drifts.csv",
    log:
        "logs/merge_layer_drifts.log",
    benchmark:
        "results/timings/merge_layer_drifts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("merge_tables.py"),
    shell:
        "python -m merge_tables {input} --output {output.parquet} --csv {output.csv} > {log} 2>&1"


rule merge_layer_courses:
    input:
        lambda w: layer_files("courses"),
    output:
        parquet="results/tables/layer-courses.parquet",
        csv="results/tables/layer-courses.csv",
    log:
        "logs/merge_layer_courses.log",
    benchmark:
        "results/timings/merge_layer_courses.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("merge_tables.py"),
    shell:
        "python -m merge_tables {input} --output {output.parquet} --csv {output.csv} > {log} 2>&1"


rule merge_layer_starts:
    input:
        lambda w: layer_files("starts"),
    output:
        parquet="results/tables/layer-starts.parquet",
        csv="results/tables/layer-starts.csv",
    log:
        "logs/merge_layer_starts.log",
    benchmark:
        "results/timings/merge_layer_starts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
    params:
        code=code("merge_tables.py"),
    shell:
        "python -m merge_tables {input} --output {output.parquet} --csv {output.csv} > {log} 2>&1"
