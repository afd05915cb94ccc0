"""The 120 cells of figure 1 (Wind, Antun and Hansen, arXiv:2307.07410): line, plane, random at ten scales."""

import numpy as np
from definition import integrate
from timing import table, timed

from dlnflow import flow
from dlnflow.network.limit import limits
from dlnflow.problems.problem import LINE, PLANE, RANDOM

PROBLEMS = {"line": LINE, "plane": PLANE, "random": RANDOM}
DEPTHS = (2, 2.5, 3, 4)
SCALES = [f"1e-{decade}" for decade in range(10)]
SAMPLE = ("1e-0", "1e-4", "1e-8")
"""The scales at which the definition is measured unless all are asked for."""


def main(full: bool = False) -> str:
    lines = {(name, depth): problem for name, problem in PROBLEMS.items() for depth in DEPTHS}
    limit_time, found = timed(lambda: {key: list(limits(p, key[1], SCALES)) for key, p in lines.items()})
    flow_time, flows = timed(
        lambda: {key: [flow(p, key[1], scale, times=[]).limit for scale in SCALES] for key, p in lines.items()},
        repeats=1,
    )
    definition_time, cells, difference = 0.0, 0, 0.0
    for (name, depth), problem in lines.items():
        for index, scale in enumerate(SCALES):
            if full or scale in SAMPLE:
                seconds, definition = timed(integrate, problem.A, problem.y, depth, float(scale), repeats=1)
                definition_time += seconds
                cells += 1
                difference = max(difference, np.linalg.norm(definition.limit - found[name, depth][index].x))
    count = len(lines) * len(SCALES)
    assert all(cell.status == "converged" for ends in (*found.values(), *flows.values()) for cell in ends)
    between = max(np.linalg.norm(a.x - b.x) for key in lines for a, b in zip(found[key], flows[key], strict=True))
    all_cells = definition_time * count / cells
    note = "" if full else f" (from {cells} cells)"
    rows = [
        ["limit", f"{limit_time:.2f} s", "0.5 s", f"{all_cells / limit_time:.0f}x"],
        ["flow", f"{flow_time:.1f} s", "", f"{all_cells / flow_time:.0f}x"],
        ["definition", f"{all_cells:.0f} s{note}", "", "1x"],
    ]
    return (
        table(["engine", f"{count} cells", "target", "faster than the definition"], rows)
        + f"\n\nLargest difference of limit and definition: {difference:.1e} (target 1e-9); "
        + f"of limit and flow: {between:.1e}."
    )
