# Transport by the network: values down in lam beside the exact optimum and Sinkhorn's, plans, and times with the peers.


rule solve_transport:
    output:
        "results/linear_programs/transport/{transport}.parquet",
    log:
        "logs/solve_transport/{transport}.log",
    benchmark:
        "results/timings/solve_transport/{transport}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", values_load),
        unknowns=part("unknowns", values_load),
        work=part("work", values_load),
    params:
        problem=transport_problem,
        seed=lambda w: CONFIG.seed,
        lams=transport_lams,
        sweeps=lambda w: CONFIG.linear_programs.transport.problems[w.transport].sinkhorn_sweeps,
        code=code("solve_transport.py"),
    shell:
        "python -m solve_transport {output} --name {wildcards.transport} --problem {params.problem:q} --seed {params.seed}"
        " --lams {params.lams} --sweeps {params.sweeps} > {log} 2>&1"


rule merge_transport_values:
    input:
        lambda w: transport_value_files(),
    output:
        parquet="results/tables/transport-values.parquet",
        csv="results/tables/transport-values.csv",
    log:
        "logs/merge_transport_values.log",
    benchmark:
        "results/timings/merge_transport_values.tsv"
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


rule picture_plans:
    output:
        "results/linear_programs/plans/{transport}.parquet",
    log:
        "logs/picture_plans/{transport}.log",
    benchmark:
        "results/timings/picture_plans/{transport}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(60),
        cells=part("cells", plans_load),
        unknowns=part("unknowns", plans_load),
        work=part("work", plans_load),
    params:
        problem=transport_problem,
        seed=lambda w: CONFIG.seed,
        lams=pictured_lams,
        code=code("picture_plans.py"),
    shell:
        "python -m picture_plans {output} --name {wildcards.transport} --problem {params.problem:q} --seed {params.seed}"
        " --lams {params.lams} > {log} 2>&1"


rule time_transport:
    output:
        "results/timings/linear_programs/transport/{points}.parquet",
    log:
        "logs/time_transport/{points}.log",
    benchmark:
        "results/timings/time_transport/{points}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(60),
        cells=part("cells", race_load),
        unknowns=part("unknowns", race_load),
        work=part("work", race_load),
    params:
        seed=lambda w: CONFIG.seed,
        lam=lambda w: to_text(CONFIG.linear_programs.transport.times.lam),
        tolerance=lambda w: to_text(CONFIG.linear_programs.transport.times.tolerance),
        repeats=lambda w: CONFIG.linear_programs.transport.times.repeats,
        highs=lambda w: CONFIG.linear_programs.transport.times.largest_highs,
        code=code("time_transport.py"),
    shell:
        "python -m time_transport {output} --size {wildcards.points} --seed {params.seed} --lam {params.lam}"
        " --tolerance {params.tolerance} --repeats {params.repeats} --largest-highs {params.highs} > {log} 2>&1"
