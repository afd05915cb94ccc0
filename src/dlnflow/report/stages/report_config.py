"""Write the report's page of the config: the whole of it, as YAML, from standard input."""

import sys

from dlnflow.files.sealed import write_atomically
from dlnflow.kit.stage import Output
from dlnflow.report.run_pages import config_page


def report_config(output: Output) -> None:
    """Write the report's page of the config: the whole of it, as YAML, from standard input."""
    write_atomically(output, config_page(sys.stdin.read()).encode())
