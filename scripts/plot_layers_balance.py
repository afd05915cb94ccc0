"""Draw how the layers' norms become equal from tiny starts."""

import argparse

from dlnflow.experiments.layers.figures.balance import balance_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("courses", help="the .parquet of measure_layers.py with a row a time")
    parser.add_argument("--starts", required=True, help="the .parquet of measure_layers.py with a row a start")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(balance_figure(read_frame([arguments.courses]), read_frame([arguments.starts])), arguments.output)


if __name__ == "__main__":
    main()
