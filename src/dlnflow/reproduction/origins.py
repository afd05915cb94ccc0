"""Which files of a results folder belong to another config, other code or other inputs, as they say themselves."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from dlnflow.assembly.costs import Job
from dlnflow.files.job_record import checksum, read_record
from dlnflow.files.sealed import SEALED


def foreign_files(results: Path, jobs: Iterable[Job]) -> Iterator[tuple[Path, str]]:
    """(file, why) of each sealed file that the jobs of a config, with the code as it is, would not make so.

    results: the folder, whatever it is called now.  jobs: all of them, with their commands. A damaged file is taken by
    its word.
    """
    makers = {file: job for job in jobs for file in job.outputs}
    checksum_of = cache(lambda path: checksum(path) if path.is_file() else "")
    for path in sorted(path for path in results.rglob("*") if path.suffix in SEALED and path.is_file()):
        why = _difference(path, makers.get(f"results/{path.relative_to(results).as_posix()}"), results, checksum_of)
        if why:
            yield path, why


def _difference(path: Path, job: Job | None, results: Path, checksum_of: Callable[[Path], str]) -> str:
    told = read_record(path.read_bytes())
    if told is None:
        return "says nothing of the job that made it"
    if job is None:
        return "no job of this config makes it"
    words = shlex.split(job.command or "")
    if told["options"] != shlex.join(words[words.index("--told") + 1 : words.index(">")]):
        return "of another config"
    if told["code"] != words[words.index("--code") + 1]:
        return "of other code"
    if set(told["inputs"]) != set(job.inputs):
        return "made from other files"
    others = [name for name, digest in told["inputs"].items() if checksum_of(_place(name, results)) != digest]
    return f"made from another {others[0]}" if others else ""


def _place(name: str, results: Path) -> Path:
    """Where an input of a job lies, of a folder of results that may have another name now."""
    return results / name.removeprefix("results/") if name.startswith("results/") else results.parent / name
