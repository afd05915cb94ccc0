"""The flow to stationarity against the definition, both at rtol 1e-9, on planted Gaussian problems."""

import numpy as np
from definition import integrate
from timing import table, timed

from dlnflow import flow, limit
from dlnflow.problems.ensembles import gaussian

SCALE = 1e-4
TARGETS = {(20, 40): 8, (100, 200): 10, (100, 400): 60}
"""How many times faster the flow is to be, by (measurements, features)."""


def main(full: bool = False) -> str:
    rows = []
    for (m, n), target in TARGETS.items():
        problem = gaussian(2307, m, n, sparsity=m // 10)
        for depth in (2, 3, 4):
            flow_time, trajectory = timed(flow, problem, depth, SCALE, times=[], rtol=1e-9)
            definition_time, definition = timed(
                integrate, problem.A, problem.y, depth, SCALE, rtol=1e-9, repeats=3 if n < 400 or full else 1
            )
            x = limit(problem, depth, SCALE).x
            errors = [np.linalg.norm(end - x) for end in (trajectory.limit.x, definition.limit)]
            assert max(errors) < 1e-9, (m, n, depth, errors)
            rows.append(
                [f"{m} x {n}", depth, f"{flow_time:.3f} s", f"{definition_time:.2f} s"]
                + [f"{definition_time / flow_time:.0f}x", f"{target}x", trajectory.steps]
                + [f"{error:.0e}" for error in errors]
            )
    header = ["A", "depth", "flow", "definition", "faster", "target", "steps", "error of the flow", "of the definition"]
    return table(header, rows)
