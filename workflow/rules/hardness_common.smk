# What the rules of the hardness experiment ask the config. No mathematics here.


def inputs_of(wildcards):
    """The inputs of a block of exponents."""
    grid = CONFIG.hardness.grids[wildcards.grid]
    return grid.block(blocks.exponent_blocks(grid.exponents, HARDNESS_BAND)[wildcards.exponents])


def hardness_block(wildcards):
    """The inputs of a block of exponents, as JSON."""
    return inputs_of(wildcards).as_json()


def readings_load(wildcards):
    return loads.hardness_load(inputs_of(wildcards))


def reading_limits_load(wildcards):
    return loads.hardness_load(inputs_of(wildcards), len(CONFIG.hardness.grids[wildcards.grid].scales))


def work_load(wildcards):
    return loads.kink_load(CONFIG.hardness.work.exponents, len(CONFIG.hardness.work.accuracies))


def hardness_files(grid):
    """What the jobs of a grid write: its solvers, then its networks."""
    spec = CONFIG.hardness.grids[grid]
    exponents = blocks.exponent_blocks(spec.exponents, HARDNESS_BAND)
    solvers = expand(
        "results/hardness/solvers/{grid}/{solver}/{exponents}.parquet",
        grid=grid,
        solver=spec.methods,
        exponents=exponents,
    )
    return solvers + expand(
        "results/hardness/limits/{grid}/depth-{depth}/{exponents}.parquet",
        grid=grid,
        depth=[path_token(depth) for depth in spec.depths],
        exponents=exponents,
    )


def hardness_tables(grids):
    return expand("results/tables/hardness/{grid}.parquet", grid=grids)


def work_files(pattern):
    return expand(pattern, depth=[path_token(depth) for depth in CONFIG.hardness.work.depths])


def hardness_targets(wildcards):
    if CONFIG.hardness is None:
        return []
    hardness = CONFIG.hardness
    tables = multiext("results/tables/hardness.", "parquet", "csv") if hardness.grids else []
    work = multiext("results/tables/hardness-work.", "parquet", "csv") if hardness.work else []
    figures = [*hardness.grids, *(["work"] if hardness.work else [])]
    return tables + work + [file for name in figures for file in figure_files("hardness", name)]
