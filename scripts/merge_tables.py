"""Merge tables of the same columns into one, and export it as .csv."""

import argparse

from dlnflow.files.tables import concatenate, write_csv, write_table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", help="the .parquet files to merge")
    parser.add_argument("--output", required=True, help="the .parquet to write")
    parser.add_argument("--csv", help="the .csv to write")
    arguments = parser.parse_args()
    table = concatenate(arguments.tables)
    if arguments.csv:
        write_csv(arguments.csv, table)
    write_table(arguments.output, table)


if __name__ == "__main__":
    main()
