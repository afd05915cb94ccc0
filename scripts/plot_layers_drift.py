"""Draw the drift of the invariants against the step of descent and the tolerance of the flow."""

import argparse

from dlnflow.experiments.layers.figures.drift import drift_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drifts", help="the .parquet of measure_layers.py with a row a run and invariant")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(drift_figure(read_frame([arguments.drifts])), arguments.output)


if __name__ == "__main__":
    main()
