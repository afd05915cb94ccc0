"""The command `dlnflow`."""

import argparse
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from dlnflow.assembly.killed_runs import LOOK_ONLY
from dlnflow.files.sealed import DamagedFileError
from dlnflow.reproduction.comparison_text import compare_runs
from dlnflow.reproduction.origins import foreign_files
from dlnflow.reproduction.proofs import Checked, check_limits, check_minimisers
from dlnflow.reproduction.run_comparison import Verdict, sealed_files
from dlnflow.reproduction.seals import checked_files


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 if all is well, 1 if something does not hold."""
    parser = argparse.ArgumentParser(
        prog="dlnflow", description="Diagonal linear networks: what goes with the workflow."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser(
        "verify",
        help="prove every certificate of a results folder again",
        description="Prove every certificate of a results folder again: one evaluation in balls for each certified "
        "limit, exact arithmetic for each minimiser, and nothing solved.",
    )
    verify.add_argument("results", type=Path, help="the folder that the workflow wrote, usually results/")
    verify.set_defaults(run=lambda chosen: _verify(chosen.results))
    check = commands.add_parser(
        "check",
        help="read every file of a results folder and name the damaged ones",
        description="Read every file of a results folder, as no second run of the workflow does, and check it by its "
        "seal, the .csv by their tables. Names the damaged ones, a line each, and says how to make them again.",
    )
    check.add_argument("results", type=Path, help="the folder that the workflow wrote, usually results/")
    check.add_argument(
        "--config",
        metavar="FILE",
        nargs="+",
        type=Path,
        help="name as well the files that this config, with the code as it is, would not make or not make so; of "
        "several a later one overrides those before it",
    )
    check.add_argument("--snakefile", type=Path, default=Path("Snakefile"), help="of the workflow (default: Snakefile)")
    check.set_defaults(run=lambda chosen: _check(chosen.results, chosen.config, chosen.snakefile))
    compare = commands.add_parser(
        "compare",
        help="compare two results folders, table by table",
        description="Compare two results folders, table by table, by what they say and not by the bytes of files: what "
        "a column may be off by, by its radius, its tolerance or as a float solver's answer, stands in its schema "
        "(docs/columns.md). Figures beside the folders are compared too. The status is 0 if all are the same bits, "
        f"{WITHIN} if what differs may, and 1 if something else does.",
    )
    compare.add_argument("first", type=Path, help="the results/ of one run")
    compare.add_argument("second", type=Path, help="the results/ of another")
    compare.set_defaults(run=lambda chosen: _compare(chosen.first, chosen.second))
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


def _verify(results: Path) -> int:
    if not (results / "minimisers").is_dir():
        print(f"{results} holds no minimisers/, expected the results/ of a run", file=sys.stderr)
        return 1
    sound = _report("certified limits", check_limits(results))
    sound = _report("exact minimisers", check_minimisers(results)) and sound
    return 0 if sound else 1


def _check(results: Path, configs: list[Path] | None, snakefile: Path) -> int:
    files = list(checked_files(results))
    if not files:
        print(f"{results} holds no files of a run, expected the results/ of one", file=sys.stderr)
        return 1
    damaged = [path for path, whole in files if not whole]
    for path in damaged:
        print(path, flush=True)  # before what is said of them, also where both go into one file
    targets = [str(path.relative_to(results.parent)) for path in damaged]
    command = shlex.join(["snakemake", "--cores", "all", "--force", *targets])
    again = f"; in the folder of the run, with its options, this makes them again: {command}" if damaged else ""
    print(f"{len(damaged)} of {len(files)} files are damaged{again}", file=sys.stderr)
    foreign = _foreign(results, configs, snakefile) if configs else 0
    return 1 if damaged or foreign else 0


def _foreign(results: Path, configs: list[Path], snakefile: Path) -> int:
    """Names the files that a config would not make so, and says how many there are."""
    from snakemake_logger_plugin_dlnflow.dry_runs import planned_jobs  # the library does without Snakemake

    results = results.absolute()
    options = [f"--snakefile={snakefile}", f"--directory={results.parent}", "--replace-workflow-config", "--forceall"]
    jobs = planned_jobs([*options, "--configfile", *map(str, configs)], {LOOK_ONLY: "1"})
    found = list(foreign_files(results, jobs))
    for path, why in found:
        print(f"{path.relative_to(results.parent)}: {why}", flush=True)
    print(f"{len(found)} files belong to another config, to other code or to other inputs", file=sys.stderr)
    return len(found)


WITHIN = 3
"""The status of `compare` where what differs may."""


def _compare(first: Path, second: Path) -> int:
    for folder in (first, second):
        if not sealed_files(folder):
            print(f"{folder} holds no files of a run, expected the results/ of one", file=sys.stderr)
            return 2
    try:
        said, verdict = compare_runs(first, second)
    except DamagedFileError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join([*said, verdict]))
    return {Verdict.SAME: 0, Verdict.WITHIN: WITHIN, Verdict.DIFFERENT: 1}[verdict]


def _report(kind: str, files: Iterable[Checked]) -> bool:
    held, without, faulty, count = 0, 0, 0, 0
    for file in files:
        held, without, faulty, count = held + file.held, without + file.without, faulty + len(file.faults), count + 1
        for fault in file.faults:
            print(f"{file.path}: {fault}", file=sys.stderr)
    failed = f"; {without} cells failed and have none" if without else ""
    if not count:
        print(f"{kind}: no files of them were found")
        return True
    verdict = f"{faulty} do not hold" if faulty else "all hold"
    print(f"{kind}: {held} certificates in {count} files proved again{failed}; {verdict}")
    return not faulty
