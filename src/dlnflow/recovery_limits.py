"""The network's limits on random instances, as rows."""

from collections.abc import Iterator, Sequence

import numpy as np

from dlnflow.cells import attempt, log10_or_none, network_columns
from dlnflow.limit import limit
from dlnflow.network import Network
from dlnflow.problems import Problem
from dlnflow.recovery_blocks import RecoveryBlock
from dlnflow.recovery_rows import failed, instance_key, judged
from dlnflow.results import Limit
from dlnflow.sides import Sides
from dlnflow.tables import Row


def limit_rows(
    grid: str, block: RecoveryBlock, seed: int, depth: str, scales: Sequence[str]
) -> Iterator[tuple[Row, float]]:
    """(row of RECOVERY_CELLS, seconds) of the network's limit on each instance at each scale."""
    for instance in block.instances(seed):
        problem = instance.problem
        for scale in scales:
            network = Network(depth, scale, problem.nonnegative)
            key = instance_key(grid, block, instance, "limit") | network_columns(depth, scale)
            found, message, seconds = attempt(limit, problem, depth, scale, True)
            yield key | _limit_columns(found, message, problem, network, block), seconds


def _limit_columns(found: Limit | None, message: str, problem: Problem, network: Network, block: RecoveryBlock) -> Row:
    if found is None:
        return failed("none", message, problem)
    return {
        "engine": found.engine,
        "status": found.status,
        "said": "",
        "said_gap": None,
        "message": "",
        "iterations": found.iterations,
        "log10_radius": log10_or_none(found.radius),
        "layers_l1_norm": _layers_l1_norm(found, problem, network),
    } | judged(found.x, problem, block)


def _layers_l1_norm(found: Limit, problem: Problem, network: Network) -> float:
    """||u^L||_1 + ||v^L||_1 of the network at the limit: |x| and twice the smaller layer, which z hardly moves."""
    l1_norm = float(np.abs(found.x).sum())
    if network.nonnegative:
        return l1_norm
    maps = Sides(network)
    return l1_norm + 2 * float(maps.sides(maps.bound + np.abs(problem.A.T @ found.nu)).sum())
