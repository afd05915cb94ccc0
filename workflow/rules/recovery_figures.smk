# The figures of the recovery experiment.


rule plot_recovery_diagram:
    input:
        cells="results/tables/recovery/{grid}.parquet",
        boundaries=lambda w: curves_of("boundaries", w.grid),
    output:
        reported(
            figure_files("recovery", "diagram-{grid}"),
            "success over m/n and s/m: {grid}",
            caption="recovery-diagram",
            depths=lambda w: CONFIG.recovery.diagrams[w.grid].depths,
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
        reported(
            figure_files("recovery", "thresholds"),
            "50 % points, measured and predicted",
            caption="recovery-thresholds",
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
        reported(
            figure_files("recovery", "errors"),
            "mean squared error and state evolution",
            caption="recovery-errors",
            depths=lambda w: CONFIG.recovery.errors.depths,
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
        reported(
            figure_files("recovery", "samples"),
            "success against measurements",
            caption="recovery-samples",
            depths=lambda w: CONFIG.recovery.transitions.depths,
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
        reported(
            figure_files("recovery", "times"),
            "time against accuracy",
            caption="recovery-times",
            depths=lambda w: CONFIG.recovery.times.depths,
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
