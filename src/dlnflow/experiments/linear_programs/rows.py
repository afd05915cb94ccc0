"""Linear programs down in lam as rows: certified errors beside the predicted law, and random programs' constants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, exp, inf, log, log2
from typing import Any

import flint

from dlnflow.arithmetic.exact import log10_of, ratio_to_text, to_arb, upper_log10
from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.tables import (
    AIM,
    LARGEST_TERM,
    LEAST,
    MOST_EXPONENT,
    MOST_RATIO,
    PROGRAM_CELLS,
    PROGRAM_LAWS,
    SETTLED,
)
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt, log10_or_none
from dlnflow.minimisers.linear_programs import LinearMinimiser, linear_minimisers
from dlnflow.network.certified_limits import distance, upper_float
from dlnflow.problems.standard_form import StandardForm
from dlnflow.programs.certified_limit import CertifiedEntropicLimit, EntropicCertifier
from dlnflow.programs.highs_vertex import referee
from dlnflow.programs.law import ProgramLaw, program_law
from dlnflow.programs.limit import EntropicLimit
from dlnflow.results import Status

RATIO_BITS = 128
"""Of ratios of balls, of which thirty digits are known."""
MORE_BITS = 30
"""Of an error's digits, so that its ratio to C is known as well as C is, to twenty."""


@dataclass(frozen=True, eq=False)
class Measured:
    """A certified limit beside the law; error: ||x_lam - x°|| as a ball.  ratio: over C e^(-e/lam), None if C is 0."""

    limit: CertifiedEntropicLimit
    error: Any
    ratio: Any
    status: Status

    @property
    def ratio_off(self) -> float | None:
        """ratio - 1."""
        if self.ratio is None:
            return None
        with flint.ctx.workprec(RATIO_BITS):
            return float((self.ratio - 1).mid())

    @property
    def off(self) -> float:
        """|ratio - 1|, infinite without a ratio."""
        return inf if self.ratio_off is None else abs(self.ratio_off)


class Follower:
    """One program: its exact minimisers, its law, and limits at any lam beside them."""

    def __init__(self, program: StandardForm) -> None:
        self.program = program
        self.minimiser: LinearMinimiser = linear_minimisers(program)
        self.law: ProgramLaw = program_law(program, self.minimiser)
        self._certifier = EntropicCertifier(program)
        self.floats = self._certifier.floats

    @cached_property
    def has_constant(self) -> bool:
        """Whether C is told from 0."""
        return bool(self.law.rate.constant_ball.abs_lower() > 0)

    @property
    def columns(self) -> Row:
        """What all rows of the program have."""
        law = self.law
        return {
            "is_unique": self.minimiser.unique,
            "has_unique_dual": self.minimiser.has_unique_dual,
            "is_sum_constant": all(sum(vector) == 0 for vector in self.minimiser.kernel),
            "exponent": float(law.rate.exponent),
            "log10_constant": log10_of(law.rate.constant_ball) if self.has_constant else None,
            "next_exponent": None if law.next_exponent is None else float(law.next_exponent),
        }

    def at(self, inverse_lam: Fraction) -> Measured:
        """The certified limit at lam, beside the law. Raises ArithmeticError if there is none."""
        effect = None
        if self.has_constant:
            with flint.ctx.workprec(RATIO_BITS):
                effect = float((self.law.size(inverse_lam).log() / flint.arb(2).log()).mid()) - MORE_BITS
        limit = self._certifier.at(1 / inverse_lam, effect)
        error = limit.distance(self.minimiser.entropic)
        ratio = None
        with flint.ctx.workprec(RATIO_BITS):
            if self.has_constant:
                ratio = error / self.law.size(inverse_lam)
            is_resolved = bool(error.mid() > 2 * error.rad())
        status = limit.status if is_resolved else Status.UNRESOLVED
        return Measured(limit, error, ratio, status)

    def gap(self, limit: CertifiedEntropicLimit) -> Any:
        """c.x_lam - min c.x = r.x_lam as a ball, without cancellation."""
        with flint.ctx.workprec(limit.precision + 64):
            pairs = zip(self.minimiser.reduced_costs, limit.x, strict=True)
            return sum((to_arb(cost) * value for cost, value in pairs if cost), flint.arb(0))


def cell_rows(name: str, program: StandardForm, inverse_lams: Sequence[int]) -> Iterator[Row]:
    """The rows of PROGRAM_CELLS of one program."""
    follower, message, _ = attempt(Follower, program)
    for inverse_lam in inverse_lams:
        row: Row = dict.fromkeys(PROGRAM_CELLS.names)
        row |= {"program": name, "inverse_lam": float(inverse_lam), "float_message": "", "precision_bits": 0}
        if follower is None:
            yield row | {"status": Status.FAILED, "message": message, "float_status": Status.FAILED}
            continue
        yield row | follower.columns | _cell(follower, Fraction(inverse_lam))


def _cell(follower: Follower, inverse_lam: Fraction) -> Row:
    with flint.ctx.workprec(RATIO_BITS):
        predicted = log10_of(follower.law.size(inverse_lam)) if follower.has_constant else None
    found, message, _ = attempt(follower.at, inverse_lam)
    quick, quick_message, _ = attempt(follower.floats.at, 1 / inverse_lam)
    row: Row = {"log10_predicted": predicted, "message": message, "float_message": quick_message}
    row |= {"status": Status.FAILED} if found is None else _certified_columns(follower, found)
    row |= {"float_status": Status.FAILED} if quick is None else _float_columns(follower, quick, found)
    return row


