"""Measure how the invariants of one layered network drift, by gradient flow and by gradient descent."""

import argparse

from dlnflow.experiments.layers.rows import grid_of, layer_rows
from dlnflow.experiments.layers.tables import write_layers
from dlnflow.layers.architecture import Architecture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drifts", help="the output of a row a run and invariant: the .parquet to write")
    parser.add_argument("courses", help="the output of a row a time: the .parquet to write")
    parser.add_argument("starts", help="the output of a row a start: the .parquet to write")
    parser.add_argument("--name", required=True, help="the network's name in the config")
    parser.add_argument("--network", required=True, help="the network, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    parser.add_argument("--trials", type=int, default=1, help="instances")
    parser.add_argument("--from", nargs="*", default=[], dest="named", help="starts: balanced, unbalanced")
    parser.add_argument("--tiny", nargs="*", default=[], help="factors of tiny starts, falling")
    parser.add_argument("--end-time", required=True, help="of flow and descent from a start of size 1")
    parser.add_argument("--tolerances", nargs="+", required=True, help="of the flow")
    parser.add_argument("--steps", nargs="+", required=True, help="of descent, falling")
    parser.add_argument("--gate-width", default="1e-3", help="within which a ReLU of the flow changes its slope")
    arguments = parser.parse_args()
    grid = grid_of(
        arguments.named,
        arguments.tiny,
        end_time=arguments.end_time,
        tolerances=tuple(arguments.tolerances),
        steps=tuple(arguments.steps),
        gate_width=arguments.gate_width,
    )
    network = Architecture.from_json(arguments.network)
    rows = layer_rows(arguments.name, network, arguments.seed, arguments.trials, grid)
    write_layers(arguments.drifts, arguments.courses, arguments.starts, rows)


if __name__ == "__main__":
    main()
