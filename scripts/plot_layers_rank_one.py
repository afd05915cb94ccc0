"""Draw rank one with a constant step: its factor, its steps to a residual, and what large steps do."""

import argparse

from dlnflow.experiments.layers.figures.rank_one import rank_one_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", help="the .parquet of a row a run, of measure_rank_one.py")
    parser.add_argument("--times", required=True, help="its .parquet of a row a tolerance")
    parser.add_argument("--orbits", required=True, help="its .parquet of a row a last iterate")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    tables = (read_frame([path]) for path in (arguments.runs, arguments.times, arguments.orbits))
    save(rank_one_figure(*tables), arguments.output)


if __name__ == "__main__":
    main()
