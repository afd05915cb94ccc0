"""Exact minimisers as the rows of a table, written and read."""

from collections.abc import Iterator

from dlnflow.arithmetic.exact import ratio_from_text, ratio_to_text
from dlnflow.files.instance_files import Block
from dlnflow.files.tables import Row
from dlnflow.minimisers.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.problems.optimality import check_optimality
from dlnflow.results import Status


def minimiser_rows(block: Block) -> Iterator[Row]:
    """The rows of `tables.MINIMISERS`, one an instance, each judged once more, in exact arithmetic.

    Raises ArithmeticError if the judge and the solver disagree, which only a fault in one of them can bring about.
    """
    for trial, problem in block.instances():
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
