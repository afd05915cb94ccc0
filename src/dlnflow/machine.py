"""The machine and the software that run this."""

import importlib.metadata
import platform
import re
from pathlib import Path


def version_of(package: str) -> str:
    """The version that is installed, or that none is."""
    if package == "python":
        return platform.python_version()
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def processor() -> str:
    """Its model, where Linux says it."""
    cpus = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", cpus.read_text(), re.MULTILINE) if cpus.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
