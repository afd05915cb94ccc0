# The figures of the laws experiment.


rule plot_laws_exponents:
    input:
        "results/tables/laws.parquet",
    output:
        reported(
            figure_files("laws", "exponents"),
            "measured exponents and constants",
            caption="laws-exponents",
            depths=lambda w: CONFIG.laws.depths,
            shown="png",
        ),
    log:
        "logs/plot_laws_exponents.log",
    benchmark:
        "results/timings/plot_laws_exponents.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_laws_exponents.py"),
    shell:
        "python -m plot_laws_exponents {input} --output {output} > {log} 2>&1"


rule plot_laws_constants:
    input:
        cells="results/tables/law-cells.parquet",
        laws="results/tables/laws.parquet",
    output:
        reported(
            figure_files("laws", "constants"),
            "constants against the scale",
            caption="laws-constants",
            depths=lambda w: CONFIG.laws.depths,
        ),
    log:
        "logs/plot_laws_constants.log",
    benchmark:
        "results/timings/plot_laws_constants.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_laws_constants.py"),
    shell:
        "python -m plot_laws_constants {input.cells} --laws {input.laws} --output {output} > {log} 2>&1"


rule plot_laws_depths:
    input:
        cells="results/tables/law-cells.parquet",
        laws="results/tables/laws.parquet",
    output:
        reported(
            figure_files("laws", "depths"),
            "which depth is nearest",
            caption="laws-depths",
            depths=lambda w: CONFIG.laws.depths,
        ),
    log:
        "logs/plot_laws_depths.log",
    benchmark:
        "results/timings/plot_laws_depths.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_laws_depths.py"),
    shell:
        "python -m plot_laws_depths {input.cells} --laws {input.laws} --output {output} > {log} 2>&1"


rule plot_laws_rho:
    input:
        rhos="results/tables/rhos.parquet",
        limits=lambda w: rho_limit_files(),
    output:
        reported(
            figure_files("laws", "rho"),
            "rho and its limit",
            caption="laws-rho",
        ),
    log:
        "logs/plot_laws_rho.log",
    benchmark:
        "results/timings/plot_laws_rho.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_laws_rho.py"),
    shell:
        "python -m plot_laws_rho {input.rhos} --limits {input.limits} --output {output} > {log} 2>&1"


rule plot_laws_faces:
    input:
        "results/laws/faces.parquet",
    output:
        reported(
            figure_files("laws", "faces"),
            "which minimiser, as the depth moves",
            caption="laws-faces",
            depths=lambda w: CONFIG.laws.faces.depths,
        ),
    log:
        "logs/plot_laws_faces.log",
    benchmark:
        "results/timings/plot_laws_faces.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=grows(2000),
        runtime=grows(20),
    params:
        code=code("plot_laws_faces.py"),
    shell:
        "python -m plot_laws_faces {input} --output {output} > {log} 2>&1"
