"""Predicted rates as the rows of a table."""

from collections.abc import Iterable, Iterator, Sequence

from dlnflow.arithmetic.exact import log10_of, parse_number, ratio_to_text
from dlnflow.experiments.named_problems.minimisers import read_minimiser
from dlnflow.files.instance_files import Block
from dlnflow.files.tables import Row
from dlnflow.results import Status
from dlnflow.theory.rates import predicted_rate


def rate_rows(block: Block, minimisers: Iterable[Row], depths: Sequence[str]) -> Iterator[Row]:
    """The rows of `tables.RATES`: each instance of a block at each of the depths."""
    exact = {row["trial"]: read_minimiser(row) for row in minimisers}
    for trial, problem in block.instances():
        for depth in depths:
            key = {
                "problem": block.name,
                "trial": trial,
                "depth": float(parse_number(depth)),
                "exact_depth": depth,
            }
            try:
                rate = predicted_rate(problem, depth, exact[trial])
            except ArithmeticError as error:  # the other predictions are sound and are wanted
                nothing: Row = dict.fromkeys(("exponent", "exact_exponent", "log10_constant", "direction"))
                yield key | nothing | {"status": Status.FAILED, "message": str(error)}
                continue
            yield key | {
                "status": Status.CONVERGED if rate.unique_direction else Status.NOT_UNIQUE,
                "message": "",
                "exponent": float(rate.exponent),
                "exact_exponent": ratio_to_text(rate.exponent),
                "log10_constant": log10_of(rate.constant_ball),
                "direction": [float(ball) for ball in rate.direction],
            }
