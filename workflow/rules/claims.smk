# Each published claim beside what the tables say of it.


rule judge_claims:
    input:
        unpack(claim_tables),
    output:
        parquet="results/tables/claims.parquet",
        csv="results/tables/claims.csv",
    log:
        "logs/judge_claims.log",
    benchmark:
        "results/timings/judge_claims.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(4000),
        runtime=grows(20),
    params:
        options=lambda w, input: [f"--{name} {' '.join(tables)}" for name, tables in claim_tables(w).items()],
        code=code("judge_claims.py"),
    shell:
        "python -m judge_claims {params.options} --output {output.parquet} --csv {output.csv} > {log} 2>&1"
