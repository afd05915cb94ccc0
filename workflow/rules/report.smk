# What the report holds besides the figures and their experiments' tables. These pages are no part of `all`, for every
# change of the config changes one of them:
#   snakemake --cores all report_pages && snakemake --report report.html report_pages


rule report_pages:
    input:
        rules.all.input,
        report_pages,


rule report_summary:
    input:
        summary_tables,
    output:
        report(
            "results/report/summary-{summarised}.html",
            category=lambda w: w.summarised.replace("_", " "),
            caption="../report/summary.rst",
            labels={"figure": "summary, a table"},
        ),
    log:
        "logs/report_summary/{summarised}.log",
    benchmark:
        "results/timings/report_summary/{summarised}.tsv"
    wildcard_constraints:
        summarised="[a-z_]+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(10),
    params:
        code=code("report_summary.py"),
    shell:
        "python -m report_summary {input} --experiment {wildcards.summarised} --output {output} > {log} 2>&1"


rule report_claims:
    input:
        "results/tables/claims.parquet",
    output:
        report(
            "results/report/claims.html",
            category="all experiments",
            caption="../report/claims.rst",
            labels={"page": "claims and verdicts"},
        ),
    log:
        "logs/report_claims.log",
    benchmark:
        "results/timings/report_claims.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        code=code("report_claims.py"),
    shell:
        "python -m report_claims {input} --output {output} > {log} 2>&1"


rule report_software:
    output:
        report(
            "results/report/software.html",
            category="all experiments",
            caption="../report/software.rst",
            labels={"page": "software and machine"},
        ),
    log:
        "logs/report_software.log",
    benchmark:
        "results/timings/report_software.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        packages=packages_named(SCRIPTS.parent / "environment.yml"),
        versions=versions_installed(SCRIPTS.parent / "environment.yml"),
        code=code("report_software.py"),
    shell:
        "python -m report_software {params.packages} --output {output} > {log} 2>&1"


rule report_config:
    output:
        report(
            "results/report/config.html",
            category="all experiments",
            caption="../report/config.rst",
            labels={"page": "config, with its defaults"},
        ),
    log:
        "logs/report_config.log",
    benchmark:
        "results/timings/report_config.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
    params:
        config=lambda w: as_yaml(CONFIG),
        code=code("report_config.py"),
    shell:
        # piped, for a config may be longer than an argument
        "printf '%s' {params.config:q} | python -m report_config --output {output} > {log} 2>&1"
