"""Write the pages that the code dictates: docs/columns.md, and the keys in config/README.md."""

import argparse
import json
import sys
from pathlib import Path

from dlnflow.files.sealed import write_atomically
from dlnflow.report.columns_page import columns_page
from dlnflow.report.config_keys_page import keys_section
from dlnflow.report.markdown import with_sections

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT, help="the folder with docs/ and config/ to write to")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not up to date")
    arguments = parser.parse_args()
    columns, config = arguments.output / "docs" / "columns.md", arguments.output / "config" / "README.md"
    keys = keys_section(json.loads(SCHEMA.read_text(encoding="utf-8")))
    pages = {columns: columns_page(), config: with_sections(config.read_text(encoding="utf-8"), {"keys": keys})}
    for page, expected in pages.items():
        if not arguments.check:
            write_atomically(page, expected.encode())
        elif page.read_text(encoding="utf-8") != expected:
            sys.exit(f"{page} is not what the code says; run python scripts/write_pages.py")


if __name__ == "__main__":
    main()
