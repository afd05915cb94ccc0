"""Work against accuracy on the kink, as rows. A row that fails says so, and is not the end of its block."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import log10
from time import perf_counter
from typing import Any

from dlnflow.arithmetic.exact import parse_number, ratio_to_text
from dlnflow.files.tables import Row
from dlnflow.network.certified_limits import certified_limit
from dlnflow.problems.problem import kink
from dlnflow.results import Status
from dlnflow.theory.kink_work import (
    NeededScale,
    OutOfReachError,
    exact_scale,
    flow_time,
    needed_scale,
    predicted_scale,
    predicted_time,
)

PREDICTIONS = ("log10_predicted_scale", "log10_exact_scale", "log10_predicted_time")
MEASUREMENTS = ("scale", "log10_scale", "log10_error", "precision_bits", "log10_time")
RUNS = 3
"""A proof takes ten milliseconds, and whatever else the machine does shows in one of them."""


def work_rows(depth: str, exponents: Iterable[int], accuracies: Sequence[str]) -> Iterator[tuple[Row, float | None]]:
    """(row of WORK, seconds of the proof at the scale found) for each delta = 2^-k and each accuracy."""
    for exponent in exponents:
        for accuracy in accuracies:
            delta = Fraction(1, 2**exponent)
            row = _key(depth, exponent, accuracy) | dict.fromkeys(PREDICTIONS + MEASUREMENTS)
            seconds = None
            try:
                row |= _predictions(depth, delta, accuracy)
                needed = needed_scale(depth, delta, accuracy)
                row |= _measurements(depth, delta, accuracy, needed)
                seconds = _seconds(depth, delta, needed.scale)
            except OutOfReachError as error:
                row |= {"status": Status.UNRESOLVED, "message": str(error)}
            except Exception as error:  # whatever it is, the other rows are sound and are wanted
                row |= {"status": Status.FAILED, "message": f"{type(error).__name__}: {error}"}
            yield row, seconds


def _key(depth: str, exponent: int, accuracy: str) -> Row:
    return {
        "depth": float(parse_number(depth)),
        "exact_depth": depth,
        "exponent": exponent,
        "delta": ratio_to_text(Fraction(1, 2**exponent)),
        "log10_delta": -exponent * log10(2),
        "accuracy": accuracy,
        "log10_accuracy": log10(parse_number(accuracy)),
    }


def _predictions(depth: str, delta: Fraction, accuracy: str) -> Row:
    exact = exact_scale(depth, delta, accuracy)
    values = predicted_scale(depth, delta, accuracy), exact, predicted_time(depth, exact)
    return dict(zip(PREDICTIONS, values, strict=True))


def _measurements(depth: str, delta: Fraction, accuracy: str, needed: NeededScale) -> Row:
    time = flow_time(depth, delta, needed.scale, 2 * parse_number(accuracy), needed.limit)
    return {
        "status": needed.limit.status,
        "message": "",
        "scale": needed.scale,
        "log10_scale": needed.log10_scale,
        "log10_error": needed.log10_error,
        "precision_bits": needed.limit.precision,
        "log10_time": log10(time),
    }


def _seconds(depth: Any, delta: Fraction, scale: str) -> float:
    """What the limit takes from a cold start, without the search for its scale: the least of a few runs."""
    problem, taken = kink(delta), []
    for _ in range(RUNS):
        start = perf_counter()
        certified_limit(problem, depth, scale)
        taken.append(perf_counter() - start)
    return min(taken)
