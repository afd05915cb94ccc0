"""What the jobs of hardness are told of the config: their files, their options, their loads."""

from collections.abc import Sequence
from typing import Any

from dlnflow.arithmetic.exact import path_token
from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.config import BAND, Hardness
from dlnflow.kit.blocks import exponent_blocks, number_in
from dlnflow.kit.load import Load, load


def _grid(config: Any, w: Any) -> Any:
    return config.hardness.grids[w.grid]


def _block(config: Any, w: Any) -> HardnessBlock:
    """The inputs of a block of exponents."""
    grid = _grid(config, w)
    block: HardnessBlock = grid.block(exponent_blocks(grid.exponents, BAND)[w.exponents])
    return block


def solved(config: Any, w: Any) -> dict[str, Any]:
    """What solve_readings is told."""
    return {"grid": w.grid, "block": _block(config, w), "seed": config.seed, "solver": w.solver}


def limits(config: Any, w: Any) -> dict[str, Any]:
    """What limit_readings is told."""
    told = {"grid": w.grid, "block": _block(config, w), "seed": config.seed}
    return told | {"depth": number_in(w.depth), "scales": _grid(config, w).scales}


def worked(config: Any, w: Any) -> dict[str, Any]:
    """What measure_work is told."""
    work = config.hardness.work
    return {"depth": number_in(w.depth), "exponents": work.exponents, "accuracies": work.accuracies}


def cells(config: Any, w: Any) -> list[str]:
    """What the jobs of a grid write: its solvers, then its networks."""
    grid = _grid(config, w)
    blocks = exponent_blocks(grid.exponents, BAND)
    solved = [f"results/hardness/solvers/{w.grid}/{name}/{block}.parquet" for name in grid.methods for block in blocks]
    return solved + [
        f"results/hardness/limits/{w.grid}/depth-{path_token(depth)}/{block}.parquet"
        for depth in grid.depths
        for block in blocks
    ]


def tables(config: Any) -> list[str]:
    """A table a grid."""
    return [f"results/tables/hardness/{grid}.parquet" for grid in config.hardness.grids]


def work(config: Any) -> list[str]:
    """The scales that accuracies need, a file a depth."""
    return _of_depths("results/hardness/scales/depth-{}.parquet", config.hardness)


def work_times(config: Any, w: Any) -> list[str]:
    """The times of their proofs."""
    return _of_depths("results/timings/hardness/scales/depth-{}.parquet", config.hardness)


def _of_depths(pattern: str, hardness: Hardness) -> list[str]:
    return [pattern.format(path_token(depth)) for depth in hardness.work.depths] if hardness.work else []


# --- loads -----------------------------------------------------------------------------------------------------------


def hardness_load(block: HardnessBlock, scales: int = 1) -> Load:
    """Of every input of a block: its digits, exponents, orders or signs, and bits."""
    groups = 1 if block.slow is None else 2
    inputs = max(1, len(block.digits)) * len(block.exponents) * len(block.bits)
    inputs *= 2 if block.as_given else 2**groups
    m, n = block.beside
    return load(inputs * scales, m + groups * block.kinks, n + 2 * groups * block.kinks)


def kink_load(exponents: Sequence[int], accuracies: int) -> Load:
    """Of so many accuracies on each kink: what grows with its exponent are the digits of two unknowns."""
    return Load(len(exponents) * accuracies, 2 * sum(exponents) * accuracies, 0)


def solved_load(config: Any, w: Any) -> Load:
    """Of solve_readings."""
    return hardness_load(_block(config, w))


def limits_load(config: Any, w: Any) -> Load:
    """Of limit_readings."""
    return hardness_load(_block(config, w), len(_grid(config, w).scales))


def work_load(config: Any, w: Any) -> Load:
    """Of measure_work."""
    return kink_load(config.hardness.work.exponents, len(config.hardness.work.accuracies))
