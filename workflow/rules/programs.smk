# Linear programs: their entropic limits down in lam, certified, beside the predicted laws.


rule linear_programs:
    input:
        linear_programs_targets,


rule follow_program:
    input:
        lambda w: CONFIG.linear_programs.programs[w.program].files,
    output:
        "results/linear_programs/cells/{program}.parquet",
    log:
        "logs/follow_program/{program}.log",
    benchmark:
        "results/timings/follow_program/{program}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", followed_load),
        unknowns=part("unknowns", followed_load),
        work=part("work", followed_load),
    params:
        spec=program_spec_text,
        seed=lambda w: CONFIG.seed,
        inverse_lams=lambda w: CONFIG.linear_programs.inverse_lams,
        code=code("follow_program.py"),
    shell:
        "python -m follow_program {output} --name {wildcards.program} --spec {params.spec:q} --seed {params.seed}"
        " --inverse-lams {params.inverse_lams} > {log} 2>&1"


rule merge_program_cells:
    input:
        lambda w: program_cell_files(),
    output:
        parquet="results/tables/program-cells.parquet",
        csv="results/tables/program-cells.csv",
    log:
        "logs/merge_program_cells.log",
    benchmark:
        "results/timings/merge_program_cells.tsv"
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


rule measure_programs:
    output:
        "results/linear_programs/laws/{grid}/{programs}.parquet",
    log:
        "logs/measure_programs/{grid}/{programs}.log",
    benchmark:
        "results/timings/measure_programs/{grid}/{programs}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", program_laws_load),
        unknowns=part("unknowns", program_laws_load),
        work=part("work", program_laws_load),
    params:
        block=program_block,
        seed=lambda w: CONFIG.seed,
        largest=lambda w: CONFIG.linear_programs.largest,
        code=code("measure_programs.py"),
    shell:
        "python -m measure_programs {output} --grid {wildcards.grid} --block {params.block:q} --seed {params.seed}"
        " --largest {params.largest} > {log} 2>&1"


rule merge_program_laws:
    input:
        lambda w: program_law_files(),
    output:
        parquet="results/tables/program-laws.parquet",
        csv="results/tables/program-laws.csv",
    log:
        "logs/merge_program_laws.log",
    benchmark:
        "results/timings/merge_program_laws.tsv"
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
