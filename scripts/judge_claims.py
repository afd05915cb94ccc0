"""Judge each published claim by the tables of the experiments that were run."""

import argparse

from dlnflow.files.tables import read_frame, read_table, write_csv, write_rows
from dlnflow.report.verdicts import CLAIMS_TABLE, judge_claims


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sharpness", nargs="*", default=[], help="the .parquet tables of the experiment sharpness")
    parser.add_argument("--asymptotics", nargs="*", default=[], help="the same of asymptotics")
    parser.add_argument("--recovery", nargs="*", default=[], help="the same of recovery, a grid each")
    parser.add_argument("--hardness", nargs="*", default=[], help="the same of hardness, a grid each")
    parser.add_argument("--work", nargs="*", default=[], help="its table of scales and times")
    parser.add_argument("--laws", nargs="*", default=[], help="the same of laws, a row an instance and depth")
    parser.add_argument("--law-cells", nargs="*", default=[], help="a row a scale besides")
    parser.add_argument("--rhos", nargs="*", default=[], help="its table of rho")
    parser.add_argument("--rho-limits", nargs="*", default=[], help="what is predicted of rho")
    parser.add_argument("--program-cells", nargs="*", default=[], help="the table of linear programs down in lam")
    parser.add_argument("--program-laws", nargs="*", default=[], help="that of random linear programs")
    parser.add_argument("--layer-drifts", nargs="*", default=[], help="layers' table of drifts")
    parser.add_argument("--layer-starts", nargs="*", default=[], help="its table of starts")
    parser.add_argument("--factorisations", nargs="*", default=[], help="layers' table of asymmetric factorisation")
    parser.add_argument("--rank-one", nargs="*", default=[], help="layers' table of rank one")
    parser.add_argument("--transport-values", nargs="*", default=[], help="that of transport down in lam")
    parser.add_argument("--descents", nargs="*", default=[], help="that of descent on linear programs")
    parser.add_argument("--program-flows", nargs="*", default=[], help="that of the flow in time on them")
    parser.add_argument("--output", required=True, help="the .parquet to write")
    parser.add_argument("--csv", required=True, help="the .csv to write")
    arguments = parser.parse_args()
    files = {name: paths for name, paths in vars(arguments).items() if name not in ("output", "csv")}
    write_rows(
        arguments.output,
        CLAIMS_TABLE,
        judge_claims({name: read_frame(paths) for name, paths in files.items() if paths}),
    )
    write_csv(arguments.csv, read_table(arguments.output))


if __name__ == "__main__":
    main()
