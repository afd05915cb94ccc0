"""Measure how the invariants of one layered network drift, by gradient flow and by gradient descent."""

from dlnflow.experiments.layers.rows import grid_of, layer_rows
from dlnflow.experiments.layers.tables import COURSES, DRIFTS, STARTS
from dlnflow.files.tables import write_tables
from dlnflow.kit.stage import Name, Output, Seed
from dlnflow.layers.architecture import Architecture


def measure_layers(
    drifts: Output,
    courses: Output,
    starts: Output,
    *,
    name: Name,
    network: Architecture,
    seed: Seed,
    end_time: str,
    tolerances: list[str],
    steps: list[str],
    named: list[str] | None = None,
    tiny: list[str] | None = None,
    trials: int = 1,
    gate_width: str = "1e-3",
) -> None:
    """Measure how the invariants of one layered network drift, by gradient flow and by gradient descent.

    drifts: a row a run and invariant.  courses: a row a time.  starts: a row a start.
    end_time: of flow and descent from a start of size 1.  tolerances: of the flow.  steps: of descent, falling.
    named: starts, balanced or unbalanced.  tiny: factors of tiny starts, falling.  gate_width: within which a ReLU of
    the flow changes its slope.
    """
    grid = grid_of(
        named or (),
        tiny or (),
        end_time=end_time,
        tolerances=tuple(tolerances),
        steps=tuple(steps),
        gate_width=gate_width,
    )
    rows = layer_rows(name, network, seed, trials, grid)
    write_tables(rows, (drifts, DRIFTS), (courses, COURSES), (starts, STARTS))
