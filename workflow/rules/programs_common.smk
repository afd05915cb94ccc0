# What the rules of the linear programs ask the config. No mathematics here.


def program_block(wildcards):
    """The instances of a block, as JSON."""
    return CONFIG.linear_programs.ensembles[wildcards.grid].blocks[wildcards.programs].as_json()


def program_spec_text(wildcards):
    return CONFIG.linear_programs.programs[wildcards.program].as_json()


def followed_load(wildcards):
    programs = CONFIG.linear_programs
    return loads.curve_load(programs.programs[wildcards.program], len(programs.inverse_lams))


def program_laws_load(wildcards):
    return loads.program_load(CONFIG.linear_programs.ensembles[wildcards.grid].blocks[wildcards.programs])


def program_cell_files():
    names = CONFIG.linear_programs.programs if CONFIG.linear_programs else []
    return [f"results/linear_programs/cells/{name}.parquet" for name in names]


def program_law_files():
    return [
        f"results/linear_programs/laws/{grid}/{programs}.parquet"
        for grid, spec in CONFIG.linear_programs.ensembles.items()
        for programs in spec.blocks
    ]


def program_tables(experiment):
    """The merged tables of the experiment, by their claims' names."""
    made = {"program-cells": True, "program-laws": bool(experiment.ensembles)}
    return made | transport_tables() | descent_tables()


def linear_programs_targets(wildcards):
    if CONFIG.linear_programs is None:
        return []
    tables = [name for name, is_made in program_tables(CONFIG.linear_programs).items() if is_made]
    figures = ["program-errors", *(["program-laws"] if CONFIG.linear_programs.ensembles else [])]
    figures += [name for name, is_made in (transport_figures() | descent_figures()).items() if is_made]
    return [file for name in tables for file in multiext(f"results/tables/{name}.", "parquet", "csv")] + [
        file for name in figures for file in figure_files("linear_programs", name)
    ]
