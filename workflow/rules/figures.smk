# All merged tables, all figures, and a rule an experiment that asks for them: what `experiment.py` of each declares.


use rule job as merge_table with:
    input:
        tables=lambda w: TABLES[w.table].files(CONFIG),
    output:
        parquet="results/tables/{table}.parquet",
        csv="results/tables/{table}.csv",
    pathvars:
        job="merge_table/{table}",
    group:
        "tables"
    resources:
        **needs(4000, 30),
    params:
        **told("merge_tables"),


# A loop and no wildcard, for a caption of the report is a path that holds none. What a loop's rules are told comes from
# functions: a lambda would see the last figure.
for experiment in EXPERIMENTS:

    rule:
        name:
            experiment.name
        input:
            targets(experiment),

    for figure in experiment.figures:

        rule:
            name:
                figure_rule(experiment, figure)
            input:
                **figure_inputs(figure),
            output:
                output=reported(experiment, figure),
            log:
                f"logs/{figure_job(experiment, figure)}.log",
            benchmark:
                f"results/timings/{figure_job(experiment, figure)}.tsv"
            group:
                "tables"
            conda:
                "../../environment.yml"
            threads: 1
            resources:
                **needs(2000, 20),
            params:
                **drawn(experiment, figure),
            shell:
                "python -m draw_figure --code {params.code} {params.figure} {params.files} {params.options} > {log} 2>&1"
