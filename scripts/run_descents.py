"""Run the flow and gradient descent with several steps on a linear program: rates, departure and instability."""

import argparse
import json

from dlnflow.experiments.linear_programs.descent import descent_rows
from dlnflow.experiments.linear_programs.descent_config import DescentProgram
from dlnflow.experiments.linear_programs.descent_tables import DESCENT_TRACES, DESCENTS, PROGRAM_FLOWS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("descents", help="the output of a row a step: the .parquet to write")
    parser.add_argument("traces", help="the output of a row a sampled iteration")
    parser.add_argument("flows", help="the output of a row for the flow")
    parser.add_argument("--name", required=True, help="the program's name in the config")
    parser.add_argument("--entry", required=True, help="its entry in the config, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--steps", type=float, required=True, nargs="+", help="over the flow's threshold")
    parser.add_argument("--traced", type=float, required=True, nargs="+", help="those whose residuals are kept")
    parser.add_argument("--most-steps", type=int, default=30_000, help="after which descent is given up")
    arguments = parser.parse_args()
    entry = DescentProgram.model_validate(json.loads(arguments.entry))
    steps, traced = sorted({*arguments.steps, *arguments.traced}), arguments.traced
    rows = descent_rows(arguments.name, entry, arguments.seed, steps, traced, arguments.most_steps)
    write_rows(arguments.descents, DESCENTS, rows.descents)
    write_rows(arguments.traces, DESCENT_TRACES, rows.traces)
    write_rows(arguments.flows, PROGRAM_FLOWS, rows.flows)


if __name__ == "__main__":
    main()
