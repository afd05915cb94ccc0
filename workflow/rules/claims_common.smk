# What the rule of the claims asks the config. No mathematics here.


def claim_tables(wildcards):
    """What there is to judge claims by: experiment -> tables."""
    tables = {name: [f"results/tables/{name}.parquet"] for name in CONFIG.experiments}
    if CONFIG.recovery:
        tables["recovery"] = grid_tables(wildcards)
    if CONFIG.hardness:
        tables["hardness"] = hardness_tables(CONFIG.hardness.grids)
        tables["work"] = ["results/tables/hardness-work.parquet"] if CONFIG.hardness.work else []
    if CONFIG.laws:
        tables["laws"] = ["results/tables/laws.parquet"]
        tables["law-cells"] = ["results/tables/law-cells.parquet"]
        tables["rhos"] = ["results/tables/rhos.parquet"] if CONFIG.laws.rho else []
        tables["rho-limits"] = rho_limit_files()
    if CONFIG.linear_programs:
        made = program_tables(CONFIG.linear_programs)
        tables |= {name: [f"results/tables/{name}.parquet"] for name in made if made[name]}
    if CONFIG.layers:
        tables |= {name: [f"results/tables/{name}.parquet"] for name in ("layer-drifts", "layer-starts")}
        tables["factorisations"] = ["results/tables/factorisations.parquet"] if CONFIG.layers.factorisation else []
        tables["rank-one"] = ["results/tables/rank-one.parquet"] if CONFIG.layers.rank_one else []
    return tables
