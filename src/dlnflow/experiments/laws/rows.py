"""Laws over ensembles: each random instance's exponent and constant, measured and predicted, as rows.

The exponent is the slope of the last decade of `descent`, never a fit across the range, and the constant's ratio
is that of the last scale.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import flint

from dlnflow.arithmetic.exact import decade, log10_of, parse_number, ratio_to_text, to_text, upper_log10
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.descent import (
    RATIO_BITS,
    Measured,
    Prediction,
    descend,
    expected_term,
    is_settled,
    is_slow,
    measurer,
    predict,
)
from dlnflow.experiments.laws.tables import KEY, LAWS, MOST_OFF, MOST_RATIO
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt, network_columns
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.theory.rho_in_floats import disagreement

NO_ERROR = "every feasible point is a minimiser: the limit is x° itself at every scale"
LEAST, SMALLEST = "1e-16", "1e-256"


def law_rows(
    grid: str, block: LawBlock, seed: int, depth: str, least: str = LEAST, smallest: str = SMALLEST
) -> Iterator[tuple[Row, list[Row]]]:
    """(row of LAWS, its rows of LAW_CELLS) for each instance of a block at one depth.

    least: down to which scale all go.  smallest: below which none goes.
    """
    # the ladder stops at powers of two
    last = decade(parse_number(least)), 1 << (decade(parse_number(smallest)).bit_length() - 1)
    for trial in block.trials:
        key = _key(grid, block, trial, depth)
        found, message, _ = attempt(_instance_rows, block, seed, trial, depth, *last)
        law, cells = found or (_failed(message), [])
        yield key | law, [key | cell for cell in cells]


def _instance_rows(block: LawBlock, seed: int, trial: int, *told: Any) -> tuple[Row, list[Row]]:
    """The columns beside the key of one instance."""
    return law_of(block.instance(seed, trial), *told)


def law_of(problem: Problem, depth: str, least: int, smallest: int) -> tuple[Row, list[Row]]:
    """The columns of LAWS and of LAW_CELLS beside the key, for any problem.

    least, smallest: the scales as places, 16 for 1e-16.
    """
    predicted = predict(problem, depth)
    if predicted.is_exact:
        law = _failed("") | _predicted_columns(predicted, smallest) | {"status": Status.CONVERGED, "message": NO_ERROR}
        return law | {"reason": reason(law, smallest)}, []
    cells = descend(measurer(problem, depth, predicted), predicted.next_exponent, least, smallest)
    law = _law(predicted, cells, smallest) | {"rho_disagreement": _rho_disagreement(problem, predicted)}
    return law, [_cell(cell, depth) for cell in cells]


def _rho_disagreement(problem: Problem, predicted: Prediction) -> float | None:
    if predicted.rate.rho is None:
        return None
    found, _, _ = attempt(disagreement, problem, predicted.minimiser, predicted.rate.rho)
    return None if found is None else float(found)


def _cell(measured: Measured, depth: str) -> Row:
    """The columns of LAW_CELLS beside the key."""
    error, ratio = measured.error, measured.ratio
    return network_columns(depth, to_text(Fraction(1, 10**measured.place))) | {
        "status": measured.status,
        "message": measured.message,
        "log10_error": None if error is None else log10_of(error),
        "log10_radius": None if error is None else upper_log10(error.rad()),
        "log10_ratio": None if ratio is None else log10_of(ratio),
        "precision_bits": measured.bits,
    }


def _law(predicted: Prediction, cells: list[Measured], smallest: int) -> Row:
    """The columns of LAWS beside the key."""
    row = _failed(cells[-1].message) | _predicted_columns(predicted, smallest)
    if cells[-1].status != Status.FAILED:
        row |= _measured_columns(predicted, cells)
    return row | {"reason": reason(row, smallest)}


def _predicted_columns(predicted: Prediction, smallest: int) -> Row:
    minimiser, rate, order = predicted.minimiser, predicted.rate, predicted.next_exponent
    return {
        "is_unique": minimiser.unique,
        "face_dimension": len(minimiser.kernel),
        "support": len(minimiser.support),
        "is_unique_direction": rate.unique_direction,
        "rho": None if rate.rho is None else float(rate.rho),
        "exact_rho": None if rate.rho is None else ratio_to_text(rate.rho),
        "exponent": float(rate.exponent),
        "exact_exponent": ratio_to_text(rate.exponent),
        "log10_constant": None if order is None else log10_of(rate.constant_ball),
        "next_exponent": None if order is None else float(order),
        "is_regular": minimiser.unique and rate.unique_direction and order is not None and not is_slow(order, smallest),
    }


def _measured_columns(predicted: Prediction, cells: list[Measured]) -> Row:
    *down, above = cells
    last, order = down[-1], predicted.next_exponent
    with flint.ctx.workprec(RATIO_BITS):
        positive = last.error > 0 and above.error > 0
        slope = float((above.error / last.error).log() / flint.arb.const_log10()) if positive else None
    ratio = None if last.ratio is None else float(last.ratio)
    status = min({last.status, above.status} - {Status.CONVERGED}, default=Status.CONVERGED)
    meets = (
        status == Status.CONVERGED
        and slope is not None
        and ratio is not None
        and abs(slope - float(predicted.rate.exponent)) < MOST_OFF
        and abs(ratio - 1) < MOST_RATIO
    )
    return {
        "status": status,
        "message": "",
        "measured_exponent": slope,
        "ratio": ratio,
        "next_term": None if order is None else expected_term(down, order),
        "log10_last_scale": -float(last.place),
        "is_settled": None if order is None else is_settled(down, order),
        "meets": meets,
    }


def reason(law: Row, smallest: int) -> str:
    """Why a row of LAWS does not meet both numbers, by what was computed of it; empty if it does.

    The first that applies of: failed; zero_constant, the error falls faster than predicted; unproved, a limit stalled
    or its error is not resolved; second_exponent_close, p alone says so; next_order_large, p would do but its measured
    factor does not; direction_not_unique; many_minimisers; unexplained.
    """
    if law["meets"]:
        return ""
    reasons = {
        "failed": law["status"] == Status.FAILED,
        "zero_constant": law["log10_constant"] is None,
        "unproved": law["status"] != Status.CONVERGED,
        "second_exponent_close": law["next_exponent"] is not None and is_slow(law["next_exponent"], smallest),
        "next_order_large": law["is_settled"] is False,
        "direction_not_unique": law["is_unique_direction"] is False,
        "many_minimisers": law["is_unique"] is False,
    }
    return next((name for name, applies in reasons.items() if applies), "unexplained")


def _failed(message: str) -> Row:
    unknown: Row = dict.fromkeys(name for name in LAWS.names if name not in KEY)
    return unknown | {"status": Status.FAILED, "message": message, "meets": False, "reason": "failed"}


def _key(grid: str, block: LawBlock, trial: int, depth: str) -> Row:
    return block.key(grid, trial) | {
        "ensemble": block.ensemble,
        "signal": block.signal,
        "parameter": None if block.parameter is None else float(block.parameter),
        "depth": float(parse_number(depth)),
        "exact_depth": depth,
    }
