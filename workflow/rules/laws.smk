# The laws experiment: random instances by ensemble and size, measured exponents and constants beside the predicted ones.


rule laws:
    input:
        laws_targets,


rule measure_laws:
    output:
        cells="results/laws/cells/{grid}/depth-{depth}/{block}.parquet",
        laws="results/laws/laws/{grid}/depth-{depth}/{block}.parquet",
    log:
        "logs/measure_laws/{grid}/depth-{depth}/{block}.log",
    benchmark:
        "results/timings/measure_laws/{grid}/depth-{depth}/{block}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", laws_load),
        unknowns=part("unknowns", laws_load),
        work=part("work", laws_load),
    params:
        block=law_block,
        seed=lambda w: CONFIG.seed,
        depth=depth_text,
        least=lambda w: to_text(CONFIG.laws.least),
        smallest=lambda w: to_text(CONFIG.laws.smallest),
        code=code("measure_laws.py"),
    shell:
        "python -m measure_laws {output.cells} {output.laws} --grid {wildcards.grid} --block {params.block:q}"
        " --seed {params.seed} --depth {params.depth} --least {params.least} --smallest {params.smallest} > {log} 2>&1"


rule merge_laws:
    input:
        lambda w: law_files("laws"),
    output:
        parquet="results/tables/laws.parquet",
        csv="results/tables/laws.csv",
    log:
        "logs/merge_laws.log",
    benchmark:
        "results/timings/merge_laws.tsv"
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


rule merge_law_cells:
    input:
        lambda w: law_files("cells"),
    output:
        parquet="results/tables/law-cells.parquet",
        csv="results/tables/law-cells.csv",
    log:
        "logs/merge_law_cells.log",
    benchmark:
        "results/timings/merge_law_cells.tsv"
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


rule measure_rhos:
    output:
        "results/laws/rho/{grid}/{size}.parquet",
    log:
        "logs/measure_rhos/{grid}/{size}.log",
    benchmark:
        "results/timings/measure_rhos/{grid}/{size}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", rhos_load),
        unknowns=part("unknowns", rhos_load),
        work=part("work", rhos_load),
    params:
        blocks=rho_blocks,
        seed=lambda w: CONFIG.seed,
        code=code("measure_rhos.py"),
    shell:
        "python -m measure_rhos {output} --grid {wildcards.grid} --blocks {params.blocks:q} --seed {params.seed}"
        " > {log} 2>&1"


rule merge_rhos:
    input:
        lambda w: rho_files(),
    output:
        parquet="results/tables/rhos.parquet",
        csv="results/tables/rhos.csv",
    log:
        "logs/merge_rhos.log",
    benchmark:
        "results/timings/merge_rhos.tsv"
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


rule predict_rhos:
    output:
        "results/predictions/rho/{signal}.parquet",
    log:
        "logs/predict_rhos/{signal}.log",
    benchmark:
        "results/timings/predict_rhos/{signal}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
        cells=part("cells", rho_curve_load),
        unknowns=part("unknowns", rho_curve_load),
        work=part("work", rho_curve_load),
    params:
        undersampling=lambda w: [to_text(ratio) for ratio in sorted(rho_curves()[w.signal])],
        code=code("predict_rhos.py"),
    shell:
        "python -m predict_rhos {output} --undersampling {params.undersampling} --signal {wildcards.signal}"
        " > {log} 2>&1"


rule trace_faces:
    output:
        "results/laws/faces.parquet",
    log:
        "logs/trace_faces.log",
    benchmark:
        "results/timings/trace_faces.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(30),
        cells=part("cells", faces_load),
        unknowns=part("unknowns", faces_load),
        work=part("work", faces_load),
    params:
        block=face_block,
        seed=lambda w: CONFIG.seed,
        drawn=lambda w: CONFIG.laws.faces.drawn,
        depths=lambda w: [to_text(depth) for depth in CONFIG.laws.faces.depths],
        followed=lambda w: [to_text(depth) for depth in CONFIG.laws.faces.followed],
        scales=lambda w: [to_text(scale) for scale in CONFIG.laws.faces.scales],
        code=code("trace_faces.py"),
    shell:
        "python -m trace_faces {output} --grid faces --block {params.block:q} --seed {params.seed}"
        " --drawn {params.drawn} --depths {params.depths} --followed {params.followed} --scales {params.scales}"
        " > {log} 2>&1"
