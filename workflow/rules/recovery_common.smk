# What the rules of the recovery experiment ask the config. No mathematics here.


def grid_of(wildcards):
    return CONFIG.recovery.grids[wildcards.grid]


def block_of(wildcards):
    """The cells and trials of a tile, as JSON."""
    return grid_of(wildcards).tiles[wildcards.tile].as_json()


def grid_scales_in_band(wildcards):
    grid = grid_of(wildcards)
    return blocks.bands(grid.scales, grid.blocks.decades)[wildcards.band]


def tile_load(wildcards):
    tile = grid_of(wildcards).tiles[wildcards.tile]
    return loads.recovery_load(tile, is_exact=wildcards.solver == "exact")


def tile_limits_load(wildcards):
    return loads.recovery_load(grid_of(wildcards).tiles[wildcards.tile], len(grid_scales_in_band(wildcards)))


def curve_load(wildcards):
    """Of a predicted curve: basis pursuit's has no scales."""
    scales = 1 if wildcards.curve == "basis-pursuit" else len(grid_of(wildcards).scales)
    return loads.curve_points(scales * len(grid_of(wildcards).undersampling))


def grid_files(root, grid):
    """What the jobs of a grid write below a folder: limits by depth, then baselines by solver."""
    spec = CONFIG.recovery.grids[grid]
    limits = expand(
        "{root}/limits/{grid}/depth-{depth}/{tile}_{band}.parquet",
        root=root,
        grid=grid,
        depth=[path_token(depth) for depth in spec.depths],
        tile=spec.tiles,
        band=blocks.bands(spec.scales, spec.blocks.decades),
    )
    return limits + expand(
        "{root}/baselines/{grid}/{solver}/{tile}.parquet",
        root=root,
        grid=grid,
        solver=spec.solvers,
        tile=spec.tiles,
    )


def grid_cells(wildcards):
    return grid_files("results/recovery", wildcards.grid)


def grid_times(wildcards):
    return grid_files("results/timings/recovery", "times")


def grid_tables(wildcards):
    return expand("results/tables/recovery/{grid}.parquet", grid=CONFIG.recovery.grids)


def curve_options(wildcards):
    """The depth and the scales of a predicted curve; none are basis pursuit's."""
    if wildcards.curve == "basis-pursuit":
        return ""
    depth = wildcards.curve.removeprefix("depth-").replace("_", "/")
    scales = " ".join(to_text(scale) for scale in grid_of(wildcards).scales)
    return f"--depth {depth} --scales {scales}"


def curves_of(kind, grid):
    """The predicted curves of a grid."""
    depths = [f"depth-{path_token(depth)}" for depth in CONFIG.recovery.grids[grid].depths]
    return expand(
        "results/predictions/{kind}/{grid}/{curve}.parquet", kind=kind, grid=grid, curve=["basis-pursuit", *depths]
    )


def recovery_targets(wildcards):
    if CONFIG.recovery is None:
        return []
    recovery = CONFIG.recovery
    figures = [f"diagram-{name}" for name in recovery.diagrams] + (["thresholds"] if recovery.diagrams else [])
    figures += ["errors"] if recovery.errors else []
    figures += ["samples"] if recovery.transitions else []
    figures += ["times"] if recovery.times else []
    fits = multiext("results/tables/recovery-fits.", "parquet", "csv") if fitted_grids() else []
    tables = multiext("results/tables/recovery.", "parquet", "csv")
    return tables + fits + [file for name in figures for file in figure_files("recovery", name)]


def fitted_grids():
    """The grids in which success falls or rises from one end to the other."""
    return [*CONFIG.recovery.diagrams, *(["transitions"] if CONFIG.recovery.transitions else [])]
