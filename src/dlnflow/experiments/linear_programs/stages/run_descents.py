"""Run the flow and gradient descent with several steps on a linear program: rates, departure and instability."""

from dlnflow.experiments.linear_programs.descent import descent_rows
from dlnflow.experiments.linear_programs.descent_config import DescentProgram
from dlnflow.experiments.linear_programs.descent_tables import DESCENT_TRACES, DESCENTS, PROGRAM_FLOWS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import NO_FILES, Inputs, Name, Output, Seed


def run_descents(
    descents: Output,
    traces: Output,
    flows: Output,
    files: Inputs = NO_FILES,
    *,
    name: Name,
    entry: DescentProgram,
    seed: Seed,
    steps: list[float],
    traced: list[float],
    most_steps: int = 30_000,
) -> None:
    """Run the flow and gradient descent with several steps on a linear program: rates, departure and instability.

    files: the user's, which the program's entry names.  descents: a row a step.  traces: a row a sampled iteration.
    flows: a row for the flow.  steps: over the flow's threshold.  traced: those whose residuals are kept.
    most_steps: after which descent is given up.
    """
    rows = descent_rows(name, entry, seed, sorted({*steps, *traced}), traced, most_steps)
    write_rows(descents, DESCENTS, rows.descents)
    write_rows(traces, DESCENT_TRACES, rows.traces)
    write_rows(flows, PROGRAM_FLOWS, rows.flows)
