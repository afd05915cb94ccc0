"""What the jobs of laws are told of the config: their files, their options, their loads."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dlnflow.arithmetic.exact import path_token
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.config import Laws
from dlnflow.kit.blocks import number_in
from dlnflow.kit.load import Load, curve_points, load, total


def _block(config: Any, w: Any) -> LawBlock:
    block: LawBlock = config.laws.ensembles[w.grid].blocks[w.block]
    return block


def measured(config: Any, w: Any) -> dict[str, Any]:
    """What measure_laws is told."""
    laws: Laws = config.laws
    told = {"grid": w.grid, "block": _block(config, w), "seed": config.seed, "depth": number_in(w.depth)}
    return told | {"least": laws.least, "smallest": laws.smallest}


def rhos(config: Any, w: Any) -> dict[str, Any]:
    """What measure_rhos is told."""
    return {"grid": w.grid, "blocks": config.laws.rho[w.grid].blocks[w.size], "seed": config.seed}


def rho_limits(config: Any, w: Any) -> dict[str, Any]:
    """What predict_rhos is told."""
    return {"undersampling": sorted(_rho_curves(config)[w.signal]), "signal": w.signal}


def faces(config: Any, w: Any) -> dict[str, Any]:
    """What trace_faces is told."""
    grid: Any = config.laws.faces
    told = {"grid": "faces", "block": _face_block(grid), "seed": config.seed, "drawn": grid.drawn}
    return told | {"depths": grid.depths, "followed": grid.followed, "scales": grid.scales}


def _face_block(grid: Any) -> LawBlock:
    block: LawBlock = grid.block(grid.size, range(grid.trials))
    return block


# --- files -----------------------------------------------------------------------------------------------------------


def law_files(kind: str, config: Any) -> list[str]:
    """What the jobs of every ensemble write at every depth: kind is laws or cells."""
    laws: Laws = config.laws
    return [
        f"results/laws/{kind}/{grid}/depth-{path_token(depth)}/{block}.parquet"
        for grid, spec in laws.ensembles.items()
        for depth in laws.depths
        for block in spec.blocks
    ]


def rho_files(config: Any) -> list[str]:
    """rho of the instances, a file a grid and size."""
    return [f"results/laws/rho/{grid}/{size}.parquet" for grid, spec in config.laws.rho.items() for size in spec.blocks]


def _rho_curves(config: Any) -> dict[str, set[Fraction]]:
    """signal -> the m/n whose limits are predicted."""
    found: dict[str, set[Fraction]] = {}
    for spec in config.laws.rho.values():
        signal = "nonnegative" if spec.signal == "nonnegative" else "signed"
        found.setdefault(signal, set()).update(spec.undersampling)
    return found


def rho_limit_files(config: Any, w: Any = None) -> list[str]:
    """The predicted limits of rho."""
    return [f"results/predictions/rho/{signal}.parquet" for signal in _rho_curves(config)]


# --- loads -----------------------------------------------------------------------------------------------------------


def law_load(blocks: Sequence[LawBlock]) -> Load:
    """Of every instance of some blocks at one depth."""
    return total(load(len(block.trials), block.measurements, block.features) for block in blocks)


def face_load(block: LawBlock, drawn: int, depths: int, limits: int) -> Load:
    """Of looking through all instances of a block for those with a face, of which `drawn` are pictured."""
    return law_load([block])._replace(cells=drawn * (depths + limits))


def measured_load(config: Any, w: Any) -> Load:
    """Of measure_laws."""
    return law_load([_block(config, w)])


def rhos_load(config: Any, w: Any) -> Load:
    """Of measure_rhos."""
    return law_load(config.laws.rho[w.grid].blocks[w.size])


def rho_limits_load(config: Any, w: Any) -> Load:
    """Of predict_rhos."""
    return curve_points(len(_rho_curves(config)[w.signal]))


def faces_load(config: Any, w: Any) -> Load:
    """Of trace_faces."""
    grid: Any = config.laws.faces
    return face_load(_face_block(grid), grid.drawn, len(grid.depths), len(grid.followed) * len(grid.scales))
