"""The digests of a run that the repository keeps: write them, check another run by them, list those that are stale.

`check` says how a run's tables, figures and verdicts differ; its status is 0 if they are the same bits, 3 if they
differ where machines may, and 1 if elsewhere, as that of `dlnflow compare`. `stale` makes a dry run and no jobs.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from dlnflow.files.sealed import write_atomically
from dlnflow.reproduction.reference import differences, files_of, lineages, reference_of, stale_files
from snakemake_logger_plugin_dlnflow.dry_runs import planned_jobs

SAME, DIFFERENT, NOT_THE_SAME_BITS = 0, 1, 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="All other options are Snakemake's, such as --configfile; the output is text."
    )
    parser.add_argument("task", choices=("write", "check", "stale"))
    parser.add_argument("reference", type=Path, help="the .json to write or to read")
    parser.add_argument("--directory", type=Path, default=Path(), help="the folder of the run")
    arguments, options = parser.parse_known_args()
    name, folder = arguments.reference, arguments.directory
    if arguments.task == "write":
        if left := [job for job in planned_jobs([*options, f"--directory={folder}"]) if not job.is_target]:
            sys.exit(f"{len(left)} jobs of this config are still to be done, expected none: run make before")
        found = reference_of(folder, _lineages([*options, f"--directory={folder}"]))
        text = json.dumps(found, indent=1, ensure_ascii=False)
        lines = re.sub(r"\[[^\[\]{}]*\]", lambda column: " ".join(column[0].split()), text)
        write_atomically(name, f"{lines}\n".encode())
        return
    if not name.is_file():
        sys.exit(f"{name} is not there, expected the reference that `make gallery` writes, with the same CONFIG")
    expected = json.loads(name.read_text(encoding="utf-8"))
    if arguments.task == "check":
        sys.exit(_check(name, expected, reference_of(folder, files_of(expected))))
    stale = stale_files(expected, _lineages([*options, f"--directory={folder}"]))
    print("\n".join([f"{len(stale)} of {len(files_of(expected))} files of {name} are stale", *stale]))


def _lineages(options: list[str]) -> dict[str, str]:
    """Of all files of the workflow."""
    return lineages(planned_jobs([*options, "--forceall"]))


def _check(name: Path, expected: dict, found: dict) -> int:
    lines = list(differences(expected, found))
    for line, _ in lines:
        print(line)
    if not lines:
        timed = sum("times" in entry.values() for entry in expected["figures"].values())
        print(
            f"{len(expected['tables'])} tables and {len(expected['figures']) - timed} figures are the same bits as in "
            f"{name}, {timed} figures show times, and all {len(expected['verdicts'])} verdicts are the same "
            f"(kernels: {found['made_with']['kernels']})"
        )
        return SAME
    for what, there in expected["made_with"].items():
        if (here := found["made_with"].get(what, "none")) != there:
            print(f"{what}: {there} in {name}, {here} here")
    may_not = sum(must for _, must in lines)
    print(
        f"{len(lines)} differences from {name}, {may_not} beyond what may be, as far as digests tell: "
        "`dlnflow compare` tells it of two results folders, row by row"
    )
    return DIFFERENT if may_not else NOT_THE_SAME_BITS


if __name__ == "__main__":
    main()
