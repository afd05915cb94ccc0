rule make_problem:
    input:
        lambda w: CONFIG.problems[w.problem].files,
    output:
        "results/problems/{problem}/{trials}.npz",
    log:
        "logs/make_problem/{problem}/{trials}.log",
    benchmark:
        "results/timings/make_problem/{problem}/{trials}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(1000),
        runtime=grows(10),
        cells=part("cells", instances_load),
        unknowns=part("unknowns", instances_load),
        work=part("work", instances_load),
    params:
        spec=lambda w: CONFIG.problems[w.problem].as_json(),
        trials=lambda w: blocks.trials_in(w.trials, CONFIG.problems[w.problem].instances),
        seed=lambda w: CONFIG.seed if CONFIG.problems[w.problem].is_random else 0,
        code=code("make_problem.py"),
    shell:
        "python -m make_problem {output} --name {wildcards.problem} --spec {params.spec:q}"
        " --seed {params.seed} --trials {params.trials.start} {params.trials.stop} > {log} 2>&1"
