"""Cells beside the exact minimiser: the error, the gap in the l1 norm, and whether the error is resolved."""

import math
from collections.abc import Iterable, Iterator

import flint

from dlnflow.certificates import Verifier, verified
from dlnflow.certified import distance
from dlnflow.exact import log10_of, to_arb
from dlnflow.minimiser_rows import read_minimiser
from dlnflow.problem_files import Block
from dlnflow.results import Status
from dlnflow.selection import SelectedMinimiser, selected_minimiser
from dlnflow.tables import Row

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
    problems = {(block.name, trial): item for block in blocks for trial, item in block.instances()}
    exact = {(row["problem"], row["trial"]): read_minimiser(row) for row in minimisers}
    predicted = {(row["problem"], row["trial"], row["exact_depth"]): row for row in rates}
    selected: dict[tuple[str, int, str], SelectedMinimiser] = {}
    verifiers: dict[tuple[str, int, str], Verifier] = {}
    for cell in cells:
        instance = (cell["problem"], cell["trial"])
        key = (*instance, cell["exact_depth"])
        row = {name: value for name, value in cell.items() if name not in ("nu_midpoint", "nu_radius")}
        rate = predicted.get(key, {})
        row |= {name: rate.get(name) for name in ("exponent", "log10_constant")}
        if cell["x"] is None:
            yield row | {"log10_error": None, "l1_gap": None}
            continue
        minimiser = exact[instance]
        if key not in selected:
            selected[key] = selected_minimiser(minimiser, cell["exact_depth"])
        if cell["nu_midpoint"] is None:
            with flint.ctx.workprec(FLOAT_ERROR_BITS):
                x = [flint.arb(value) for value in cell["x"]]
                error = distance(x, selected[key].balls(FLOAT_ERROR_BITS))
            log10_radius = cell["log10_radius"]
        else:
            if key not in verifiers:
                verifiers[key] = Verifier(problems[instance], cell["exact_depth"])
            limit = verified(verifiers[key], cell)
            x, error = limit.x, limit.distance(selected[key])
            log10_radius = log10_of(error.rad())
        log10_error = log10_of(error)
        resolved = log10_error is not None and (log10_radius is None or log10_error > log10_radius + math.log10(2))
        with flint.ctx.workprec(FLOAT_ERROR_BITS):
            gap = sum((abs(value) for value in x), flint.arb(0)) - to_arb(minimiser.l1_norm)
        unresolved = cell["status"] == Status.CONVERGED and not resolved
        yield row | {
            "status": Status.UNRESOLVED if unresolved else cell["status"],
            "log10_error": log10_error,
            "log10_radius": log10_radius,
            "l1_gap": float(gap),
        }
