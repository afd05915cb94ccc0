"""Write the entries of a transport problem's plans at several lam, and of its exact optimum, for a figure."""

from dlnflow.experiments.linear_programs.transport import plan_rows
from dlnflow.experiments.linear_programs.transport_config import AnyTransport
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_PLANS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Name, Output, Seed


def picture_plans(output: Output, *, name: Name, problem: AnyTransport, seed: Seed, lams: list[str]) -> None:
    """Write the entries of a transport problem's plans at several lam, and of its exact optimum, for a figure.

    lams: lam over the largest cost, such as 1e-2.
    """
    write_rows(output, TRANSPORT_PLANS, plan_rows(name, problem.placed(seed), lams, problem.pixels))
