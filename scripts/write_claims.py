"""Write the sections of claims and verdicts, between their marker lines, from the table of claims."""

import argparse
import sys
from pathlib import Path

from dlnflow.files.sealed import write_atomically
from dlnflow.files.tables import read_table
from dlnflow.report.verdicts import with_claims

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / "claims.md", ROOT / "README.md"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", help="the .parquet of judge_claims")
    parser.add_argument(
        "--output", type=Path, nargs="+", default=PAGES, help="the texts to rewrite, docs/claims.md and README.md"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a section is not what the table says"
    )
    arguments = parser.parse_args()
    rows = read_table(arguments.claims).to_pylist()
    for page in arguments.output:
        _rewrite(page, rows, arguments)


def _rewrite(page: Path, rows: list, arguments: argparse.Namespace) -> None:
    if not page.exists():
        sys.exit(f"{page} is not there, expected a text with a section of claims")
    text = page.read_text(encoding="utf-8")
    try:
        expected = with_claims(text, rows)
    except ValueError as error:
        sys.exit(f"{page} has no section of claims: {error}")
    if not arguments.check:
        write_atomically(page, expected.encode())
    elif text != expected:
        sys.exit(f"{page} is not what {arguments.claims} says; run python scripts/write_claims.py on it")


if __name__ == "__main__":
    main()
