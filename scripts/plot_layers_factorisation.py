"""Draw asymmetric factorisation with falling steps: residual and drift of the balance against t, beside the flow's."""

import argparse

from dlnflow.experiments.layers.figures.factorisation import factorisation_figure
from dlnflow.files.tables import read_frame
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", help="the .parquet of a row a moment, of measure_factorisation.py")
    parser.add_argument("--factorisations", required=True, help="the .parquet of a row a trial and decay")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    figure = factorisation_figure(read_frame([arguments.samples]), read_frame([arguments.factorisations]))
    save(figure, arguments.output)


if __name__ == "__main__":
    main()
