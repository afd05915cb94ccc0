"""Write the report's page of the software that runs it, and of the machine."""

from dlnflow.files.sealed import write_atomically
from dlnflow.kit.stage import Output
from dlnflow.report.run_pages import software_page


def report_software(output: Output, *, packages: list[str], versions: list[str] | None = None) -> None:
    """Write the report's page of the software that runs it, and of the machine.

    packages: names of packages, and python.  versions: those installed; another one makes the page anew.
    """
    write_atomically(output, software_page(packages).encode())
