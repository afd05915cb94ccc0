"""Write a block of instances of a problem of the config."""

import argparse
import json

from dlnflow.config.problem_entries import problem_spec
from dlnflow.files.instance_files import Block, write_block


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .npz to write")
    parser.add_argument("--name", required=True, help="the problem's name")
    parser.add_argument("--spec", required=True, help="its entry in the config, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--trials", required=True, type=int, nargs=2, help="first trial, and the one after the last")
    arguments = parser.parse_args()
    spec, trials = problem_spec(json.loads(arguments.spec)), range(*arguments.trials)
    problems = tuple(spec.instance(arguments.seed, trial) for trial in trials)
    write_block(arguments.output, Block(arguments.name, trials.start, problems))


if __name__ == "__main__":
    main()
