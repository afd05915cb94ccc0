"""Write the config's JSON schema, by which editors complete and check config.yaml."""

import argparse
import json
import sys
from pathlib import Path

from dlnflow.assembly.config import Config

SCHEMA = Path(__file__).parents[1] / "workflow" / "schemas" / "config.schema.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=SCHEMA, help="the .json to write, the workflow's own by default")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the file is not what would be written"
    )
    arguments = parser.parse_args()
    text = json.dumps(Config.model_json_schema(), indent=2) + "\n"
    if not arguments.check:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(text, encoding="utf-8")
    elif not arguments.output.exists() or arguments.output.read_text(encoding="utf-8") != text:
        sys.exit(f"{arguments.output} is not what the config's model says; run python scripts/write_schema.py")


if __name__ == "__main__":
    main()
