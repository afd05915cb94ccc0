"""Certificates: what is stored of a certified limit, and the proof made again from it without solving anything.

A certificate holds balls for the dual unknown nu, as text: "-1a3p-90" is -0x1a3 * 2^-90, exactly.
"""

import re
from dataclasses import dataclass
from itertools import chain
from typing import Any

import flint

from dlnflow.arithmetic.error_free import UNIT
from dlnflow.arithmetic.exact import log10_of, parse_number, upper_log10
from dlnflow.balls.enclosure import bases, prove
from dlnflow.balls.row_basis import RowBasis
from dlnflow.experiments.named_problems.cells import common_columns
from dlnflow.files.tables import Row
from dlnflow.network.certified_limits import SLACK, CertifiedLimit, as_limit
from dlnflow.network.network import Network
from dlnflow.network.scale_ladder import Duals
from dlnflow.problems.problem import Problem

GUARD_BITS = 32
"""A certificate is checked in so many bits more than it was made in, so that rounding cannot widen its balls."""

_BINARY = re.compile(r"-?[0-9a-f]{1,100000}p-?[0-9]{1,7}")
_LARGEST_PRECISION = 400000


class CertificateError(ValueError):
    """A certificate does not prove what it states; the message says why."""


@dataclass(frozen=True)
class Certificate:
    """Balls that hold the dual unknown nu: midpoints and radii (m), and the precision in bits they were proved in."""

    midpoint: tuple[str, ...]
    radius: tuple[str, ...]
    precision: int

    def balls(self) -> list[Any]:
        """The balls (m). Raises CertificateError if the text is not that of balls."""
        if not (isinstance(self.precision, int) and 0 < self.precision <= _LARGEST_PRECISION):
            raise CertificateError(f"its precision is {self.precision!r} bits, expected 1 to {_LARGEST_PRECISION}")
        if len(self.midpoint) != len(self.radius):
            raise CertificateError(f"it has {len(self.midpoint)} midpoints and {len(self.radius)} radii")
        return [
            flint.arb(_number(middle), _number(radius))
            for middle, radius in zip(self.midpoint, self.radius, strict=True)
        ]


def certificate_of(limit: CertifiedLimit) -> Certificate:
    """The certificate of a limit."""
    midpoint = tuple(_text(ball.mid()) for ball in limit.nu)
    return Certificate(midpoint, tuple(_text(ball.rad()) for ball in limit.nu), limit.precision)


def certified_columns(limit: CertifiedLimit) -> Row:
    """The columns of `tables.CELLS` that a certified limit fills, its certificate among them."""
    stored = certificate_of(limit)
    return common_columns(limit) | {
        "log10_radius": upper_log10(limit.radius),
        "x": limit.x_float,
        "nu": limit.nu_float,
        "nu_midpoint": stored.midpoint,
        "nu_radius": stored.radius,
    }


class Verifier:
    """Proves the certificates of one problem at one depth again: one evaluation of the dual each, and no solving."""

    def __init__(self, problem: Problem, depth: Any) -> None:
        self._problem, self._depth, self._duals = problem, parse_number(depth), Duals(problem)
        self._basis: RowBasis | None = None

    def verify(self, scale: Any, certificate: Certificate) -> CertifiedLimit:
        """The limit that the certificate proves.

        Raises CertificateError if it is not one of this problem, if nothing can be proved from its midpoints, or
        if the balls that are proved do not lie within those that it states.
        """
        stated = certificate.balls()
        if len(stated) != self._problem.measurements:
            raise CertificateError(f"it has {len(stated)} dual unknowns, expected {self._problem.measurements}")
        network, bits = Network(self._depth, scale, self._problem.nonnegative), certificate.precision + GUARD_BITS
        dual, denominator = self._duals.at(network), self._duals.denominator
        with flint.ctx.workprec(bits + max(ball.mid().bits() for ball in stated)):
            t = flint.arb_mat([[(ball.mid() / denominator).mid()] for ball in stated])
        point = dual.at(t, bits)
        if point is None:
            raise CertificateError("its midpoints lie outside the domain")
        kept, reason = self._basis, ""
        for basis in chain([kept] if kept else [], bases(dual, point)):
            enclosure = prove(point, basis)
            if enclosure is None:
                reason = "its midpoints are too far from the limit to prove anything"
                continue
            limit = as_limit(self._duals, point, enclosure, True, 0)
            if all(ball.contains(proved) for ball, proved in zip(stated, limit.nu, strict=True)):
                self._basis = basis
                return limit
            reason = "what can be proved is wider than what it states"
        raise CertificateError(reason)


def verified(verifier: Verifier, row: Row) -> CertifiedLimit:
    """The limit behind a certified row of `tables.CELLS`, its certificate, x and radius checked.

    Raises CertificateError, which names the cell.
    """
    cell = f"{row['problem']}, trial {row['trial']}, depth {row['exact_depth']}, scale {row['scale']}"
    try:
        stored = Certificate(tuple(row["nu_midpoint"]), tuple(row["nu_radius"]), row["precision_bits"])
        limit = verifier.verify(row["scale"], stored)
    except CertificateError as error:
        raise CertificateError(f"{cell}: {error}") from None
    radius = log10_of(limit.radius)
    if radius is not None and not radius <= row["log10_radius"]:
        raise CertificateError(f"{cell}: its radius is less than what its certificate proves")
    for name, stated, proved in (("x", row["x"], limit.x), ("nu", row["nu"], limit.nu)):
        if len(stated) != len(proved) or not all(map(_is_rounded, stated, proved)):
            raise CertificateError(f"{cell}: its {name} is not the one that its certificate proves")
    return limit


def _is_rounded(stated: float, proved: Any) -> bool:
    """Whether a float is a number of a ball, rounded; the ball is allowed the slack that it was stated with."""
    with flint.ctx.workprec(64):
        room = 2 * UNIT * abs(proved.mid()) + 2 * SLACK * proved.rad() + flint.arb((1, -1074))
        return bool(abs(flint.arb(stated) - proved.mid()) <= room)


def _text(number: Any) -> str:
    mantissa, exponent = number.man_exp()
    return f"{int(mantissa):x}p{int(exponent)}"


def _number(text: str) -> Any:
    if not (isinstance(text, str) and _BINARY.fullmatch(text)):
        raise CertificateError(f"{str(text)[:40]!r} is no binary number, expected one such as '-1a3p-90'")
    mantissa, exponent = text.split("p")
    return flint.arb((int(mantissa, 16), int(exponent)))
