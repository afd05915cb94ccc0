"""The network's limits, certified, on inputs of which only some bits are read."""

from collections.abc import Iterator, Sequence
from itertools import cycle

from dlnflow.arithmetic.exact import to_fraction
from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.hardness.rows import Method, Reply, exact_content, replies_to, reply_row
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import network_columns
from dlnflow.network.certified_limits import CertifiedLimit, certified_limits
from dlnflow.problems.problem import Problem


def limit_rows(grid: str, block: HardnessBlock, seed: int, depth: str, scales: Sequence[str]) -> Iterator[Row]:
    """The rows of HARDNESS of one depth at each of the scales."""

    def ask(reading: Problem, bits: int) -> list[Reply]:
        return [_as_reply(limit) for limit in certified_limits(reading, depth, scales)]

    method = Method(ask, exact_content)
    for asked, replies in replies_to(block, seed, method):
        for scale, reply in zip(scales, cycle(replies), strict=False):  # where it failed, it did for all
            name = {"method": "limit", "tolerance": None} | network_columns(depth, scale)
            yield reply_row(grid, block, asked, method, reply, name)


def _as_reply(limit: CertifiedLimit) -> Reply:
    x = [to_fraction(ball.mid().fmpq()) for ball in limit.x]
    return Reply(x, limit.engine, limit.status, radius=to_fraction(limit.radius.fmpq()))
