"""Print what a run would take before it starts: jobs, cells, core hours, bytes."""

import argparse
import sys
import tempfile
from pathlib import Path

from dlnflow.assembly.costs import read_costs
from dlnflow.assembly.plan import plan
from snakemake_logger_plugin_dlnflow.dry_runs import read_jobs, start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="All options are Snakemake's, such as --configfile; the output is a table."
    )
    _, options = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        lists = Path(folder, "all"), Path(folder, "to-do")
        # at the same time, for a dry run takes a while; of the two one says what is wrong
        runs = [start(lists[0], [*options, "--forceall"], quiet=True), start(lists[1], options)]
        codes = [run.wait() for run in runs]
        if any(codes):
            sys.exit(f"snakemake --dry-run ended with status {', '.join(map(str, codes))}, expected 0")
        jobs, to_do = map(read_jobs, lists)
    print(plan(jobs, to_do, read_costs()))


if __name__ == "__main__":
    main()
