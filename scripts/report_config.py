"""Write the report's page of the config: the whole of it, as YAML, from standard input."""

import argparse
import sys

from dlnflow.files.sealed import write_atomically
from dlnflow.report.run_pages import config_page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, help="the .html to write")
    arguments = parser.parse_args()
    write_atomically(arguments.output, config_page(sys.stdin.read()).encode())


if __name__ == "__main__":
    main()
