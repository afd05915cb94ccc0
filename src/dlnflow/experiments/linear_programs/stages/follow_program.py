"""Follow the entropic limit of one linear program down in lam, certified, beside the predicted law."""

from dlnflow.config.program_entries import AnyProgram
from dlnflow.experiments.linear_programs.rows import cell_rows
from dlnflow.experiments.linear_programs.tables import PROGRAM_CELLS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import NO_FILES, Inputs, Name, Output, Seed


def follow_program(
    output: Output, files: Inputs = NO_FILES, *, name: Name, spec: AnyProgram, seed: Seed, inverse_lams: list[int]
) -> None:
    """Follow the entropic limit of one linear program down in lam, certified, beside the predicted law.

    files: the user's, which the program's entry names.  inverse_lams: 1/lam.
    """
    write_rows(output, PROGRAM_CELLS, cell_rows(name, spec.program(seed), inverse_lams))
