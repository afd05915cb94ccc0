"""Draw what an accuracy costs on the kink against delta: the scale, the flow's time and the time of the proof."""

import argparse

from dlnflow.experiments.hardness.figures.work import work_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of measure_work.py, one a depth")
    parser.add_argument("--times", required=True, nargs="+", help="the .parquet files of times beside them")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(work_figure(read_frame(arguments.tables), read_frame(arguments.times)), arguments.output, shows_times=True)


if __name__ == "__main__":
    main()
