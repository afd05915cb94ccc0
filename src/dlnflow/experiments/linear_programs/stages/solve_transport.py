"""Solve a transport problem by the network at several lam: values beside the exact optimum, its law and Sinkhorn's."""

from dlnflow.experiments.linear_programs.transport import value_rows
from dlnflow.experiments.linear_programs.transport_config import AnyTransport
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_VALUES
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Name, Output, Seed


def solve_transport(
    output: Output, *, name: Name, problem: AnyTransport, seed: Seed, lams: list[str], sweeps: int = 0
) -> None:
    """Solve a transport problem by the network at several lam: values beside the exact optimum, its law and Sinkhorn's.

    lams: lam over the largest cost, such as 1e-2.  sweeps: of POT's log-domain Sinkhorn beside it.
    """
    write_rows(output, TRANSPORT_VALUES, value_rows(name, problem.placed(seed), lams, sweeps))
