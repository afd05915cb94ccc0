"""Checks every certificate of a results folder again: proofs of limits and of minimisers, without solving anything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import flint

from dlnflow.arithmetic.exact import to_fmpq
from dlnflow.experiments.named_problems.certificates import CertificateError, Verifier, verified
from dlnflow.experiments.named_problems.minimisers import read_minimiser
from dlnflow.files.instance_files import read_block
from dlnflow.files.sealed import DamagedFileError
from dlnflow.files.tables import Row, read_table
from dlnflow.minimisers.basis_pursuit import Minimiser
from dlnflow.problems.optimality import check_optimality
from dlnflow.problems.problem import Problem
from dlnflow.results import Status
from dlnflow.simplex.pivots import selected_columns


@dataclass(frozen=True)
class Checked:
    """What was found in one file: how many certificates hold, how many rows have none, and what does not hold."""

    path: Path
    held: int
    without: int
    faults: tuple[str, ...]


def check_limits(results: Path) -> Iterator[Checked]:
    """The files of certified limits below a results folder, each with its problem's own file."""
    for path in sorted(results.glob("certified/*/*/*/*.parquet")):
        problem, trials = path.parent.parent.name, path.name.split("_")[0]
        yield _checked(path, results / "problems" / problem / f"{trials}.npz", _LimitJudge)


def check_minimisers(results: Path) -> Iterator[Checked]:
    """The files of exact minimisers below a results folder, likewise."""
    for path in sorted(results.glob("minimisers/*/*.parquet")):
        yield _checked(path, results / "problems" / path.parent.name / f"{path.stem}.npz", _MinimiserJudge)


class _LimitJudge:
    """Certified limits: the proof made again from each certificate."""

    def __init__(self, problems: dict[int, Problem]) -> None:
        self._problems = problems
        self._verifiers: dict[tuple[int, str], Verifier] = {}

    def has_certificate(self, row: Row) -> bool:
        """A cell that failed has none to show."""
        return not (row["status"] == Status.FAILED and row["x"] is None)

    def judge(self, row: Row) -> None:
        """Raises CertificateError, or an error of reading, unless the row holds."""
        key = (row["trial"], row["exact_depth"])
        if key not in self._verifiers:
            self._verifiers[key] = Verifier(self._problems[row["trial"]], row["exact_depth"])
        verified(self._verifiers[key], row)


class _MinimiserJudge:
    """Exact minimisers: everything that follows from x and nu, in rational arithmetic."""

    def __init__(self, problems: dict[int, Problem]) -> None:
        self._problems = problems

    def has_certificate(self, row: Row) -> bool:
        """Each has one: its nu."""
        return True

    def judge(self, row: Row) -> None:
        """Raises CertificateError, or an error of reading, unless the row holds."""
        problem, minimiser = self._problems[row["trial"]], read_minimiser(row)
        if fault := minimiser_fault(problem, minimiser):
            raise CertificateError(f"{row['problem']}, trial {row['trial']}: {fault}")
        if (row["status"] == Status.CONVERGED) != minimiser.unique:
            raise CertificateError(f"{row['problem']}, trial {row['trial']}: its status is not that of its kernel")


Judge = Callable[[dict[int, Problem]], _LimitJudge | _MinimiserJudge]


def _checked(path: Path, problem: Path, new_judge: Judge) -> Checked:
    try:
        rows, block = read_table(path).to_pylist(), read_block(problem)
    except (DamagedFileError, FileNotFoundError) as error:
        return Checked(path, 0, 0, (str(error),))
    if strangers := [row for row in rows if row["problem"] != block.name or row["trial"] not in block.trials]:
        return Checked(path, 0, 0, (f"{len(strangers)} of its rows belong to no instance in {problem}",))
    held, without, faults, judge = 0, 0, [], new_judge(dict(block.instances()))
    for row in rows:
        if not judge.has_certificate(row):
            without += 1
            continue
        try:
            judge.judge(row)
        except CertificateError as error:
            faults.append(str(error))
        except (ValueError, TypeError, ArithmeticError, KeyError, IndexError) as error:
            faults.append(f"a row of {row['problem']} cannot be read: {error}")
        else:
            held += 1
    return Checked(path, held, without, tuple(faults))


def minimiser_fault(problem: Problem, minimiser: Minimiser) -> str:
    """What is wrong with a minimiser, "" if nothing is; each field is judged, and nothing is solved."""
    x, nu, support = minimiser.x, minimiser.nu, minimiser.support
    if not check_optimality(problem, x, nu).is_optimal(0):
        return "x and nu do not prove each other"
    slopes = [sum(a * b for a, b in zip(column, nu, strict=True)) for column in zip(*problem.rational_A, strict=True)]
    tight = tuple(j for j, slope in enumerate(slopes) if slope == 1 or (slope == -1 and not problem.nonnegative))
    if not support == tight == tuple(j for j, value in enumerate(x) if value):
        return "its support is not where x is not 0 and where its dual certificate is tight"
    if minimiser.signs != tuple(1 if x[j] > 0 else -1 for j in support):
        return "its signs are not those of x"
    if minimiser.l1_norm != sum(map(abs, x)):
        return "its l1 norm is not that of x"
    on = selected_columns(problem.exact_A.numer_denom()[0], support)
    if len(minimiser.kernel) != len(support) - on.rank():
        return "its kernel has not the dimension of the face"
    if minimiser.kernel:
        kernel = flint.fmpq_mat([[to_fmpq(value) for value in vector] for vector in minimiser.kernel]).transpose()
        image = flint.fmpq_mat(on) * kernel
        if any(image.entries()) or kernel.rank() < len(minimiser.kernel):
            return "its kernel is not one of the columns of its support"
    return ""
