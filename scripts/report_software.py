"""Write the report's page of the software that runs it, and of the machine."""

import argparse

from dlnflow.files.sealed import write_atomically
from dlnflow.report.run_pages import software_page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="+", help="names of packages, and python")
    parser.add_argument("--output", required=True, help="the .html to write")
    arguments = parser.parse_args()
    write_atomically(arguments.output, software_page(arguments.packages).encode())


if __name__ == "__main__":
    main()
