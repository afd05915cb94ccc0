# Descent and the flow in time on linear programs.


rule run_descents:
    input:
        lambda w: CONFIG.linear_programs.descent.programs[w.program].files,
    output:
        descents="results/linear_programs/descents/{program}.parquet",
        traces="results/linear_programs/descent-traces/{program}.parquet",
        flows="results/linear_programs/flows/{program}.parquet",
    log:
        "logs/run_descents/{program}.log",
    benchmark:
        "results/timings/run_descents/{program}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", descents_load),
        unknowns=part("unknowns", descents_load),
        work=part("work", descents_load),
    params:
        entry=descent_entry,
        seed=lambda w: CONFIG.seed,
        steps=lambda w: CONFIG.linear_programs.descent.steps,
        traced=lambda w: CONFIG.linear_programs.descent.traced,
        most=lambda w: CONFIG.linear_programs.descent.most_steps,
        code=code("run_descents.py"),
    shell:
        "python -m run_descents {output.descents} {output.traces} {output.flows} --name {wildcards.program}"
        " --entry {params.entry:q} --seed {params.seed} --steps {params.steps} --traced {params.traced}"
        " --most-steps {params.most} > {log} 2>&1"


rule merge_descents:
    input:
        lambda w: descent_files("descents"),
    output:
        parquet="results/tables/descents.parquet",
        csv="results/tables/descents.csv",
    log:
        "logs/merge_descents.log",
    benchmark:
        "results/timings/merge_descents.tsv"
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


rule merge_program_flows:
    input:
        lambda w: descent_files("flows"),
    output:
        parquet="results/tables/program-flows.parquet",
        csv="results/tables/program-flows.csv",
    log:
        "logs/merge_program_flows.log",
    benchmark:
        "results/timings/merge_program_flows.tsv"
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


rule plot_programs_descent:
    input:
        descents="results/tables/descents.parquet",
        flows="results/tables/program-flows.parquet",
        traces=lambda w: descent_files("descent-traces"),
    output:
        reported(
            figure_files("linear_programs", "descent"),
            "descent and its rate",
            caption="programs-descent",
        ),
    log:
        "logs/plot_programs_descent.log",
    benchmark:
        "results/timings/plot_programs_descent.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(20),
    params:
        code=code("plot_programs_descent.py"),
    shell:
        "python -m plot_programs_descent {input.descents} --flows {input.flows} --traces {input.traces} --output {output} > {log} 2>&1"