def _certified_columns(follower: Follower, found: Measured) -> Row:
    with flint.ctx.workprec(RATIO_BITS):
        radius = found.error.rad()
    return {
        "status": found.status,
        "precision_bits": found.limit.precision,
        "log10_error": log10_of(found.error),
        "log10_radius": upper_log10(radius),
        "ratio_off": found.ratio_off,
        "log10_gap": log10_of(follower.gap(found.limit)),
    }


def _float_columns(follower: Follower, quick: EntropicLimit, found: Measured | None) -> Row:
    with flint.ctx.workprec(RATIO_BITS):
        x = [flint.arb(value) for value in quick.x.tolist()]
        error = upper_float(distance(x, follower.minimiser.entropic.balls(RATIO_BITS)))
        off = None if found is None else upper_float(distance(x, found.limit.x))
    return {
        "float_status": quick.status,
        "log10_float_error": log10_or_none(error),
        "log10_float_off": None if off is None else log10_or_none(off),
        "log10_float_radius": log10_or_none(quick.radius),
    }


def law_rows(grid: str, block: ProgramBlock, seed: int, largest: int) -> Iterator[Row]:
    """The rows of PROGRAM_LAWS for each instance of a block. largest: 1/lam beyond which none goes."""
    for trial in block.trials:
        key = {
            "grid": grid,
            "family": block.family,
            "constraints": block.constraints,
            "variables": block.variables,
            "trial": trial,
        }
        found, message, _ = attempt(_instance, block, seed, trial, largest)
        failed: Row = dict.fromkeys(PROGRAM_LAWS.names)
        failed |= {"status": Status.FAILED, "message": message, "meets": False, "reason": "failed"}
        yield failed | (found or {}) | key


def _instance(block: ProgramBlock, seed: int, trial: int, largest: int) -> Row:
    return law_of(block.instance(seed, trial), largest)


def law_of(program: StandardForm, largest: int) -> Row:
    """The columns of PROGRAM_LAWS beside the key, for any program."""
    follower = Follower(program)
    minimiser, law = follower.minimiser, follower.law
    said = referee(program, minimiser)
    row = follower.columns | {
        "status": Status.CONVERGED,
        "message": "",
        "face_dimension": len(minimiser.kernel),
        "support": len(minimiser.support),
        "rank": minimiser.rank,
        "pivots": minimiser.pivots,
        "exact_exponent": ratio_to_text(law.rate.exponent),
        "highs_status": said.status,
        "highs_gap": said.gap,
        "highs_residual": said.residual,
        "highs_is_vertex_optimal": said.is_vertex_optimal,
        "is_regular": minimiser.is_nondegenerate and not _is_slow(law, largest),
        "meets": False,
    }
    if law.next_exponent is None or not follower.has_constant:
        return row | {"reason": "zero_constant"}
    row |= _measured(follower, largest)
    return row | {"reason": reason(row)}


def first_inverse_lam(next_exponent: Fraction) -> int:
    """The power of two 1/lam, LEAST or more, at which e^(-p/lam) <= AIM: where an instance is looked at first."""
    return 1 << ceil(log2(max(float(LEAST), -log(AIM) / float(next_exponent))))


def _is_slow(law: ProgramLaw, largest: int) -> bool:
    """Whether the largest 1/lam leaves a next order above AIM."""
    return law.next_exponent is None or law.next_exponent <= 0 or first_inverse_lam(law.next_exponent) > largest


def _measured(follower: Follower, largest: int) -> Row:
    """At the first 1/lam at which the next order, as half of it shows, is settled, or at the largest."""
    order = float(follower.law.next_exponent or 0)
    most = 1 << (largest.bit_length() - 1)
    last = most if _is_slow(follower.law, most) else first_inverse_lam(follower.law.next_exponent or Fraction(0))
    before, now = follower.at(Fraction(last, 2)), follower.at(Fraction(last))
    while not _is_settled(before, order, last) and last < most:
        last *= 2
        before, now = now, follower.at(Fraction(last))
    statuses = {before.status, now.status} - {Status.CONVERGED}
    with flint.ctx.workprec(RATIO_BITS):
        slope = float(((before.error / now.error).log() * 2 / last).mid())
    is_near = abs(now.off) < MOST_RATIO and abs(slope - float(follower.law.rate.exponent)) < MOST_EXPONENT
    return {
        "status": min(statuses, default=Status.CONVERGED),
        "measured_exponent": slope,
        "ratio_off": now.ratio_off,
        "next_term": _expected(before, order, last),
        "last_inverse_lam": float(last),
        "log10_last_error": log10_of(now.error),
        "precision_bits": now.limit.precision,
        "is_settled": _is_settled(before, order, last),
        "meets": is_near and not statuses,
    }


def _expected(before: Measured, order: float, last: int) -> float:
    """|ratio - 1| at the last 1/lam as that at half of it has it."""
    return before.off * exp(-order * last / 2)


def _is_settled(before: Measured, order: float, last: int) -> bool:
    return before.off < SETTLED and _expected(before, order, last) < LARGEST_TERM


def reason(row: Row) -> str:
    """Why a row of PROGRAM_LAWS does not meet its prediction, by what was computed of it; empty if it does.

    The first that applies of: zero_constant, the error falls faster than predicted; unproved, a limit stalled or its
    error is not resolved; next_order_large, it is not settled at the largest 1/lam; unexplained.
    """
    if row["meets"]:
        return ""
    reasons = {
        "zero_constant": row["log10_constant"] is None,
        "unproved": row["status"] != Status.CONVERGED,
        "next_order_large": row["is_settled"] is False,
    }
    return next((name for name, applies in reasons.items() if applies), "unexplained")
