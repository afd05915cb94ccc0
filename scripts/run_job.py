"""Run one job of the workflow: a stage, the files that it reads and writes, and what the config tells it.

python -m run_job STAGE --help   says what that is
"""

import argparse
import shlex

from dlnflow.files.job_record import begin_job
from dlnflow.kit.stage import read_job


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", help="its name, which is the rule's, such as solve_limits")
    parser.add_argument("--code", help="the identity of its code, for the files' record of their job")
    parser.add_argument("words", nargs=argparse.REMAINDER, help="files by name, then --told and what the config says")
    arguments = parser.parse_args()
    told = arguments.words.index("--told") if "--told" in arguments.words else len(arguments.words)
    files, options = arguments.words[:told], arguments.words[told + 1 :]
    job = read_job(arguments.stage, [*files, *options])
    if arguments.code:
        begin_job(arguments.stage, shlex.join(options), arguments.code, job.inputs)
    job.run()


if __name__ == "__main__":
    main()
