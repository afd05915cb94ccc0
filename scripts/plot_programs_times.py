"""Draw the time of the network's limit on transport against size, with the peers."""

import argparse

from dlnflow.experiments.linear_programs.figures.transport_times import times_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files of time_transport.py")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(times_figure(read_frame(arguments.tables)), arguments.output, shows_times=True)


if __name__ == "__main__":
    main()
