"""The network's limits on random instances, as rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

import numpy as np

from dlnflow.experiments.recovery.block import Instance, RecoveryBlock
from dlnflow.experiments.recovery.rows import failed, instance_key, judged
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt, log10_or_none, network_columns
from dlnflow.network.network import Network
from dlnflow.network.plus_minus import Sides
from dlnflow.network.stacked_limits import is_stacked, quick_limits
from dlnflow.problems.problem import Problem
from dlnflow.results import Limit

MOST_AT_ONCE = 512
"""Instances that are held together; a hundred of a size are enough for a stack of them (`quick_limits`)."""


def limit_rows(
    grid: str, block: RecoveryBlock, seed: int, depth: str, scales: Sequence[str]
) -> Iterator[tuple[Row, float]]:
    """(row of RECOVERY_CELLS, seconds) of the network's limit on each instance at each scale.

    Small instances are solved together; their seconds are their share.
    """
    for some in _held_together(block.instances(seed)):
        answers = [_attempts([instance.problem for instance in some], depth, scale) for scale in scales]
        for instance, of_scales in zip(some, zip(*answers, strict=True), strict=True):
            for scale, (found, message, seconds) in zip(scales, of_scales, strict=True):
                network = Network(depth, scale, instance.problem.nonnegative)
                key = instance_key(grid, block, instance, "limit") | network_columns(depth, scale)
                yield key | _limit_columns(found, message, instance.problem, network, block), seconds


def _held_together(instances: Iterable[Instance]) -> Iterator[list[Instance]]:
    """The instances in their order, the large ones by themselves."""
    for is_small, run in groupby(instances, key=lambda instance: is_stacked(instance.problem)):
        while some := list(islice(run, MOST_AT_ONCE if is_small else 1)):
            yield some


def _attempts(problems: Sequence[Problem], depth: str, scale: str) -> list[tuple[Limit | None, str, float]]:
    """(limit, message, seconds) of each problem; if one of them fails, of each by itself, which gives the same bits."""
    found, message, seconds = attempt(quick_limits, problems, depth, scale)
    if found is not None:
        return [(limit, message, seconds / len(problems)) for limit in found]
    if len(problems) == 1:
        return [(None, message, seconds)]
    return [answer for problem in problems for answer in _attempts([problem], depth, scale)]


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
