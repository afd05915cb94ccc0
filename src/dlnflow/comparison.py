"""Cells beside the exact minimiser: the error, the gap in the l1 norm, and whether the error is resolved."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dlnflow.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.cells import Row, log10_or_none
from dlnflow.compensated import UNIT
from dlnflow.exact import ratio_from_text, ratio_to_text
from dlnflow.optimality import check_optimality
from dlnflow.problem_files import Block
from dlnflow.results import Status
from dlnflow.selection import selected_minimiser


def minimiser_rows(block: Block) -> Iterator[Row]:
    """The rows of `tables.MINIMISERS`, one an instance, each judged once more, in exact arithmetic.

    Raises ArithmeticError if the judge and the solver disagree, which only a fault in one of them can bring about.
    """
    for trial, problem in zip(block.trials, block.problems, strict=True):
        minimiser = basis_pursuit(problem)
        if not check_optimality(problem, minimiser.x, minimiser.nu).is_optimal(0):
            raise ArithmeticError(f"the minimiser of {block.name}, trial {trial}, is not optimal")
        yield {
            "problem": block.name,
            "trial": trial,
            "status": Status.CONVERGED if minimiser.unique else Status.NOT_UNIQUE,
            "l1_norm": ratio_to_text(minimiser.l1_norm),
            "support": minimiser.support,
            "signs": minimiser.signs,
            "x": [ratio_to_text(value) for value in minimiser.x],
            "nu": [ratio_to_text(value) for value in minimiser.nu],
            "kernel": [[ratio_to_text(value) for value in vector] for vector in minimiser.kernel],
            "pivots": minimiser.pivots,
        }


def read_minimiser(row: Row) -> Minimiser:
    """The minimiser behind a row of `tables.MINIMISERS`."""
    return Minimiser(
        x=tuple(ratio_from_text(text) for text in row["x"]),
        support=tuple(row["support"]),
        signs=tuple(row["signs"]),
        nu=tuple(ratio_from_text(text) for text in row["nu"]),
        kernel=tuple(tuple(ratio_from_text(text) for text in vector) for vector in row["kernel"]),
        l1_norm=ratio_from_text(row["l1_norm"]),
        pivots=row["pivots"],
    )


def compare(cells: Iterable[Row], minimisers: Iterable[Row]) -> Iterator[Row]:
    """The rows of `tables.RESULTS`: each cell beside the minimiser that its depth selects.

    Where the error is less than twice its radius, and so without a certain digit, the status converged becomes
    unresolved; log10_radius takes in the rounding of the minimiser itself.
    """
    exact = {(row["problem"], row["trial"]): read_minimiser(row) for row in minimisers}
    selected: dict[tuple[str, int, float], NDArray[np.float64]] = {}
    for cell in cells:
        key = (cell["problem"], cell["trial"])
        if cell["x"] is None:
            yield cell | {"log10_error": None, "l1_gap": None}
            continue
        minimiser = exact[key]
        x = np.array(cell["x"])
        if minimiser.unique:
            error, rounding = _distance(x, minimiser), 0.0
        else:
            choice = (*key, cell["depth"])
            if choice not in selected:
                selected[choice] = selected_minimiser(minimiser, cell["depth"])
            target = selected[choice]
            error, rounding = float(np.linalg.norm(x - target)), UNIT * float(np.linalg.norm(target))
        radius = None if cell["log10_radius"] is None else 10.0 ** cell["log10_radius"] + rounding
        unresolved = cell["status"] == Status.CONVERGED and radius is not None and error <= 2 * radius
        yield cell | {
            "status": Status.UNRESOLVED if unresolved else cell["status"],
            "log10_error": log10_or_none(error),
            "log10_radius": None if radius is None else log10_or_none(radius),
            "l1_gap": float(sum(Fraction(abs(value)) for value in x.tolist()) - minimiser.l1_norm),
        }


def _distance(x: NDArray[np.float64], minimiser: Minimiser) -> float:
    """||x - x*||_2 from exact differences, so that nothing is lost where x and x* nearly agree."""
    return float(np.linalg.norm([float(Fraction(a) - b) for a, b in zip(x.tolist(), minimiser.x, strict=True)]))
