"""Write a block of instances of a problem of the config."""

from dlnflow.config.problem_entries import AnyProblem
from dlnflow.files.instance_files import Block, write_block
from dlnflow.kit.stage import NO_FILES, Inputs, Name, Output, Seed


def make_problem(
    output: Output, files: Inputs = NO_FILES, *, name: Name, spec: AnyProblem, first: int, last: int, seed: Seed = 0
) -> None:
    """Write a block of instances of a problem of the config, trials first to last.

    files: the user's, which the problem's entry names.
    """
    problems = tuple(spec.instance(seed, trial) for trial in range(first, last + 1))
    write_block(output, Block(name, first, problems))
