# One table a problem first, so that no rule has more than about a thousand inputs and a figure reruns only when
# its own problems did.

STAGE_OF_METHOD = {"flow": "flow", "limit": "limits"}


def cells_of(wildcards):
    experiment = getattr(CONFIG, wildcards.experiment)
    depths = experiment.depths_of(wildcards.problem)
    return [
        file
        for method in experiment.methods
        for file in cell_files(
            STAGE_OF_METHOD[method],
            wildcards.experiment,
            wildcards.problem,
            depths,
            experiment.scales,
            experiment.blocks,
        )
    ]


def minimisers_of(wildcards):
    experiment = getattr(CONFIG, wildcards.experiment)
    return expand(
        "results/minimisers/{problem}/{trials}.parquet",
        problem=wildcards.problem,
        trials=problem_blocks(wildcards.problem, experiment.blocks.trials),
    )


def problem_tables(wildcards):
    experiment = getattr(CONFIG, wildcards.experiment)
    return expand(
        "results/tables/{experiment}/{problem}.parquet",
        experiment=wildcards.experiment,
        problem=experiment.cell_problems,
    )


rule compare_cells:
    input:
        cells=cells_of,
        minimisers=minimisers_of,
    output:
        "results/tables/{experiment}/{problem}.parquet",
    params:
        code=code("compare_cells.py"),
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    log:
        "logs/compare_cells/{experiment}/{problem}.log",
    benchmark:
        "results/timings/compare_cells/{experiment}/{problem}.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/compare_cells.py {input.cells} --minimisers {input.minimisers} --output {output}"
        " > {log} 2>&1"


rule merge_tables:
    input:
        problem_tables,
    output:
        parquet="results/tables/{experiment}.parquet",
        csv="results/tables/{experiment}.csv",
    params:
        code=code("merge_tables.py"),
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    log:
        "logs/merge_tables/{experiment}.log",
    benchmark:
        "results/timings/merge_tables/{experiment}.tsv"
    conda:
        "../../environment.yml"
    shell:
        "python {SCRIPTS}/merge_tables.py {input} --output {output.parquet} --csv {output.csv} > {log} 2>&1"
