# The figures of the recovery experiment.


rule plot_recovery_diagram:
    input:
        cells="results/tables/recovery/{grid}.parquet",
        boundaries=lambda w: curves_of("boundaries", w.grid),
    output:
        report(
            figure_files("recovery", "diagram-{grid}"),
            category="recovery",
            caption="../report/recovery-diagram.rst",
            labels={"figure": "success over m/n and s/m: {grid}"},
        ),
    log:
        "logs/plot_recovery_diagram/{grid}.log",
    benchmark:
        "results/timings/plot_recovery_diagram/{grid}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        tolerance=lambda w: to_text(CONFIG.recovery.tolerance),
        code=code("plot_recovery_diagram.py"),
    shell:
        "python -m plot_recovery_diagram {input.cells} --boundaries {input.boundaries} --tolerance {params.tolerance}"
        " --output {output} > {log} 2>&1"


rule plot_recovery_thresholds:
    input:
        fits=lambda w: expand("results/recovery/fits/{grid}.parquet", grid=CONFIG.recovery.diagrams),
        boundaries=lambda w: [file for grid in CONFIG.recovery.diagrams for file in curves_of("boundaries", grid)],
    output:
        report(
            figure_files("recovery", "thresholds"),
            category="recovery",
            caption="../report/recovery-thresholds.rst",
            labels={"figure": "50 % points, measured and predicted"},
        ),
    log:
        "logs/plot_recovery_thresholds.log",
    benchmark:
        "results/timings/plot_recovery_thresholds.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_recovery_thresholds.py"),
    shell:
        "python -m plot_recovery_thresholds {input.fits} --boundaries {input.boundaries}"
        " --output {output} > {log} 2>&1"


rule plot_recovery_errors:
    input:
        cells="results/tables/recovery/errors.parquet",
        evolution=lambda w: curves_of("errors", "errors"),
    output:
        report(
            figure_files("recovery", "errors"),
            category="recovery",
            caption="../report/recovery-errors.rst",
            labels={"figure": "mean squared error and state evolution"},
        ),
    log:
        "logs/plot_recovery_errors.log",
    benchmark:
        "results/timings/plot_recovery_errors.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_recovery_errors.py"),
    shell:
        "python -m plot_recovery_errors {input.cells} --evolution {input.evolution}" " --output {output} > {log} 2>&1"


rule plot_recovery_samples:
    input:
        cells="results/tables/recovery/transitions.parquet",
        fits="results/recovery/fits/transitions.parquet",
        boundaries=lambda w: curves_of("boundaries", "transitions"),
    output:
        report(
            figure_files("recovery", "samples"),
            category="recovery",
            caption="../report/recovery-samples.rst",
            labels={"figure": "success against measurements"},
        ),
    log:
        "logs/plot_recovery_samples.log",
    benchmark:
        "results/timings/plot_recovery_samples.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_recovery_samples.py"),
    shell:
        "python -m plot_recovery_samples {input.cells} --fits {input.fits} --boundaries {input.boundaries}"
        " --output {output} > {log} 2>&1"


rule plot_recovery_times:
    input:
        cells="results/tables/recovery/times.parquet",
        times=grid_times,
    output:
        report(
            figure_files("recovery", "times"),
            category="recovery",
            caption="../report/recovery-times.rst",
            labels={"figure": "time against accuracy"},
        ),
    log:
        "logs/plot_recovery_times.log",
    benchmark:
        "results/timings/plot_recovery_times.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_recovery_times.py"),
    shell:
        "python -m plot_recovery_times {input.cells} --times {input.times}" " --output {output} > {log} 2>&1"
