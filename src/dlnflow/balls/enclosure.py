"""The proof: balls that hold the minimiser of a separable problem, from one evaluation at a nearby point."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import flint

from dlnflow.balls.row_basis import RowBasis, greedy_basis, improved, log2_of, refined, two_to
from dlnflow.balls.separable import Point, Separable, digits, solve

TRUST = two_to(-8)
"""The largest distance, relative to the reach, over which a proof compares second derivatives."""
PROOF_BITS = 64
"""Of the bounds themselves: their relative size is what matters."""


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Balls that hold the minimiser t* (k), its w (n) and its x = f'(w) (n); radius bounds |D^(1/2) N (t - t*)|."""

    t: list[Any]
    w: list[Any]
    x: list[Any]
    radius: Any


def prove(point: Point, basis: RowBasis, slack: int = 1) -> Enclosure | None:
    """Enclose the minimiser, or None if the point is too far from it for the proof.

    slack: the balls are so many times wider than what is proved, so that any other basis proves them too.

    With g = -grad f(t), H = N^T D N and any u such that N^T u = g, |g|^2 = g.H^-1 g <= sum u_i^2/D_i. As long as
    |n_i.d| <= TRUST reach_i for all i, no weight falls by more than e^-TRUST from t to t + d. So along each ray from
    t the slope of f is positive by the time |D^(1/2) N d| = R = e^TRUST |g|: the minimiser exists, is unique and
    lies within R. This is a proof if R <= TRUST reach_i D_i^(1/2) for all i, for D_i^(1/2) |n_i.d| <= |D^(1/2) N d|.
    Here u is N_J^-T g on the rows of the basis and 0 elsewhere.
    """
    with flint.ctx.workprec(point.bits):
        u = basis.coordinates(point.descent)
    with flint.ctx.workprec(PROOF_BITS):
        roots = [weight.sqrt() for weight in point.weights]
        squares = ((value.abs_upper() / roots[row]) ** 2 for value, row in zip(u, basis.rows, strict=True))
        radius = (sum(squares, flint.arb(0)).sqrt() * TRUST.exp() * slack).upper()
        widths = [radius / root for root in roots]
        if not all(width < TRUST * length for width, length in zip(widths, point.reach, strict=True)):
            return None
        # from w to w + d the weight grows by at most e^(TRUST/(1 - TRUST)), for the reach shrinks by at most |d|
        growth = (2 * TRUST).exp()
        spreads = [radius * root * growth for root in roots]
        moves = (basis.sizes * flint.arb_mat([[widths[i]] for i in basis.rows])).entries()
    with flint.ctx.workprec(max(entry.bits() for entry in point.t.entries()) + PROOF_BITS):
        t = _widen(point.t.entries(), moves)  # around t itself, for it is what a certificate states
    with flint.ctx.workprec(point.bits):
        return Enclosure(t=t, w=_widen(point.w, widths), x=_widen(point.x, spreads), radius=radius)


def bases(problem: Separable, point: Point) -> Iterator[RowBasis]:
    """Bases to prove with, the cheapest first: a worse one, or a coarser inverse, gives wider balls or none."""
    greedy = greedy_basis(problem.matrix, point.weights)
    yield greedy
    basis = improved(greedy, point.weights)
    if basis is not greedy:
        yield basis
    while basis.bits < point.bits:
        basis = refined(basis)
        yield basis


def enclose(problem: Separable, point: Point, wanted: float, slack: int = 1) -> Enclosure | None:
    """The enclosure around a point, by the first basis that proves a radius below 2^wanted, else by the last."""
    enclosure = None
    for basis in bases(problem, point):
        enclosure = prove(point, basis, slack) or enclosure
        if enclosure is not None and log2_of(enclosure.radius / slack) <= wanted:
            break
    return enclosure


def enclosed_minimiser(problem: Separable, start: Any, bits: float) -> Enclosure | None:
    """The minimiser of a separable problem, each w_i to so many bits of its reach; None where that is not proved."""
    target = digits(bits)
    solution = solve(problem, start, target)
    # a radius above eight times the target would be the fault of the basis
    return enclose(problem, solution.point, target(solution.point) + 3) if solution.converged else None


def _widen(balls: list[Any], widths: list[Any]) -> list[Any]:
    return [ball + flint.arb(0, width.upper()) for ball, width in zip(balls, widths, strict=True)]
