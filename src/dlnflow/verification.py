"""Checks every certificate of a results folder again: proofs of limits and of minimisers, without solving anything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlnflow.certificates import CertificateError, Verifier, verified
from dlnflow.minimiser_rows import read_minimiser
from dlnflow.optimality import check_optimality
from dlnflow.problem_files import read_block
from dlnflow.problems import Problem
from dlnflow.sealed import DamagedFileError
from dlnflow.tables import Row, read_table


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
        yield _checked(path, results / "problems" / problem / f"{trials}.npz", _limits)


def check_minimisers(results: Path) -> Iterator[Checked]:
    """The files of exact minimisers below a results folder, likewise."""
    for path in sorted(results.glob("minimisers/*/*.parquet")):
        yield _checked(path, results / "problems" / path.parent.name / f"{path.stem}.npz", _minimisers)


Judge = Callable[[dict[int, Problem], list[Row]], Iterator[str | None]]
"""(problem of each trial, rows) -> "" for each row that holds, what is wrong otherwise, None without certificate."""


def _checked(path: Path, problem: Path, judge: Judge) -> Checked:
    try:
        rows, block = read_table(path).to_pylist(), read_block(problem)
    except (DamagedFileError, FileNotFoundError) as error:
        return Checked(path, 0, 0, (str(error),))
    if strangers := [row for row in rows if row["problem"] != block.name or row["trial"] not in block.trials]:
        return Checked(path, 0, 0, (f"{len(strangers)} of its rows belong to no instance in {problem}",))
    verdicts = list(judge(dict(block.instances()), rows))
    return Checked(path, verdicts.count(""), verdicts.count(None), tuple(filter(None, verdicts)))


def _limits(problems: dict[int, Problem], rows: list[Row]) -> Iterator[str | None]:
    verifiers: dict[tuple[int, str], Verifier] = {}
    for row in rows:
        if row["nu_midpoint"] is None:
            yield None
            continue
        key = (row["trial"], row["exact_depth"])
        if key not in verifiers:
            verifiers[key] = Verifier(problems[row["trial"]], row["exact_depth"])
        try:
            verified(verifiers[key], row)
        except CertificateError as error:
            yield str(error)
        else:
            yield ""


def _minimisers(problems: dict[int, Problem], rows: list[Row]) -> Iterator[str | None]:
    for row in rows:
        minimiser = read_minimiser(row)
        judged = check_optimality(problems[row["trial"]], minimiser.x, minimiser.nu)
        yield (
            "" if judged.is_optimal(0) else f"{row['problem']}, trial {row['trial']}: x and nu do not prove each other"
        )
