"""Cells beside the exact minimiser: the error, the gap in the l1 norm, and whether the error is resolved."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import flint

from dlnflow.arithmetic.exact import log10_of, to_arb, upper_log10
from dlnflow.experiments.named_problems.certificates import Verifier, verified
from dlnflow.experiments.named_problems.minimisers import read_minimiser
from dlnflow.files.instance_files import Block
from dlnflow.files.tables import Row
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.certified_limits import distance
from dlnflow.problems.problem import Problem
from dlnflow.results import Status

FLOAT_ERROR_BITS = 256
"""For differences of float64 numbers and exact ones: three times what 1e-16 relative to 1 or less can need."""


def compare(
    cells: Iterable[Row], minimisers: Iterable[Row], rates: Iterable[Row] = (), blocks: Iterable[Block] = ()
) -> Iterator[Row]:
    """The rows of `tables.RESULTS`: each cell beside the minimiser that its depth selects, and the predicted rate.

    blocks: the instances behind the certified cells. Their certificates are proved again, and the errors are
    differences of balls; those of other cells are differences of their float64 x. Where an error is less than twice
    its radius, and so without a certain digit, the status converged becomes unresolved.

    Raises CertificateError, naming the cell, if a certificate does not prove what it states.
    """
    problems = {(block.name, trial): problem for block in blocks for trial, problem in block.instances()}
    exact = {(row["problem"], row["trial"]): read_minimiser(row) for row in minimisers}
    predicted = {(row["problem"], row["trial"], row["exact_depth"]): row for row in rates}
    beside: dict[tuple[str, int, str], _Beside] = {}
    for cell in cells:
        instance, depth = (cell["problem"], cell["trial"]), cell["exact_depth"]
        key = (*instance, depth)
        row = {name: value for name, value in cell.items() if name not in ("nu_midpoint", "nu_radius")}
        row |= {name: predicted.get(key, {}).get(name) for name in ("exponent", "log10_constant")}
        if cell["x"] is None:
            yield row | {"log10_error": None, "l1_gap": None}
            continue
        if key not in beside:
            beside[key] = _Beside(exact[instance], problems.get(instance), depth)
        yield row | beside[key].columns(cell)


class _Beside:
    """Cells of one instance and depth beside the minimiser that the depth selects."""

    def __init__(self, minimiser: Minimiser, problem: Problem | None, depth: str) -> None:
        self._minimiser, self._selected = minimiser, selected_minimiser(minimiser, depth)
        self._verifier = Verifier(problem, depth) if problem else None

    def columns(self, cell: Row) -> Row:
        """The columns that the comparison adds or changes."""
        error, log10_radius, gap = self._certified(cell) if cell["nu_midpoint"] else self._in_floats(cell)
        log10_error = log10_of(error)
        resolved = log10_error is not None and (log10_radius is None or log10_error > log10_radius + math.log10(2))
        unresolved = cell["status"] == Status.CONVERGED and not resolved
        return {
            "status": Status.UNRESOLVED if unresolved else cell["status"],
            "log10_error": log10_error,
            "log10_radius": log10_radius,
            "l1_gap": gap,
        }

    def _in_floats(self, cell: Row) -> tuple[Any, float | None, float | None]:
        with flint.ctx.workprec(FLOAT_ERROR_BITS):
            x = [flint.arb(value) for value in cell["x"]]
            return distance(x, self._selected.balls(FLOAT_ERROR_BITS)), cell["log10_radius"], self._gap(x)

    def _certified(self, cell: Row) -> tuple[Any, float | None, float | None]:
        if self._verifier is None:
            raise ValueError(f"{cell['problem']}: its problem is needed to prove its certificates again")
        limit = verified(self._verifier, cell)
        error = limit.distance(self._selected)
        with flint.ctx.workprec(limit.precision + 64):
            return error, upper_log10(error.rad()), self._gap(limit.x)

    def _gap(self, x: Sequence[Any]) -> float | None:
        """||x||_1 less the least l1 norm; None where balls do not tell its sign."""
        gap = sum((abs(value) for value in x), flint.arb(0)) - to_arb(self._minimiser.l1_norm)
        return None if gap.contains(0) and not gap.is_zero() else float(gap)
