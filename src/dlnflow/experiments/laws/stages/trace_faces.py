"""Trace the minimiser that each depth selects over faces of minimisers, and the limits on their way to it."""

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.face_tables import FACES
from dlnflow.experiments.laws.faces import face_rows
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depths, Name, Output, Scales, Seed


def trace_faces(
    output: Output,
    *,
    grid: Name,
    block: LawBlock,
    seed: Seed,
    drawn: int,
    depths: Depths,
    scales: Scales,
    followed: Depths,
) -> None:
    """Trace the minimiser that each depth selects over faces of minimisers, and the limits on their way to it.

    drawn: how many faces of dimension 2, the first ones.  followed: the depths whose limits are computed.
    """
    write_rows(output, FACES, face_rows(grid, block, seed, drawn, depths, scales, followed))
