"""Solve a transport problem by the network at several lam: values beside the exact optimum, its law and Sinkhorn's."""

import argparse
import json

from dlnflow.experiments.linear_programs.transport import value_rows
from dlnflow.experiments.linear_programs.transport_config import transport_spec
from dlnflow.experiments.linear_programs.transport_tables import TRANSPORT_VALUES
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .parquet to write")
    parser.add_argument("--name", required=True, help="the problem's name in the config")
    parser.add_argument("--problem", required=True, help="its entry in the config, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--lams", required=True, nargs="+", help="lam over the largest cost, such as 1e-2")
    parser.add_argument("--sweeps", type=int, default=0, help="of POT's log-domain Sinkhorn beside it (default: none)")
    arguments = parser.parse_args()
    placed = transport_spec(json.loads(arguments.problem)).placed(arguments.seed)
    rows = value_rows(arguments.name, placed, arguments.lams, arguments.sweeps)
    write_rows(arguments.output, TRANSPORT_VALUES, rows)


if __name__ == "__main__":
    main()
