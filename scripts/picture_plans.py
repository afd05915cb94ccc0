"""Write the entries of a transport problem's plans at several lam, and of its exact optimum, for a figure."""

import argparse
import json

from dlnflow.experiments.linear_programs.transport import plan_rows
from dlnflow.experiments.linear_programs.transport_config import transport_spec
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_PLANS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--name", required=True, help="the problem's name in the config")
    parser.add_argument("--problem", required=True, help="its entry in the config, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--lams", required=True, nargs="+", help="lam over the largest cost, such as 1e-2")
    arguments = parser.parse_args()
    spec = transport_spec(json.loads(arguments.problem))
    rows = plan_rows(arguments.name, spec.placed(arguments.seed), arguments.lams, spec.pixels)
    write_rows(arguments.output, TRANSPORT_PLANS, rows)


if __name__ == "__main__":
    main()
