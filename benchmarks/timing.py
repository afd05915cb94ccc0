"""What the benchmarks share: medians of several runs, markdown tables, the machine."""

import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from dlnflow.provenance import processor


def timed(run: Callable[..., Any], *arguments: Any, repeats: int = 5, **options: Any) -> tuple[float, Any]:
    """(median wall time in seconds, the last answer) of run(*arguments, **options)."""
    seconds = []
    answer = None
    for _ in range(repeats):
        start = time.perf_counter()
        answer = run(*arguments, **options)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), answer


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def machine() -> str:
    """The processor, the number of its cores and the versions that matter."""
    import scipy

    return (
        f"{processor()}, {os.cpu_count()} cores, one BLAS thread; {platform.system()}, Python "
        f"{platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    )
