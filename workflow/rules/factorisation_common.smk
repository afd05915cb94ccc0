# What the rules of factorisation and rank one ask the config. No mathematics here.

FACTORISATION_TABLES = {"factorisations": "factorisations", "samples": "factorisation-samples"}
RANK_ONE_TABLES = {"runs": "rank-one", "times": "rank-one-times", "orbits": "rank-one-orbits"}


def factorisation_load(wildcards):
    return loads.factorisation_load(CONFIG.layers.factorisation.blocks[f"constant-{wildcards.constant}"])


def rank_one_load(wildcards):
    return loads.rank_one_load(CONFIG.layers.rank_one.blocks[wildcards.kind])


def factorisation_files(kind):
    """What the jobs of every constant write: kind is factorisations or samples."""
    return [f"results/layers/factorisation/{kind}/{block}.parquet" for block in CONFIG.layers.factorisation.blocks]


def rank_one_files(kind):
    """What the jobs of both kinds of starts write: kind is runs, times or orbits."""
    return [f"results/layers/rank-one/{kind}/{block}.parquet" for block in CONFIG.layers.rank_one.blocks]


def factorisation_targets():
    """The tables and figures of factorisation and of rank one, as far as the config has them."""
    parts = [
        (CONFIG.layers.factorisation, FACTORISATION_TABLES, "factorisation"),
        (CONFIG.layers.rank_one, RANK_ONE_TABLES, "rank-one"),
    ]
    return [
        file
        for grid, tables, figure in parts
        if grid
        for file in [
            *(file for name in tables.values() for file in multiext(f"results/tables/{name}.", "parquet", "csv")),
            *figure_files("layers", figure),
        ]
    ]
