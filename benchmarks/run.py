"""Every benchmark, or those that are named, such as proofs: python benchmarks/run.py [--full] [NAME ...]."""

import argparse
import os
from importlib import import_module

from dlnflow.kernels import pin

NAMES = ("stationarity", "figure_one", "cost", "proofs", "recovery", "evolution", "intervals", "ensembles", "transport")


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints a markdown table for each benchmark.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"which of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--full", action="store_true", help="the definition on every cell of figure 1 (15 minutes)")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}, expected one of {', '.join(NAMES)}")
    for library in ("OPENBLAS", "MKL", "OMP"):
        os.environ[f"{library}_NUM_THREADS"] = "1"  # before numpy is imported: its BLAS reads them once
    pin()  # likewise
    print(import_module("timing").machine(), flush=True)
    for name in arguments.names or NAMES:
        module = import_module(name)
        print(f"\n## {module.__doc__}\n\n{module.main(arguments.full)}", flush=True)


if __name__ == "__main__":
    main()
