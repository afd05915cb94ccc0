# What every job has, and how rules say what is theirs: which stage, which files, what the config tells it. No
# mathematics here.


rule job:
    log:
        "logs/<job>.log",
    benchmark:
        "results/timings/<job>.tsv"
    pathvars:
        job="job",
    group:
        "cells"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        **needs(1000, 60),
    shell:
        "python -m run_job --code {params.code} {params.stage} {params.files} --told {params.options} > {log} 2>&1"
