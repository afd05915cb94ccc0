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
    return _told_by_linux("model name") or platform.processor() or platform.machine()


def processor_features() -> set[str]:
    """What Linux calls them; empty where it does not say."""
    return set(_told_by_linux("flags").split())


def c_library() -> str:
    """Its name and version, such as glibc 2.36; of another system, that system's."""
    return " ".join(platform.libc_ver()).strip() or platform.platform()


def _told_by_linux(what: str) -> str:
    cpus = Path("/proc/cpuinfo")
    found = re.search(rf"^{what}\s*:\s*(.+)$", cpus.read_text(), re.MULTILINE) if cpus.exists() else None
    return found[1] if found else ""
