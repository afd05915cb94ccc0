"""Write the report's page of the published claims and their verdicts."""

import argparse

from dlnflow.files.sealed import write_atomically
from dlnflow.files.tables import read_table
from dlnflow.report.run_pages import claims_page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", help="the .parquet of judge_claims.py")
    parser.add_argument("--output", required=True, help="the .html to write")
    arguments = parser.parse_args()
    write_atomically(arguments.output, claims_page(read_table(arguments.claims).to_pylist()).encode())


if __name__ == "__main__":
    main()
