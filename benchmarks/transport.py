"""Transport: the network's limit beside POT and HiGHS"""

from collections.abc import Iterator

from timing import table

from dlnflow.experiments.linear_programs.transport_times import time_rows

SEED, LAM, TOLERANCE = 2307, "1e-2", 1e-9
SIZES = (50, 100, 200, 400)
REPEATS = 3
LARGEST_HIGHS = 100
METHODS = ("newton", "sinkhorn-log", "network-simplex", "highs-ds")


def main(full: bool = False) -> str:
    head = (
        f"Clouds of n and n points with random masses, squared distances, lam = {LAM} of the largest cost; seconds, "
        f"medians of {REPEATS}, imports apart. newton ends where the errors of both marginals sum to {TOLERANCE:g} of "
        f"the mass, sinkhorn-log (POT) where those of one have the 2-norm {TOLERANCE:g}; what they reached stands "
        "beside (errors of both marginals, summed). network-simplex (POT) and highs-ds solve the linear program itself:"
    )
    columns = ["n", *METHODS, "errors of newton", "errors of sinkhorn-log", "sinkhorn-log / newton"]
    return f"{head}\n\n{table(columns, _times((*SIZES, 800) if full else SIZES))}"


def _times(sizes: tuple[int, ...]) -> Iterator[list[str]]:
    for size in sizes:
        rows = {row["method"]: row for row in time_rows(size, SEED, LAM, TOLERANCE, REPEATS, LARGEST_HIGHS)}
        seconds = {method: row["seconds"] for method, row in rows.items()}
        yield [
            str(size),
            *(f"{seconds[method]:.2g}" if method in seconds else "" for method in METHODS),
            *(f"{rows[method]['marginal_1']:.0e}" for method in METHODS[:2]),
            f"{seconds['sinkhorn-log'] / seconds['newton']:.0f}x",
        ]
