"""Draw descent on linear programs: residuals beside the predicted rate, and what larger steps do."""

import argparse

from dlnflow.experiments.linear_programs.figures.descent import descent_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("descents", help="the merged .parquet of run_descents.py")
    parser.add_argument("--traces", required=True, nargs="+", help="its .parquet files of sampled iterations")
    parser.add_argument("--flows", required=True, nargs="+", help="its .parquet files of flows")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    frames = read_frame([arguments.descents]), read_frame(arguments.traces), read_frame(arguments.flows)
    save(descent_figure(*frames), arguments.output)


if __name__ == "__main__":
    main()
