"""Draw rho over random instances against s/n, beside its limit for large n, and how its law sharpens with n."""

import argparse

from dlnflow.experiments.laws.figures.rho import rho_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rhos", nargs="+", help="the .parquet files of measure_rhos.py")
    parser.add_argument("--limits", required=True, nargs="+", help="the .parquet files of predict_rhos.py")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(rho_figure(read_frame(arguments.rhos), read_frame(arguments.limits)), arguments.output)


if __name__ == "__main__":
    main()
