# The published claims beside what the tables say of them, and what the report holds besides figures and tables. Its
# pages are no part of `all`, for every change of the config changes one of them:
#   snakemake --cores all report_pages && snakemake --report report.html report_pages


use rule job as judge_claims with:
    input:
        tables=lambda w: [file for experiment in EXPERIMENTS for _, file in experiment.judged(CONFIG)],
    output:
        parquet="results/tables/claims.parquet",
        csv="results/tables/claims.csv",
    pathvars:
        job="judge_claims",
    group:
        "claims"
    resources:
        **needs(4000, 20),
    params:
        **told("judge_claims", claims_told, *claim_modules()),


rule report_pages:
    input:
        rules.all.input,
        "results/report/claims.html",
        "results/report/software.html",
        "results/report/config.html",
        lambda w: [f"results/report/summary-{each.name}.html" for each in EXPERIMENTS if each.is_in(CONFIG)],


use rule job as report_summary with:
    input:
        tables=summary_tables,
    output:
        output=report(
            "results/report/summary-{summarised}.html",
            category=lambda w: w.summarised.replace("_", " "),
            caption="../report/summary.rst",
            labels={"figure": "summary, a table"},
        ),
    pathvars:
        job="report_summary/{summarised}",
    wildcard_constraints:
        summarised="[a-z_]+",
    group:
        "report"
    resources:
        **needs(2000, 10),
    params:
        **told(
            "report_summary",
            lambda config, w: {"experiment": w.summarised, "summaries": summarised(w).summaries},
            *(experiment.summaries for experiment in EXPERIMENTS),
        ),


use rule job as report_claims with:
    input:
        claims="results/tables/claims.parquet",
    output:
        output=report(
            "results/report/claims.html",
            category="all experiments",
            caption="../report/claims.rst",
            labels={"page": "claims and verdicts"},
        ),
    pathvars:
        job="report_claims",
    group:
        "report"
    resources:
        **needs(1000, 10),
    params:
        **told("report_claims"),


use rule job as report_software with:
    output:
        output=report(
            "results/report/software.html",
            category="all experiments",
            caption="../report/software.rst",
            labels={"page": "software and machine"},
        ),
    pathvars:
        job="report_software",
    group:
        "report"
    resources:
        **needs(1000, 10),
    params:
        **told("report_software", software_told),


rule report_config:
    output:
        output=report(
            "results/report/config.html",
            category="all experiments",
            caption="../report/config.rst",
            labels={"page": "config, with its defaults"},
        ),
    log:
        "logs/report_config.log",
    benchmark:
        "results/timings/report_config.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        **needs(1000, 10),
    params:
        **told("report_config"),
        config=lambda w: as_yaml(CONFIG),
    shell:
        # piped, for a config may be longer than an argument
        "printf '%s' {params.config:q} | python -m run_job --code {params.code} {params.stage} {params.files} > {log} 2>&1"
