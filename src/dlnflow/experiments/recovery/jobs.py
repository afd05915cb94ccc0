"""What the jobs of recovery are told of the config: their files, their options, their loads."""

from typing import Any

from dlnflow.arithmetic.exact import path_token
from dlnflow.experiments.recovery.block import RecoveryBlock, measurements_of
from dlnflow.experiments.recovery.config import Recovery
from dlnflow.kit.blocks import bands, number_in
from dlnflow.kit.load import Load, curve_points, load, total

BASIS_PURSUIT = "basis-pursuit"
"""The predicted curve that is of no depth."""


def _grid(config: Any, w: Any) -> Any:
    return config.recovery.grids[w.grid]


def _block(config: Any, w: Any) -> RecoveryBlock:
    """The cells and trials of a tile."""
    block: RecoveryBlock = _grid(config, w).tiles[w.tile]
    return block


def _scales(config: Any, w: Any) -> list[str]:
    grid = _grid(config, w)
    return bands(grid.scales, grid.blocks.decades)[w.band]


def limits(config: Any, w: Any) -> dict[str, Any]:
    """What recover_limits is told."""
    told = {"grid": w.grid, "block": _block(config, w), "seed": config.seed}
    return told | {"depth": number_in(w.depth), "scales": _scales(config, w)}


def baselines(config: Any, w: Any) -> dict[str, Any]:
    """What recover_baselines is told."""
    return {"grid": w.grid, "block": _block(config, w), "seed": config.seed, "solver": w.solver}


def judged(config: Any, w: Any) -> dict[str, Any]:
    """What judge_recovery is told."""
    return {"tolerance": config.recovery.tolerance}


def _curve(config: Any, w: Any) -> dict[str, Any]:
    """The depth and the scales of a predicted curve; none are basis pursuit's."""
    if w.curve == BASIS_PURSUIT:
        return {}
    return {"depth": number_in(w.curve.removeprefix("depth-")), "scales": _grid(config, w).scales}


def boundaries(config: Any, w: Any) -> dict[str, Any]:
    """What predict_boundaries is told."""
    told = {"grid": w.grid, "signal": _grid(config, w).signal, "tolerance": config.recovery.tolerance}
    return told | _curve(config, w)


def errors(config: Any, w: Any) -> dict[str, Any]:
    """What predict_errors is told."""
    grid = _grid(config, w)
    return {"grid": w.grid, "signal": grid.signal, "undersampling": grid.undersampling} | _curve(config, w)


def fitted(config: Any, w: Any) -> dict[str, Any]:
    """What fit_transitions is told."""
    return {"tolerance": config.recovery.tolerance, "density": bool(_grid(config, w).density)}


# --- files -----------------------------------------------------------------------------------------------------------


def _grid_files(root: str, grid: str, spec: Any) -> list[str]:
    """What the jobs of a grid write below a folder: limits by depth, then baselines by solver."""
    limits = [
        f"{root}/limits/{grid}/depth-{path_token(depth)}/{tile}_{band}.parquet"
        for depth in spec.depths
        for tile in spec.tiles
        for band in bands(spec.scales, spec.blocks.decades)
    ]
    return limits + [
        f"{root}/baselines/{grid}/{solver}/{tile}.parquet" for solver in spec.solvers for tile in spec.tiles
    ]


def cells(config: Any, w: Any) -> list[str]:
    """All cells of a grid."""
    return _grid_files("results/recovery", w.grid, _grid(config, w))


def times(config: Any, w: Any) -> list[str]:
    """The times behind the figure of times."""
    return _grid_files("results/timings/recovery", "times", config.recovery.times)


def tables(config: Any) -> list[str]:
    """A table a grid."""
    return [f"results/tables/recovery/{grid}.parquet" for grid in config.recovery.grids]


def fits(config: Any) -> list[str]:
    """Of the grids in which success falls or rises from one end to the other."""
    recovery: Recovery = config.recovery
    grids = [*recovery.diagrams, *(["transitions"] if recovery.transitions else [])]
    return [f"results/recovery/fits/{grid}.parquet" for grid in grids]


def diagram_fits(config: Any, w: Any) -> list[str]:
    """Those of the diagrams."""
    return [f"results/recovery/fits/{grid}.parquet" for grid in config.recovery.diagrams]


def curves(kind: str, grid: str, config: Any, w: Any = None) -> list[str]:
    """The predicted curves of a grid: kind is boundaries or errors."""
    depths = [f"depth-{path_token(depth)}" for depth in config.recovery.grids[grid].depths]
    return [f"results/predictions/{kind}/{grid}/{curve}.parquet" for curve in (BASIS_PURSUIT, *depths)]


def diagram_curves(config: Any, w: Any) -> list[str]:
    """The predicted boundaries of all diagrams."""
    return [file for grid in config.recovery.diagrams for file in curves("boundaries", grid, config)]


# --- loads -----------------------------------------------------------------------------------------------------------


def recovery_load(block: RecoveryBlock, scales: int = 1, is_exact: bool = False) -> Load:
    """Of every trial of every cell of a tile."""
    times, n = scales * len(block.trials), block.features
    sizes = [measurements_of(ratio, n) for ratio, _ in block.cells]
    return total(load(times, m, n).in_fractions(m) if is_exact else load(times, m, n) for m in sizes)


def limits_load(config: Any, w: Any) -> Load:
    """Of recover_limits."""
    return recovery_load(_block(config, w), len(_scales(config, w)))


def baselines_load(config: Any, w: Any) -> Load:
    """Of recover_baselines."""
    return recovery_load(_block(config, w), is_exact=w.solver == "exact")


def curve_load(config: Any, w: Any) -> Load:
    """Of a predicted curve: basis pursuit's has no scales."""
    grid = _grid(config, w)
    return curve_points((1 if w.curve == BASIS_PURSUIT else len(grid.scales)) * len(grid.undersampling))
