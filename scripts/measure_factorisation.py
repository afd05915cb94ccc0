"""Descend on random asymmetric factorisations with falling steps: balance and residual beside what is predicted."""

import argparse

from dlnflow.experiments.layers.factorisation import factorisation_rows
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock
from dlnflow.experiments.layers.factorisation_tables import FACTORISATION_SAMPLES, FACTORISATIONS
from dlnflow.files.tables import write_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("factorisations", help="the output of a row a trial and decay: the .parquet to write")
    parser.add_argument("samples", help="the output of a row a moment: the .parquet to write")
    parser.add_argument("--block", required=True, help="sizes, steps and trials, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="of every random instance")
    arguments = parser.parse_args()
    rows = factorisation_rows(FactorisationBlock.from_json(arguments.block), arguments.seed)
    write_rows(arguments.factorisations, FACTORISATIONS, (row for row, _ in rows))
    write_rows(arguments.samples, FACTORISATION_SAMPLES, (sample for _, samples in rows for sample in samples))


if __name__ == "__main__":
    main()
